"""The state of a search: the best point, its goals, and moves that solve a part again."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from rotation_planner.engines.guidance import Guidance
from rotation_planner.engines.mip import solve_mip
from rotation_planner.engines.options import Budget, Options
from rotation_planner.engines.subproblem import Sub, restrict, rows_of
from rotation_planner.program.distinct import distinct
from rotation_planner.program.program import INF, Kind, Program

SETTLE_S = 10.0
"""Seconds for fitting the helpers; it takes a few hundredths."""

TIE = 0.5
"""What the largest coefficient of a later goal weighs, in units of the smallest of the goal in hand."""
FIRST_KEEPS = 0.005
"""What all of a later goal weighs in parts for the first, as a part of all of that: seats and money that serve both."""
KEEP = 0.3
"""What all of the next goal weighs in parts for one after the first, that of the one after it once more so much less
(decision 0048)."""
FIRST_GAP, PART_GAP = 0.1, 0.01
"""Gaps at which a part is closed for the first goal and for others; the whole program only without one."""

Report = Callable[[str, "Search"], None]


class Later(IntEnum):
    """What parts for the first goal do for later ones."""

    NOTHING = 0
    KEPT = 1  # a little of them weighs
    HELD = 2  # and those on nobody's columns (floors) that are at their best stay there


class Search:
    """A program and the best point known.

    Parameters
    ----------
    program : Program
        What is solved.
    x : int64 array
        A feasible point to start from.
    options, budget
        Limits; the budget is spent by every solve.
    report : callable
        Told the phase and the search whenever the best point gets better.

    Attributes
    ----------
    goals : list of int64 array
        Dense coefficients of the goals, all to be minimised.
    value : tuple of int
        Goals of ``x``, all to be minimised.
    guidance : Guidance or None
        Looks for prices beside the search.
    """

    def __init__(self, program: Program, x: np.ndarray, options: Options, budget: Budget, report: Report) -> None:
        self.program = program
        self.options = options
        self.budget = budget
        self.report = report
        self.rng = np.random.default_rng(options.seed)
        self.csc = program.matrix.tocsc()
        self.goals = [g.dense(program.n_columns) * (-1 if g.maximise else 1) for g in program.goals]
        self.trivial = tuple(
            int(np.minimum(c * program.lower, c * program.upper).sum()) for c in self.goals
        )
        self.unit = [int(np.abs(c[c != 0]).min(initial=INF)) for c in self.goals]
        self.largest = [int(np.abs(c).max(initial=1)) for c in self.goals]
        self.span = [
            int(np.maximum(c * program.lower, c * program.upper).sum()) - best
            for c, best in zip(self.goals, self.trivial, strict=True)
        ]
        self.nobodys = [bool(c.any() and (program.owner[c != 0] < 0).all()) for c in self.goals]
        self.personal = [bool(c.any() and (program.owner[c != 0] >= 0).all()) for c in self.goals]
        self.attend = program.columns_of("attend")
        self.classes = program.columns_of("classes")
        self.session = session_of_attend(program, self.attend)
        self.session_of = np.full(program.n_columns, -1)
        self.session_of[self.attend] = self.session
        self.heads = program.columns_of("headcount")
        self.opening = opening_of(program, self.classes)
        self.about = self.session_of.copy()
        self.about[self.classes] = self.about[self.heads] = np.arange(len(self.classes))
        self.owned = Owned(program.owner, len(program.hint_group))
        self.offered = Owned(self.session_of, len(self.classes))
        nobody = program.owner < 0
        nobody[self.classes] = False
        self.helpers = np.flatnonzero(nobody)
        self._of_helpers = rows_of(self.csc, self.helpers)
        self.link = np.array([f.kind is Kind.LINK for f in program.families], bool)[program.row_family]
        self._own: dict[int, tuple[np.ndarray, np.ndarray, np.ndarray]] = {}
        self.guidance: Guidance | None = None
        self.turn = 0.0
        self.tries_of_cadre = np.zeros(len(program.hint_group))
        self.tries_of_column = np.zeros(program.n_columns)
        self.tries_of_row = np.zeros(program.n_rows)
        self.move(x)

    def move(self, x: np.ndarray) -> None:
        """Go on from another point, feasible or not."""
        self.x = x
        self.activity = self.program.matrix @ x
        self.value = tuple(int(c @ x) for c in self.goals)

    def offer(self, x: np.ndarray, phase: str, activity: np.ndarray | None = None) -> bool:
        """Take a point if it is feasible and better; ``activity`` is ``program.matrix @ x`` where it is known."""
        program, moved = self.program, np.flatnonzero(x != self.x)
        change = x[moved] - self.x[moved]
        value = tuple(v + int(c[moved] @ change) for v, c in zip(self.value, self.goals, strict=True))
        if value >= self.value or (x < program.lower).any() or (x > program.upper).any():
            return False
        activity = self._after(self.activity, moved, change) if activity is None else activity
        if (activity < program.low).any() or (activity > program.high).any():
            return False
        self.x, self.activity, self.value = x, activity, value
        self.report(phase, self)
        return True

    def lost(self, g: int) -> tuple[np.ndarray, np.ndarray]:
        """Columns of a goal, and what each loses against the best that it could be."""
        if g not in self._own:
            c, program = self.goals[g], self.program
            some = np.flatnonzero(c)
            self._own[g] = some, c[some], np.minimum(c * program.lower, c * program.upper)[some]
        some, coefs, best = self._own[g]
        return some, coefs * self.x[some] - best

    def gap(self, g: int) -> float | None:
        """How near a goal is to what prices prove, as a part of it; None as long as there are no prices."""
        return None if self.guidance is None else self.guidance.gap(g, self.x, self.value[g])

    def losing(self, g: int) -> tuple[np.ndarray, np.ndarray]:
        """Columns, and rows (their number plus that of the columns), that lose by the prices, and how much."""
        if self.guidance is None:
            return np.zeros(0, np.int64), np.zeros(0)
        return self.guidance.losing(g, self.x, self.activity)

    def free_columns(self, cadres: np.ndarray, sessions: np.ndarray, window: np.ndarray | None = None) -> np.ndarray:
        """Columns of some cadres, the classes of some sessions, and the helpers of nobody.

        Parameters
        ----------
        window : bool array, optional
            Sessions in which anything may change; by default all.
        """
        own = self.owned.columns(cadres)
        if window is not None:
            at = self.session_of[own]
            own = own[(at < 0) | window[at]]
            sessions = sessions[window[sessions]]
        # Helpers of nobody (headcounts, peaks, budget shortfalls) are few and must follow whatever moves.
        return distinct(np.concatenate([own, self.classes[sessions], self.helpers]))

    def part(self, columns: np.ndarray, goal: int, better: bool = False, later: Later = Later.HELD) -> Part:
        """A part to be solved again for one goal, those before it no worse.

        With ``better`` only answers that improve the goal count: that there is none shows in no time, and whatever is
        found before a part is closed is of use.
        """
        sub = restrict(self.program, self.csc, self.x, columns, self.activity)
        local = [c[columns] for c in self.goals]
        held = [later is Later.HELD and self._held(e) for e in range(len(local))]
        caps = [(c, int(c @ sub.start)) for e, c in enumerate(local) if e < goal or held[e]]
        if better:
            caps.append((local[goal], int(local[goal] @ sub.start) - 1))
        gap = 0.0 if len(columns) == self.program.n_columns else PART_GAP if goal else FIRST_GAP
        return Part(sub, self._objective(local, goal, later), caps, gap)

    def _held(self, goal: int) -> bool:
        """Whether a goal on nobody's columns is at its best: parts for earlier ones then leave it there."""
        return self.nobodys[goal] and self.value[goal] == self.trivial[goal]

    def _objective(self, local: list[np.ndarray], goal: int, keep: Later) -> np.ndarray:
        """A goal, and something of later ones: what is kept need not be won back.

        Those that lie on people's own columns at least decide between equals. The first goal keeps little, and nothing
        of goals on columns of all kinds (money), which are at odds with it. The last goal only decides between equals.
        """
        objective = local[goal].astype(float)
        weight = 1.0
        for later in range(goal + 1, len(local)):
            whole = self.personal[later] or self.nobodys[later]
            weight = (FIRST_KEEPS if keep and whole else 0.0) if goal == 0 else KEEP * weight
            kept = weight * self.span[goal] / max(1, self.span[later]) if later < len(local) - 1 else 0.0
            tie = TIE * self.unit[goal] / self.largest[later] if self.personal[later] else 0.0
            objective += local[later] * max(tie, kept)
        return objective

    def solve(self, part: Part, limit: float) -> bool:
        """Solve a part; whether it was closed, be it without an answer. Several threads may do so at the same time."""
        begun = time.monotonic()
        answer = solve_mip(part.sub, part.objective, part.caps, self.budget, limit, gap=part.gap)
        part.seconds = time.monotonic() - begun
        part.x = answer.x
        part.work = answer.work
        return answer.optimal or answer.infeasible

    def take(self, part: Part, phase: str) -> bool:
        """Apply what a solved part changed to the best point, if the outcome is feasible and better."""
        if part.x is None:
            return False
        columns = part.sub.columns
        change = part.x - part.sub.start
        moved = np.flatnonzero(change)
        x = self.x.copy()
        x[columns] += change
        activity = self._after(self.activity, columns[moved], change[moved])
        # Parts solved at once have each moved the helpers that they share, and those of later goals stand anywhere.
        return self.settled(x, activity, phase)

    def settled(self, x: np.ndarray, activity: np.ndarray, phase: str) -> bool:
        """Fit the helpers of a point, and take it if it is feasible and better."""
        fitted = self.settle(self.program, x, activity)
        if fitted is None:
            return False
        moved = np.flatnonzero(fitted != x)
        return self.offer(fitted, phase, self._after(activity, moved, fitted[moved] - x[moved]))

    def _after(self, activity: np.ndarray, columns: np.ndarray, change: np.ndarray) -> np.ndarray:
        """Activity after some columns have changed."""
        part, rows = rows_of(self.csc, columns)
        activity = activity.copy()
        activity[rows] += part @ change
        return activity

    def settle(self, program: Program, x: np.ndarray, activity: np.ndarray | None = None) -> np.ndarray | None:
        """Fit the helpers of nobody (headcounts, peaks, budget shortfalls) to the rest; None if nothing fits.

        Parameters
        ----------
        program : Program
            The search's own, or one with other sides.
        activity : int64 array, optional
            ``program.matrix @ x`` where it is known.
        """
        columns = self.helpers
        activity = program.matrix @ x if activity is None else activity
        sub = restrict(program, self.csc, x, columns, activity, of=self._of_helpers)
        objective = np.zeros(len(columns))
        for c in self.goals:
            local = c[columns]
            objective += local / max(1, int(np.abs(local).max(initial=0)))
        answer = solve_mip(sub, objective, [], self.budget, SETTLE_S)
        self.budget.spend(answer.work)
        if answer.x is None:
            return None
        x = x.copy()
        x[columns] = answer.x
        return x


