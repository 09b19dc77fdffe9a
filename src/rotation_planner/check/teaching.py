"""Courses, sessions and offers that could run."""

from __future__ import annotations

import datetime as dt

from rotation_planner.check.findings import Findings
from rotation_planner.check.structure import cycle
from rotation_planner.domain.calendar import Calendar
from rotation_planner.domain.teaching import Course, Offer, Session

HALF_A_DAY = 500


def check(findings: Findings) -> None:
    """What is taught, and when."""
    scenario = findings.scenario
    rank = {level.id: level.rank for level in scenario["levels"]}
    courses: list[Course] = list(scenario["courses"])
    for i, c in enumerate(courses):
        _course(findings, i, c, rank)
    cycle(findings, "courses", "prerequisites", {c.id: c.prerequisites for c in courses})
    _sessions(findings, {c.id: c for c in courses})
    offer: Offer
    for i, offer in enumerate(scenario["offers"]):
        for month in offer.months:
            if not 1 <= month <= 12:
                findings.add("month", "offers", i, "months", month, "Not a month.", "Months run from 1 to 12.")


def _course(findings: Findings, i: int, c: Course, rank: dict[str, int]) -> None:
    low, high = (rank.get(level) if level is not None else None for level in (c.level_low, c.level_high))
    if low is not None and high is not None and low > high:
        findings.add("levels_reversed", "courses", i, "level_low", c.level_low,
                     f"It is above level_high ({c.level_high}).", "Exchange the two.")
    if c.min_size > c.max_size:
        findings.add("min_above_max", "courses", i, "min_size", c.min_size, f"It is above max_size ({c.max_size}).",
                     "Correct one of the two.")
    if c.pattern in ("mornings", "afternoons") and c.day_fraction_per_mille > HALF_A_DAY:
        findings.add("half_day", "courses", i, "day_fraction_per_mille", c.day_fraction_per_mille,
                     f"A course of {c.pattern} takes at most half of each day.", "Write 500 or less.")
    if c.pattern == "evenings" and c.day_fraction_per_mille > HALF_A_DAY:
        findings.warn("evening_at_work", "courses", i, "day_fraction_per_mille", c.day_fraction_per_mille,
                      "A course in the evenings counts as more than half a day away from work.",
                      "Write the part of a day that is really lost, 0 if none.")
    total = sum(c.subjects.values())
    if total > 1000 or any(share < 0 for share in c.subjects.values()):
        findings.add("shares", "courses", i, "subjects", total, "Shares must be positive and sum to at most 1000.",
                     "Correct the shares.")
    for column in ("equivalents", "substitutes"):
        if c.id in getattr(c, column):
            findings.add("self_reference", "courses", i, column, c.id, "The course names itself.", "Remove it.")


def _sessions(findings: Findings, courses: dict[str, Course]) -> None:
    scenario = findings.scenario
    calendar = Calendar(scenario)
    s: Session
    for i, s in enumerate(scenario["sessions"]):
        if not scenario.start <= s.start <= scenario.end:
            findings.add("outside_horizon", "sessions", i, "start", s.start,
                         f"Outside the horizon ({scenario.start} to {scenario.end}).",
                         "Correct the date, or remove it.")
            continue
        course = courses.get(s.course)
        if course is None or (s.end is not None and s.end < s.start):
            continue
        end = s.end if s.end is not None else calendar.stretches(course, s.start)[-1][1]
        if end > scenario.end:
            findings.add("outside_horizon", "sessions", i, "end", end, f"It ends after the horizon ({scenario.end}).",
                         "Move it, or remove it.")
            continue
        taught = _days(calendar, course, s.start, end)
        if not taught and course.pattern != "full_time":
            findings.add("no_day_of_pattern", "sessions", i, "start", s.start,
                         f"From {s.start} to {end} there is no day of the pattern {course.pattern}.",
                         "Correct the dates, or the pattern of the course.")
        elif taught < course.days:
            findings.warn("session_short", "sessions", i, "end", end,
                          f"It has {taught} of the {course.days} days of its course.", "Correct the dates.")


def _days(calendar: Calendar, course: Course, start: dt.date, end: dt.date) -> int:
    """Days of teaching: working days where it is full time, else the days of the pattern."""
    one = dt.timedelta(days=1)
    if course.pattern == "full_time":
        return sum(calendar.is_working(start + k * one) for k in range((end - start).days + 1))
    return sum((b - a).days + 1 for a, b in calendar.stretches(course, start, end))
