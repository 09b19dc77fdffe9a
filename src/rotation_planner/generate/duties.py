"""The duties of each person in hours and deadlines, as the policy of the presets sets them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from rotation_planner.domain.policy import (
    AnyRule,
    Beds,
    BudgetFloor,
    CallUps,
    Ceiling,
    ClassSize,
    Commitments,
    Coverage,
    Deadline,
    Hours,
    NoRepeat,
    OnePlace,
    Policy,
    Prerequisites,
    Rooms,
    Selector,
    StudyPrice,
    TeamCover,
    TravelRate,
    UnitRelease,
)
from rotation_planner.domain.scenario import add_months
from rotation_planner.domain.teaching import CourseKind
from rotation_planner.generate.body import Body
from rotation_planner.generate.careers import NEVER, Careers
from rotation_planner.generate.history import History
from rotation_planner.generate.workdays import DAYS, START, YEARS, ZERO

YEAR_HOURS, YEAR_CAP = 90, 60
"""90 hours a year at section level and below [S]; up to 60 of them online (at least 50 [S]) or by self-study [U]."""
FIVE_HOURS, FIVE_CAP = 550, 250
"""550 hours in five years from county level up [S]; 50 hours online a year [S] may count."""
INDUCTION_DAYS, SECTION_DAYS, COUNTY_DAYS = 12, 15, 30
"""Induction at least 12 days, on appointment 15 at section level and 30 from deputy county level up [M]."""


@dataclass(frozen=True)
class Due:
    """A course of a kind and length, inside the days from first to last."""

    kind: CourseKind
    days: int
    first: int
    last: int


SPANS = tuple(
    ((dt.date(START.year + y, 1, 1) - START).days, (dt.date(START.year + y + 1, 1, 1) - START).days)
    for y in range(YEARS)
)


def year_span(y: int) -> tuple[int, int]:
    """First day of a year and of the next."""
    return SPANS[y]


def service_days(careers: Careers, p: int, first: int, after: int) -> int:
    """Days of service from first to the day before after."""
    return max(0, min(int(careers.retired[p]), after) - max(int(careers.entered[p]), first))


class Duties:
    """What a planted plan must reach for each person."""

    def __init__(self, body: Body, careers: Careers, history: History) -> None:
        self._body, self._careers, self._history = body, careers, history
        self._windows: dict[tuple[bool, int, int, int], list[tuple[str, int, int, int]]] = {}
        self._yearly: dict[tuple[bool, int, int, int], tuple[int, ...]] = {}

    def senior(self, p: int) -> bool:
        """Whether the five-year hours apply (level at the first day of service)."""
        return bool(self._body.band[self._careers.level[0][p]] == 2)

    def _service(self, p: int) -> tuple[bool, int, int, int]:
        """All that the windows of a person depend on: most people share it."""
        careers = self._careers
        return self.senior(p), int(careers.entered[p]), int(careers.retired[p]), int(self._history.opening[p])

    def windows(self, p: int) -> list[tuple[str, int, int, int]]:
        """Hours windows that apply: name, hours due, cap of supplements, opening hours."""
        key = self._service(p)
        found = self._windows.get(key)
        if found is None:
            found = self._windows[key] = self._find_windows(*key)
        return found

    @staticmethod
    def _find_windows(senior: bool, entered: int, retired: int, opening: int) -> list[tuple[str, int, int, int]]:
        if senior:
            served = max(0, min(retired, DAYS) - max(entered, 0))
            if entered > 0 or served < 360:
                return []
            return [("horizon", FIVE_HOURS * served // DAYS, FIVE_CAP * served // DAYS, opening)]
        found = []
        for y in range(YEARS):
            first, after = year_span(y)
            served = max(0, min(retired, after) - max(entered, first))
            if served >= 360:
                days = after - first
                found.append(
                    (str(START.year + y), YEAR_HOURS * served // days, YEAR_CAP * served // days, opening * (y == 0))
                )
        return found

    def yearly(self, p: int) -> tuple[int, ...]:
        """Hours of each year that must come from sessions."""
        key = self._service(p)
        found = self._yearly.get(key)
        if found is None:
            need = [0] * YEARS
            if not key[0]:
                for window, due, cap, opening in self.windows(p):
                    need[int(window) - START.year] = due - cap - opening
            found = self._yearly[key] = tuple(need)
        return found

    def horizon(self, p: int) -> int:
        """Hours of the horizon that must come from sessions."""
        if not self.senior(p):
            return 0
        return sum(due - cap - opening for _, due, cap, opening in self.windows(p))

    def coverage(self, p: int) -> bool:
        """Whether one course must cover the person."""
        return self._careers.entered[p] <= 0 and service_days(self._careers, p, 0, DAYS) >= 360

    def deadlines(self, p: int) -> list[Due]:
        """Courses due after an event."""
        careers = self._careers
        found: list[Due] = []
        if careers.entered[p] > -NEVER:
            day = int(careers.entered[p])
            found += self._due(p, day, 0, "induction", INDUCTION_DAYS)
        kind = careers.change_kind[p]
        band = int(self._body.band[careers.level[1][p]])
        if kind in ("promotion", "appointment") and band > 0:
            days = SECTION_DAYS if band == 1 else COUNTY_DAYS
            found += self._due(p, int(careers.change[p]), 3, "on_appointment", days)
        return found

    def _due(self, p: int, day: int, before: int, kind: CourseKind, days: int) -> list[Due]:
        date = dt.date.fromordinal(ZERO + day)
        last = add_months(date, 12).toordinal() - ZERO
        if not 0 <= last < DAYS or last >= self._careers.retired[p]:
            return []
        return [Due(kind, days, add_months(date, -before).toordinal() - ZERO, last)]


def policy(levels: list[str], bands: list[int]) -> Policy:
    """The policy of the presets; figures and their sources stand at the top of this file."""
    high = Selector(level_low=levels[bands.index(2)]) if 2 in bands else None
    low_top = levels[max(i for i, b in enumerate(bands) if b < 2)]
    section = Selector(level_low=levels[bands.index(1)], level_high=low_top)
    rules: list[AnyRule] = [
        ClassSize(),
        Beds(),
        Rooms(),
        OnePlace(),
        NoRepeat(),
        CallUps(max_per_year=2, spacing_days=30, min_days=3),
        UnitRelease(per_mille=100, at_least=1),
        TeamCover(leave_counts=False, leavers="replaced"),
        Prerequisites(),
        Ceiling(),
        Commitments(),
        Coverage(),
        Hours(
            name="hours_year",
            who=Selector(level_high=low_top),
            window="year",
            hours=YEAR_HOURS,
            supplement_cap_hours=YEAR_CAP,
        ),
        Deadline(
            name="induction",
            events=("entry",),
            course_kinds=("induction",),
            months_after=12,
            min_days=INDUCTION_DAYS,
            weight=3,
        ),
        Deadline(
            name="on_appointment_section",
            who=section,
            months_before=3,
            months_after=12,
            min_days=SECTION_DAYS,
            weight=3,
        ),
        BudgetFloor(),
    ]
    if high is not None:
        rules.insert(
            13,
            Hours(name="hours_five_years", who=high, window="horizon", hours=FIVE_HOURS, supplement_cap_hours=FIVE_CAP),
        )
        rules.insert(
            15,
            Deadline(
                name="on_appointment_county", who=high, months_before=3, months_after=12, min_days=COUNTY_DAYS, weight=3
            ),
        )
    return Policy(rules=tuple(rules), travel=TravelRate(yuan_per_km=1), study=StudyPrice(yuan_per_hour=1))
