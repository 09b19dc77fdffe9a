"""A first plan year by year: linear relaxations say who should go where, a construction makes it whole.

The relaxation of one year for a group of people is solved in about a second. Whom it sends is offered the seats
first, session by session; what is left goes to whoever gains.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from rotation_planner.engines.construct import Construction
from rotation_planner.engines.groups import divided, shares_of
from rotation_planner.engines.mip import solve_mip
from rotation_planner.engines.options import Budget, Options
from rotation_planner.engines.search import Search
from rotation_planner.engines.subproblem import Sub, restrict
from rotation_planner.program.program import Program

YEAR = 365.25
GROUP_ATTEND = 13_000
"""Most attendances to decide in one relaxation, about: it takes half a second, and more than twice that for twice as
many; with half of it plans were worse (decision 0042)."""
LATENESS = 2.0
"""How many times longer than its share of the time a relaxation takes with whoever is late. The first year takes
several times as long as those after it (22 s and 2 to 5 at 15,252), so its own share says little."""
OVERTIME = 0.5
"""Part of the time by which filling the rest without relaxations may take longer."""
PRICE = 0.02
"""What the mean attendance costs in a relaxation, as a part of the median duty: money and seats not wasted on one
duty serve another."""
LATER = 0.3
"""What all that the empty plan loses in the second goal weighs, as a part of what it loses in the first, and so on from
goal to goal: plans that serve several goals at once need less of everything (decisions 0037 and 0047)."""
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
    workers : int
        Relaxations solved at the same time.
    stop : Event, optional
        Nothing more is tried once it is set. Whoever makes plans in the main thread hands signals on by it: an
        exception that a signal raises amid the work of threads can leave a lock held for ever.
    plain : bool
        Leave out goals on nobody's columns (budget floors) from the beginning, as whoever is late does: that is
        quicker.

    Attributes
    ----------
    aim : float array
        What a relaxation minimises as long as there is time: all goals, nearer ones more.
    """

    def __init__(
        self, program: Program, empty: np.ndarray, until: float, complete: Complete, workers: int = 1,
        stop: threading.Event | None = None, plain: bool = False,
    ) -> None:
        self.program, self.empty, self.until, self.complete = program, empty, until, complete
        self.stop = threading.Event() if stop is None else stop
        options, budget = Options(workers=workers), Budget(max(0.1, until - time.monotonic()))
        self.search = Search(program, empty, options, budget, lambda *_: None)
        self.work = Construction(program, empty, self.search.csc)
        self.sessions = np.arange(len(self.search.classes))
        self.day = program.hint_time - (program.hint_time.min() if len(program.hint_time) else 0)
        self.year = np.unique(self.day // YEAR, return_inverse=True)[1].ravel()
        largest = int(np.bincount(self.year[self.search.session], minlength=1).max(initial=0))
        self.group = np.arange(len(program.hint_group)) % max(1, -(-largest // GROUP_ATTEND))
        self.objective = self.aim = self._aim()
        self.plain = self.aim.copy()
        for g in np.flatnonzero(self.search.nobodys[1:]) + 1:
            self.plain[self.search.goals[g] != 0] = 0.0
        if plain:
            self.objective = self.aim = self.plain

    def first(self) -> np.ndarray:
        """The plan made year by year; where time has run out, the rest as it comes."""
        x = self.empty
        begun = time.monotonic()
        year, last = self.year, int(self.year.max(initial=-1))
        with ThreadPoolExecutor(self.search.options.workers) as pool:
            for k in range(last + 1):
                made = self._plan(x, year == k, self._left() / (last + 1 - k), pool)
                if made is None:
                    self.work.begin(x)
                    x = self.work.run(self.until + OVERTIME * max(0.0, self.until - begun), year >= k, stop=self.stop)
                    break
                x = made
        return self.complete(x)

    def _plan(
        self, x: np.ndarray, window: np.ndarray, seconds: float, pool: ThreadPoolExecutor
    ) -> np.ndarray | None:
        """Fill some sessions of a point; None without time for a relaxation, and only one if there is little time."""
        if not window.any():
            return None
        began = time.monotonic()
        self.search.move(x)
        parts = self._parts(window)
        relaxed = self._relaxed(parts, pool)
        if relaxed is None:
            return None
        took = time.monotonic() - began
        if took > LATENESS * seconds:
            self.objective = self.plain  # who is late looks at people's own goals alone: that is quicker
        if 2 * took < seconds:
            # Once thin classes are given up, the relaxation gathers people in those that are left.
            fewer = self._relaxed(self._rounded(parts, relaxed), pool)
            relaxed = relaxed if fewer is None else fewer
        wish = np.zeros(self.program.n_columns)
        for part, one in zip(parts, relaxed, strict=True):
            wish[part.columns] += one
        wish[wish <= FAINT] = 0.0
        self.work.begin(x)
        self.work.run(self.until, window, wish, self.stop)
        return self.work.run(self.until, window, stop=self.stop)

    def _left(self) -> float:
        return -np.inf if self.stop.is_set() else self.until - time.monotonic()

    def _parts(self, window: np.ndarray) -> list[Sub]:
        """The people of each group in some sessions, with their part of what is left for all."""
        search, program = self.search, self.program
        count = int(self.group.max(initial=0)) + 1
        columns = [
            search.free_columns(np.flatnonzero(self.group == k), self.sessions, window) for k in range(count)
        ]
        if count == 1:
            return [restrict(program, search.csc, search.x, columns[0], search.activity)]
        attend = search.attend[window[search.session]]
        rows, every = shares_of(program, search.csc, attend, self.group, count)
        return [
            restrict(
                divided(program, search.x, search.activity, rows[k], search.classes, every[k]), search.csc, search.x,
                columns[k], search.activity,
            )
            for k in range(count)
        ]

    def _relaxed(self, parts: list[Sub], pool: ThreadPoolExecutor) -> list[np.ndarray] | None:
        """The relaxation of each part; None without time, or without a solution of one."""
        def one(sub: Sub) -> np.ndarray | None:
            left = self._left()
            if left <= 0:
                return None
            whole = np.zeros(len(sub.columns), bool)
            return solve_mip(sub, self.objective[sub.columns], [], self.search.budget, left, whole=whole).x

        found = [x for x in pool.map(one, parts) if x is not None]
        return found if len(found) == len(parts) else None

    def _rounded(self, parts: list[Sub], relaxed: list[np.ndarray]) -> list[Sub]:
        """The parts with upper bounds that let no session have more classes than all have together, rounded."""
        total = np.zeros(self.program.n_columns)
        for part, one in zip(parts, relaxed, strict=True):
            total[part.columns] += one
        ratio = np.divide(np.floor(total + 0.5), total, out=np.zeros(len(total)), where=total > 0)
        return [
            replace(part, upper=np.where(
                np.isin(part.columns, self.search.classes),
                np.clip(one * ratio[part.columns], part.lower, part.upper), part.upper,
            ))
            for part, one in zip(parts, relaxed, strict=True)
        ]

    def _aim(self) -> np.ndarray:
        """The first goal; a little of later ones; and a price on attendances.

        The price is what they cost in the first later goal that is about nothing else.
        """
        goals, attend, least = self.search.goals, self.search.attend, self.search.trivial
        lost = [float(c @ self.empty) - best for c, best in zip(goals, least, strict=True)]
        objective = goals[0].astype(float)
        stakes = goals[0] * self.program.upper
        for g in range(1, len(goals)):
            mean = float(goals[g][attend].mean()) if len(attend) else 0.0
            if mean > 0 and (goals[g] >= 0).all() and (stakes > 0).any():
                return objective + goals[g] * (PRICE * float(np.median(stakes[stakes > 0])) / mean)
            if lost[g] > 0:
                objective += goals[g] * (LATER**g * lost[0] / lost[g])
        return objective
