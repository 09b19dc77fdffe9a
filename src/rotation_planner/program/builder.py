"""Build a program in bulk: arrays of entries, never one object per column."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
from scipy import sparse

from rotation_planner.program.distinct import distinct
from rotation_planner.program.program import INF, Family, GoalRow, Kind, Program
from rotation_planner.program.rounding import rounded

Where = Callable[[int], tuple[str, ...]]


class Builder:
    """Collects columns, rows and goals."""

    def __init__(self) -> None:
        self._families: list[Family] = []
        self._columns: list[tuple[np.ndarray, ...]] = []
        self._rows: list[tuple[np.ndarray, ...]] = []
        self._entries: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
        self._goals: dict[str, list[tuple[np.ndarray, np.ndarray]]] = {}
        self._senses: dict[str, tuple[bool, int | None]] = {}
        self.n_columns = 0
        self.n_rows = 0

    def _family(self, name: str, kind: Kind, where: Where) -> int:
        self._families.append(Family(name, kind, where))
        return len(self._families) - 1

    def add_columns(
        self,
        name: str,
        lower: Any,
        upper: Any,
        where: Where,
        owner: Any = -1,
        size: int | None = None,
    ) -> np.ndarray:
        """Add a family of integer columns; returns their indices.

        Parameters
        ----------
        name : str
            Family name (``attend``, ``classes``, ``coverage.short`` ...).
        lower, upper, owner : int or array
            Bounds and owning cadre (-1: nobody), broadcast to a common length.
        where : callable
            Index in the family to its place, as text.
        size : int, optional
            Number of columns when all others are scalars.
        """
        n = size if size is not None else max(np.size(lower), np.size(upper), np.size(owner))
        family = self._family(name, Kind.LINK, where)
        self._columns.append(
            (
                np.broadcast_to(np.asarray(lower, np.int64), n),
                np.broadcast_to(np.asarray(upper, np.int64), n),
                np.broadcast_to(np.asarray(owner, np.int32), n),
                np.full(n, family, np.int32),
                np.arange(n, dtype=np.int32),
            )
        )
        first = self.n_columns
        self.n_columns += n
        return np.arange(first, self.n_columns)

    def add_rows(
        self,
        name: str,
        kind: Kind,
        n: int,
        entries: list[tuple[Any, Any, Any]],
        where: Where,
        low: Any = -INF,
        high: Any = INF,
    ) -> np.ndarray:
        """Add ``n`` rows ``low <= sum(coef * column) <= high``; returns their indices.

        Parameters
        ----------
        name : str
            Label of the rule (``rule.label``) or of the goal.
        entries : list of (row, column, coef)
            Arrays broadcast together; ``row`` counts from 0 within this family; repeated entries add up.
        where : callable
            Row in the family to its place, as text.
        low, high : int or array of length n
            Sides.

        Raises
        ------
        ValueError
            If a row without entries could not hold (0 outside its sides): an empty group is a mistake of the rule.
        """
        low = np.broadcast_to(np.asarray(low, np.int64), n).copy()
        high = np.broadcast_to(np.asarray(high, np.int64), n).copy()
        filled = np.zeros(n, bool)
        for row, column, coef in entries:
            r, c, a = np.broadcast_arrays(np.asarray(row), np.asarray(column), np.asarray(coef, np.int64))
            filled[r] = True
            self._entries.append(((r.ravel() + self.n_rows).astype(np.int32), c.ravel().astype(np.int32), a.ravel()))
        bad = np.flatnonzero(~filled & ((low > 0) | (high < 0)))
        if len(bad):
            raise ValueError(f"empty row that cannot hold: {name} {where(int(bad[0]))}")
        family = self._family(name, kind, where)
        self._rows.append((low, high, np.full(n, family, np.int32), np.arange(n, dtype=np.int32)))
        first = self.n_rows
        self.n_rows += n
        return np.arange(first, self.n_rows)

    def add_goal(self, name: str, columns: Any, coefs: Any, maximise: bool = False, scale: int | None = None) -> None:
        """Add terms to a goal. Several calls with the same name add up; sense and scale are the first call's."""
        c, a = np.broadcast_arrays(np.asarray(columns, np.int64), np.asarray(coefs, np.int64))
        self._goals.setdefault(name, []).append((c.ravel(), a.ravel()))
        self._senses.setdefault(name, (maximise, scale))

    def build(self, goal_order: tuple[str, ...], hint_group: np.ndarray, hint_time: np.ndarray) -> Program:
        """Put everything together, and add what follows by rounding. Goals without terms are goals of value 0."""
        lower, upper = _stack(self._columns, 0, np.int64), _stack(self._columns, 1, np.int64)
        owner = _stack(self._columns, 2, np.int32)
        self._add_rounded(lower, upper, owner)
        rows = _stack(self._entries, 0, np.int32)
        cols = _stack(self._entries, 1, np.int32)
        data = _stack(self._entries, 2, np.int64)
        matrix = sparse.coo_array((data, (rows, cols)), shape=(self.n_rows, self.n_columns)).tocsr()
        matrix.sum_duplicates()
        matrix.eliminate_zeros()
        goals = []
        for name in goal_order:
            parts = self._goals.get(name, [])
            maximise, scale = self._senses.get(name, (name == "need", None))
            columns = np.concatenate([p[0] for p in parts]) if parts else np.zeros(0, np.int64)
            coefs = np.concatenate([p[1] for p in parts]) if parts else np.zeros(0, np.int64)
            goals.append(GoalRow(name, maximise, columns, coefs, scale))
        return Program(
            lower=lower,
            upper=upper,
            owner=owner,
            column_family=_stack(self._columns, 3, np.int32),
            column_index=_stack(self._columns, 4, np.int32),
            matrix=matrix,
            low=_stack(self._rows, 0, np.int64),
            high=_stack(self._rows, 1, np.int64),
            row_family=_stack(self._rows, 2, np.int32),
            row_index=_stack(self._rows, 3, np.int32),
            families=tuple(self._families),
            goals=tuple(goals),
            hint_group=hint_group,
            hint_time=hint_time,
        )

    def _add_rounded(self, lower: np.ndarray, upper: np.ndarray, owner: np.ndarray) -> None:
        """Add what follows by rounding from rows with a lower side, a family for each of theirs.

        Not from limits: commitments may be beyond them, and then their sides are moved.
        """
        low, family, index = (_stack(self._rows, i, np.int64) for i in (0, 2, 3))
        many = (owner >= 0) & (upper > 1)
        chosen = np.zeros(self.n_rows, bool)
        for row, column, _ in self._entries:
            chosen[row[many[column]]] = True
        limit = np.array([f.kind is Kind.LIMIT for f in self._families], bool)
        chosen &= (low > -INF) & ~limit[family]
        number = np.cumsum(chosen) - 1
        some = [tuple(part[chosen[entry[0]]] for part in entry) for entry in self._entries]
        place = number[_stack(some, 0, np.int64)], _stack(some, 1, np.int64)
        shape = int(chosen.sum()), self.n_columns
        matrix = sparse.coo_array((_stack(some, 2, np.int64), place), shape=shape).tocsr()
        matrix.sum_duplicates()
        matrix.eliminate_zeros()
        found = rounded(matrix, low[chosen], lower, upper, owner)
        source = np.flatnonzero(chosen)[found.source]
        for f in distinct(family[source]).tolist():
            mine = family[source] == f
            entry = mine[found.row]
            row = (np.cumsum(mine) - 1)[found.row[entry]]
            base, at = self._families[f], index[source[mine]]
            self.add_rows(
                f"{base.name}.rounded", Kind.IMPLIED, len(at), [(row, found.column[entry], found.coef[entry])],
                partial(_place, base.where, at), low=found.low[mine],
            )


def _stack(parts: Sequence[tuple[np.ndarray, ...]], i: int, dtype: Any) -> np.ndarray:
    return np.concatenate([p[i] for p in parts], dtype=dtype) if parts else np.zeros(0, dtype)


def _place(where: Where, at: np.ndarray, i: int) -> tuple[str, ...]:
    return where(int(at[i]))
