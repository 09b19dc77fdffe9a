"""Totals over windows of time: at least, at most, and with what is over carried into the next year."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field

from rotation_planner.domain.base import Strict
from rotation_planner.domain.parameters.base import EVERY_COURSE, CourseSelector, DutyParameters, RuleParameters

Measure = Literal["hours", "days", "sessions", "subject_hours"]
OtherMeasure = Literal["hours", "days", "sessions"]
Window = Literal["horizon", "year", "rolling", "dates", "service"]
PartService = Literal["pro_rata", "full", "exempt"]


class Measured(Strict):
    """What is counted, in which courses."""

    which: CourseSelector = Field(EVERY_COURSE, description="Courses that count.")
    measure: Measure = Field(
        "hours",
        description="What is counted of each: hours credited, days of teaching, 1 a session, or the hours of the "
        "subjects (by their share; reported in thousandths of an hour).",
    )
    subjects: tuple[str, ...] = Field((), description="Subjects whose hours count (measure subject_hours).")


class Total(DutyParameters, Measured):
    """Everyone gathers a total in each window."""

    kind: Literal["total"] = "total"
    amount: int = Field(ge=1, le=10_000, description="What is due in a window, in units of the measure.")
    window: Window = Field(
        "horizon",
        description="The horizon; each calendar year; each so many months that end in the horizon; between two dates; "
        "or certain years of service.",
    )
    months: int | None = Field(None, ge=1, le=600, description="Length of a window (rolling).")
    every_months: int | None = Field(
        None, ge=1, le=120, description="From the end of one window to the next, counted from the start of the "
        "horizon; empty: 12 (rolling).",
    )
    first: dt.date | None = Field(None, description="First day (dates).")
    last: dt.date | None = Field(None, description="Last day (dates).")
    years_low: int | None = Field(None, ge=1, le=60, description="First year of service, from 1 (service).")
    years_high: int | None = Field(None, ge=1, le=60, description="Last year of service (service).")
    look_back: bool = Field(
        True, description="Windows may begin before the horizon, where records count; else only those inside are due."
    )
    part_service: PartService = Field(
        "pro_rata",
        description="Who serves only part of a window owes a part by days of service, rounded down; or the full "
        "amount; or is exempt.",
    )
    replace: CourseSelector | None = Field(
        None, description="Other courses that may replace a part; with subject_hours the hours of its subjects."
    )
    replace_per_mille: int = Field(
        0, ge=0, le=1000, description="Most that these replace, per mille of what is due, rounded down."
    )
    or_measure: OtherMeasure | None = Field(
        None, description="Another measure that is as good: whoever reaches `or_amount` in it owes nothing more."
    )
    or_amount: int | None = Field(
        None, ge=1, le=10_000, description="What is due in a window in units of the other measure."
    )
    or_which: CourseSelector | None = Field(
        None, description="Courses that count in the other measure; empty: those of `which`."
    )

    def in_other_measure(self) -> Total | None:
        """The same total in the other measure alone."""
        if self.or_measure is None:
            return None
        changed = {"measure": self.or_measure, "amount": self.or_amount, "which": self.or_which or self.which}
        return self.model_copy(update={**changed, "or_measure": None, "or_amount": None, "or_which": None})


class TotalLimit(Measured, RuleParameters):
    """Nobody goes beyond a total in any window."""

    kind: Literal["total_limit"] = "total_limit"
    amount: int = Field(ge=0, le=10_000, description="Most in a window, in units of the measure.")
    window: Literal["horizon", "year", "rolling", "dates"] = Field(
        "rolling",
        description="The horizon; each calendar year; any so many months in a row; or between two dates.",
    )
    months: int | None = Field(None, ge=1, le=600, description="Length of a window (rolling).")
    first: dt.date | None = Field(None, description="First day (dates).")
    last: dt.date | None = Field(None, description="Last day (dates).")


class CarryOver(DutyParameters):
    """Everyone gathers the hours due in each calendar year; what is over counts in the next, up to a cap."""

    kind: Literal["carry_over"] = "carry_over"
    hours: int = Field(ge=1, le=10_000, description="Hours due in a calendar year.")
    cap_hours: int = Field(ge=0, le=10_000, description="Most hours carried into a year, the opening balance included.")
    which: CourseSelector = Field(EVERY_COURSE, description="Courses whose hours count.")
    part_service: PartService = Field(
        "pro_rata",
        description="Who serves only part of a year owes a part by days of service, rounded down; or the full "
        "amount; or nothing.",
    )
