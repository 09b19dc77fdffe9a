"""Linear programs by a first-order method: restarted Halpern primal-dual hybrid gradients with reflection.

An iteration multiplies the matrix twice and otherwise does what is done to each entry alone. Steps towards the point at
the last restart keep the iterates from circling; they are reflected, so that they are twice as long. What a step of the
prices weighs beside one of the columns follows from how far both have moved between two restarts: prices of a million
people have a long way from nothing.

The method is that of Lu and Yang, "Restarted Halpern PDHG for linear programming" (2024), with the diagonal scaling of
Pock and Chambolle (2011), under which steps of one are safe. All is done in single precision, and in pieces that fit
into a cache: what the method must read decides how long it takes (decision 0051).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from rotation_planner.engines.linear import Linear

PIECE = 65_536
"""Rows or columns that are worked on at a time."""
STEP = 0.998
"""Step length; the norm of the scaled matrix is at most 1."""
MUCH, ENOUGH, LONG = 0.2, 0.8, 0.2
"""A restart follows once the last step is so much shorter than the first one; once it is a little shorter and gets
longer again; and after so large a part of all iterations."""
FOLLOW, HEAVIEST = 0.65, 20.0
"""How far the weight goes to the ratio of the moves, by its logarithm, and how many times what it begins with it may
be: the first moves of prices, from nothing, would make it so large that they overshoot for hundreds of iterations."""
NOISE = 1e-5
"""A move below this, as a part of the point, says nothing in single precision."""


@dataclass
class Halpern:
    """The method's state for one program.

    Parameters
    ----------
    linear : Linear
        What is solved.
    y, z : float arrays
        Prices and point to begin with.
    threads : int

    Attributes
    ----------
    iterations : int
        Done so far.
    """

    linear: Linear
    y: np.ndarray
    z: np.ndarray
    threads: int = 1
    iterations: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        linear = self.linear
        matrix = linear.matrix.tocsr()
        self._row_scale, self._column_scale = scales(matrix)
        matrix = _scaled(matrix, self._row_scale, self._column_scale)
        single = np.float32
        self._cost = (linear.cost / linear.cost_scale * self._column_scale).astype(single)
        self._low, self._high = (
            (side * self._row_scale).astype(single) for side in (linear.low, linear.high)
        )
        self._upper = (1 / self._column_scale).astype(single)
        sides = np.concatenate([self._low[np.isfinite(self._low)], self._high[np.isfinite(self._high)]])
        self.weight = float(np.linalg.norm(self._cost)) / (float(np.linalg.norm(sides)) or 1.0) or 1.0
        self._x1 = (self.z * self._upper).astype(single)
        self._y1 = (self.y / linear.cost_scale / self._row_scale).astype(single)
        self._begin()
        self._columns = _shares(matrix.T.tocsr(), self.threads)
        self._rows = _shares(matrix, self.threads)

    def prices(self) -> np.ndarray:
        """Prices at the last restart, usable, as the program scales its rows."""
        found = self._y1.astype(float) * self._row_scale * self.linear.cost_scale
        return self.linear.usable(found)

    def point(self) -> np.ndarray:
        """The point at the last restart, as the program scales its columns."""
        found: np.ndarray = self._x1 * self._column_scale
        return found

    def restarts(self, over: Callable[[int], bool]) -> Iterator[None]:
        """Iterate, and hand over at every restart.

        Parameters
        ----------
        over : callable
            Given the number of iterations, whether that was the last; there is a restart after it.
        """
        heaviest = HEAVIEST * self.weight
        with _pool(self.threads) as run:
            while True:
                first = last = math.inf
                k, ended = 0, False
                while True:
                    length = math.sqrt(self._step(k, run))
                    self.iterations, k = self.iterations + 1, k + 1
                    ended = over(self.iterations)
                    first = length if k == 1 else first
                    longer = length > last and length <= ENOUGH * first
                    if ended or length <= MUCH * first or longer or k >= LONG * self.iterations:
                        break
                    last = length
                self._weigh(heaviest)
                yield
                if ended:
                    return
                self._begin()

    def _weigh(self, heaviest: float) -> None:
        """Adapt the weight to how far columns and prices have moved since the last restart."""
        moves = []
        for after, before in ((self._x1, self._x0), (self._y1, self._y0)):
            moves.append(float(np.linalg.norm(after - before)))
            if moves[-1] <= NOISE * (1.0 + float(np.linalg.norm(after))):
                return
        ratio = moves[1] / moves[0] / self.weight
        self.weight = min(heaviest, self.weight * ratio**FOLLOW)

    def _begin(self) -> None:
        """Start anew from the last steps."""
        self._x0, self._y0 = self._x1, self._y1
        self._x, self._y = self._x0.copy(), self._y0.copy()
        self._x1, self._y1 = np.empty_like(self._x), np.empty_like(self._y)
        self._reflected = np.empty_like(self._x)

    def _step(self, k: int, run: Run) -> float:
        """The next iterate after ``k`` since the restart; the square of the length of what it would be but for that."""
        near, weight = np.float32(1 / (k + 2)), self.weight
        moved_x = run(lambda share: self._step_columns(share, np.float32(STEP / weight), near), self._columns)
        moved_y = run(lambda share: self._step_rows(share, np.float32(STEP * weight), near), self._rows)
        return weight * moved_x + moved_y / weight

    def _step_columns(self, share: Share, step: np.float32, near: np.float32) -> float:
        moved = 0.0
        for here, part in share:
            x = self._x[here]
            to = part @ self._y
            to -= self._cost[here]
            to *= step
            to += x
            np.clip(to, 0, self._upper[here], out=to)
            self._x1[here] = to
            to -= x
            moved += float(np.einsum("i,i", to, to))  # BLAS would start threads of its own
            to += self._x1[here]
            self._reflected[here] = to
            moved_on(x, to, self._x0[here], near)
        return moved

    def _step_rows(self, share: Share, step: np.float32, near: np.float32) -> float:
        moved = 0.0
        for here, part in share:
            y = self._y[here]
            to = part @ self._reflected
            to *= -step
            to += y
            inside = np.clip(to / -step, self._low[here], self._high[here])
            inside *= step
            to += inside
            self._y1[here] = to
            to -= y
            moved += float(np.einsum("i,i", to, to))  # BLAS would start threads of its own
            to += self._y1[here]
            moved_on(y, to, self._y0[here], near)
        return moved


Share = list[tuple[slice, sparse.csr_array]]
Run = Callable[[Callable[[Share], float], list[Share]], float]


def moved_on(x: np.ndarray, reflected: np.ndarray, start: np.ndarray, near: np.float32) -> None:
    """Put a reflected step, drawn towards the last restart, in the place of a point."""
    np.multiply(start, near, out=x)
    reflected *= 1 - near
    x += reflected


def scales(matrix: sparse.csr_array) -> tuple[np.ndarray, np.ndarray]:
    """What rows and columns are multiplied by, so that the norm of the matrix is at most 1.

    Evening out the largest entries before, as solvers do, makes it slower: programs come scaled (decision 0051).
    """
    size = abs(matrix)
    return 1 / _root(size.sum(axis=1)), 1 / _root(size.sum(axis=0))


def _root(size: np.ndarray) -> np.ndarray:
    """Roots, 1 where there is nothing."""
    found: np.ndarray = np.sqrt(np.where(size > 0, size, 1.0)).ravel()
    return found


def _scaled(matrix: sparse.csr_array, rows: np.ndarray, columns: np.ndarray) -> sparse.csr_array:
    """Rows and columns multiplied, in single precision."""
    data = (matrix.data * columns[matrix.indices]).astype(np.float32)
    data *= np.repeat(rows.astype(np.float32), np.diff(matrix.indptr))
    return sparse.csr_array((data, matrix.indices, matrix.indptr), shape=matrix.shape)


def _shares(matrix: sparse.csr_array, threads: int) -> list[Share]:
    """The rows in pieces, dealt out to threads by their entries."""
    ends = matrix.indptr[1:] * threads // max(1, matrix.nnz)
    shares = []
    for k in range(threads):
        first, last = (int(np.searchsorted(ends, k + i)) for i in (0, 1))
        last = matrix.shape[0] if k == threads - 1 else last
        cuts = range(first, last, PIECE)
        shares.append([(slice(a, min(last, a + PIECE)), matrix[a : min(last, a + PIECE)]) for a in cuts])
    return shares


@contextmanager
def _pool(threads: int) -> Iterator[Run]:
    """Something that does a step for every share and adds up what comes back."""
    if threads == 1:
        yield lambda work, shares: work(shares[0])
        return
    with ThreadPoolExecutor(threads) as pool:
        yield lambda work, shares: sum(pool.map(work, shares))
