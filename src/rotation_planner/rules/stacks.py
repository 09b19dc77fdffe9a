"""Which stretches of days lie over each other: as few points in time as say it all.

The load of a group (a cadre, an institution, a unit) rises only where a stretch starts, so a row at each start is
enough; of these, every one that another implies is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from rotation_planner.program.distinct import distinct

Limit = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""Group and day of each point to the limit there."""

MAX_PAIRS = 100_000_000
"""Comparisons beyond which implied rows are kept: leaving them out saves work, it changes nothing."""
CHUNK_PAIRS = 4_000_000
"""Comparisons made at a time, which bounds the memory."""


@dataclass(frozen=True)
class Stacks:
    """Rows of items that lie over each other.

    Attributes
    ----------
    group, day : int arrays, one per row
        Whose row, and its day.
    high : int array, one per row
        Limit there (0 where none was asked for).
    row, item : int arrays
        Entries: each item once in each of its rows.
    """

    group: np.ndarray
    day: np.ndarray
    high: np.ndarray
    row: np.ndarray
    item: np.ndarray

    def keep(self, rows: np.ndarray) -> Stacks:
        """Only the rows marked."""
        number = np.cumsum(rows) - 1
        entries = rows[self.row]
        return Stacks(
            self.group[rows], self.day[rows], self.high[rows], number[self.row[entries]], self.item[entries]
        )


def stack(
    item: np.ndarray,
    group: np.ndarray,
    first: np.ndarray,
    last: np.ndarray,
    limit: Limit | None = None,
    cuts: tuple[np.ndarray, np.ndarray] | None = None,
) -> Stacks:
    """Put stretches of days over each other.

    Parameters
    ----------
    item, group, first, last : int arrays
        Stretches; the item and group each belongs to, first and last day. An item has one group.
    limit : callable, optional
        Limit at a point; a row is left out only for one with more items and no higher limit.
    cuts : (group, day), optional
        More points, where limits change without a start.
    """
    item, group, first, last = _merged(item, group, first, last)
    if not len(item):
        none = np.zeros(0, np.int64)
        return Stacks(none, none, none, none, none)
    base = int(first.min()) - 1
    span = int(last.max()) - base + 2
    starts = distinct(group * span + (first - base))
    points = starts
    if cuts is not None:
        inside = (cuts[1] > base) & (cuts[1] < base + span)
        points = distinct(np.concatenate([starts, cuts[0][inside] * span + (cuts[1][inside] - base)]))
    low = np.searchsorted(points, group * span + (first - base))
    past = np.searchsorted(points, group * span + (last - base), side="right")
    at_group, at_day = points // span, points % span + base
    high = np.zeros(len(points), np.int64) if limit is None else limit(at_group, at_day)
    begins = np.zeros(len(points), bool)
    begins[np.searchsorted(points, starts)] = True
    kept = _not_beside_stronger(points, at_group, high, begins, past)
    row, run = expand(low, past)
    found = Stacks(at_group, at_day, high, row, item[run]).keep(kept)
    return _drop_implied(found) if (item[1:] == item[:-1]).any() else found  # they are in order


def expand(low: np.ndarray, past: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Every number from ``low`` to before ``past``, and the range it comes from."""
    count = past - low
    source = np.repeat(np.arange(len(low)), count)
    return np.arange(len(source)) - np.repeat(np.cumsum(count) - count, count) + low[source], source


def _merged(
    item: np.ndarray, group: np.ndarray, first: np.ndarray, last: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Join overlapping stretches of an item, so that it counts once on a day."""
    order = np.lexsort((last, first, item))
    item, group, first, last = (np.asarray(a, np.int64)[order] for a in (item, group, first, last))
    if not len(item):
        return item, group, first, last
    # Stretches of an item are equally much longer at both ends, so last days rise with first days.
    fresh = np.ones(len(item), bool)
    fresh[1:] = (item[1:] != item[:-1]) | (first[1:] > last[:-1])
    begin = np.flatnonzero(fresh)
    return item[begin], group[begin], first[begin], np.maximum.reduceat(last, begin)


def _not_beside_stronger(
    points: np.ndarray, group: np.ndarray, high: np.ndarray, starts: np.ndarray, past: np.ndarray
) -> np.ndarray:
    """Points not implied by the next or the one before: nothing ends (nothing starts) between, no higher limit."""
    ended = np.zeros(len(points), bool)
    ended[past - 1] = True
    same = np.zeros(len(points), bool)
    same[:-1] = group[1:] == group[:-1]
    by_next = np.zeros(len(points), bool)
    by_next[:-1] = same[:-1] & ~ended[:-1] & (high[1:] <= high[:-1])
    by_previous = np.zeros(len(points), bool)
    by_previous[1:] = same[:-1] & ~starts[1:] & (high[:-1] <= high[1:]) & ~by_next[:-1]
    return ~(by_next | by_previous)


def _drop_implied(found: Stacks) -> Stacks:
    """Leave out rows that another of the group implies, neighbours or not."""
    kept = strongest(found.row, found.item, found.high)
    return found.keep(kept)


def strongest(row: np.ndarray, item: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Rows whose items are not all in another row with no higher limit (of equals the lowest, then the first, stays).

    Parameters
    ----------
    row, item : int arrays
        Entries, each pair once.
    high : int array, one per row
        Limits.

    Returns
    -------
    bool array, one per row
    """
    n = len(high)
    if not len(row):
        return np.zeros(n, bool)
    size = np.bincount(row, minlength=n)
    mark = np.random.default_rng(0).integers(1, np.iinfo(np.int64).max, int(item.max(initial=0)) + 1)
    mixed = np.zeros(n, np.int64)
    with np.errstate(over="ignore"):
        np.add.at(mixed, row, mark[item])
    order = np.lexsort((np.arange(n), high, mixed, size))
    equal = np.zeros(n, bool)
    equal[1:] = (size[order][1:] == size[order][:-1]) & (mixed[order][1:] == mixed[order][:-1])
    kept = np.zeros(n, bool)
    kept[order[~equal]] = True
    kept &= size > 0
    entries = kept[row]
    row, item = row[entries], item[entries]
    often = np.bincount(item)
    if int((often * often).sum()) > MAX_PAIRS:
        return kept
    matrix = sparse.csr_array((np.ones(len(row), np.int32), (row, item)), shape=(n, len(often)))
    transposed = matrix.T.tocsr()
    work = np.cumsum(np.bincount(row, weights=often[item], minlength=n))
    cuts = np.searchsorted(work, np.arange(CHUNK_PAIRS, work[-1] + CHUNK_PAIRS, CHUNK_PAIRS), side="left")
    begin = 0
    for end in distinct(np.append(np.minimum(cuts + 1, n), n)):
        shared = (matrix[begin:end] @ transposed).tocoo()
        small, large = shared.row + begin, shared.col
        inside = (small != large) & (shared.data == size[small]) & (high[large] <= high[small])
        kept[small[inside]] = False
        begin = end
    return kept
