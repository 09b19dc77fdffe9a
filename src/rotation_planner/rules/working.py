"""Working days as ordinals."""

from __future__ import annotations

import datetime as dt

import numpy as np

from rotation_planner.domain.calendar import Calendar
from rotation_planner.domain.scenario import Scenario

MARGIN_DAYS = 370


class WorkingDays:
    """The first working day on or after, and the last on or before, any day of the horizon and a year around it."""

    def __init__(self, scenario: Scenario) -> None:
        calendar = Calendar(scenario)
        self._base = max(scenario.start.toordinal() - MARGIN_DAYS, calendar.first.toordinal())
        days = np.arange(self._base, scenario.end.toordinal() + MARGIN_DAYS)
        working = np.array([calendar.is_working(dt.date.fromordinal(int(d))) for d in days])
        self._next = np.minimum.accumulate(np.where(working, days, days[-1] + 1)[::-1])[::-1]
        self._previous = np.maximum.accumulate(np.where(working, days, self._base - 1))

    def on_or_after(self, day: np.ndarray) -> np.ndarray:
        """The first working day on or after each day."""
        found: np.ndarray = self._next[np.clip(day - self._base, 0, len(self._next) - 1)]
        return found

    def on_or_before(self, day: np.ndarray) -> np.ndarray:
        """The last working day on or before each day."""
        found: np.ndarray = self._previous[np.clip(day - self._base, 0, len(self._previous) - 1)]
        return found