@dataclass
class Part:
    """Free columns with objective and caps, and the answer once solved."""

    sub: Sub
    objective: np.ndarray
    caps: list[tuple[np.ndarray, int]]
    gap: float = 0.0
    x: np.ndarray | None = None
    work: float = 0.0
    seconds: float = 0.0


def session_of_attend(program: Program, attend: np.ndarray) -> np.ndarray:
    """Session of each attend column, read off the rows that count heads."""
    headcount = program.columns_of("headcount")
    position = np.full(program.n_columns, -1)
    position[headcount] = np.arange(len(headcount))
    wanted = {i for i, f in enumerate(program.families) if f.name == "headcount"}
    rows = np.flatnonzero(np.isin(program.row_family, list(wanted)))
    part = program.matrix[rows].tocoo()
    of_row = np.full(len(rows), -1)
    counted = position[part.col] >= 0
    of_row[part.row[counted]] = position[part.col[counted]]
    session = np.full(program.n_columns, -1)
    session[part.col[~counted]] = of_row[part.row[~counted]]
    found: np.ndarray = session[attend]
    return found


def opening_of(program: Program, classes: np.ndarray) -> np.ndarray:
    """Column that opens each session, read off the rows that tie it to the classes; -1 where there is none."""
    session, opening = np.full(program.n_columns, -1), np.zeros(program.n_columns, bool)
    session[classes] = np.arange(len(classes))
    opening[program.columns_of("open")] = True
    found = np.full(len(classes), -1)
    first = program.matrix.indptr[np.flatnonzero(np.diff(program.matrix.indptr) == 2)]
    for one, other in ((first, first + 1), (first + 1, first)):
        columns = program.matrix.indices[one], program.matrix.indices[other]
        tied = (session[columns[0]] >= 0) & opening[columns[1]]
        found[session[columns[0][tied]]] = columns[1][tied]
    return found


class Owned:
    """Columns by what they belong to, cadres or sessions; -1: to none."""

    def __init__(self, owner: np.ndarray, n: int) -> None:
        self._order = np.argsort(owner, kind="stable")
        self._first = np.searchsorted(owner[self._order], np.arange(n + 1))

    def columns(self, owners: np.ndarray) -> np.ndarray:
        """All columns of some of them."""
        first, last = self._first[owners], self._first[owners + 1]
        count = last - first
        offset = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        columns: np.ndarray = self._order[np.repeat(first, count) + offset]
        return columns
