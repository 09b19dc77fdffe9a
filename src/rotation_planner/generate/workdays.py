"""Holidays of the horizon (approximate) and the days that sessions take."""

from __future__ import annotations

import datetime as dt

from rotation_planner.domain.calendar import Calendar
from rotation_planner.domain.planning import CalendarDay, Horizon
from rotation_planner.domain.scenario import Scenario

START = dt.date(2027, 1, 1)
YEARS = 5
DAYS = (dt.date(START.year + YEARS, 1, 1) - START).days
ZERO = START.toordinal()

SPRING_FESTIVAL = {
    2027: dt.date(2027, 2, 6),
    2028: dt.date(2028, 1, 26),
    2029: dt.date(2029, 2, 13),
    2030: dt.date(2030, 2, 3),
    2031: dt.date(2031, 1, 23),
}
"""Lunar new year's day; the holiday is taken as that day, the one before and five after."""


def holidays() -> list[CalendarDay]:
    """Public holidays of the horizon.

    Approximate: the State Council sets the days off, and the weekends worked in exchange, a year ahead; here each
    feast has its usual length and no weekend is worked.
    """
    days: list[CalendarDay] = []

    def add(first: dt.date, count: int, name: str) -> None:
        days.extend(
            CalendarDay(date=first + dt.timedelta(days=i), working=False, name=f"{name} (approximate)")
            for i in range(count)
        )

    for year, feast in SPRING_FESTIVAL.items():
        add(dt.date(year, 1, 1), 1, "New Year")
        add(feast - dt.timedelta(days=1), 7, "Spring Festival")
        add(dt.date(year, 4, 4), 2, "Qingming")
        add(dt.date(year, 5, 1), 5, "Labour Day")
        add(dt.date(year, 10, 1), 7, "National Day")
    return days


def calendar() -> Calendar:
    """Working days of the horizon."""
    horizon = Horizon(start=START, years=YEARS)
    return Calendar(Scenario.of(horizon=[horizon], calendar=holidays()))
