"""Place people into the classes that the master opened, block by block, and mend what is left over."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import sparse

from rotation_planner.engines.master import Guide
from rotation_planner.engines.mip import solve_mip
from rotation_planner.engines.search import Search
from rotation_planner.engines.subproblem import Sub, restrict
from rotation_planner.program.distinct import distinct
from rotation_planner.program.program import INF, Program

BLOCK_COLUMNS = 5_000
"""Columns of one block: HiGHS closes such a block in a fraction of a second."""


MEND_ROUNDS = 6
"""Rounds of filling and closing."""
MEND_S = 0.7
"""Seconds for one block that is placed again."""
FILL_CADRES = 40
"""People looked at to fill a session, or placed again together."""


def place(search: Search, guide: Guide, limit: float) -> None:
    """Fill the guide's classes and offer the result to the search."""
    relaxed = without_minimum(search.program, search.classes)
    x = search.x.copy()
    x[search.classes] = np.maximum(guide.classes, x[search.classes])
    settled = search.settle(relaxed, x)
    if settled is None:
        return
    x = settled
    blocks = _blocks(search)
    seats = _seats(search, x)
    budget = search.budget
    left = budget.remaining() - limit
    for i, block in enumerate(blocks):
        allowance = (budget.remaining() - left) / (len(blocks) - i)
        if allowance <= 0:
            break
        waiting = np.concatenate(blocks[i:])
        x = _place_block(search, relaxed, x, block, _share(search, guide, seats, x, block, waiting), allowance)
    mend(search, relaxed, x)


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


def _blocks(search: Search) -> list[np.ndarray]:
    """Cadres in random blocks, so that each block is a small image of the whole."""
    n = len(search.program.hint_group)
    per_cadre = max(1.0, float((search.program.owner >= 0).sum()) / max(1, n))
    count = max(1, round(n * per_cadre / BLOCK_COLUMNS))
    order = search.rng.permutation(n)
    return [np.sort(order[i::count]) for i in range(count)]


def _seats(search: Search, x: np.ndarray) -> np.ndarray:
    """Seats of each session with the classes of a point, from the rows that tie heads to classes."""
    program = search.program
    head = program.columns_of("headcount")
    position = np.full(program.n_columns, -1)
    position[head] = np.arange(len(head))
    part = program.matrix.tocoo()
    counted = position[part.col] >= 0
    rows = part.row[counted & (part.data == 1)]
    sessions = position[part.col[counted & (part.data == 1)]]
    tie = np.zeros(program.n_rows, bool)
    is_class = np.zeros(program.n_columns, bool)
    is_class[search.classes] = True
    tie[part.row[is_class[part.col] & (part.data < 0)]] = True
    room = program.high - (program.matrix @ x) + (program.matrix[:, head] @ x[head])
    good = tie[rows] & (program.high[rows] < INF)
    seats = program.upper[head].copy()
    np.minimum.at(seats, sessions[good], room[rows[good]])
    free: np.ndarray = np.maximum(seats, 0)
    return free


