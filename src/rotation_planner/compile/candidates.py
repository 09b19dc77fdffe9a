"""Who may attend what: the scenario as flat arrays. One candidate = one cadre x one session he or she may attend."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from rotation_planner.domain.policy import Selector
from rotation_planner.domain.scenario import Scenario
from rotation_planner.domain.teaching import Course

REASONS = (
    "closed", "session_must_not", "level", "category", "duties", "authority", "not_serving", "retired", "leave",
    "held", "prerequisite", "must_not",
)
"""Why a cadre may not attend a session, in the order in which they are tried; the first that applies counts."""


def day_number(day: dt.date) -> int:
    """Days are proleptic ordinals everywhere in the model."""
    return day.toordinal()


@dataclass(frozen=True)
class Sessions:
    """One entry per session (given and derived), arrays of equal length."""

    ids: list[str]
    course: np.ndarray
    """Index into the courses table."""
    institution: np.ndarray
    start: np.ndarray
    end: np.ndarray
    """First and last day (ordinals), travel not included."""
    year: np.ndarray
    """Calendar year of the start: the year in which it is paid and called up."""
    max_classes: np.ndarray
    min_size: np.ndarray
    max_size: np.ndarray
    cost_class_yuan: np.ndarray
    cost_session_yuan: np.ndarray
    payer: np.ndarray
    """Index into authorities: the course's owner, else the institution's authority."""
    must_run: np.ndarray
    """bool: committed to run."""
    run_session: np.ndarray
    run_start: np.ndarray
    run_end: np.ndarray
    """Unbroken stretches of days, sorted by session and start: session index, first and last day."""


@dataclass(frozen=True)
class Cadres:
    """One entry per cadre."""

    ids: list[str]
    service_start: np.ndarray
    """First day of service inside the horizon (ordinal)."""
    service_end: np.ndarray
    """First day on which the cadre no longer serves: retirement, or the day after the horizon."""
    joined_late: np.ndarray
    """bool: entered after the start of the horizon."""
    key: np.ndarray
    """bool: holds a key post at the start of service."""
    unit: np.ndarray
    """Unit index of the post at the start of the horizon."""
    hint_group: np.ndarray
    """Dense number of level x categories at the start."""


@dataclass(frozen=True)
class Candidates:
    """Everything the rules need, as arrays.

    Attributes
    ----------
    cadre, session : int32 arrays
        Sorted by cadre, then session start, then session index.
    unit : int32 array
        Unit the cadre leaves (post held on the session's first day).
    travel_days : int16 array
        Days lost each way; each stretch begins so much earlier and ends so much later.
    cost_yuan : int64 array
        Trainee-days and travel of this attendance.
    must : bool array
        Committed; such a candidate exists even where it is not eligible.
    excluded : dict of str to int64 array
        Reason to the number of sessions excluded, per cadre.
    """

    scenario: Scenario
    courses: list[Course]
    sessions: Sessions
    cadres: Cadres
    cadre: np.ndarray
    session: np.ndarray
    unit: np.ndarray
    travel_days: np.ndarray
    cost_yuan: np.ndarray
    must: np.ndarray
    excluded: dict[str, np.ndarray]
    satisfies: np.ndarray
    """bool [course, course]: a completion of the first stands for the second (itself, equivalents, substitutes)."""

    def __len__(self) -> int:
        return len(self.cadre)

    def selected(self, who: Selector, day: np.ndarray | None = None) -> np.ndarray:
        """Bool per cadre: selected on a day (ordinal per cadre; default: first day of service)."""
        from rotation_planner.compile.selector import selected

        return selected(self.scenario, who, self.cadres.service_start if day is None else day)

    def runs(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Stretches of days of every candidate, travel included: candidate index, first day, last day."""
        first = np.searchsorted(self.sessions.run_session, self.session, side="left")
        last = np.searchsorted(self.sessions.run_session, self.session, side="right")
        count = last - first
        candidate = np.repeat(np.arange(len(self)), count)
        offset = np.arange(len(candidate)) - np.repeat(np.cumsum(count) - count, count)
        run = np.repeat(first, count) + offset
        travel = self.travel_days[candidate]
        return candidate, self.sessions.run_start[run] - travel, self.sessions.run_end[run] + travel
