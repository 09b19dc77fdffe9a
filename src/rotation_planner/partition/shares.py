"""What part of everything shared is a sample's own, so that its linear relaxation prices it as that of all would.

The part holds where the plan stands: what is left of a side is divided as the shared thing is used now, and a little as
it could be used.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from rotation_planner.partition.room import Needs, Room, share
from rotation_planner.partition.sample import Sample
from rotation_planner.program.program import INF
from rotation_planner.slices import Shared
from rotation_planner.slices.shared import LINKED

COULD = 0.1
"""Weight of what people could use; the rest is for what they use."""


@dataclass(frozen=True)
class Share:
    """A sample's part.

    Attributes
    ----------
    weight : float array, one per shared row
        How much of the row is the sample's, of 1.
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


def share_of(
    shared: Shared, whole: Room, needs: Needs, values: np.ndarray, added: np.ndarray, sample: Sample
) -> Share:
    """The part of a sample.

    Parameters
    ----------
    values : int64 array
        Shared columns as they are.
    added : int64 array
        What all people add to the shared rows.
    """
    mine = sample.adds @ sample.now
    now, could = np.abs(np.stack([mine, added - mine])).astype(float), needs.use.sum(axis=0)
    use = np.stack([sample.use, np.maximum(0, could - sample.use)])
    rows = (1 - COULD) * share(now) + COULD * share(use)
    small = np.flatnonzero((np.diff(shared.matrix.indptr) <= LINKED) & (could > 0))
    groups = int(shared.group.max(initial=-1)) + 1
    near = shared.matrix[small].tocoo()
    touches = sparse.coo_array(
        (np.ones(len(near.data)), (near.row, shared.group[near.col])), shape=(len(small), groups)
    ).tocsr().sign()
    columns = share(rows[:, small] @ touches)[:, shared.group]
    size = (whole.upper - whole.lower).astype(float)
    part = share(could * rows + (columns * size) @ abs(shared.matrix).astype(float).T)[0]
    activity = added + shared.matrix @ values
    here = mine + shared.matrix @ (values * columns[0])
    return Share(
        part, whole.lower * columns[0], whole.upper * columns[0],
        np.where(whole.low > -INF, here - part * (activity - whole.low), -np.inf),
        np.where(whole.high < INF, here + part * (whole.high - activity), np.inf),
        sample.goals @ sample.now + shared.goals @ (values * columns[0]),
    )
