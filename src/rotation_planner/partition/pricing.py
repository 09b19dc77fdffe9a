"""What a worker does for the prices of a block: tasks, like those in ``tasks.py``."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy import sparse

from rotation_planner.certify.blocks import OwnPrices, block_term, pack, senses, unpack
from rotation_planner.engines.linear import Linear, coarse
from rotation_planner.engines.prices import find_prices
from rotation_planner.engines.relaxation import ROUNDING
from rotation_planner.partition.alone import Alone
from rotation_planner.partition.sample import Sample
from rotation_planner.partition.shares import Share
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
    """A point of a block's relaxation: what it costs, and what it does to the goals before and to the shared rows.

    All to be minimised; if the point is feasible, the block is worth at most ``cost + z @ before - y @ added``.
    """

    cost: float
    before: np.ndarray
    added: sparse.csr_array


@dataclass(frozen=True)
class Guess:
    """Prices as a sample alone would have them: of each shared row, and of each earlier goal.

    ``own`` are, packed, those of the rows of each block; ``gain`` is by how much all prove more than none would.
    """

    rows: np.ndarray
    caps: np.ndarray
    gain: float
    own: list[bytes]


@dataclass(frozen=True)
class Settled:
    """Whole prices of the shared rows that a block alone uses, and what the block adds to a bound with them."""

    values: np.ndarray
    term: Term


@dataclass(frozen=True)
class Term:
    """What a block adds to a bound at common prices, exactly; its own prices, packed; a point if one came with them."""

    exact: int
    own: bytes
    cut: Cut | None


def guess(sample: Sample, shared: Shared, share: Share, goal: int, denominator: int, effort: Effort) -> Guess:
    """Price everything by the relaxation of a sample and its share."""
    rows = len(sample.low), len(shared.low)
    sense = senses(shared)
    goals = np.concatenate([sample.goals, shared.goals], axis=1).astype(float)
    before = np.array(sense[:goal], float)[:, None] * goals[:goal]
    alone = sparse.hstack([sample.matrix, sparse.csr_array((rows[0], len(shared.lower)))])
    matrix = sparse.vstack([alone, sparse.hstack([sample.adds, shared.matrix]), sparse.csr_array(before)], format="csc")
    linear = Linear(
        sense[goal] * goals[goal], matrix, np.concatenate([sample.low, share.low, np.full(goal, -np.inf)]),
        np.concatenate([sample.high, share.high, np.array(sense[:goal]) * share.caps[:goal]]),
        np.concatenate([sample.lower, share.lower]), np.concatenate([sample.upper, share.upper]),
    )
    none = np.zeros(len(linear.low))
    y = _priced(linear, none, effort)[0]
    price = linear.every(y)
    gain = linear.bound(y) - linear.bound(none)
    most = LARGEST / denominator
    whole = np.rint(np.clip(price[: rows[0]], -most, most) * denominator).astype(np.int64)
    parts = np.split(whole, np.cumsum([len(r) for r in sample.rows])[:-1])
    own = [pack({goal: OwnPrices(r, values)}) for r, values in zip(sample.rows, parts, strict=True)]
    return Guess(price[rows[0] : sum(rows)], np.maximum(0, -price[sum(rows) :]), gain, own)


def price(
    stored: Block | Path, shared: Shared, given: Mapping[int, tuple[Prices, bytes]], effort: Effort
) -> dict[int, Term]:
    """Price the block's own rows at common prices.

    Parameters
    ----------
    given : mapping
        For each goal the common prices, and the block's own that are known to be near.
    """
    block = Block.read(stored) if isinstance(stored, Path) else stored
    found = {}
    for goal, part in effort.over(given):
        prices, near = given[goal]
        start = unpack(near).get(goal, OwnPrices.none())
        y = np.zeros(len(shared.low))
        y[prices.rows] = prices.values / prices.denominator
        sense = senses(shared)
        cost = sense[goal] * block.goals[goal] - block.adds.T @ y
        for e, z in enumerate(prices.caps / prices.denominator):
            cost += z * sense[e] * block.goals[e]
        low, high = block.sides
        linear = Linear(cost, block.matrix.tocsc(), _side(low), _side(high), block.lower, block.upper)
        y, point = _priced(linear, _scaled(linear, start, prices.denominator, len(block.low)), part)
        values = _whole(linear, y, prices.denominator, low, high)
        fresh = OwnPrices(np.flatnonzero(values), values[values != 0])
        exact, own = max(
            ((block_term(block, shared, goal, prices, one), one) for one in (start, fresh)), key=lambda pair: pair[0]
        )
        found[goal] = Term(exact, pack({goal: own}), None if point is None else cut_of(block, shared, goal, point))
    return found


def price_alone(
    stored: Block | Path, shared: Shared, sides: tuple[np.ndarray, np.ndarray], mine: Alone,
    given: Mapping[int, tuple[Prices, bytes]], effort: Effort,
) -> dict[int, Settled]:
    """Price the block's own rows and the shared rows that it alone uses, at common prices of all others.

    Parameters
    ----------
    sides : arrays, one per shared row
        Lower and upper sides that every plan keeps.
    mine : Alone
        Shared columns and rows that the block alone uses.
    given : mapping
        For each goal the common prices, and prices of the block's own rows of a sample of people.
    """
    block = Block.read(stored) if isinstance(stored, Path) else stored
    columns, rows, n = mine.columns, mine.rows, len(block.low)
    part = shared.matrix[:, columns].tocsc()
    matrix = sparse.block_array([[block.matrix, None], [block.adds[rows], part.tocsr()[rows]]], format="csc")
    low, high = (np.concatenate([own, side[rows]]) for own, side in zip(block.sides, sides, strict=True))
    lower, upper = (np.concatenate([getattr(x, side)[of] for x, of in ((block, slice(None)), (shared, columns))])
                    for side in ("lower", "upper"))
    goals, sense = np.concatenate([block.goals, shared.goals[:, columns]], axis=1), senses(shared)
    found = {}
    for goal, time_ in effort.over(given):
        prices, near = given[goal]
        y = np.zeros(len(shared.low))
        y[prices.rows] = prices.values / prices.denominator
        fixed = y.copy()
        fixed[rows] = 0.0
        cost = sense[goal] * goals[goal] - np.concatenate([block.adds.T @ fixed, part.T @ fixed])
        for e, z in enumerate(prices.caps / prices.denominator):
            cost += z * sense[e] * goals[e]
        linear = Linear(cost, matrix, _side(low), _side(high), lower, upper)
        starts = []
        for own in (_like(block, unpack(near).get(goal, OwnPrices.none())), OwnPrices.none()):
            dense = np.zeros(n)
            dense[own.rows] = own.values / prices.denominator
            starts.append(linear.usable(linear.scaled(np.concatenate([dense, y[rows]]))))
        best, point = _priced(linear, max(starts, key=linear.bound), time_)
        values = _whole(linear, best, prices.denominator, low, high)
        own = OwnPrices(np.flatnonzero(values[:n]), values[:n][values[:n] != 0])
        whole = np.zeros(len(shared.low), np.int64)
        whole[prices.rows] = prices.values
        whole[rows] = values[n:]
        some = np.flatnonzero(whole)
        merged = Prices(some.astype(np.int64), whole[some], prices.caps, prices.denominator)
        cut = None if point is None else cut_of(block, shared, goal, point[: block.n])
        exact = block_term(block, shared, goal, merged, own)
        found[goal] = Settled(values[n:], Term(exact, pack({goal: own}), cut))
    return found


def _like(block: Block, known: OwnPrices) -> OwnPrices:
    """Prices for all rows from those of some: the mean of their family."""
    n = int(block.row_family.max(initial=-1)) + 1
    family = block.row_family[known.rows]
    mean = np.bincount(family, known.values, n) / np.maximum(1, np.bincount(family, minlength=n))
    values = np.rint(mean).astype(np.int64)[block.row_family]
    values[known.rows] = known.values
    low, high = block.sides
    absent = ((values > 0) & (low <= -INF)) | ((values < 0) & (high >= INF))
    some = np.flatnonzero((values != 0) & ~absent)
    return OwnPrices(some.astype(np.int64), values[some])


def _side(side: np.ndarray) -> np.ndarray:
    return np.where(side <= -INF, -np.inf, np.where(side >= INF, np.inf, side))


def _scaled(linear: Linear, own: OwnPrices, denominator: int, n: int) -> np.ndarray:
    """Own prices of n rows as the linear program has them."""
    dense = np.zeros(n)
    dense[own.rows] = own.values / denominator
    return linear.usable(linear.scaled(dense))


def _priced(linear: Linear, start: np.ndarray, effort: Effort) -> tuple[np.ndarray, np.ndarray | None]:
    """The best prices of the rows as they are scaled, from usable ones on, and the point that came with them."""
    best: tuple[np.ndarray, np.ndarray | None] = start, None

    def better(y: np.ndarray, z: np.ndarray) -> None:
        nonlocal best
        best = y, linear.point(z)

    find_prices(linear, effort.limit, effort.timed, effort.threads, better, best[0])
    return best


def _whole(
    linear: Linear, y: np.ndarray, denominator: int, low: np.ndarray, high: np.ndarray
) -> np.ndarray:
    """Numerators of the prices of all rows, without those on sides that do not exist."""
    price = linear.every(y)
    wide = np.ones(len(price))
    wide[linear.rows] = linear.spread
    loss = ROUNDING * max(1.0, abs(linear.bound(y))) / max(1, len(y))
    values = coarse(np.clip(price, -LARGEST / denominator, LARGEST / denominator), wide, loss, denominator)
    absent = ((values > 0) & (low <= -INF)) | ((values < 0) & (high >= INF))
    return np.where(absent, 0, values)


def cut_of(block: Block, shared: Shared, goal: int, x: np.ndarray) -> Cut:
    """What a point of a block says."""
    sense = senses(shared)
    before = np.array([s * float(g @ x) for s, g in zip(sense[:goal], block.goals, strict=False)])
    added = sparse.csr_array((block.adds @ x).astype(float)[None, :])
    return Cut(sense[goal] * float(block.goals[goal] @ x), before, added)
