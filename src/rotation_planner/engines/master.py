"""Decide the classes on a small image of the program, in which alike cadres are one count.

In words
    Cadres of one hint group (level x category) are added up: their columns for the same session become one integer
    column, their personal rows one row with the mean coefficients. Rows that couple cadres stay where nearly all
    cadres of a group take part in them (seats, beds, money), and are left out where few do (one workplace). The
    solution says how many classes of each session to open, and how many of each group to send; it is guidance only,
    so nothing here needs to be exact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from rotation_planner.engines.mip import solve_mip
from rotation_planner.engines.search import Search
from rotation_planner.engines.subproblem import Sub
from rotation_planner.program.program import INF, Program

KEEP_SHARE = 0.5
"""A coupling row stays if at least this part of the columns of the groups it touches is in it."""
SCALE = 100
"""Mean coefficients are rounded to this part."""
WEIGHTS = (1.0, 0.3, 0.05, 0.02, 0.0)
"""Weight of each goal in the one objective, against its distance from the empty plan to the best thinkable."""


@dataclass(frozen=True)
class Guide:
    """What the master says: classes per session, and people per group and session (both indexed by session)."""

    classes: np.ndarray
    quota: sparse.csr_array


def row_owner(matrix: sparse.csr_array, owners: np.ndarray) -> np.ndarray:
    """Cadre of each row if all its owned columns are one cadre's and it has no other column, else -1."""
    coo = matrix.tocoo()
    owner = owners[coo.col].astype(np.int64)
    top = np.full(coo.shape[0], -1, np.int64)
    least = np.full(coo.shape[0], np.iinfo(np.int64).max)
    np.maximum.at(top, coo.row, owner)
    np.minimum.at(least, coo.row, owner)
    return np.where(top == least, top, -1)


def _number(*keys: np.ndarray) -> tuple[np.ndarray, int]:
    _, inverse = np.unique(np.stack(keys, axis=1), axis=0, return_inverse=True)
    inverse = inverse.ravel()
    return inverse, int(inverse.max()) + 1 if len(inverse) else 0


def decide_classes(search: Search, column_slot: np.ndarray, row_slot: np.ndarray, limit: float) -> Guide | None:
    """Solve the master within a limit; None if it has no solution.

    Parameters
    ----------
    column_slot, row_slot : int array
        What a column or row is about beside its cadre (session, year): equal numbers within a family are alike.
    """
    program = search.program
    group = np.append(program.hint_group.astype(np.int64), -1)
    n = program.n_columns
    personal = program.owner >= 0
    of_column, n_merged = _number(
        program.column_family.astype(np.int64),
        np.where(personal, column_slot, np.arange(n)),
        np.where(personal, group[program.owner], -1),
    )
    owner = row_owner(program.matrix, program.owner)
    of_row, n_rows = _number(
        program.row_family.astype(np.int64),
        np.where(owner >= 0, row_slot, np.arange(program.n_rows)),
        np.where(owner >= 0, group[owner], -1),
    )
    size = np.bincount(of_column, minlength=n_merged)
    coo = program.matrix.tocoo()
    shape = (n_rows, n_merged)
    total = sparse.coo_array((coo.data.astype(float), (of_row[coo.row], of_column[coo.col])), shape=shape).tocsr()
    mean = (total @ sparse.diags_array(1.0 / size)).tocsr()
    keep = _kept_rows(coo, of_row, of_column, size, shape, owner)
    low, high = _sides(program, of_row, n_rows)
    matrix = mean[keep]
    scaled = (matrix * SCALE).tocsr()
    scaled.data = np.rint(scaled.data)
    matrix = scaled.astype(np.int64)
    low, high = low[keep], high[keep]
    gather = sparse.coo_array((np.ones(n), (of_column, np.arange(n))), shape=(n_merged, n)).tocsr()
    start = np.rint(gather @ search.x).astype(np.int64)
    goals = [np.rint(SCALE * (gather @ c) / size).astype(np.int64) for c in search.goals]
    activity = matrix @ start
    sub = Sub(
        np.arange(n_merged),
        np.rint(gather @ program.lower).astype(np.int64),
        np.rint(gather @ program.upper).astype(np.int64),
        matrix,
        # Rounded means may break rows that hold by a hair: never ask for more than the start does.
        np.where(low <= -INF, -INF, np.minimum(low * SCALE, activity)),
        np.where(high >= INF, INF, np.maximum(high * SCALE, activity)),
        start,
    )
    x = _solve(search, sub, goals, limit, of_column[search.classes])
    if x is None:
        return None
    classes = np.rint(x[of_column[search.classes]]).astype(np.int64)
    cells, first = np.unique(of_column[search.attend], return_index=True)
    attend = search.attend[first]
    quota = sparse.coo_array(
        (np.maximum(0.0, x[cells]), (group[program.owner[attend]], search.session[first])),
        shape=(int(group.max()) + 1, len(search.classes)),
    ).tocsr()
    return Guide(classes, quota)


def _kept_rows(
    coo: sparse.coo_array, of_row: np.ndarray, of_column: np.ndarray, size: np.ndarray, shape: tuple[int, int],
    owner: np.ndarray,
) -> np.ndarray:
    count = sparse.coo_array((np.ones(coo.nnz), (of_row[coo.row], of_column[coo.col])), shape=shape).tocsr()
    part = count.copy()
    part.data = count.data / size[count.indices]
    share = part.sum(axis=1) / np.maximum(1, np.diff(part.indptr))
    coupling = np.ones(shape[0], bool)
    coupling[of_row[owner >= 0]] = False
    kept: np.ndarray = np.flatnonzero(~coupling | (share >= KEEP_SHARE))
    return kept


def _sides(program: Program, of_row: np.ndarray, n_rows: int) -> tuple[np.ndarray, np.ndarray]:
    low, high = np.zeros(n_rows, np.int64), np.zeros(n_rows, np.int64)
    open_low, open_high = program.low <= -INF, program.high >= INF
    np.add.at(low, of_row, np.where(open_low, 0, program.low))
    np.add.at(high, of_row, np.where(open_high, 0, program.high))
    low[of_row[open_low]] = -INF
    high[of_row[open_high]] = INF
    return low, high


def _solve(search: Search, sub: Sub, goals: list[np.ndarray], limit: float, whole: np.ndarray) -> np.ndarray | None:
    """One mixed-integer solve (HiGHS): classes whole, people in fractions, all goals weighed into one."""
    objective = np.zeros(len(sub.columns))
    for goal, weight in zip(goals, WEIGHTS, strict=False):
        best = np.minimum(goal * sub.lower, goal * sub.upper).sum()
        reference = abs(float(goal @ sub.start) - best) or float(np.abs(goal) @ sub.upper)
        if reference:
            objective += weight * goal / reference
    integrality = np.zeros(len(sub.columns), bool)
    integrality[whole] = True
    answer = solve_mip(sub, objective * 1e8, [], search.budget, limit, gap=0.01, whole=integrality)
    search.budget.spend(answer.work)
    return answer.x
