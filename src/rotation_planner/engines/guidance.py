"""Prices for a search: looked for beside it, they say where value is lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rotation_planner.engines import ship
from rotation_planner.engines.options import SHARE, SHARES
from rotation_planner.engines.price_files import file_of, read_prices, write_prices
from rotation_planner.engines.pricing import Pricing
from rotation_planner.program.implied import implied_bounds
from rotation_planner.program.prices import Prices
from rotation_planner.program.program import Program

FOLDER = "prices"
"""Where the prices lie, in the folder of the search."""
BESIDE = 0.15
"""Part of the time of a search for which prices are looked for from the beginning of a goal, in one thread."""
FRESH = 10
"""Uses of the places that lose before they are added up again."""


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

    def places(self, x: np.ndarray, activity: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Columns, and rows (their number plus that of the columns), that lose anything, and how much."""
        lost = np.concatenate([self.columns(x), self.rows(activity)])
        some = np.flatnonzero(lost > 0)
        return some, lost[some]


@dataclass
class _Known:
    """Prices of a goal, when they were written, what they prove, and the places that lost when last added up."""

    written: int
    losses: Losses
    bound: float
    losing: tuple[np.ndarray, np.ndarray]
    uses: int = 0

    @classmethod
    def of(cls, program: Program, goal: int, x: np.ndarray, prices: Prices, written: int) -> _Known:
        values = program.goal_values(x)
        losses = Losses.of(program, goal, values[:goal], prices)
        value = -values[goal] if program.goals[goal].maximise else values[goal]
        lost = float(losses.columns(x).sum()) + float(losses.rows(program.matrix @ x).sum())
        return cls(written, losses, value - lost, (np.zeros(0, np.int64), np.zeros(0)))


class Guidance:
    """Looks for prices in a process beside the search.

    Parameters
    ----------
    folder : Path
        Of the search, with its program.
    program : Program
        What is searched.
    limit : float
        Seconds of the search; 0: nothing is looked for, and only prices that were there before guide it.
    """

    def __init__(self, folder: Path, program: Program, limit: float) -> None:
        self._folder = folder / FOLDER
        self._folder.mkdir(exist_ok=True)
        self._program, self._limit = program, limit
        self._pricing: Pricing | None = None
        self._known: dict[int, _Known] = {}

    def begin(self, goal: int, x: np.ndarray, left: float) -> None:
        """Look for prices of a goal and the next, for points as good as one in those before; for so long at most."""
        self.end()
        if min(left, self._limit) <= 0:
            return
        if not (self._folder / ship.PROGRAM).exists():
            (self._folder / ship.PROGRAM).symlink_to(self._folder.parent / ship.PROGRAM)
        ship.write_point(self._folder, x)
        some = [(g, self._program.goals[g].name) for g in (goal, goal + 1) if g < len(self._program.goals)]
        goals = {g: SHARES.get(name, SHARE) for g, name in some}
        limit = min(left, BESIDE * self._limit)
        values = self._program.goal_values(x)
        self._pricing = Pricing(self._folder, values, goals, limit, timed=True, threads=1, remove=False)

    def gap(self, goal: int, x: np.ndarray, value: int) -> float | None:
        """How far a value is from what the best prices so far prove, as a part of it; None without any.

        The values of the goals before it are those of the point with which the prices were first looked at.
        """
        known = self._latest(goal, x)
        return None if known is None else (value - known.bound) / max(abs(value), abs(known.bound), 1.0)

    def losing(self, goal: int, x: np.ndarray, activity: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Places that lose, as ``Losses.places`` has them; what a few moves have changed since does not matter."""
        known = self._latest(goal, x)
        if known is None:
            return np.zeros(0, np.int64), np.zeros(0)
        if known.uses % FRESH == 0:
            known.losing = known.losses.places(x, activity)
        known.uses += 1
        return known.losing

    def _latest(self, goal: int, x: np.ndarray) -> _Known | None:
        file = file_of(self._folder, goal)
        if not file.exists():
            return None
        written = file.stat().st_mtime_ns
        if goal not in self._known or self._known[goal].written != written:
            prices = read_prices(self._folder, goal)
            assert prices is not None
            self._known[goal] = _Known.of(self._program, goal, x, prices, written)
        return self._known[goal]

    def end(self) -> None:
        """End the process; its prices stay."""
        if self._pricing is not None:
            self._pricing.end()
            self._pricing = None


def put(folder: Path, prices: Sequence[Prices | None]) -> None:
    """Write down prices of some goals, for a search to begin with."""
    (folder / FOLDER).mkdir()
    for goal, one in enumerate(prices):
        if one is not None:
            write_prices(folder / FOLDER, goal, one)


def found_in(folder: Path, n_goals: int) -> tuple[Prices | None, ...]:
    """The best prices of each goal that were found beside a search."""
    return tuple(read_prices(folder / FOLDER, g) for g in range(n_goals))
