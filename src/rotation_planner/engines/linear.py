"""A linear program scaled for a solver, and what its prices prove.

In formulas
    minimise cost @ z  with  0 <= z <= 1 and low <= matrix @ z <= high;  x = lower + width * z, rows divided by norms
    bound of prices y:  offset + sum of y * (low if y > 0 else high) + sum of min(0, cost - y @ matrix)
"""

from __future__ import annotations

import numpy as np
from scipy import sparse


class Linear:
    """What a solver is given.

    Parameters
    ----------
    cost : array, one per column
        To be minimised.
    matrix : sparse array
        Rows by columns.
    low, high : float arrays, one per row
        Sides; infinite where there is none.
    lower, upper : arrays, one per column
        Finite bounds.

    Attributes
    ----------
    cost, low, high : float arrays
        Cost of each free column; sides of each row that can bind.
    matrix : CSC matrix of float
        Rows that can bind, by free columns.
    rows : int array
        Which rows can bind.
    cost_scale : float
        What a solver divides the costs by, so that the largest is 1.
    spread : float array, one per row that can bind
        Between its least and its largest sum.
    """

    def __init__(
        self, cost: np.ndarray, matrix: sparse.csc_array, low: np.ndarray, high: np.ndarray, lower: np.ndarray,
        upper: np.ndarray,
    ) -> None:
        self._free = np.flatnonzero(upper > lower)
        self._lower = lower
        self._width = (upper - lower)[self._free].astype(float)
        self._n_rows = matrix.shape[0]
        scaled = (matrix[:, self._free].astype(float) @ sparse.diags_array(self._width)).tocsr()
        at_lower = matrix @ lower
        low, high = low - at_lower, high - at_lower
        least, most = scaled.minimum(0).sum(axis=1), scaled.maximum(0).sum(axis=1)
        self.rows = np.flatnonzero((least < low) | (most > high))
        scaled = scaled[self.rows]
        self.spread = (most - least)[self.rows]
        norm = np.sqrt(scaled.multiply(scaled).sum(axis=1))
        self._norm = np.where(norm > 0, norm, 1.0)
        self.matrix = (sparse.diags_array(1 / self._norm) @ scaled).tocsc()
        self.low, self.high = (side[self.rows] / self._norm for side in (low, high))
        self.cost = cost[self._free] * self._width
        self.cost_scale = float(np.abs(self.cost).max(initial=0.0)) or 1.0
        self.offset = float(cost @ lower)

    def usable(self, y: np.ndarray) -> np.ndarray:
        """Prices without those on sides that do not exist."""
        absent = ((y > 0) & np.isneginf(self.low)) | ((y < 0) & np.isposinf(self.high))
        return np.where(absent, 0.0, y)

    def bound(self, y: np.ndarray) -> float:
        """What usable prices prove of the cost, up to errors of floats."""
        side = np.where(y > 0, self.low, self.high)
        reduced = self.cost - self.matrix.T @ y
        return self.offset + float(y @ np.where(y == 0, 0.0, side)) + float(np.minimum(reduced, 0).sum())

    def prices(self, y: np.ndarray) -> np.ndarray:
        """Price of each row that can bind, in the units of the program."""
        found: np.ndarray = y / self._norm
        return found

    def scaled(self, prices: np.ndarray) -> np.ndarray:
        """The other way round, from a price of every row."""
        found: np.ndarray = prices[self.rows] * self._norm
        return found

    def every(self, y: np.ndarray) -> np.ndarray:
        """Price of every row, in the units of the program."""
        found = np.zeros(self._n_rows)
        found[self.rows] = self.prices(y)
        return found

    def sizes(self, y: np.ndarray) -> np.ndarray:
        """Sum of the magnitudes of the cost and the priced coefficients of each free column, as in the program."""
        found: np.ndarray = (np.abs(self.cost) + abs(self.matrix).T @ np.abs(y)) / self._width
        return found

    def inside(self, x: np.ndarray) -> np.ndarray:
        """The free columns of a point as the solver scales them, moved to their bounds where they are beyond."""
        found: np.ndarray = np.clip((x - self._lower)[self._free] / self._width, 0, 1)
        return found

    def point(self, z: np.ndarray) -> np.ndarray:
        """The columns."""
        x = self._lower.astype(float)
        x[self._free] += self._width * np.clip(z, 0, 1)
        return x


def coarse(price: np.ndarray, spread: np.ndarray, loss: float, denominator: int) -> np.ndarray:
    """Prices as numerators over a denominator, each as coarse as it may be: what compresses well is written quickly.

    Parameters
    ----------
    spread : float array, one per price
        By how much the priced row may vary.
    loss : float
        What rounding one price may cost.
    """
    quantum = 2.0 ** np.floor(np.log2(np.maximum(loss / np.maximum(spread, 1e-9), 1 / denominator)))
    found: np.ndarray = np.rint(np.rint(price / quantum) * quantum * denominator).astype(np.int64)
    return found
