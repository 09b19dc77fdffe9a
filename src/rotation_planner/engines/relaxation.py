"""The linear relaxation of one goal, with those before it no worse than given values, scaled for a solver.

In formulas
    minimise cost @ z  with  0 <= z <= 1 and low <= matrix @ z <= high;  x = lower + width * z, rows divided by norms
    bound of prices y:  offset + sum of y * (low if y > 0 else high) + sum of min(0, cost - y @ matrix)
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from rotation_planner.program.implied import implied_bounds
from rotation_planner.program.prices import Prices
from rotation_planner.program.program import INF, Program

ROUNDING = 1e-5
"""Most of the bound that rounding the prices to integers may lose, as a part of it."""
DENOMINATOR = 2**44
"""Largest denominator."""
ROOM = 2.0**60
"""Sums of priced coefficients stay below this, so that nearly every column is added up in 64 bits."""


class Relaxation:
    """What a solver of linear programs is given, and what its prices prove.

    Parameters
    ----------
    program : Program
        What is relaxed.
    goal : int
        Position of the goal that is optimised.
    caps : tuple of int
        Value of each earlier goal that a point must be as good as.

    Attributes
    ----------
    cost, low, high : float arrays
        Cost of each free column; sides of each row that can bind.
    matrix : CSC matrix of float
        Rows that can bind, those of earlier goals last, by free columns.
    """

    def __init__(self, program: Program, goal: int, caps: tuple[int, ...]) -> None:
        lower, upper = implied_bounds(program, caps)
        self.program, self.goal = program, goal
        senses = [-1 if g.maximise else 1 for g in program.goals]
        dense = [s * g.dense(program.n_columns) for s, g in zip(senses, program.goals[: goal + 1], strict=False)]
        free = np.flatnonzero(upper > lower)
        width = (upper - lower)[free].astype(float)
        capped = [e for e in range(goal) if dense[e][free].any()]
        whole = sparse.vstack(
            [program.matrix, sparse.csr_array(np.array([dense[e] for e in capped]).reshape(-1, program.n_columns))]
        ).tocsc()
        matrix = (whole[:, free].astype(float) @ sparse.diags_array(width)).tocsr()
        at_lower = whole @ lower
        low = np.concatenate([program.low, np.full(len(capped), -INF)])
        high = np.concatenate([program.high, [senses[e] * caps[e] for e in capped]]).astype(np.int64)
        low_side = np.where(low <= -INF, -np.inf, low - at_lower)
        high_side = np.where(high >= INF, np.inf, high - at_lower)
        least, most = matrix.minimum(0).sum(axis=1), matrix.maximum(0).sum(axis=1)
        self._rows = np.flatnonzero((least < low_side) | (most > high_side))
        self._capped = capped
        matrix = matrix[self._rows]
        self._range = (most - least)[self._rows]
        norm = np.sqrt(matrix.multiply(matrix).sum(axis=1))
        self._norm = np.where(norm > 0, norm, 1.0)
        self.matrix = (sparse.diags_array(1 / self._norm) @ matrix).tocsc()
        self.low, self.high = (side[self._rows] / self._norm for side in (low_side, high_side))
        self.cost = dense[goal][free] * width
        self.offset = float(dense[goal] @ lower)
        self._size = abs(whole[:, free].astype(float)), np.abs(dense[goal][free]).astype(float)

    def usable(self, y: np.ndarray) -> np.ndarray:
        """Prices without those on sides that do not exist."""
        absent = ((y > 0) & np.isneginf(self.low)) | ((y < 0) & np.isposinf(self.high))
        return np.where(absent, 0.0, y)

    def bound(self, y: np.ndarray) -> float:
        """What usable prices prove of the goal, to be minimised, up to errors of floats."""
        side = np.where(y > 0, self.low, self.high)
        reduced = self.cost - self.matrix.T @ y
        return self.offset + float(y @ np.where(y == 0, 0.0, side)) + float(np.minimum(reduced, 0).sum())

    def whole(self, y: np.ndarray) -> Prices:
        """Usable prices as integers, each as coarse as it may be: what compresses well is written quickly."""
        n, program = len(y), self.program
        price = y / self._norm
        full = np.zeros(self._size[0].shape[0])
        full[self._rows] = np.abs(price)
        largest = float((self._size[0].T @ full + self._size[1]).max(initial=1.0))
        denominator = int(min(DENOMINATOR, 2.0 ** np.floor(np.log2(ROOM / largest))))
        denominator = max(1, denominator)
        loss = ROUNDING * max(1.0, abs(self.bound(y))) / max(1, n)
        quantum = 2.0 ** np.floor(np.log2(np.maximum(loss / np.maximum(self._range, 1e-9), 1 / denominator)))
        values = np.rint(np.rint(price / quantum) * quantum * denominator).astype(np.int64)
        caps = np.zeros(self.goal, np.int64)
        on_goal = self._rows >= program.n_rows
        caps[[self._capped[r - program.n_rows] for r in self._rows[on_goal]]] = -values[on_goal]
        some = np.flatnonzero(~on_goal & (values != 0))
        return Prices(self._rows[some].astype(np.int64), values[some], caps, denominator)
