"""What is owed in a window of days: the horizon, a calendar year, or any stretch of time."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from rotation_planner.domain.policy import CarryOver, Total
from rotation_planner.verify.dues import SHORT_SERVICE, served_long_enough
from rotation_planner.verify.facts import Facts
from rotation_planner.verify.people import Person

BOOKED = "due after the horizon: booked"


class Window(NamedTuple):
    """Name, first and last day, and its length in months where it is one of months."""

    name: str
    first: int
    last: int
    months: int | None


def calendar_years(facts: Facts) -> list[Window]:
    """The calendar years that the horizon touches, whole."""
    return [
        Window(str(y), dt.date(y, 1, 1).toordinal(), dt.date(y, 12, 31).toordinal(), 12) for y in facts.scenario.years
    ]


def stretch(first: int, last: int, months: int | None = None) -> Window:
    """A window named by its days."""
    return Window(f"{dt.date.fromordinal(first)}/{dt.date.fromordinal(last)}", first, last, months)


def owed(rule: Total | CarryOver, amount: int, facts: Facts, person: Person, window: Window) -> int | str:
    """What a cadre owes in a window, or why not. Service before the horizon counts."""
    length = window.last - window.first + 1
    since = window.first if person.entered is None else max(window.first, person.entered)
    until = window.last if person.retired is None else min(window.last, person.retired - 1)
    days = max(0, until - since + 1)
    months = rule.min_service_months if window.months is None else min(rule.min_service_months, window.months)
    if until < max(since, facts.start) or not served_long_enough(days, months, length):
        return SHORT_SERVICE
    if rule.part_service == "exempt" and days < length:
        return SHORT_SERVICE
    due = amount * days // length if rule.part_service == "pro_rata" else amount
    return due or SHORT_SERVICE
