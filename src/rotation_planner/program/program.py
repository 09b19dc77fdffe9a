"""Columns, labelled rows, goals: the only thing an engine sees.

In formulas
    lower <= x <= upper, x integer;  low[r] <= sum of coef * x over row r <= high[r];  goals in lexicographic order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

import numpy as np
from scipy import sparse

INF = np.int64(1) << 52
"""A side of a row that does not bind (any magnitude at or above it)."""


class Kind(Enum):
    """What a family of rows is for."""

    LIMIT = "limit"
    DUTY = "duty"
    LINK = "link"  # defines a helper column
    IMPLIED = "implied"  # follows from another row; it only helps relaxations


@dataclass(frozen=True)
class Family:
    """A family of rows or columns: where it comes from, and the words for each member.

    Attributes
    ----------
    name : str
        Label of the rule or goal.
    kind : Kind
        Limit, duty, link or implied (columns: LINK).
    where : callable
        Index within the family to the place it is about, as text (ids, dates).
    """

    name: str
    kind: Kind
    where: Callable[[int], tuple[str, ...]]


@dataclass(frozen=True)
class GoalRow:
    """One goal: a linear function of the columns, to be minimised or maximised. No constant."""

    name: str
    maximise: bool
    columns: np.ndarray
    coefs: np.ndarray
    scale: int | None = None

    def dense(self, n: int) -> np.ndarray:
        """Coefficient of every column."""
        out = np.zeros(n, dtype=np.int64)
        np.add.at(out, self.columns, self.coefs)
        return out

    def value(self, x: np.ndarray) -> int:
        """Value at a point."""
        return int(self.coefs @ x[self.columns])


@dataclass(frozen=True)
class Program:
    """An integer program with labels.

    Attributes
    ----------
    lower, upper : int64 array, one per column
        Finite bounds.
    owner : int32 array, one per column
        Cadre to whom the column belongs, -1 for columns of nobody.
    column_family, column_index : int32 arrays
        Label of each column.
    matrix : CSR matrix of int64
        One row per constraint.
    low, high : int64 arrays, one per row
        Sides; ``-INF`` and ``INF`` do not bind.
    row_family, row_index : int32 arrays
        Label of each row.
    families : tuple of Family
        Of rows and columns alike.
    goals : tuple of GoalRow
        Most important first.
    hint_group : int32 array, one per cadre
        Cadres thought to be alike (level x category); guidance only, never relied on.
    hint_time : int64 array, one per session
        Order of the sessions in time; guidance only.
    """

    lower: np.ndarray
    upper: np.ndarray
    owner: np.ndarray
    column_family: np.ndarray
    column_index: np.ndarray
    matrix: sparse.csr_array
    low: np.ndarray
    high: np.ndarray
    row_family: np.ndarray
    row_index: np.ndarray
    families: tuple[Family, ...]
    goals: tuple[GoalRow, ...]
    hint_group: np.ndarray
    hint_time: np.ndarray

    @property
    def n_columns(self) -> int:
        """Number of columns."""
        return len(self.lower)

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return len(self.low)

    def columns_of(self, family_name: str) -> np.ndarray:
        """Columns of the families with a name, in order of their index."""
        wanted = [i for i, f in enumerate(self.families) if f.name == family_name]
        return np.flatnonzero(np.isin(self.column_family, wanted))

    def row_label(self, row: int) -> tuple[str, tuple[str, ...]]:
        """Rule and place of a row."""
        family = self.families[self.row_family[row]]
        return family.name, family.where(int(self.row_index[row]))

    def violations(self, x: np.ndarray) -> np.ndarray:
        """By how much each row is broken at a point; 0 where it holds."""
        activity: np.ndarray = self.matrix @ x
        excess: np.ndarray = np.maximum(self.low - activity, activity - self.high)
        excess[excess < 0] = 0
        return excess

    def feasible(self, x: np.ndarray) -> bool:
        """Whether a point satisfies every bound and row."""
        return bool(
            np.all(x >= self.lower) and np.all(x <= self.upper) and not self.violations(x).any()
        )

    def trivial_bounds(self) -> tuple[int, ...]:
        """Bound of each goal, in its own sense, that follows from the bounds of the columns alone."""
        bounds = []
        for goal in self.goals:
            coefs = goal.dense(self.n_columns)
            ends = coefs * self.lower, coefs * self.upper
            bounds.append(int((np.maximum(*ends) if goal.maximise else np.minimum(*ends)).sum()))
        return tuple(bounds)

    def goal_values(self, x: np.ndarray) -> tuple[int, ...]:
        """Value of each goal at a point."""
        return tuple(g.value(x) for g in self.goals)
