"""What all blocks share: columns of nobody and the rows on them, and how a block's program is matched with them.

The program of nobody (no cadre, but the figures of everybody) has every shared column and row. A block's program has
them too, under the same labels, beside its own; matched by label it is a slice of the program of all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from rotation_planner.domain.errors import Defect, InputError
from rotation_planner.program import Kind, Program

PAIR, LINKED = 2, 3
"""Most shared columns of a row that makes them hang together: of any row, and of one that defines a helper."""

Key = tuple[str, tuple[str, ...], int]
"""Family, place, and which one of those with that label, from 0."""


@dataclass(frozen=True)
class Shared:
    """The shared columns and rows; plain arrays, so that it can be sent to another machine.

    Attributes
    ----------
    lower, upper : int64 array, one per column
        Bounds.
    column_name : str array, one per column
        Family of each.
    matrix : CSR matrix of int64
        Rows by columns.
    low, high : int64 array, one per row
        Sides as the rules say.
    limit, link : bool array, one per row
        Whether the row is a limit; whether it defines a helper.
    row_name : str array, one per row
        Family of each.
    goals : int64 array [goal, column]
        Coefficients.
    column_at, row_at : dict
        Label to column, and to row.
    hint_time : int64 array, one per session
    goal_names : tuple of (name, maximise, scale)
    group : int array, one per column
        Columns that hang together (the classes, heads and opening of a session) have one number.
    """

    lower: np.ndarray
    upper: np.ndarray
    column_name: np.ndarray
    matrix: sparse.csr_array
    low: np.ndarray
    high: np.ndarray
    limit: np.ndarray
    link: np.ndarray
    row_name: np.ndarray
    goals: np.ndarray
    column_at: dict[Key, int]
    row_at: dict[Key, int]
    hint_time: np.ndarray
    goal_names: tuple[tuple[str, bool, int | None], ...]
    group: np.ndarray

    @classmethod
    def of(cls, program: Program) -> Shared:
        """The shared part, from the program of nobody."""
        names = np.array([f.name for f in program.families], dtype=str)
        kinds = np.array([f.kind.value for f in program.families], dtype=str)[program.row_family]
        n, m = program.n_columns, program.n_rows
        link = kinds == Kind.LINK.value
        return cls(
            program.lower, program.upper, names[program.column_family], program.matrix, program.low, program.high,
            kinds == Kind.LIMIT.value, link, names[program.row_family],
            np.array([g.dense(n) for g in program.goals], np.int64).reshape(-1, n),
            dict(_keys(program, program.column_family, program.column_index, np.arange(n), None)),
            dict(_keys(program, program.row_family, program.row_index, np.arange(m), None)),
            program.hint_time, tuple((g.name, g.maximise, g.scale) for g in program.goals),
            _groups(program.matrix, link),
        )

    def match(self, program: Program) -> tuple[np.ndarray, np.ndarray]:
        """Shared column of each column, and shared row of each row, of a block's program; -1 where it is the block's.

        Raises
        ------
        InputError
            If a row or column that goes beyond the block is not shared, or differs from the shared one: the rule
            cannot be split.
        """
        column, row = np.full(program.n_columns, -1), np.full(program.n_rows, -1)
        nobody = np.flatnonzero(program.owner < 0)
        for key, i in _keys(program, program.column_family, program.column_index, nobody, set(self.column_name)):
            column[i] = self.column_at.get(key, -1)
        every = np.arange(program.n_rows)
        for key, i in _keys(program, program.row_family, program.row_index, every, set(self.row_name)):
            row[i] = self.row_at.get(key, -1)
        self._check(program, column, row)
        return column, row

    def _check(self, program: Program, column: np.ndarray, row: np.ndarray) -> None:
        touches = np.diff(program.matrix[:, np.flatnonzero(column >= 0)].tocsr().indptr) > 0
        wrong = {program.row_label(int(r)) for r in np.flatnonzero(touches & (row < 0))}
        mine, own = np.flatnonzero(column >= 0), np.flatnonzero(row >= 0)
        wrong |= {
            (str(self.column_name[c]), ("",)) for c in column[mine][
                (program.lower[mine] != self.lower[column[mine]]) | (program.upper[mine] != self.upper[column[mine]])
            ]
        }
        here = program.matrix[own][:, mine].tocoo()
        back = sparse.coo_array(
            (here.data, (row[own][here.row], column[mine][here.col])), shape=self.matrix.shape
        ).tocsr()
        rest = (back - self.matrix).tocsr()
        rest.eliminate_zeros()
        differs = np.diff(rest.indptr) > 0
        differs[row[own][(program.low[own] != self.low[row[own]]) | (program.high[own] != self.high[row[own]])]] = True
        differs |= np.bincount(row[own], minlength=len(self.low)) != 1
        wrong |= {(str(self.row_name[r]), ("",)) for r in np.flatnonzero(differs)}
        if np.bincount(column[mine], minlength=len(self.lower)).max(initial=1) != 1 or len(mine) != len(self.lower):
            wrong.add(("columns", ("",)))
        if wrong:
            raise refused(sorted({name for name, _ in wrong}))


def refused(rules: list[str]) -> InputError:
    """The error that says which rules cannot be split."""
    return InputError([
        Defect(
            "not_splittable", "policy", None, "", name,
            f"What {name} asks depends on the whole body, so that the body cannot be split.",
            "Leave the rule out, or plan with another engine.",
        )
        for name in rules
    ])


def _groups(matrix: sparse.csr_array, link: np.ndarray) -> np.ndarray:
    """Columns in a row with few others hang together."""
    few = np.flatnonzero(np.diff(matrix.indptr) <= np.where(link, LINKED, PAIR))
    part = matrix[few].tocsr()
    part = sparse.csr_array((np.ones(len(part.data), np.int32), part.indices, part.indptr), shape=part.shape)
    found: np.ndarray = connected_components(part.T @ part, directed=False)[1]
    return found


def _keys(
    program: Program, family: np.ndarray, index: np.ndarray, some: np.ndarray, names: set[str] | None
) -> Iterator[tuple[Key, int]]:
    """Labels of columns or rows in families with some names (by default any), with their number."""
    wanted = np.array([names is None or f.name in names for f in program.families], bool)
    times: dict[tuple[str, tuple[str, ...]], int] = {}
    for i in some[wanted[family[some]]].tolist():
        one = program.families[family[i]]
        label = one.name, one.where(int(index[i]))
        times[label] = times.get(label, -1) + 1
        yield (*label, times[label]), i
