"""A first plan, session by session in order of time: the start that every search is warm-started with.

Each session is offered to the people it may serve, those whose duties gain most first; whoever would break a limit is
passed over. It runs if its smallest class comes together, with as many classes as can be filled. Nothing is taken
back: that is left to the search.
"""

from __future__ import annotations

import threading
import time

import numpy as np
from scipy import sparse

from rotation_planner.engines.master import row_owner
from rotation_planner.engines.search import opening_of, session_of_attend
from rotation_planner.program.distinct import distinct
from rotation_planner.program.program import INF, Kind, Program


def construct(program: Program, x: np.ndarray, until: float) -> np.ndarray:
    """Add attendances and classes to a point.

    Parameters
    ----------
    program : Program
        What is planned.
    x : int64 array
        A feasible point, with every supplement hour that may be taken.
    until : float
        ``time.monotonic()`` after which no further session is looked at.

    Returns
    -------
    int64 array
        A point with attendances, classes and the personal shortfalls that follow; other helper columns are to be
        completed by whoever knows them.
    """
    work = Construction(program, x)
    work.begin(x)
    return work.run(until)


class Construction:
    """A program made ready to be filled, again and again.

    Parameters
    ----------
    program, x
        As for ``construct``.
    csc : CSC matrix, optional
        The program's matrix by column, where there is one already.
    """

    def __init__(self, program: Program, x: np.ndarray, csc: sparse.csc_array | None = None) -> None:
        self.program = program
        self.x = x
        self.attend = program.columns_of("attend")
        self.classes = program.columns_of("classes")
        self.heads = program.columns_of("headcount")
        self.session_of = np.full(program.n_columns, -1)
        self.session_of[self.attend] = session_of_attend(program, self.attend)
        kinds = np.array([f.kind is Kind.LIMIT for f in program.families])
        self.limit = kinds[program.row_family]
        self.csc = program.matrix.tocsc() if csc is None else csc
        self._duties()
        self._sizes()

    def begin(self, x: np.ndarray) -> None:
        """Start from a point."""
        self.x = x.copy()
        self.future = self.offered.copy()
        self.activity = self.program.matrix @ self.x
        bare = self.x.copy()
        bare[self.short[1]] = 0
        self.lack = np.where(self.rate > 0, np.maximum(0, self.program.low - self.program.matrix @ bare), 0)
        self._open_duties()

    def _open_duties(self) -> None:
        """What serves the rows that lack anything, by session: nothing else can gain."""
        rows = np.flatnonzero(self.lack > 0)
        part = self.program.matrix[rows].tocoo()
        serves = np.flatnonzero((self.session_of[part.col] >= 0) & (part.data > 0))
        columns = part.col[serves]
        order = serves[np.lexsort((columns, self.session_of[columns]))]
        self.serving = rows[part.row[order]], part.col[order], part.data[order]
        self.first = np.searchsorted(self.session_of[part.col[order]], np.arange(len(self.classes) + 1))

    def _duties(self) -> None:
        """What one unit in a duty's row is worth in the first goal, and how much each row still lacks."""
        program = self.program
        goal = program.goals[0].dense(program.n_columns)
        duty = np.array([f.kind is Kind.DUTY for f in program.families])[program.row_family]
        rows = np.flatnonzero(duty)
        mine = program.matrix[rows].tocsr()
        part = mine.tocoo()
        row, column, coef = rows[part.row], part.col, part.data
        short = (goal[column] > 0) & (coef > 0)
        self.short = row[short], column[short], coef[short]
        self.rate = np.zeros(program.n_rows)
        self.rate[row[short]] = goal[column[short]] / coef[short]
        # Coupling duties (floors) follow from spending; only personal ones say who should come.
        self.rate[rows[row_owner(mine, program.owner) < 0]] = 0.0
        served = coef * (self.rate[row] > 0) * (self.session_of[column] >= 0)
        self.offered = np.bincount(row, weights=np.maximum(served, 0), minlength=program.n_rows)

    def _sizes(self) -> None:
        """Smallest and largest class of each session, read off the rows that tie heads to classes.

        There may be more seats than the classes have (after a commitment), or fewer (some are kept for others).
        """
        program = self.program
        position = np.full(program.n_columns, -1)
        position[self.heads] = np.arange(len(self.heads))
        class_of = np.full(program.n_columns, -1)
        class_of[self.classes] = np.arange(len(self.classes))
        self.least = np.zeros(len(self.classes), np.int64)
        self.most = np.full(len(self.classes), INF)
        self.more, self.fewer = np.zeros(len(self.classes), np.int64), np.zeros(len(self.classes), np.int64)
        self.size_row = np.zeros(program.n_rows, bool)
        self.opening = opening_of(program, self.classes)
        two = np.flatnonzero(np.diff(program.matrix.indptr) == 2)
        place = program.matrix.indptr[two]
        for first, second in ((place, place + 1), (place + 1, place)):
            columns = program.matrix.indices[first], program.matrix.indices[second]
            session, other = class_of[columns[0]], columns[1]
            sized = (session >= 0) & (position[other] == session) & self.limit[two] & (program.matrix.data[second] == 1)
            rows, of, size = two[sized], session[sized], -program.matrix.data[first[sized]]
            self.size_row[rows] = True
            largest, smallest = program.high[rows] < INF, program.low[rows] > -INF
            np.minimum.at(self.most, of[largest], size[largest])
            np.maximum.at(self.least, of[smallest], size[smallest])
            self.more[of[largest]] = program.high[rows[largest]]
            self.fewer[of[smallest]] = program.low[rows[smallest]]

    def run(
        self, until: float, sessions: np.ndarray | None = None, wish: np.ndarray | None = None,
        stop: threading.Event | None = None,
    ) -> np.ndarray:
        """Offer sessions, by default all; with wishes (0 to 1 per column) only to those who wish, the keenest first."""
        self.wish = wish
        order = np.argsort(self.program.hint_time, kind="stable")
        for s in (order if sessions is None else order[sessions[order]]).tolist():
            if time.monotonic() > until or (stop is not None and stop.is_set()):
                break
            self._offer(s)
        rows, columns, coefs = self.short
        own = self.rate[rows] > 0
        missing = -(-np.maximum(0, self.lack[rows[own]]) // coefs[own])
        self.x[columns[own]] = np.clip(missing, self.program.lower[columns[own]], self.program.upper[columns[own]])
        return self.x

    def _offer(self, s: int) -> None:
        rows, columns, amount = (a[self.first[s] : self.first[s + 1]] for a in self.serving)
        gains, at = self._gains(rows, amount), distinct(columns)
        gains = np.bincount(np.searchsorted(at, columns), weights=gains, minlength=len(at))
        if self.wish is not None:
            gains = np.where(gains > 0, self.wish[at], 0.0)
        gains[(self.x[at] > 0) | (self.program.upper[at] == 0)] = 0.0
        np.subtract.at(self.future, rows, amount)
        wanted = at[np.argsort(-gains, kind="stable")][: int((gains > 0).sum())]
        if len(wanted) < max(1, self.least[s] + self.fewer[s] - self.x[self.heads[s]]):
            return
        column = self.classes[s]
        before = int(self.x[column])
        opened = self._open(s, self._classes_for(s, len(wanted) + int(self.x[self.heads[s]])))
        seats = self._seats(s, opened) - int(self.x[self.heads[s]])
        came = self._admitted(wanted, int(self.heads[s]), seats)
        self._step(came, 1)
        self._step(self.heads[[s]], len(came))
        self._fit(s, before, came)

    def _fit(self, s: int, before: int, came: np.ndarray) -> None:
        """Keep as many classes as are full enough; those who gain least leave again."""
        column, heads = self.classes[s], int(self.x[self.heads[s]])
        classes = min(int(self.x[column]), self._classes_for(s, heads))
        if self.least[s]:
            classes = min(classes, (heads - int(self.fewer[s])) // int(self.least[s]))
        classes = max(classes, before)
        too_many = len(came) if classes == before == 0 else min(len(came), max(0, heads - self._seats(s, classes)))
        self._step(came[len(came) - too_many :], -1)
        self._step(self.heads[[s]], -too_many)
        self._step(self.classes[[s]], classes - int(self.x[column]))
        if classes == 0 and self.opening[s] >= 0 and self.x[self.opening[s]]:
            self._step(self.opening[[s]], -1)

    def _seats(self, s: int, classes: int) -> int:
        return min(int(self.most[s]) * classes, int(INF)) + int(self.more[s])

    def _classes_for(self, s: int, heads: int) -> int:
        return -(-(heads - int(self.more[s])) // int(self.most[s]))

    def _open(self, s: int, wish: int) -> int:
        """Open as many of the wished classes as limits allow; returns how many are open."""
        column = int(self.classes[s])
        while self.x[column] < min(wish, self.program.upper[column]):
            new = np.array([column] if self.x[column] or self.opening[s] < 0 else [column, self.opening[s]])
            self._step(new, 1)
            rows = self.csc[:, new].indices
            if (self.limit[rows] & ~self.size_row[rows] & (self.activity[rows] > self.program.high[rows])).any():
                self._step(new, -1)
                break
        return int(self.x[column])

    def _gains(self, rows: np.ndarray, amount: np.ndarray) -> np.ndarray:
        """What amounts in duties gain in the first goal, less the more is still to be offered for these."""
        lack = np.maximum(self.lack[rows], 0)
        scarce = np.minimum(1.0, lack / np.maximum(1, self.future[rows]))
        gains: np.ndarray = np.minimum(lack, amount) * self.rate[rows] * scarce
        return gains

    def _admitted(self, wanted: np.ndarray, head: int, seats: int) -> np.ndarray:
        """Those who get a seat: one after the other, whoever would break a limit being passed over."""
        part = (self.csc[:, wanted] + self.csc[:, np.full(len(wanted), head)]).tocsc()
        who = np.repeat(np.arange(len(wanted)), np.diff(part.indptr))
        limits = self.limit[part.indices] & ~self.size_row[part.indices]
        who, row, add = who[limits], part.indices[limits], part.data[limits]
        # Others who are added hardly ever make room for somebody.
        bad = self._worse(row, self.activity[row], self.activity[row] + add)
        fits = np.bincount(who, weights=bad, minlength=len(wanted)) == 0
        who, row, add = (a[fits[who]] for a in (who, row, add))
        rows, place = np.unique(row, return_inverse=True)
        now, low, high = (side[rows].tolist() for side in (self.activity, self.program.low, self.program.high))
        first = np.searchsorted(who, np.arange(len(wanted) + 1)).tolist()
        entries = list(zip(place.ravel().tolist(), add.tolist(), strict=True))
        came: list[int] = []
        for k in np.flatnonzero(fits).tolist():
            if len(came) >= seats:
                break
            mine = entries[first[k] : first[k + 1]]
            if not any(now[r] + a > high[r] if a > 0 else now[r] + a < low[r] for r, a in mine):
                came.append(k)
                for r, a in mine:
                    now[r] += a
        return wanted[came]

    def _worse(self, rows: np.ndarray, before: np.ndarray, after: np.ndarray) -> np.ndarray:
        """Which rows are beyond a side, and further than they were."""
        program = self.program
        worse: np.ndarray = ((after > program.high[rows]) & (after > before)) | (
            (after < program.low[rows]) & (after < before)
        )
        return worse

    def _step(self, columns: np.ndarray, step: int) -> None:
        """Move some columns by as much each."""
        if not step or not len(columns):
            return
        self.x[columns] += step
        part = self.csc[:, columns]
        rows, change = part.indices, step * part.data
        np.add.at(self.activity, rows, change)
        lacking = self.rate[rows] > 0
        np.subtract.at(self.lack, rows[lacking], change[lacking])
