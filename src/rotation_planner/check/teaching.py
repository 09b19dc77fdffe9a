"""Courses, sessions and offers that could run."""

from __future__ import annotations

import datetime as dt

from rotation_planner.check.findings import Findings
from rotation_planner.check.structure import cycle
from rotation_planner.domain.calendar import Calendar
from rotation_planner.domain.teaching import Course

HALF_A_DAY = 500


def check(findings: Findings) -> None:
    """What is taught."""
    rank = {level: rank for _, level, rank in findings.rows("levels", "id", "rank")}
    for i, low, high in findings.rows("courses", "level_low", "level_high"):
        if low in rank and high in rank and rank[low] > rank[high]:
            findings.add("levels_reversed", "courses", i, "level_low", low, f"It is above level_high ({high}).",
                         "Exchange the two.")
    for i, smallest, largest in findings.rows("courses", "min_size", "max_size"):
        if smallest > largest:
            findings.add("min_above_max", "courses", i, "min_size", smallest, f"It is above max_size ({largest}).",
                         "Correct one of the two.")
    for i, pattern, fraction in findings.rows("courses", "pattern", "day_fraction_per_mille"):
        if pattern in ("mornings", "afternoons") and fraction > HALF_A_DAY:
            findings.add("half_day", "courses", i, "day_fraction_per_mille", fraction,
                         f"A course of {pattern} takes at most half of each day.", "Write 500 or less.")
        if pattern == "evenings" and fraction > HALF_A_DAY:
            findings.warn("evening_at_work", "courses", i, "day_fraction_per_mille", fraction,
                          "A course in the evenings counts as more than half a day away from work.",
                          "Write the part of a day that is really lost, 0 if none.")
    for i, subjects in findings.rows("courses", "subjects"):
        total = sum(subjects.values())
        if total > 1000 or any(share < 0 for share in subjects.values()):
            findings.add("shares", "courses", i, "subjects", total, "Shares must be positive and sum to at most 1000.",
                         "Correct the shares.")
    for column in ("equivalents", "substitutes"):
        for i, name, others in findings.rows("courses", "id", column):
            if name in others:
                findings.add("self_reference", "courses", i, column, name, "The course names itself.", "Remove it.")
    cycle(findings, "courses", "prerequisites")
    for i, months in findings.rows("offers", "months"):
        for month in months:
            if not 1 <= month <= 12:
                findings.add("month", "offers", i, "months", month, "Not a month.", "Months run from 1 to 12.")


def check_dated(findings: Findings) -> None:
    """Sessions in the horizon, with the days they need."""
    first, last = findings.scenario.start, findings.scenario.end
    courses = {
        name: Course(id=name, days=days, pattern=pattern)
        for _, name, days, pattern in findings.rows("courses", "id", "days", "pattern")
    }
    for i, start in findings.rows("sessions", "start"):
        if not first <= start <= last:
            findings.add("outside_horizon", "sessions", i, "start", start,
                         f"Outside the horizon ({first} to {last}).", "Correct the date, or remove it.")
    for i, start, end in findings.rows("sessions", "start", "end"):
        if end is not None and first <= start <= last < end:
            _late(findings, i, end)
    if findings.whole("calendar"):
        for i, name, start, end in findings.rows("sessions", "course", "start", "end"):
            if name in courses and first <= start <= last and (end is None or start <= end <= last):
                _session(findings, i, courses[name], start, end)


def _late(findings: Findings, i: int, end: dt.date) -> None:
    findings.add("outside_horizon", "sessions", i, "end", end,
                 f"It ends after the horizon ({findings.scenario.end}).", "Move it, or remove it.")


def _session(findings: Findings, i: int, course: Course, start: dt.date, given: dt.date | None) -> None:
    calendar = findings.calendar
    end = given if given is not None else calendar.stretches(course, start)[-1][1]
    if end > findings.scenario.end:
        _late(findings, i, end)
        return
    taught = _days(calendar, course, start, end)
    if not taught and course.pattern != "full_time":
        findings.add("no_day_of_pattern", "sessions", i, "start", start,
                     f"From {start} to {end} there is no day of the pattern {course.pattern}.",
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