def _share(
    search: Search, guide: Guide, seats: np.ndarray, x: np.ndarray, block: np.ndarray, waiting: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """What a block should take of each session, and what it may: its share of what the waiting have left."""
    group = search.program.hint_group
    n = guide.quota.shape[0]
    share = np.bincount(group[block], minlength=n) / np.maximum(1, np.bincount(group[waiting], minlength=n))
    taken = x[search.attend] > 0
    done = sparse.coo_array(
        (np.ones(taken.sum()), (group[search.program.owner[search.attend[taken]]], search.session[taken])),
        shape=guide.quota.shape,
    ).tocsr()
    due = np.maximum(0, (guide.quota - done).toarray())
    wanted = np.floor(due.T @ share + 0.5).astype(np.int64)
    left = np.maximum(0, seats - np.bincount(search.session[taken], minlength=len(seats)))
    may = np.ceil(left * len(block) / len(waiting)).astype(np.int64)
    return np.minimum(wanted, may), may


def _place_block(
    search: Search, program: Program, x: np.ndarray, block: np.ndarray, share: tuple[np.ndarray, np.ndarray],
    limit: float,
) -> np.ndarray:
    columns = distinct(np.concatenate([search.owned.columns(block), search.helpers]))
    closed = search.attend[(x[search.classes] == 0)[search.session]]
    columns = np.setdiff1d(columns, closed[x[closed] == 0], assume_unique=True)
    sub = restrict(program, search.csc, x, columns, program.matrix @ x)
    sub, objective = _with_share(search, sub, *share, len(block))
    answer = solve_mip(sub, objective, [], search.budget, limit, gap=0.01)
    search.budget.spend(answer.work)
    if answer.x is not None:
        x = x.copy()
        x[columns] = answer.x[: len(columns)]
    return x


def _with_share(
    search: Search, sub: Sub, wanted: np.ndarray, may: np.ndarray, most: int
) -> tuple[Sub, np.ndarray]:
    """Add, for each session, the seats a block takes beyond its share or leaves below it, at a price."""
    inverse = np.full(search.program.n_columns, -1)
    inverse[sub.columns] = np.arange(len(sub.columns))
    local = inverse[search.attend]
    free = np.flatnonzero(local >= 0)
    n, m = len(sub.columns), len(may)
    each = np.arange(m)
    session = search.session[free]
    rows = np.concatenate([session, m + session, each, m + each])
    cols = np.concatenate([local[free], local[free], n + each, n + m + each])
    data = np.concatenate([np.ones(2 * len(free)), -np.ones(m), np.ones(m)]).astype(np.int64)
    extra = sparse.coo_array((data, (rows, cols)), shape=(2 * m, n + 2 * m)).tocsr()
    wide = sparse.csr_array(
        (sub.matrix.data, sub.matrix.indices, sub.matrix.indptr), shape=(sub.matrix.shape[0], n + 2 * m)
    )
    goals = [c[sub.columns] for c in search.goals]
    price = _price(goals[0] * (sub.upper - sub.lower))
    bigger = Sub(
        sub.columns,
        np.concatenate([sub.lower, np.zeros(2 * m, np.int64)]),
        np.concatenate([sub.upper, np.full(m, most), wanted]),
        sparse.vstack([wide, extra]).tocsr(),
        np.concatenate([sub.low, np.full(m, -INF), wanted]),
        np.concatenate([sub.high, may, np.full(m, INF)]),
        np.concatenate([sub.start, np.zeros(m, np.int64), wanted]),
    )
    objective = 10 * goals[0] + sum(goals[2:3])
    return bigger, np.concatenate([objective, np.full(m, 10 * price), np.full(m, 2 * price)])


def _price(stakes: np.ndarray) -> int:
    """The smallest duty."""
    positive = stakes[stakes > 0]
    return max(1, int(positive.min())) if len(positive) else 1


def mend(search: Search, relaxed: Program, x: np.ndarray) -> None:
    """Fill what is not full enough, close what cannot be filled, and offer the outcome.

    Nobody is sent home from anywhere else: the people concerned are placed again with a price on every seat they
    would leave, since the sessions they sit in may be just full enough themselves.
    """
    program = search.program
    for attempt in range(MEND_ROUNDS):
        rows = np.flatnonzero(program.violations(x))
        sessions = _sessions_in(search, rows)
        if not len(sessions):
            break
        if attempt == 0:
            for s in sessions.tolist():
                x = _fill(search, relaxed, x, s)
        else:
            x = _close(search, relaxed, x, sessions)
    settled = search.settle(program, x)
    if settled is not None:
        search.offer(settled, "place")


def _sessions_in(search: Search, rows: np.ndarray) -> np.ndarray:
    position = np.full(search.program.n_columns, -1)
    position[search.classes] = np.arange(len(search.classes))
    found = position[search.program.matrix[rows].indices]
    return distinct(found[found >= 0])


def _fill(search: Search, relaxed: Program, x: np.ndarray, session: int) -> np.ndarray:
    """Bring people into a session until its classes are full enough."""
    program = search.program
    rows = np.flatnonzero(program.violations(x))
    rows = np.array([r for r in rows if session in _sessions_in(search, np.array([r]))], np.int64)
    low = relaxed.low.copy()
    low[rows] = program.low[rows]
    could = distinct(program.owner[search.attend[search.session == session]])
    block = search.rng.permutation(could)[:FILL_CADRES]
    return _again(search, replace(relaxed, low=low), x, np.sort(block))


def _close(search: Search, relaxed: Program, x: np.ndarray, sessions: np.ndarray) -> np.ndarray:
    """Take one class from each session, and place its people again."""
    x = x.copy()
    sessions = sessions[x[search.classes[sessions]] > search.program.lower[search.classes[sessions]]]
    x[search.classes[sessions]] -= 1
    there = search.attend[np.isin(search.session, sessions) & (x[search.attend] == 1)]
    people = distinct(search.program.owner[there])
    x[there] = search.program.lower[there]
    for i in range(0, len(people), FILL_CADRES):
        x = _again(search, relaxed, x, people[i : i + FILL_CADRES])
    return x


def _again(search: Search, program: Program, x: np.ndarray, block: np.ndarray) -> np.ndarray:
    """Place a block again; it pays for every seat it leaves."""
    taken = x[search.attend] > 0
    mine = taken & np.isin(search.program.owner[search.attend], block)
    m = len(search.classes)
    wanted = np.bincount(search.session[mine], minlength=m)
    left = np.maximum(0, _seats(search, x) - np.bincount(search.session[taken & ~mine], minlength=m))
    return _place_block(search, program, x, block, (np.minimum(wanted, left), left), MEND_S)
