"""The horizon: there is one, in years a calendar can hold, with working days enough."""

from __future__ import annotations

import datetime as dt

from rotation_planner.check.findings import Findings

FIRST_YEAR, LAST_YEAR = 1950, 2150
"""Years in which a horizon may start; funds know the years from 1900 to 2200."""


def check(findings: Findings) -> bool:
    """Whether dates can be read against the horizon; what is wrong with it is reported."""
    if not findings.complete("horizon"):
        return False
    if findings.count("horizon") != 1:
        findings.add(
            "horizon_rows", "horizon", None, "", findings.count("horizon"), "The horizon must have exactly one row.",
            "Give one row with the first day and the number of years.",
        )
        return False
    for i, start in findings.rows("horizon", "start"):
        if not FIRST_YEAR <= start.year <= LAST_YEAR:
            findings.add("date_far", "horizon", i, "start", start,
                         f"The horizon must start in the years {FIRST_YEAR} to {LAST_YEAR}.", "Correct the date.")
            return False
    return findings.complete("horizon", "start", "years") and _working_days(findings)


def _working_days(findings: Findings) -> bool:
    """Whether a course that starts on the last day must come to an end inside the calendar."""
    scenario = findings.scenario
    needed = max((days for _, days in findings.rows("courses", "days")), default=1)
    calendar, day, working = findings.calendar, scenario.end, 0
    last = dt.date(day.year + 2, 12, 31)
    while day < last:
        day += dt.timedelta(days=1)
        working += calendar.is_working(day)
    if working < needed and findings.whole("calendar"):
        findings.add("too_few_working_days", "calendar", None, "working", working,
                     f"Of the two years after the horizon only so many days are working days; a course takes {needed}.",
                     "List only exceptions to Monday-to-Friday.")
    return working >= needed
