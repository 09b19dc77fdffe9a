"""A part of every block's people: what they want of everything shared is nearly what all want, times their number.

Rows of one of them stay as they are. Of rows about several people, some of whom are left out, the sample has its part,
as a block has of the shared rows (``shares.py``): what its people do there now, and of what is left the part that they
could use.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import sparse

from rotation_planner.partition.tasks import Spot
from rotation_planner.program.program import INF
from rotation_planner.slices import Block


@dataclass(frozen=True)
class Sample:
    """Columns of some people, and their part of their blocks' rows.

    Attributes
    ----------
    matrix, low, high : CSR array of float, float arrays
        Rows that the blocks have for themselves.
    lower, upper, now : int64 arrays, one per column
        Bounds, and where the plan stands.
    adds : CSR array
        Shared rows by columns.
    goals : int64 array [goal, column]
    rows : tuple of int64 array
        For each block the number of its rows that are here, in order.
    """

    matrix: sparse.csr_array
    low: np.ndarray
    high: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    now: np.ndarray
    adds: sparse.csr_array
    goals: np.ndarray
    rows: tuple[np.ndarray, ...]

    @classmethod
    def joined(cls, some: Sequence[Sample]) -> Sample:
        """Samples of several blocks as one."""
        def flat(name: str) -> np.ndarray:
            return np.concatenate([getattr(s, name) for s in some])

        return cls(
            sparse.block_diag([s.matrix for s in some], format="csr"), flat("low"), flat("high"), flat("lower"),
            flat("upper"), flat("now"), sparse.hstack([s.adds for s in some], format="csr"),
            np.concatenate([s.goals for s in some], axis=1), tuple(r for s in some for r in s.rows),
        )

    @property
    def use(self) -> np.ndarray:
        """What its people could do to the shared rows."""
        found: np.ndarray = abs(self.adds) @ np.maximum(np.abs(self.lower), np.abs(self.upper)).astype(float)
        return found


def sample(stored: Block | Path, spot: Spot, part: float, first: float) -> Sample:
    """Take some people of a block.

    Parameters
    ----------
    part : float
        How many of them, of 1.
    first : float
        Where to begin, 0 to 1: samples of one block that begin elsewhere have other people.
    """
    block = Block.read(stored) if isinstance(stored, Path) else stored
    x = spot.point(block.n)
    place = np.arange(int(block.owner.max(initial=-1)) + 2)
    taken = np.floor((place + 1) * part + first) > np.floor(place * part + first)
    columns = np.flatnonzero((block.owner < 0) | taken[block.owner])
    size = np.maximum(np.abs(block.lower), np.abs(block.upper)).astype(float)
    every, touch = abs(block.matrix) @ size, abs(block.matrix[:, columns])
    rows = np.flatnonzero(np.diff(touch.tocsr().indptr) > 0)
    matrix = block.matrix[rows][:, columns].tocsr()
    ratio = (touch @ size[columns])[rows] / np.maximum(every[rows], 1)
    here, all_ = matrix @ x[columns], (block.matrix @ x)[rows]
    low, high = (side[rows] for side in block.sides)
    return Sample(
        matrix, np.where(low > -INF, here - ratio * (all_ - low), -np.inf),
        np.where(high < INF, here + ratio * (high - all_), np.inf), block.lower[columns], block.upper[columns],
        x[columns], block.adds[:, columns].tocsr(), block.goals[:, columns],
        (rows.astype(np.int64),),
    )
