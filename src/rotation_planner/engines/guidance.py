"""Prices for a search: looked for beside it, they say where value is lost."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rotation_planner.engines import ship
from rotation_planner.engines.price_files import file_of, read_prices
from rotation_planner.engines.pricing import Pricing
from rotation_planner.program.implied import implied_bounds
from rotation_planner.program.prices import Prices
from rotation_planner.program.program import Program

FOLDER = "prices"
"""Where the prices lie, in the folder of the search."""
BESIDE = 0.15
"""Part of the time of a search for which prices are looked for from the beginning of a goal, in one thread."""


@dataclass(frozen=True)
class Losses:
    """What prices say of a point.

    The value of a goal less what the prices prove of it is the sum of what each column loses by its reduced cost and
    each row by its price: columns that are worth more than they cost and not at their best, and prices paid for what is
    not used up.

    Attributes
    ----------
    reduced : float array
        Reduced cost of each column.
    price : float array
        Of each row.
    side : int64 array
        Side of each row that its price is about.
    lower, upper : int64 arrays
        Bounds of the columns in points as good in the earlier goals.
    """

    reduced: np.ndarray
    price: np.ndarray
    side: np.ndarray
    lower: np.ndarray
    upper: np.ndarray

    @classmethod
    def of(cls, program: Program, goal: int, values: tuple[int, ...], prices: Prices) -> Losses:
        """From prices of a goal, and the values of those before it."""
        senses = [-1 if g.maximise else 1 for g in program.goals]
        price = np.zeros(program.n_rows)
        price[prices.rows] = prices.values / prices.denominator
        reduced = senses[goal] * program.goals[goal].dense(program.n_columns) - program.matrix.T @ price
        for e in np.flatnonzero(prices.caps).tolist():
            cost = prices.caps[e] / prices.denominator
            reduced += senses[e] * cost * program.goals[e].dense(program.n_columns)
        lower, upper = implied_bounds(program, values)
        return cls(reduced, price, np.where(price > 0, program.low, program.high), lower, upper)

    def columns(self, x: np.ndarray) -> np.ndarray:
        """What each column loses at a point; never negative."""
        inside = np.clip(x, self.lower, self.upper)
        best = np.where(self.reduced > 0, self.lower, self.upper)
        found: np.ndarray = self.reduced * (inside - best)
        return found

    def rows(self, activity: np.ndarray) -> np.ndarray:
        """What each row loses at an activity; never negative."""
        lost = np.zeros(len(activity))
        some = np.flatnonzero(self.price)
        lost[some] = np.maximum(0.0, self.price[some] * (activity[some] - self.side[some]))
        return lost


class Guidance:
    """Looks for prices in a process beside the search.

    Parameters
    ----------
    folder : Path
        Of the search, with its program.
    program : Program
        What is searched.
    limit : float
        Seconds of the search.
    """

    def __init__(self, folder: Path, program: Program, limit: float) -> None:
        self._folder = folder / FOLDER
        self._folder.mkdir()
        (self._folder / ship.PROGRAM).symlink_to(folder / ship.PROGRAM)
        self._program, self._limit = program, limit
        self._pricing: Pricing | None = None
        self._known: dict[int, tuple[int, Losses]] = {}

    def begin(self, goal: int, x: np.ndarray, left: float) -> None:
        """Look for prices of a goal and the next, for points as good as one in those before; for so long at most."""
        self.end()
        if left <= 0:
            return
        ship.write_point(self._folder, x)
        goals = [g for g in (goal, goal + 1) if g < len(self._program.goals)]
        limit = min(left, BESIDE * self._limit)
        values = self._program.goal_values(x)
        self._pricing = Pricing(self._folder, values, goals, limit, timed=True, threads=1, remove=False)

    def losses(self, goal: int, x: np.ndarray) -> Losses | None:
        """What the best prices so far say; None without any."""
        file = file_of(self._folder, goal)
        if not file.exists():
            return None
        written = file.stat().st_mtime_ns
        if goal not in self._known or self._known[goal][0] != written:
            prices = read_prices(self._folder, goal)
            assert prices is not None
            values = self._program.goal_values(x)[:goal]
            self._known[goal] = written, Losses.of(self._program, goal, values, prices)
        return self._known[goal][1]

    def end(self) -> None:
        """End the process; its prices stay."""
        if self._pricing is not None:
            self._pricing.end()
            self._pricing = None


def found_in(folder: Path, n_goals: int) -> tuple[Prices | None, ...]:
    """The best prices of each goal that were found beside a search."""
    return tuple(read_prices(folder / FOLDER, g) for g in range(n_goals))
