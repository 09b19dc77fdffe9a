"""What the presets for Chinese cadres share: figures, and the rules made of them."""

from __future__ import annotations

from rotation_planner.domain.policy import CourseSelector, Deadline, Selector, Total
from rotation_planner.domain.teaching import Channel
from rotation_planner.presets.figures import Figure, line

COLLECTIVE: tuple[Channel, ...] = ("centre", "group_study", "going_out", "invite_in", "send_down")
"""Channels of full-time and other collective training."""

_COUNTY = line(
    "county level and above, rank 四级调研员 and above | in every 5 years at least 3 months or 550 hours, "
    "full-time and other "
    "collective training (2023 regulation) | S"
)
_YEARLY = line("section level and below | every year at least 12 days or 90 hours | S")
_INDUCTION = line("induction | within probation (1 year), at least 12 days | M")
_PROMOTION = line(
    "promotion | before appointment, or within 1 year after for special cause; at least 30 days from "
    "deputy county level up, "
    "15 days at section level | S (deadline), M (days)"
)

FIVE_YEAR_HOURS = Figure(550, "hours", "in five years, county level and above", _COUNTY, "S")
FIVE_YEAR_MONTHS = Figure(3, "months", "in five years are as good as these hours", _COUNTY, "S")
MONTH_DAYS = Figure(22, "days of teaching", "that make a month (working days)", "our reading; no source states it", "U")
YEAR_DAYS = Figure(12, "days", "in a year, section level and below", _YEARLY, "S")
YEAR_HOURS = Figure(90, "hours", "in a year are as good as these days", _YEARLY, "S")
INDUCTION_DAYS = Figure(12, "days", "of induction at least", _INDUCTION, "M")
INDUCTION_MONTHS = Figure(12, "months", "of probation, in which it falls", _INDUCTION, "M")
PROMOTION_MONTHS = Figure(12, "months", "after a promotion at most", _PROMOTION, "S")
PROMOTION_BEFORE = Figure(
    12, "months", "before a promotion at most", "our choice; the notes say \"before appointment\" without a limit", "U"
)
COUNTY_DAYS = Figure(30, "days", "of training for a promotion, from deputy county level up", _PROMOTION, "M")
SECTION_DAYS = Figure(15, "days", "of training for a promotion, at section level", _PROMOTION, "M")

IN_SERVICE_FIGURES = (FIVE_YEAR_HOURS, FIVE_YEAR_MONTHS, MONTH_DAYS, YEAR_DAYS, YEAR_HOURS)
EVENT_FIGURES = (
    INDUCTION_DAYS, INDUCTION_MONTHS, PROMOTION_MONTHS, PROMOTION_BEFORE, COUNTY_DAYS, SECTION_DAYS,
)


def narrowed(who: Selector, **more: str | None) -> Selector:
    """A selector with levels of its own.

    Raises
    ------
    ValueError
        If it has one already: which of the two is meant would be a guess.
    """
    stated = [name for name in more if getattr(who, name) is not None]
    if stated:
        raise ValueError(f"who states {', '.join(stated)}, which the preset's own parameters set")
    return who.model_copy(update=more)


def five_years(who: Selector, county: str, month_days: int) -> Total:
    """550 hours or three months in five years, from county level up."""
    collective = CourseSelector(channels=COLLECTIVE)
    return Total(
        name="five_years", amount=FIVE_YEAR_HOURS.value, window="horizon", who=narrowed(who, level_low=county),
        which=collective, or_measure="days", or_amount=FIVE_YEAR_MONTHS.value * month_days,
    )


def yearly(who: Selector, below_county: str) -> Total:
    """90 hours or 12 days a year, at section level and below. Days count of collective training only."""
    return Total(
        name="yearly", amount=YEAR_HOURS.value, window="year", who=narrowed(who, level_high=below_county),
        or_measure="days", or_amount=YEAR_DAYS.value, or_which=CourseSelector(channels=COLLECTIVE),
    )


def induction(who: Selector) -> Deadline:
    """Twelve days within the year of probation."""
    return Deadline(
        name="induction", events=("entry",), course_kinds=("induction",), months_after=INDUCTION_MONTHS.value,
        min_days=INDUCTION_DAYS.value, who=who,
    )


def on_appointment(who: Selector, section: str, county: str, months_before: int) -> Deadline:
    """Thirty days from deputy county level up, fifteen at section level, before or within a year after."""
    return Deadline(
        name="on_appointment", events=("appointment", "promotion"), course_kinds=("on_appointment",),
        months_before=months_before, months_after=PROMOTION_MONTHS.value, who=narrowed(who, level_low=section),
        min_days=SECTION_DAYS.value, min_days_by_level={county: COUNTY_DAYS.value},
    )
