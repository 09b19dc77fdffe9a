"""How much each of some blocks may change of what they share, so that what they do at the same time adds up.

Everything starts at a feasible point. A block moves shared columns and the sums of shared rows by some amount; if each
keeps to its part of the way to every bound and side, all of them together keep to the whole. Things that come whole
(the classes of a session) go to one block, drawn by how many of its people they could serve; what can be divided
(money, beds, seats) is divided by who has drawn what, and by what its people themselves may use of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from rotation_planner.program.program import INF
from rotation_planner.slices.shared import Shared


@dataclass(frozen=True)
class Room:
    """Bounds of the shared columns, and sides of the shared rows (on the sum over all blocks), for one block."""

    lower: np.ndarray
    upper: np.ndarray
    low: np.ndarray
    high: np.ndarray


@dataclass(frozen=True)
class Needs:
    """What blocks may do to the shared rows.

    Attributes
    ----------
    use : CSR matrix of float [block, row]
        Sum of the absolute coefficients of each block's people's columns, times what they may be.
    least, most : int64 array, one per row
        Smallest and largest sum of all people's columns.
    """

    use: sparse.csr_array
    least: np.ndarray
    most: np.ndarray


class Division:
    """Divides the room of all among blocks; what does not change between two divisions is found once.

    Parameters
    ----------
    whole : Room
        Bounds and sides for all of them together.
    """

    def __init__(self, shared: Shared, whole: Room, needs: Needs) -> None:
        self._whole, self._needs, self._group = whole, needs, shared.group
        self._near, (self._held, self._wide) = _near(shared), _held(shared, whole, needs)
        touch = abs(shared.matrix).astype(float)
        self._size = np.where(self._wide, 0.0, (whole.upper - whole.lower).astype(float))
        self._touch, self._sign = touch.T.tocsr(), touch.sign()
        self._moved, self._rows_of = touch @ self._size, self._sign.sum(axis=0)

    def rooms(
        self, some: np.ndarray, values: np.ndarray, activity: np.ndarray, rng: np.random.Generator,
        first: int | None = None,
    ) -> list[Room]:
        """The room of some blocks.

        Parameters
        ----------
        some : int array
            Blocks among which everything is divided, by their row in ``needs.use``.
        values, activity : int64 arrays
            Shared columns, and sums of the shared rows, as they are.
        first : int, optional
            Number of those, from the first on, whose room is wanted; by default all.
        """
        if len(some) == 1:
            return [self._whole]
        whole, wide, count = self._whole, self._wide, len(some) if first is None else first
        mine, every = self._needs.use[some[:count]].toarray(), self._needs.use[some].sum(axis=0)
        drawn = self._draw(mine, every, len(some), rng)
        part = drawn[None, :] == np.arange(count)[:, None]
        rows = share(mine + (part * self._size) @ self._touch, every + self._moved, len(some))
        up = _divide(np.where(whole.high < INF, whole.high - activity, 0), rows, len(some), rng)
        down = _divide(np.where(whole.low > -INF, activity - whole.low, 0), rows, len(some), rng)
        columns = share(rows @ self._sign, self._rows_of, len(some))
        higher = _divide(whole.upper - values, columns, len(some), rng)
        lower = _divide(values - whole.lower, columns, len(some), rng)
        found = []
        for b in range(count):
            free = self._held | (~wide & part[b])
            found.append(Room(
                np.where(free, whole.lower, np.where(wide, values - lower[b], values)),
                np.where(free, whole.upper, np.where(wide, values + higher[b], values)),
                np.where(whole.low > -INF, activity - down[b], whole.low),
                np.where(whole.high < INF, activity + up[b], whole.high),
            ))
        return found

    def _draw(self, mine: np.ndarray, every: np.ndarray, of: int, rng: np.random.Generator) -> np.ndarray:
        """Block that gets each group of columns, as a number per column; one that is not asked for has none below."""
        weight = np.cumsum(share(mine @ self._near, every @ self._near, of), axis=0)
        chance: np.ndarray = rng.random(size=(weight.shape[1],))
        drawn: np.ndarray = (weight < chance).sum(axis=0)
        found: np.ndarray = np.minimum(drawn, of - 1)[self._group]
        return found


def _held(shared: Shared, whole: Room, needs: Needs) -> tuple[np.ndarray, np.ndarray]:
    """Columns whose bounds the rows hold anyway (heads are counted), and those that can be divided (a shortfall)."""
    n, size = len(whole.lower), np.diff(shared.matrix.indptr)
    upper, lower = np.full(n, INF), np.full(n, -INF)
    counted = np.zeros(n, bool)
    alone = np.flatnonzero((size == 1) & (whole.low == whole.high) & (needs.most > needs.least))
    at = shared.matrix.indptr[alone]
    column, coef = shared.matrix.indices[at], shared.matrix.data[at]
    plain = coef == -1
    column, row = column[plain], alone[plain]
    counted[column] = True
    upper[column], lower[column] = (needs.most - whole.low)[row], (needs.least - whole.low)[row]
    # A pair of a counted column and one that is not: what the second may be holds the first, never the other way round.
    for r in np.flatnonzero((size == 2) & (whole.high < INF) & (needs.use.sum(axis=0) == 0)).tolist():
        a = shared.matrix.indptr[r]
        for one, other in ((a, a + 1), (a + 1, a)):
            j, k = shared.matrix.indices[one], shared.matrix.indices[other]
            if counted[j] and not counted[k] and shared.matrix.data[one] == 1 and shared.matrix.data[other] < 0:
                upper[j] = min(upper[j], whole.high[r] - shared.matrix.data[other] * whole.upper[k])
    members = np.bincount(shared.group, minlength=1)[shared.group]
    held = counted & (upper <= whole.upper) & (lower >= whole.lower)
    return held, ~held & (members == 1) & (whole.upper - whole.lower > 1)


def _near(shared: Shared) -> sparse.csr_array:
    """Groups of columns by the rows with few of them, as 1."""
    small = np.diff(shared.matrix.indptr) <= 3
    part = shared.matrix.tocoo()
    kept = small[part.row]
    shape = len(shared.low), int(shared.group.max(initial=-1)) + 1
    at = part.row[kept], shared.group[part.col[kept]]
    return sparse.coo_array((np.ones(len(at[0])), at), shape=shape).tocsr().sign()


def share(weight: np.ndarray, total: np.ndarray | None = None, of: int | None = None) -> np.ndarray:
    """Weights as parts of the total of all, by default of these; equal parts of so many where there are none."""
    total, of = weight.sum(axis=0) if total is None else total, len(weight) if of is None else of
    found: np.ndarray = np.where(total > 0, weight / np.where(total > 0, total, 1.0), 1.0 / of)
    return found


def _divide(amount: np.ndarray, part: np.ndarray, of: int, rng: np.random.Generator) -> np.ndarray:
    """Whole numbers for the first of so many that add up to each amount, by parts; who gets what is over is drawn."""
    start = rng.random(len(amount))
    edges = np.floor(np.cumsum(part, axis=0) * amount + start).astype(np.int64)
    edges = np.vstack([np.zeros_like(amount), np.clip(edges, 0, amount)])
    if len(part) == of:
        edges[-1] = amount
    return np.diff(np.maximum.accumulate(edges, axis=0), axis=0)
