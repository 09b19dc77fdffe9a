"""What a rule file provides, and what it is given."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from rotation_planner.compile.candidates import Candidates
from rotation_planner.domain.policy import EVERYONE, Selector
from rotation_planner.domain.teaching import Course
from rotation_planner.program import Builder, Kind
from rotation_planner.rules.body import Body, How
from rotation_planner.rules.records import Records, read_records

Completion = Callable[[np.ndarray], None]
"""Sets helper columns of a point, in place, to their best values given the columns set before."""


@dataclass(frozen=True)
class StudyColumns:
    """Supplement hours without a session toward one hours rule in one window.

    Attributes
    ----------
    rule, window : str
        Label of the rule; ``horizon`` or the calendar year.
    columns, cadre : int arrays
        One column per cadre who may take such hours.
    choose : callable
        Sets the columns of a point to the fewest hours that leave the least shortfall.
    """

    rule: str
    window: str
    columns: np.ndarray
    cadre: np.ndarray
    choose: Completion


@dataclass
class Model:
    """A program under construction, with the columns that every rule shares.

    ``headcount`` and ``open`` are added to the program when a rule or goal first asks for them.

    Attributes
    ----------
    candidates : Candidates
        Who may attend what.
    builder : Builder
        Takes columns, rows and goal terms.
    attend : int array, one per candidate
        Columns 0/1: the cadre attends the session.
    classes : int array, one per session
        Parallel classes, 0 to the session's maximum.
    useful : bool array, one per candidate
        Set by duties and the need goal: at the start of the horizon the cadre has an open duty or need that the
        course serves.
    completions : list of callable
        How the helper columns follow from ``attend``, ``classes`` and study, in the order in which to call them.
    studies : list of StudyColumns
        Hours without a session.
    body : Body, optional
        Figures of everybody, where the model is that of a part.
    parted : dict of str to set of str
        Label of a rule to the units of whose people some are in another part: their rows hold this part's share.
    """

    candidates: Candidates
    builder: Builder
    attend: np.ndarray
    classes: np.ndarray
    useful: np.ndarray
    completions: list[Completion] = field(default_factory=list)
    studies: list[StudyColumns] = field(default_factory=list)
    body: Body | None = None
    parted: dict[str, frozenset[str]] = field(default_factory=dict)

    def over_all(self, name: str, own: np.ndarray, how: How = "sum") -> np.ndarray:
        """A figure of the whole body, given that of this model's cadres; the same where these are all."""
        return own if self.body is None else self.body.over_all(name, own, how)

    @cached_property
    def records(self) -> Records:
        """Passed records."""
        return read_records(self.candidates)

    @cached_property
    def offered(self) -> np.ndarray:
        """Number of candidates of each session."""
        return self.over_all("offered", np.bincount(self.candidates.session, minlength=len(self.classes)))

    @cached_property
    def committed(self) -> np.ndarray:
        """Number of cadres committed to each session."""
        must = self.candidates.session[self.candidates.must]
        return self.over_all("committed", np.bincount(must, minlength=len(self.classes)))

    @cached_property
    def kinds(self) -> np.ndarray:
        """Kind of each course."""
        return np.array([c.kind for c in self.candidates.courses], dtype=str)

    @cached_property
    def by_kind(self) -> frozenset[str]:
        """Kinds of rules in force for everyone (a row implied by such a rule need not be written)."""
        return frozenset(r.kind for r in self.candidates.scenario.policy.rules if r.who == EVERYONE)

    @cached_property
    def headcount(self) -> np.ndarray:
        """Columns: number attending each session, linked to ``attend``."""
        ids, sessions = self.candidates.sessions.ids, self.candidates.sessions
        upper = self.offered
        if "class_size" in self.by_kind:
            upper = np.minimum(upper, np.maximum(sessions.max_size * sessions.max_classes, self.committed))
        columns = self.builder.add_columns("headcount", 0, upper, lambda i: (ids[i],), size=len(ids))
        some = np.flatnonzero(self.offered)
        row = np.cumsum(self.offered > 0) - 1
        self.builder.add_rows(
            "headcount", Kind.LINK, len(some),
            [(np.arange(len(some)), columns[some], -1), (row[self.candidates.session], self.attend, 1)],
            lambda i: (ids[some[i]],), low=0, high=0,
        )
        session, n = self.candidates.session, len(ids)

        def count(x: np.ndarray) -> None:
            x[columns] = np.bincount(session, weights=x[self.attend], minlength=n).astype(np.int64)

        self.completions.append(count)
        return columns

    @cached_property
    def open(self) -> np.ndarray:
        """Columns 0/1: the session runs. The ``classes`` column itself where at most one class is possible."""
        ids, most = self.candidates.sessions.ids, self.candidates.sessions.max_classes
        columns = self.classes.copy()
        several = np.flatnonzero((most > 1) & (self.candidates.sessions.cost_session_yuan > 0))
        columns[(most > 1) & (self.candidates.sessions.cost_session_yuan == 0)] = -1  # nothing depends on it
        if len(several):
            n = len(several)
            own = self.builder.add_columns("open", 0, 1, lambda i: (ids[several[i]],), size=n)
            columns[several] = own
            classes, row = self.classes[several], np.arange(n)
            self.builder.add_rows(
                "open", Kind.LINK, 2 * n,
                [(row, classes, 1), (row, own, -most[several]), (row + n, own, 1), (row + n, classes, -1)],
                lambda i: (ids[several[i % n]], "at most" if i < n else "at least"), high=0,
            )

            def mark(x: np.ndarray) -> None:
                x[own] = x[classes] > 0

            self.completions.append(mark)
        return columns

    def selected(self, who: Selector, day: np.ndarray | None = None) -> np.ndarray:
        """Bool per cadre: selected on a day (ordinal per cadre; default: first day of service)."""
        if who == EVERYONE:
            return np.ones(len(self.candidates.cadres.ids), bool)
        return self.candidates.selected(who, day)

    def of_course(self, value: Callable[[Course], Any]) -> np.ndarray:
        """A value of each course."""
        return np.array([value(c) for c in self.candidates.courses])

    def of_session(self, value: Callable[[Course], Any]) -> np.ndarray:
        """A value of each session's course."""
        if not len(self.classes):
            return np.zeros(0, bool)
        values: np.ndarray = self.of_course(value)[self.candidates.sessions.course]
        return values


def iso(day: Any) -> str:
    """An ordinal day as text."""
    return dt.date.fromordinal(int(day)).isoformat()


class RuleModule(Protocol):
    """A rule file is a module with these names (docstring with *In words* and *In formulas*)."""

    PARAMETERS: type[Any]
    KIND: Kind
    MISSION: tuple[str, ...]
    LAST: bool
    """Whether it reads ``Model.useful`` and so is written after the duties."""

    @staticmethod
    def rows(rule: Any, model: Model) -> None:
        """Add the rule's columns, rows and goal terms."""
