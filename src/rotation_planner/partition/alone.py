"""Which shared columns and rows only one block uses: to it they are as good as its own.

Most sessions are for the people of one authority, and an authority is in one block (``slices/ties.py``). What such
things are worth, the block knows better than any sample of all people.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from rotation_planner.partition.room import Needs
from rotation_planner.slices import Shared
from rotation_planner.slices.shared import LINKED

NOBODY, SEVERAL = -2, -1


@dataclass(frozen=True)
class Alone:
    """Shared columns and rows that a block alone uses, in order."""

    columns: np.ndarray
    rows: np.ndarray


def alone(shared: Shared, needs: Needs) -> list[Alone]:
    """For each block what it alone uses.

    A column is a block's if only its people are in rows that define the column or what hangs together with it. A row is
    a block's if only its people and its columns are in it.
    """
    used, size = needs.use.sign(), np.diff(shared.matrix.indptr)
    user = _only(used)
    small = np.flatnonzero(size <= LINKED)
    part = shared.matrix[small].tocoo()
    touches = sparse.coo_array(
        (np.ones(len(part.data)), (part.row, shared.group[part.col])),
        shape=(len(small), int(shared.group.max(initial=-1)) + 1),
    ).tocsr()
    group = _only((used[:, small] @ touches).sign())
    entries = shared.matrix.tocoo()
    # What hangs on no people at all (the shortfall of a fund) is of the block whose columns are with it.
    owner = group[shared.group]
    row = _joined(entries.row, owner[entries.col], user)
    near = _joined(shared.group[entries.col], row[entries.row], np.full(len(group), NOBODY))
    owner = np.where(group == NOBODY, near, group)[shared.group]
    row = _joined(entries.row, owner[entries.col], user)
    # A row of a block with a column of nobody else's in it is not the block's alone.
    loose = np.zeros(len(row), bool)
    loose[entries.row[owner[entries.col] == NOBODY]] = True
    row[loose] = SEVERAL
    return [Alone(np.flatnonzero(owner == b), np.flatnonzero(row == b)) for b in range(used.shape[0])]


def _only(used: sparse.csr_array) -> np.ndarray:
    """The one block that uses each column of a table of ones, or ``NOBODY``, or ``SEVERAL``."""
    entries = used.tocoo()
    count = np.bincount(entries.col, minlength=used.shape[1])
    found = np.full(used.shape[1], NOBODY)
    found[entries.col] = entries.row
    found[count > 1] = SEVERAL
    return found


def _joined(place: np.ndarray, owner: np.ndarray, own: np.ndarray) -> np.ndarray:
    """The one owner of everything at each place and of the place itself, where any has one; else as ``_only`` says."""
    some = owner != NOBODY
    least, most = np.where(own == NOBODY, np.iinfo(np.int64).max, own), own.copy()
    np.minimum.at(least, place[some], owner[some])
    np.maximum.at(most, place[some], owner[some])
    found: np.ndarray = np.where(most == NOBODY, NOBODY, np.where(least == most, most, SEVERAL))
    return found
