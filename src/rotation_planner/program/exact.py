"""Sums of products of 64-bit integers, exact whatever their size.

A float of 53 bits with its rounding is good enough to tell that a sum stays far below 2^63; where it may not, the work
is done in Python's integers, which have no size.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

SAFE = 2.0**62
"""A magnitude below this, computed in floats with a relative error far below 1/2, surely fits into 63 bits."""
LOW_BITS = 32


def magnitude(a: np.ndarray) -> np.ndarray:
    """Absolute values as floats; right for the most negative integer too."""
    return np.abs(a.astype(np.float64))


def dot(a: np.ndarray, b: np.ndarray) -> int:
    """Sum of ``a * b``.

    Parameters
    ----------
    a, b : int64 array
        Of one length.
    """
    large = magnitude(a) * magnitude(b) >= SAFE
    total: int = sum(x * y for x, y in zip(a[large].tolist(), b[large].tolist(), strict=True))
    product = np.where(large, 0, a) * np.where(large, 0, b)
    # Halves of 32 bits: even 2^31 of them add up within 63 bits.
    high, low = product >> LOW_BITS, product & ((1 << LOW_BITS) - 1)
    return total + (int(high.sum()) << LOW_BITS) + int(low.sum())


def reduced(
    matrix: sparse.csr_array, prices: np.ndarray, extra: list[tuple[np.ndarray, int]]
) -> tuple[np.ndarray, dict[int, int]]:
    """What is left of the costs of every column: sum of multiplied extra rows, less the priced rows.

    Parameters
    ----------
    matrix : CSR matrix of int64
        Rows by columns.
    prices : int64 array, one per row
        Price of each row.
    extra : list of (int64 array, int)
        Dense rows with a multiplier each: the costs, times the denominator, among them.

    Returns
    -------
    values : int64 array
        One per column; 0 where it may not fit.
    large : dict
        Column to value for those that may not fit.
    """
    sizes = sparse.csr_array((magnitude(matrix.data), matrix.indices, matrix.indptr), shape=matrix.shape)
    size = sizes.T @ magnitude(prices)
    for row, factor in extra:
        size += magnitude(row) * float(abs(factor))
    fits = size < SAFE
    values = -(matrix.T @ prices)
    for row, factor in extra:
        # A factor beyond 63 bits leaves no column that fits but those with 0 in the row.
        values += np.where(fits, row, 0) * (factor if abs(factor) < SAFE else 0)
    values[~fits] = 0
    return values, _large(matrix, prices, extra, fits)


def _large(
    matrix: sparse.csr_array, prices: np.ndarray, extra: list[tuple[np.ndarray, int]], fits: np.ndarray
) -> dict[int, int]:
    """The columns that may not fit, in Python's integers."""
    out = {int(j): sum(factor * int(row[j]) for row, factor in extra) for j in np.flatnonzero(~fits)}
    entries = np.flatnonzero(~fits[matrix.indices])
    rows = np.searchsorted(matrix.indptr, entries, side="right") - 1
    for j, a, y in zip(
        matrix.indices[entries].tolist(), matrix.data[entries].tolist(), prices[rows].tolist(), strict=True
    ):
        out[j] -= a * y
    return out
