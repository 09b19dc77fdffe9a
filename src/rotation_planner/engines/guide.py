"""A first plan by stretches of time: the linear relaxation says who should go where, a construction makes it whole.

The relaxation of one year for a whole county is solved in a few seconds. Whom it sends is offered the seats first,
session by session; what is left goes to whoever gains.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from rotation_planner.engines.construct import Construction
from rotation_planner.engines.mip import solve_mip
from rotation_planner.engines.options import Budget, Options
from rotation_planner.engines.search import Search
from rotation_planner.engines.subproblem import Sub
from rotation_planner.program.program import Program

YEAR = 365.25
"""Most days of one stretch of the first plan."""
STRETCH_ATTEND = 60_000
"""Most attendances to decide in one, about; the relaxation takes some four seconds, and more than twice that for twice
as many."""
OVERTIME = 0.5
"""Part of the time by which filling the rest without relaxations may take longer."""
PRICE = 0.02
"""What the mean attendance costs in a relaxation, as a part of the median duty: money and seats not wasted on one
duty serve another."""
LATER = 0.1
"""What all that the empty plan loses in a later goal weighs, as a part of what it loses in the first: plans that serve
several goals at once need less of everything (decision 0037)."""
FAINT = 1e-6
"""A wish below this is none."""

Complete = Callable[[np.ndarray], np.ndarray]
"""Gives a point whose helper columns are at their best values."""


class Guide:
    """Plans a program year by year.

    Parameters
    ----------
    program : Program
        What is planned.
    empty : int64 array
        A feasible point in which only what is committed happens, with every supplement hour that may be taken.
    until : float
        ``time.monotonic()`` after which nothing more is tried.
    complete : callable
        Fills in helper columns.
    """

    def __init__(self, program: Program, empty: np.ndarray, until: float, complete: Complete) -> None:
        self.program, self.empty, self.until, self.complete = program, empty, until, complete
        self.search = Search(program, empty, Options(), Budget(max(0.1, until - time.monotonic())), lambda *_: None)
        self.work = Construction(program, empty, self.search.csc)
        self.everybody = np.arange(len(program.hint_group))
        self.sessions = np.arange(len(self.search.classes))
        self.day = program.hint_time - (program.hint_time.min() if len(program.hint_time) else 0)
        self.objective = self._objective()

    def first(self) -> np.ndarray:
        """The plan made stretch by stretch; where time has run out, the rest as it comes."""
        x = self.empty
        begun = time.monotonic()
        stretch = self._stretches()
        last = int(stretch.max(initial=-1))
        for k in range(last + 1):
            made = self._plan(x, stretch == k, (self.until - time.monotonic()) / (last + 1 - k))
            if made is None:
                self.work.begin(x)
                x = self.work.run(self.until + OVERTIME * max(0.0, self.until - begun), stretch >= k)
                break
            x = made
        return self.complete(x)

    def _stretches(self) -> np.ndarray:
        """Number of the stretch of each session, in order of time: years, or shorter ones with about equally many."""
        year = np.unique(self.day // YEAR, return_inverse=True)[1].ravel()
        count = -(-len(self.search.attend) // STRETCH_ATTEND)
        if count <= year.max(initial=0) + 1:
            return year
        offered = np.bincount(self.search.session, minlength=len(self.sessions))
        order = np.argsort(self.day, kind="stable")
        stretch = np.empty(len(order), np.int64)
        stretch[order] = (np.cumsum(offered[order]) - 1) * count // offered.sum()
        return np.unique(stretch, return_inverse=True)[1].ravel()

    def _plan(self, x: np.ndarray, window: np.ndarray, seconds: float) -> np.ndarray | None:
        """Fill some sessions of a point; None without time for a relaxation, and only one if there is little time."""
        if not window.any():
            return None
        began = time.monotonic()
        self.search.move(x)
        part = self.search.part(self.search.free_columns(self.everybody, self.sessions, window), 0)
        relaxed = self._relaxed(part.sub)
        if relaxed is None:
            return None
        if 2 * (time.monotonic() - began) < seconds:
            # Once thin classes are given up, the relaxation gathers people in those that are left.
            fewer = self._relaxed(replace(part.sub, upper=self._rounded(part.sub, relaxed)))
            relaxed = relaxed if fewer is None else fewer
        wish = np.zeros(self.program.n_columns)
        wish[part.sub.columns] = relaxed
        wish[wish <= FAINT] = 0.0
        self.work.begin(x)
        self.work.run(self.until, window, wish)
        return self.work.run(self.until, window)

    def _relaxed(self, sub: Sub) -> np.ndarray | None:
        """The relaxation of a part; None without time or solution."""
        left = self.until - time.monotonic()
        if left <= 0:
            return None
        whole = np.zeros(len(sub.columns), bool)
        return solve_mip(sub, self.objective[sub.columns], [], self.search.budget, left, whole=whole).x

    def _rounded(self, sub: Sub, relaxed: np.ndarray) -> np.ndarray:
        """Upper bounds that let no session have more classes than it has, rounded, in a relaxation."""
        classes = np.isin(sub.columns, self.search.classes)
        return np.where(classes, np.clip(np.floor(relaxed + 0.5), sub.lower, sub.upper), sub.upper).astype(np.int64)

    def _objective(self) -> np.ndarray:
        """The first goal; a little of those later ones on people's own columns; and a price on attendances.

        The price is what they cost in the first later goal that is about nothing else. Goals on columns of nobody
        (budget shortfalls) make relaxations ten times slower.
        """
        goals, attend, least = self.search.goals, self.search.attend, self.search.trivial
        lost = [float(c @ self.empty) - best for c, best in zip(goals, least, strict=True)]
        objective = goals[0].astype(float)
        stakes = goals[0] * self.program.upper
        for g in range(1, len(goals)):
            mean = float(goals[g][attend].mean()) if len(attend) else 0.0
            if mean > 0 and (goals[g] >= 0).all() and (stakes > 0).any():
                return objective + goals[g] * (PRICE * float(np.median(stakes[stakes > 0])) / mean)
            if lost[g] > 0 and g in self.search.personal:
                objective += goals[g] * (LATER * lost[0] / lost[g])
        return objective
