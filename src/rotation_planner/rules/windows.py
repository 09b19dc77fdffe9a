"""Windows of days, and what is owed in one: the horizon, a calendar year, or any stretch of time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from rotation_planner.compile.career import careers
from rotation_planner.domain.policy import CarryOver, Total
from rotation_planner.domain.scenario import Scenario, add_months
from rotation_planner.rules.base import Model, iso
from rotation_planner.rules.service import long_enough, service_days

YEAR_MONTHS = 12


@dataclass(frozen=True)
class Span:
    """A window of every cadre.

    Attributes
    ----------
    first, last : int arrays, one per cadre
        First and last day (ordinals).
    months : int, optional
        Its length where it is one of months.
    name : str
        Empty: named by its days.
    """

    first: np.ndarray
    last: np.ndarray
    months: int | None = None
    name: str = ""

    def name_of(self, cadre: int) -> str:
        """Name of the window of a cadre."""
        return self.name or f"{iso(self.first[cadre])}/{iso(self.last[cadre])}"


def same_for_all(model: Model, first: int, last: int, months: int | None = None, name: str = "") -> Span:
    """One window for everybody."""
    n = len(model.candidates.cadres.ids)
    return Span(np.full(n, first), np.full(n, last), months, name)


def calendar_year(year: int) -> tuple[int, int]:
    """First and last day of a year."""
    return dt.date(year, 1, 1).toordinal(), dt.date(year, 12, 31).toordinal()


def whole_years(scenario: Scenario) -> list[int]:
    """Calendar years that end in the horizon."""
    return [y for y in scenario.years if dt.date(y, 12, 31) <= scenario.end]


def shifted(day: np.ndarray, months: int) -> np.ndarray:
    """Days so many months later."""
    distinct, inverse = np.unique(day, return_inverse=True)
    moved = [add_months(dt.date.fromordinal(int(d)), months).toordinal() for d in distinct]
    return np.array(moved, np.int64)[inverse]


def owed(rule: Total | CarryOver, amount: int, model: Model, span: Span) -> np.ndarray:
    """What each cadre owes in a window (0: nothing). Service before the horizon counts."""
    scenario, cadres = model.candidates.scenario, model.candidates.cadres
    length = span.last - span.first + 1
    since = np.maximum(span.first, careers(scenario).entry)
    days = np.maximum(0, np.minimum(cadres.service_end, span.last + 1) - since)
    months = rule.min_service_months if span.months is None else min(rule.min_service_months, span.months)
    owes = model.selected(rule.who) & long_enough(days, months, length)
    owes &= service_days(model, np.maximum(span.first, scenario.start.toordinal()), span.last) > 0
    if rule.part_service == "exempt":
        owes &= days == length
    due = amount * days // length if rule.part_service == "pro_rata" else np.full(len(days), amount)
    return np.where(owes, due, 0)
