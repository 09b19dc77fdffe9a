"""The linear relaxation of one goal, with those before it no worse than given values."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from rotation_planner.engines.linear import Linear, coarse
from rotation_planner.program.implied import implied_bounds
from rotation_planner.program.prices import Prices
from rotation_planner.program.program import INF, Program

ROUNDING = 1e-5
"""Most of the bound that rounding the prices to integers may lose, as a part of it."""
DENOMINATOR = 2**44
"""Largest denominator."""
ROOM = 2.0**60
"""Sums of priced coefficients stay below this, so that nearly every column is added up in 64 bits."""


class Relaxation(Linear):
    """What a solver of linear programs is given, and what its prices prove.

    Parameters
    ----------
    program : Program
        What is relaxed.
    goal : int
        Position of the goal that is optimised.
    caps : tuple of int
        Value of each earlier goal that a point must be as good as; their rows come last.
    """

    def __init__(self, program: Program, goal: int, caps: tuple[int, ...]) -> None:
        lower, upper = implied_bounds(program, caps)
        self.program, self.goal = program, goal
        senses = [-1 if g.maximise else 1 for g in program.goals]
        dense = [s * g.dense(program.n_columns) for s, g in zip(senses, program.goals[: goal + 1], strict=False)]
        free = np.flatnonzero(upper > lower)
        capped = [e for e in range(goal) if dense[e][free].any()]
        whole = sparse.vstack(
            [program.matrix, sparse.csr_array(np.array([dense[e] for e in capped]).reshape(-1, program.n_columns))]
        ).tocsc()
        low = np.concatenate([program.low, np.full(len(capped), -INF)])
        high = np.concatenate([program.high, [senses[e] * caps[e] for e in capped]]).astype(np.int64)
        super().__init__(
            dense[goal], whole, np.where(low <= -INF, -np.inf, low), np.where(high >= INF, np.inf, high), lower, upper
        )
        self._capped = capped

    def known(self, prices: Prices) -> np.ndarray:
        """Usable prices as the solver scales them, from any of this goal."""
        caps = [-prices.caps[e] for e in self._capped]
        every = np.zeros(self.program.n_rows + len(caps))
        every[prices.rows], every[self.program.n_rows :] = prices.values, caps
        return self.usable(self.scaled(every / prices.denominator))

    def whole(self, y: np.ndarray) -> Prices:
        """Usable prices as integers."""
        n, program = len(y), self.program
        price = self.prices(y)
        largest = float(self.sizes(y).max(initial=1.0))
        denominator = max(1, int(min(DENOMINATOR, 2.0 ** np.floor(np.log2(ROOM / largest)))))
        loss = ROUNDING * max(1.0, abs(self.bound(y))) / max(1, n)
        values = coarse(price, self.spread, loss, denominator)
        caps = np.zeros(self.goal, np.int64)
        on_goal = self.rows >= program.n_rows
        caps[[self._capped[r - program.n_rows] for r in self.rows[on_goal]]] = -values[on_goal]
        some = np.flatnonzero(~on_goal & (values != 0))
        return Prices(self.rows[some].astype(np.int64), values[some], caps, denominator)
