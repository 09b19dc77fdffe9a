"""A first plan by stretches of time: the linear relaxation says who should go where, a construction makes it whole.

The relaxation of one year for a whole county is solved in about a second, and all but a few per cent of it is whole
(decision 0021). Whom it sends is offered the seats first, session by session; what is left goes to whoever gains. Then
stretches of the best plan are emptied and planned again in the same way, as long as that helps.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from rotation_planner.engines.construct import Construction
from rotation_planner.engines.mip import solve_mip
from rotation_planner.engines.options import Budget, Options
from rotation_planner.engines.search import Search
from rotation_planner.program.program import Program

YEAR = 365.25
"""Days of one stretch of the first plan."""
STRETCHES = (120.0, 180.0, 365.0)
"""Days of the stretches that are planned again."""
ROUNDS, PATIENCE = 60, 15
"""Most stretches planned again, and most in a row without gain."""
PRICE = 0.02
"""What the mean attendance costs in a relaxation, as a part of the median duty: money and seats not wasted on one
duty serve another."""
FAINT = 1e-6
"""A wish below this is none."""

Complete = Callable[[np.ndarray], np.ndarray]
"""Gives a point whose helper columns are at their best values."""


class Guide:
    """Plans stretches of time of a program anew.

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
        self.work = Construction(program, empty)
        self.rank = np.ones(program.n_rows)
        self.everybody = np.arange(len(program.hint_group))
        self.sessions = np.arange(len(self.search.classes))
        self.day = program.hint_time - (program.hint_time.min() if len(program.hint_time) else 0)
        self.objective = self.search.goals[0] + self._price()

    def first(self) -> np.ndarray:
        """The plan made year by year, as far as time allows."""
        x = self.empty
        year = (self.day // YEAR).astype(np.int64)
        for k in np.unique(year):
            made = self._plan(x, year == k)
            if made is None:
                break
            x = made
        return self.complete(x)

    def again(self, x: np.ndarray, seed: int) -> np.ndarray:
        """Empty stretches of a feasible point and plan them again; returns the best point."""
        rng = np.random.default_rng(seed)
        days = float(self.day.max(initial=0)) + 1
        value, idle = self._value(x), 0
        for _ in range(ROUNDS):
            if idle >= PATIENCE or time.monotonic() > self.until or not value[0] > self.search.trivial[0]:
                break
            window = (self.day - rng.random() * days) % days < rng.choice(STRETCHES)
            made = self._plan(self._without(x, window), window)
            if made is None:
                break
            made = self.complete(made)
            idle += 1
            if self._value(made) < value and self.program.feasible(made):
                x, value, idle = made, self._value(made), 0
        return x

    def _plan(self, x: np.ndarray, window: np.ndarray) -> np.ndarray | None:
        """Fill some sessions of a point; None without time for the relaxation."""
        left = self.until - time.monotonic()
        if left <= 0 or not window.any():
            return None
        self.search.move(x)
        part = self.search.part(self.search.free_columns(self.everybody, self.sessions, window), 0)
        columns = part.sub.columns
        relaxed = solve_mip(
            part.sub, self.objective[columns], [], self.search.budget, left, whole=np.zeros(len(columns), bool)
        )
        if relaxed.x is None:
            return None
        wish = np.zeros(self.program.n_columns)
        wish[columns] = np.where(relaxed.x > FAINT, relaxed.x, 0.0)
        self.work.begin(x, self.rank)
        self.work.run(self.until, window, wish)
        return self.work.run(self.until, window)

    def _without(self, x: np.ndarray, window: np.ndarray) -> np.ndarray:
        """A point with only what is committed in some sessions."""
        x = x.copy()
        columns = np.concatenate([self.search.attend[window[self.search.session]], self.search.classes[window]])
        x[columns] = self.empty[columns]
        return self.complete(x)

    def _value(self, x: np.ndarray) -> tuple[int, ...]:
        return tuple(int(c @ x) for c in self.search.goals)

    def _price(self) -> np.ndarray:
        """What attendances cost in the later goals that are about them, in units of the first."""
        goals, attend = self.search.goals, self.search.attend
        stakes = goals[0] * self.program.upper
        price = np.zeros(self.program.n_columns)
        for goal in goals[1:]:
            mean = float(goal[attend].mean()) if len(attend) else 0.0
            if mean > 0 and (goal >= 0).all() and (stakes > 0).any():
                price += goal * (PRICE * float(np.median(stakes[stakes > 0])) / mean)
                break
        return price
