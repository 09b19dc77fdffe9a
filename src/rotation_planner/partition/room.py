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
    use : float array [block, row]
        Sum of the absolute coefficients of each block's people's columns, times what they may be.
    least, most : int64 array, one per row
        Smallest and largest sum of all people's columns.
    """

    use: np.ndarray
    least: np.ndarray
    most: np.ndarray


def rooms(
    shared: Shared, whole: Room, needs: Needs, some: np.ndarray, values: np.ndarray, activity: np.ndarray,
    rng: np.random.Generator,
) -> list[Room]:
    """Divide the room among some blocks.

    Parameters
    ----------
    whole : Room
        Bounds and sides for all of them together.
    some : int array
        Blocks, by their row in ``needs.use``.
    values, activity : int64 arrays
        Shared columns, and sums of the shared rows, as they are.
    """
    if len(some) == 1:
        return [whole]
    use = needs.use[some]
    held, wide = _held(shared, whole, needs)
    drawn = _draw(shared, use, rng)
    part = (drawn[None, :] == np.arange(len(some))[:, None]).astype(float)
    size, touch = (whole.upper - whole.lower).astype(float), abs(shared.matrix).astype(float)
    rows = share(use + (part * size * ~wide) @ touch.T)
    up = _divide(np.where(whole.high < INF, whole.high - activity, 0), rows, rng)
    down = _divide(np.where(whole.low > -INF, activity - whole.low, 0), rows, rng)
    columns = share(rows @ touch.sign())
    higher = _divide(whole.upper - values, columns, rng)
    lower = _divide(values - whole.lower, columns, rng)
    found = []
    for b in range(len(some)):
        free = held | (~wide & (drawn == b))
        found.append(Room(
            np.where(free, whole.lower, np.where(wide, values - lower[b], values)),
            np.where(free, whole.upper, np.where(wide, values + higher[b], values)),
            np.where(whole.low > -INF, activity - down[b], whole.low),
            np.where(whole.high < INF, activity + up[b], whole.high),
        ))
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


def _draw(shared: Shared, use: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Block that gets each group of columns, as a number per column."""
    small = np.diff(shared.matrix.indptr) <= 3
    part = shared.matrix.tocoo()
    kept = small[part.row]
    shape = len(shared.low), int(shared.group.max(initial=-1)) + 1
    touches = sparse.coo_array((np.ones(int(kept.sum())), (part.row[kept], shared.group[part.col[kept]])), shape=shape)
    weight = np.cumsum(share(use @ touches.tocsr().sign()), axis=0)
    chance: np.ndarray = rng.random(size=shape[1])
    drawn: np.ndarray = (weight < chance).sum(axis=0)
    found: np.ndarray = np.minimum(drawn, len(use) - 1)[shared.group]
    return found


def share(weight: np.ndarray) -> np.ndarray:
    """Weights of each column of a table as parts of one; equal ones where there are none."""
    total = weight.sum(axis=0)
    found: np.ndarray = np.where(total > 0, weight / np.where(total > 0, total, 1.0), 1.0 / len(weight))
    return found


def _divide(amount: np.ndarray, part: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Whole numbers that add up to each amount, by parts; who gets what does not come out even is drawn."""
    start = rng.random(len(amount))
    edges = np.floor(np.cumsum(part, axis=0)[:-1] * amount + start).astype(np.int64)
    edges = np.vstack([np.zeros_like(amount), np.clip(edges, 0, amount), amount])
    return np.diff(np.maximum.accumulate(edges, axis=0), axis=0)
