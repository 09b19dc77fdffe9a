"""What part of everything shared is a block's own, so that its linear relaxation prices it as that of all would.

The parts of all blocks add up to the whole, and every block's part holds where it stands: what is left of a side is
divided as the shared thing is used now, and a little as it could be used.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from rotation_planner.partition.room import Needs, Room, share
from rotation_planner.program.program import INF
from rotation_planner.slices.shared import LINKED, Shared

COULD = 0.1
"""Weight of what a block could use; the rest is for what it uses."""


@dataclass(frozen=True)
class Share:
    """A block's part.

    Attributes
    ----------
    weight : float array, one per shared row
        How much of the row is the block's, of 1.
    lower, upper : float arrays, one per shared column
    low, high : float arrays, one per shared row
        Infinite where there is no side.
    caps : float array, one per goal
        Its part of the value.
    """

    weight: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    low: np.ndarray
    high: np.ndarray
    caps: np.ndarray


def shares(
    shared: Shared, whole: Room, needs: Needs, values: np.ndarray, added: list[np.ndarray], own: list[tuple[int, ...]]
) -> list[Share]:
    """Divide everything among all blocks.

    Parameters
    ----------
    values : int64 array
        Shared columns as they are.
    added : list of int64 array
        What each block adds to the shared rows.
    own : list of tuple of int
        Goals of each block's own columns.
    """
    rows = (1 - COULD) * share(np.abs(np.stack(added)).astype(float)) + COULD * share(needs.use)
    touch = abs(shared.matrix).astype(float)
    small = np.flatnonzero((np.diff(shared.matrix.indptr) <= LINKED) & (needs.use.sum(axis=0) > 0))
    groups = int(shared.group.max(initial=-1)) + 1
    near = shared.matrix[small].tocoo()
    touches = sparse.coo_array(
        (np.ones(len(near.data)), (near.row, shared.group[near.col])), shape=(len(small), groups)
    ).tocsr().sign()
    columns = share(rows[:, small] @ touches)[:, shared.group]
    size = (whole.upper - whole.lower).astype(float)
    rows = share(needs.use * rows + (columns * size) @ touch.T)
    activity = sum(added) + shared.matrix @ values
    found = []
    for b in range(len(added)):
        here = added[b] + shared.matrix @ (values * columns[b])
        found.append(Share(
            rows[b], whole.lower * columns[b], whole.upper * columns[b],
            np.where(whole.low > -INF, here - rows[b] * (activity - whole.low), -np.inf),
            np.where(whole.high < INF, here + rows[b] * (whole.high - activity), np.inf),
            np.array(own[b], float) + shared.goals @ (values * columns[b]),
        ))
    return found
