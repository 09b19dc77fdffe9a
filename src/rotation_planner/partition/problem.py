"""The program of one block as an engine sees it: its own columns and rows, and its room in what is shared."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from rotation_planner.certify.blocks import OwnPrices
from rotation_planner.engines.mip import solve_mip
from rotation_planner.engines.options import Budget
from rotation_planner.engines.subproblem import restrict
from rotation_planner.partition.room import Room
from rotation_planner.program import Kind, Program
from rotation_planner.program.distinct import distinct
from rotation_planner.program.prices import Prices
from rotation_planner.program.program import INF, Family, GoalRow
from rotation_planner.slices.block import Block
from rotation_planner.slices.shared import LINKED, Shared

SETTLE_S = 30.0
"""Seconds for fitting the helpers; it takes a few hundredths."""


@dataclass(frozen=True)
class Problem:
    """A program, and where its columns come from.

    Attributes
    ----------
    program : Program
        The block's columns first, then the shared ones that it can move.
    shared_columns : int array
        Which these are.
    shared_rows : int array
        Which shared rows follow after the block's own.
    start : int64 array
        The point as it stands; feasible.
    """

    program: Program
    shared_columns: np.ndarray
    shared_rows: np.ndarray
    start: np.ndarray


def assemble(
    block: Block, shared: Shared, x: np.ndarray, values: np.ndarray, activity: np.ndarray, room: Room
) -> Problem:
    """Put the program of a block together.

    Parameters
    ----------
    x : int64 array, one per column of the block
        Its point.
    values, activity : int64 arrays
        Shared columns, and sums of the shared rows over all blocks and these columns.
    room : Room
        What the block may make of them.
    """
    columns = _moved(block, shared)
    others = activity - block.adds @ x - shared.matrix[:, columns] @ values[columns]
    adds = np.diff(block.adds.indptr) > 0
    part = shared.matrix[:, columns].tocsr()
    rows = np.flatnonzero(adds | (np.diff(part.indptr) > 0))
    matrix = sparse.block_array([[block.matrix, None], [block.adds[rows], part[rows]]], format="csr")
    if not len(columns):
        matrix = sparse.vstack([block.matrix, block.adds[rows]]).tocsr()
    low, high = room.low[rows], room.high[rows]
    kinds = np.where(shared.limit, Kind.LIMIT.value, np.where(shared.link, Kind.LINK.value, Kind.DUTY.value))
    families = [Family(str(n), Kind(str(k)), _number) for n, k in zip(block.names, block.kinds, strict=True)]
    row_family = _families(families, shared.row_name[rows], kinds[rows])
    column_family = _families(families, shared.column_name[columns], np.full(len(columns), Kind.LINK.value))
    sessions = np.flatnonzero(shared.column_name == "classes")
    goals = []
    for i, (name, maximise, scale) in enumerate(shared.goal_names):
        coefs = np.concatenate([block.goals[i], shared.goals[i][columns]])
        used = np.flatnonzero(coefs)
        goals.append(GoalRow(name, maximise, used, coefs[used], scale))
    n = block.n + len(columns)
    program = Program(
        lower=np.concatenate([block.lower, room.lower[columns]]),
        upper=np.concatenate([block.upper, room.upper[columns]]),
        owner=np.concatenate([block.owner, np.full(len(columns), -1, np.int32)]),
        column_family=np.concatenate([block.column_family, column_family]), column_index=np.arange(n, dtype=np.int32),
        matrix=matrix,
        low=np.concatenate([block.low, np.where(low > -INF, low - others[rows], low)]),
        high=np.concatenate([block.high, np.where(high < INF, high - others[rows], high)]),
        row_family=np.concatenate([block.row_family, row_family]),
        row_index=np.arange(matrix.shape[0], dtype=np.int32), families=tuple(families), goals=tuple(goals),
        hint_group=block.hint_group, hint_time=shared.hint_time[np.isin(sessions, columns)],
    )
    return Problem(program, columns, rows, np.concatenate([x, values[columns]]))


def priced(problem: Problem, block: Block, common: Prices, own: OwnPrices) -> Prices:
    """Prices of the problem's rows, from common ones of the shared rows and the block's own."""
    place = np.full(int(max(common.rows.max(initial=-1), problem.shared_rows.max(initial=-1))) + 1, -1)
    place[problem.shared_rows] = len(block.low) + np.arange(len(problem.shared_rows))
    here = place[common.rows] >= 0
    return Prices(
        np.concatenate([own.rows, place[common.rows[here]]]), np.concatenate([own.values, common.values[here]]),
        common.caps, common.denominator,
    )


def tidy(problem: Problem, x: np.ndarray, decided: np.ndarray) -> np.ndarray:
    """Bring every helper to its best value, given what is decided; the point itself if that is no better.

    Parameters
    ----------
    decided : int array
        Columns of attendances and of study hours.
    """
    program = problem.program
    free = np.ones(program.n_columns, bool)
    free[decided] = free[program.columns_of("classes")] = False
    columns = np.flatnonzero(free)
    sub = restrict(program, program.matrix.tocsc(), x, columns, program.matrix @ x)
    signs = [-1 if goal.maximise else 1 for goal in program.goals]
    objective = np.zeros(len(columns))
    for sign, goal in zip(signs, program.goals, strict=True):
        coefs = goal.dense(program.n_columns)[columns]
        objective += sign * coefs / max(1, int(np.abs(coefs).max(initial=0)))
    answer = solve_mip(sub, objective, [], Budget(SETTLE_S), SETTLE_S)
    if answer.x is None:
        return x
    tidied = x.copy()
    tidied[columns] = answer.x

    def rank(point: np.ndarray) -> list[int]:
        return [sign * value for sign, value in zip(signs, program.goal_values(point), strict=True)]

    return tidied if rank(tidied) < rank(x) and program.feasible(tidied) else x


def _number(i: int) -> tuple[str, ...]:
    return (str(i),)


def _moved(block: Block, shared: Shared) -> np.ndarray:
    """Shared columns that hang together with what the block's people do, and those that hang on none alone."""
    size = np.diff(shared.matrix.indptr)
    near = np.flatnonzero((np.diff(block.adds.indptr) > 0) & (size <= LINKED))
    touched = np.zeros(int(shared.group.max(initial=-1)) + 1, bool)
    touched[shared.group[distinct(shared.matrix[near].indices)]] = True
    alone = np.bincount(shared.group, minlength=len(touched)) == 1
    found: np.ndarray = np.flatnonzero((touched | alone)[shared.group])
    # Engines number sessions by their classes and by their heads alike, so both stay or go.
    names = shared.column_name[found]
    session = np.full(len(shared.lower), -1)
    for name in ("classes", "headcount"):
        every = np.flatnonzero(shared.column_name == name)
        session[every] = np.arange(len(every))
    both = np.intersect1d(session[found[names == "classes"]], session[found[names == "headcount"]])
    kept: np.ndarray = found[(session[found] < 0) | np.isin(session[found], both)]
    return kept


