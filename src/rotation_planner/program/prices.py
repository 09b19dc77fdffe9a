"""Prices of the rows of a program, as a proof of a bound needs them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Prices:
    """Integer prices over a common denominator.

    Attributes
    ----------
    rows : int64 array
        Priced rows of the program, ascending; all others have the price 0.
    values : int64 array
        Numerators of their prices; positive: the lower side is used, negative: the upper one.
    caps : int64 array, one per earlier goal
        Numerators of what a unit of each earlier goal costs; never negative.
    denominator : int
        At least 1.
    """

    rows: np.ndarray
    values: np.ndarray
    caps: np.ndarray
    denominator: int = 1

    @classmethod
    def none(cls, goal: int) -> Prices:
        """No prices for a goal (by its position): they prove what the bounds of the columns alone do."""
        return cls(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(goal, np.int64))
