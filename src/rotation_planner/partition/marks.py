"""Which block has which rows about several people: a row that two blocks have says something of neither."""

from __future__ import annotations

import numpy as np


class Marks:
    """The labels of rows of a rule, as numbers, with the block that has each."""

    def __init__(self) -> None:
        self._known, self._block = np.zeros(0, np.uint64), np.zeros(0, np.int64)

    def add(self, block: int, marks: np.ndarray) -> bool:
        """Take the labels of a block; whether another block has one of them."""
        fresh = np.sort(marks)
        at = np.searchsorted(self._known, fresh)
        there = np.append(self._known, np.uint64(0))[at] == fresh
        there &= at < len(self._known)
        foreign = bool((self._block[at[there]] != block).any())
        self._known = np.insert(self._known, at[~there], fresh[~there])
        self._block = np.insert(self._block, at[~there], block)
        return foreign