def _families(families: list[Family], names: np.ndarray, kinds: np.ndarray) -> np.ndarray:
    """Number of the family of each label, added to the list."""
    found = np.zeros(len(names), np.int32)
    for name, kind in sorted(set(zip(names.tolist(), kinds.tolist(), strict=True))):
        found[(names == name) & (kinds == kind)] = len(families)
        families.append(Family(name, Kind(kind), _number))
    return found


def settle(
    shared: Shared, values: np.ndarray, added: np.ndarray, room: Room, limits: bool = True
) -> np.ndarray:
    """Fit the shared helpers (heads, openings, shortfalls, peaks) to the classes and to what all people do.

    Parameters
    ----------
    added : int64 array, one per row
        Sum over the columns of all people.
    limits : bool
        Whether limits have to hold; where commitments break them, the sides are not known yet.
    """
    free = np.zeros(len(values), bool) if limits else shared.limit
    low, high = room.low - np.where(room.low > -INF, added, 0), room.high - np.where(room.high < INF, added, 0)
    if not limits:
        low, high = np.where(free, -INF, low), np.where(free, INF, high)
    n = len(values)
    none = np.zeros(0, np.int32)
    program = Program(
        lower=room.lower, upper=room.upper, owner=np.full(n, -1, np.int32), column_family=np.zeros(n, np.int32),
        column_index=np.arange(n, dtype=np.int32), matrix=shared.matrix, low=low, high=high, row_family=none,
        row_index=none, families=(), goals=(), hint_group=none, hint_time=none,
    )
    helpers = np.flatnonzero(shared.column_name != "classes")
    sub = restrict(program, shared.matrix.tocsc(), values, helpers, shared.matrix @ values)
    objective = np.zeros(len(helpers))
    for (_, maximise, _), coefs in zip(shared.goal_names, shared.goals[:, helpers], strict=True):
        objective += (-1 if maximise else 1) * coefs / max(1, int(np.abs(coefs).max(initial=0)))
    answer = solve_mip(sub, objective, [], Budget(SETTLE_S), SETTLE_S)
    if answer.x is None:
        return values
    settled = values.copy()
    settled[helpers] = answer.x
    activity = shared.matrix @ settled
    return settled if np.all((activity >= low) & (activity <= high)) else values
