"""What a worker does for the prices of a block: tasks, like those in ``tasks.py``."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from rotation_planner.certify.blocks import OwnPrices, block_term, pack, senses, unpack
from rotation_planner.engines.linear import Linear, coarse
from rotation_planner.engines.prices import find_prices
from rotation_planner.engines.relaxation import ROUNDING
from rotation_planner.partition.shares import Share
from rotation_planner.partition.tasks import Spot
from rotation_planner.program.prices import Prices
from rotation_planner.program.program import INF
from rotation_planner.slices import Block, Shared

LARGEST = 2.0**60
"""Largest numerator of a price."""
LEAST_S = 0.05
"""Effort for a goal, however late it is."""


@dataclass(frozen=True)
class Effort:
    """What may be spent on one block.

    Attributes
    ----------
    limit : float
        Seconds; deterministic seconds where not ``timed``.
    timed : bool
    threads : int
    """

    limit: float
    timed: bool
    threads: int

    def over(self, goals: Iterable[int]) -> Iterator[tuple[int, Effort]]:
        """Each goal with an equal part of what is left."""
        begun, todo = time.monotonic(), list(goals)
        for k, goal in enumerate(todo):
            used = time.monotonic() - begun if self.timed else self.limit * k / len(todo)
            yield goal, replace(self, limit=max(LEAST_S, (self.limit - used) / (len(todo) - k)))


@dataclass(frozen=True)
class Cut:
    """A point of a block's relaxation, in groups of people who have no row in common.

    All to be minimised; where the point is feasible, group k is worth at most
    ``cost[k] + z @ before[:, k] - added[k] @ y``.

    Attributes
    ----------
    cost : float array, one per group
        What the point costs.
    before : float array [earlier goal, group]
        What it does to the goals before.
    added : CSR array [group, shared row]
        What it adds to the shared rows.
    """

    cost: np.ndarray
    before: np.ndarray
    added: sparse.csr_array


@dataclass(frozen=True)
class Guess:
    """Prices as a block alone would have them: of each shared row, of each earlier goal; and its own, packed.

    ``proven`` is what they prove of its share, ``standing`` the point of its plan.
    """

    rows: np.ndarray
    caps: np.ndarray
    proven: float
    own: bytes
    standing: Cut
    cut: Cut | None


@dataclass(frozen=True)
class Term:
    """What a block adds to a bound at common prices, exactly; its own prices, packed; a point if one came with them."""

    exact: int
    own: bytes
    cut: Cut | None


def guess(
    stored: Block | Path, shared: Shared, spot: Spot, share: Share, denominators: Mapping[int, int], groups: int,
    effort: Effort,
) -> dict[int, Guess]:
    """Price everything within the block's share.

    Parameters
    ----------
    denominators : mapping
        Goals to price, each with the denominator of its prices.
    groups : int
        Most groups of a cut.
    """
    block = Block.read(stored) if isinstance(stored, Path) else stored
    of, now = groups_of(block, groups), spot.point(block.n)
    found = {}
    rows = len(block.low), len(shared.low)
    matrix = sparse.block_array([[block.matrix, None], [block.adds, shared.matrix]], format="csr")
    lower, upper = np.concatenate([block.lower, share.lower]), np.concatenate([block.upper, share.upper])
    low = np.concatenate([_side(block.low), share.low])
    high = np.concatenate([_side(block.high), share.high])
    goals = np.concatenate([block.goals, shared.goals], axis=1)
    for goal, part in effort.over(denominators):
        denominator = denominators[goal]
        before = np.array(senses(shared)[:goal], float)[:, None] * goals[:goal]
        caps = np.array(senses(shared)[:goal]) * share.caps[:goal]
        linear = Linear(
            senses(shared)[goal] * goals[goal].astype(float),
            sparse.vstack([matrix, sparse.csr_array(before)]).tocsc(), np.concatenate([low, np.full(goal, -np.inf)]),
            np.concatenate([high, caps]), lower, upper,
        )
        y, point = _priced(linear, np.zeros(sum(rows) + goal), part)
        price = linear.every(y)
        own = _own(price[: rows[0]], linear, y, denominator, block)
        found[goal] = Guess(
            price[rows[0] : sum(rows)], np.maximum(0, -price[sum(rows) :]), linear.bound(y), pack({goal: own}),
            cut_of(block, shared, of, goal, now),
            None if point is None else cut_of(block, shared, of, goal, point[: block.n]),
        )
    return found


def price(
    stored: Block | Path, shared: Shared, given: Mapping[int, tuple[Prices, bytes]], groups: int, effort: Effort
) -> dict[int, Term]:
    """Price the block's own rows at common prices.

    Parameters
    ----------
    given : mapping
        For each goal the common prices, and the block's own that are known to be near.
    """
    block = Block.read(stored) if isinstance(stored, Path) else stored
    of, found = groups_of(block, groups), {}
    for goal, part in effort.over(given):
        prices, near = given[goal]
        start = unpack(near).get(goal, OwnPrices.none())
        y = np.zeros(len(shared.low))
        y[prices.rows] = prices.values / prices.denominator
        sense = senses(shared)
        cost = sense[goal] * block.goals[goal] - block.adds.T @ y
        for e, z in enumerate(prices.caps / prices.denominator):
            cost += z * sense[e] * block.goals[e]
        linear = Linear(cost, block.matrix.tocsc(), _side(block.low), _side(block.high), block.lower, block.upper)
        dense = np.zeros(len(block.low))
        dense[start.rows] = start.values / prices.denominator
        y, point = _priced(linear, dense, part)
        fresh = _own(linear.every(y), linear, y, prices.denominator, block)
        exact, own = max(
            ((block_term(block, shared, goal, prices, one), one) for one in (start, fresh)), key=lambda pair: pair[0]
        )
        found[goal] = Term(exact, pack({goal: own}), None if point is None else cut_of(block, shared, of, goal, point))
    return found


def _side(side: np.ndarray) -> np.ndarray:
    return np.where(side <= -INF, -np.inf, np.where(side >= INF, np.inf, side))


def _priced(linear: Linear, start: np.ndarray, effort: Effort) -> tuple[np.ndarray, np.ndarray | None]:
    """The best prices of the rows as they are scaled, from some of all rows on, and the point that came with them."""
    best: tuple[np.ndarray, np.ndarray | None] = linear.usable(linear.scaled(start)), None

    def better(y: np.ndarray, z: np.ndarray) -> None:
        nonlocal best
        best = y, linear.point(z)

    find_prices(linear, effort.limit, effort.timed, effort.threads, better, best[0])
    return best


def _own(price: np.ndarray, linear: Linear, y: np.ndarray, denominator: int, block: Block) -> OwnPrices:
    """Whole prices of the block's rows, which come first."""
    wide = np.ones(len(price))
    mine = linear.rows < len(price)
    wide[linear.rows[mine]] = linear.spread[mine]
    loss = ROUNDING * max(1.0, abs(linear.bound(y))) / max(1, len(y))
    values = coarse(np.clip(price, -LARGEST / denominator, LARGEST / denominator), wide, loss, denominator)
    absent = ((values > 0) & (block.low <= -INF)) | ((values < 0) & (block.high >= INF))
    some = np.flatnonzero((values != 0) & ~absent)
    return OwnPrices(some.astype(np.int64), values[some])


def groups_of(block: Block, most: int) -> sparse.csr_array:
    """Groups of columns [group, column] that no row of the block's own joins; equally large ones if there are more."""
    entries = np.ones(len(block.matrix.data), np.float64)
    pattern = sparse.csr_array((entries, block.matrix.indices, block.matrix.indptr), shape=block.matrix.shape)
    graph: sparse.csr_array = sparse.block_array([[None, pattern], [pattern.T, None]], format="csr")
    label = connected_components(graph, directed=False)[1][len(block.low) :]
    of = np.unique(label, return_inverse=True)[1] % most
    return sparse.coo_array((np.ones(block.n), (of, np.arange(block.n))), shape=(most, block.n)).tocsr()


def cut_of(block: Block, shared: Shared, groups: sparse.csr_array, goal: int, x: np.ndarray) -> Cut:
    """What a point of a block says."""
    sense = senses(shared)
    before = np.array([groups @ (s * g * x) for s, g in zip(sense[:goal], block.goals, strict=False)])
    added = (groups @ (block.adds.T.multiply(x[:, None]).tocsr())).tocsr()
    return Cut(groups @ (sense[goal] * block.goals[goal] * x), before.reshape(goal, groups.shape[0]), added)
