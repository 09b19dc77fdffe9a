"""Where the blocks stand, as two arrays: what a checkpoint keeps of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rotation_planner.partition.tasks import Spot

SHIFT = 32
"""Bits of a column's number; the block's number stands above them."""


@dataclass(frozen=True)
class Snapshot:
    """A point of the whole body.

    Attributes
    ----------
    spots : dict of int to Spot
        Block to its point; blocks without a plan are not in it.
    values : int64 array
        Shared columns.
    """

    spots: dict[int, Spot]
    values: np.ndarray

    def pack(self) -> tuple[np.ndarray, np.ndarray]:
        """Columns that are not zero, and their values; shared ones come first, as those of block 0."""
        parts = {0: Spot.of(self.values)} | {block + 1: spot for block, spot in self.spots.items()}
        columns = [(np.int64(block) << SHIFT) + spot.at.astype(np.int64) for block, spot in parts.items()]
        return np.concatenate(columns), np.concatenate([spot.values for spot in parts.values()])

    @classmethod
    def unpack(cls, columns: np.ndarray, values: np.ndarray, blocks: list[int], n_shared: int) -> Snapshot:
        """Read it back; ``blocks`` are those with a plan, ``n_shared`` is the number of shared columns."""
        block, column = columns >> SHIFT, (columns & ((1 << SHIFT) - 1)).astype(np.int32)

        def spot(b: int) -> Spot:
            return Spot(column[block == b], values[block == b])

        return cls({b: spot(b + 1) for b in blocks}, spot(0).point(n_shared))
