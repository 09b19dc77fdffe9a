"""Place people into the classes that the master opened, block by block, and mend what is left over."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import sparse

from rotation_planner.engines.master import Guide
from rotation_planner.engines.search import Search
from rotation_planner.engines.subproblem import Sub, restrict, solve_sub
from rotation_planner.program.program import INF, Program

BLOCK_COLUMNS = 12_000
"""Columns of one block: CP-SAT closes such a block in a second or two."""


def place(search: Search, guide: Guide, limit: float) -> None:
    """Fill the guide's classes and offer the result to the search."""
    start = search.x.copy()
    relaxed = without_minimum(search.program, search.classes)
    x = start.copy()
    x[search.classes] = np.maximum(guide.classes, x[search.classes])
    x = settle(search, relaxed, x)
    if x is None:
        return
    blocks = _blocks(search)
    budget = search.budget
    left = budget.remaining() - limit
    for i, block in enumerate(blocks):
        allowance = (budget.remaining() - left) / (len(blocks) - i)
        if allowance <= 0:
            break
        x = _place_block(search, relaxed, x, block, guide, len(blocks), allowance)
    mend(search, start, x)


def without_minimum(program: Program, classes: np.ndarray) -> Program:
    """The program without the rows that ask for a class to be filled (they bind only when all blocks are placed)."""
    is_class = np.zeros(program.n_columns, bool)
    is_class[classes] = True
    counts = np.zeros(program.n_columns, bool)
    counts[program.columns_of("headcount")] = True
    coo = program.matrix.tocoo()
    asks = np.zeros(program.n_rows, bool)
    asks[coo.row[is_class[coo.col] & (coo.data < 0)]] = True
    has_count = np.zeros(program.n_rows, bool)
    has_count[coo.row[counts[coo.col] & (coo.data > 0)]] = True
    return replace(program, low=np.where(asks & has_count, -INF, program.low))


def settle(search: Search, program: Program, x: np.ndarray) -> np.ndarray | None:
    """Fit the helpers of nobody to the rest of a point; None if the point cannot be completed."""
    columns = search.helpers
    sub = restrict(program, search.csc, x, columns, program.matrix @ x)
    objective = _weighted([c[columns] for c in search.goals])
    answer = solve_sub(sub, objective, [], search.budget, 10.0, search.options.workers, search.options.seed)
    if answer.x is None:
        return None
    x = x.copy()
    x[columns] = answer.x
    return x


def _weighted(goals: list[np.ndarray]) -> np.ndarray:
    total = np.zeros_like(goals[0])
    for c in goals:
        total = total + c
    return total


def _blocks(search: Search) -> list[np.ndarray]:
    """Cadres in random blocks, so that each block is a small image of the whole."""
    n = len(search.program.hint_group)
    per_cadre = max(1.0, float((search.program.owner >= 0).sum()) / max(1, n))
    count = max(1, round(n * per_cadre / BLOCK_COLUMNS))
    order = search.rng.permutation(n)
    return [np.sort(order[i::count]) for i in range(count)]


def _place_block(
    search: Search, program: Program, x: np.ndarray, block: np.ndarray, guide: Guide, n_blocks: int, limit: float
) -> np.ndarray:
    columns = np.unique(np.concatenate([search.owned.columns(block), search.helpers]))
    sub = restrict(program, search.csc, x, columns, program.matrix @ x)
    sub, objective = _with_quota(search, sub, block, guide, n_blocks)
    answer = solve_sub(
        sub, objective, [], search.budget, limit, search.options.workers, search.options.seed, gap=0.01
    )
    if answer.x is not None:
        x = x.copy()
        x[columns] = answer.x[: len(columns)]
    return x


def _with_quota(
    search: Search, sub: Sub, block: np.ndarray, guide: Guide, n_blocks: int
) -> tuple[Sub, np.ndarray]:
    """Add, for each session, what the block takes above or below its part of the master's numbers, at a price."""
    members = np.bincount(search.program.hint_group[block], minlength=guide.quota.shape[0])
    whole = np.bincount(search.program.hint_group, minlength=guide.quota.shape[0])
    share = members / np.maximum(whole, 1)
    quota = np.rint(guide.quota.T @ share).astype(np.int64)
    inverse = np.full(search.program.n_columns, -1)
    inverse[sub.columns] = np.arange(len(sub.columns))
    local = inverse[search.attend]
    free = np.flatnonzero(local >= 0)
    n, m = len(sub.columns), len(quota)
    rows = np.concatenate([search.session[free], np.arange(m), np.arange(m)])
    cols = np.concatenate([local[free], n + np.arange(m), n + m + np.arange(m)])
    data = np.concatenate([np.ones(len(free)), -np.ones(m), np.ones(m)]).astype(np.int64)
    extra = sparse.coo_array((data, (rows, cols)), shape=(m, n + 2 * m)).tocsr()
    wide = sparse.csr_array((sub.matrix.data, sub.matrix.indices, sub.matrix.indptr), shape=(sub.matrix.shape[0], n + 2 * m))
    matrix = sparse.vstack([wide, extra]).tocsr()
    many = np.full(2 * m, len(block), np.int64)
    goals = [c[sub.columns] for c in search.goals]
    price = _price(goals[0] * (sub.upper - sub.lower))
    objective = 10 * goals[0]
    for later in goals[2:3]:
        objective = objective + later
    bigger = Sub(
        sub.columns,
        np.concatenate([sub.lower, np.zeros(2 * m, np.int64)]),
        np.concatenate([sub.upper, np.maximum(many, np.concatenate([quota, quota]))]),
        matrix,
        np.concatenate([sub.low, quota]),
        np.concatenate([sub.high, quota]),
        np.concatenate([sub.start, np.zeros(m, np.int64), np.maximum(0, quota)]),
    )
    return bigger, np.concatenate([objective, np.full(m, 10 * price), np.full(m, 6 * price)])


def _price(stakes: np.ndarray) -> int:
    """A tenth of the smallest duty."""
    positive = stakes[stakes > 0]
    return max(1, int(positive.min()) // 10) if len(positive) else 1


def mend(search: Search, start: np.ndarray, x: np.ndarray) -> None:
    """Close what is not full enough, send those people home, and offer the feasible rest."""
    program = search.program
    bad = np.flatnonzero(program.violations(x))
    while len(bad):
        part = program.matrix[bad].tocoo()
        position = np.full(program.n_columns, -1)
        position[search.classes] = np.arange(len(search.classes))
        sessions = np.unique(position[part.col[position[part.col] >= 0]])
        sessions = sessions[x[search.classes[sessions]] > start[search.classes[sessions]]]
        if not len(sessions):
            return
        x = x.copy()
        for s in sessions:
            _close_one(search, program, start, x, int(s))
        settled = settle(search, without_minimum(program, search.classes), x)
        if settled is None:
            return
        x = settled
        bad = np.flatnonzero(program.violations(x))
    search.offer(x, "place")


def _close_one(search: Search, program: Program, start: np.ndarray, x: np.ndarray, session: int) -> None:
    """Close one class of a session; if it was the last, its people fall back to the start."""
    column = search.classes[session]
    x[column] -= 1
    if x[column] > start[column]:
        return
    there = search.attend[(search.session == session) & (x[search.attend] == 1) & (start[search.attend] == 0)]
    own = search.owned.columns(np.unique(program.owner[there]))
    x[own] = start[own]
