"""Rows that follow from a row of one person because attendances are whole.

In formulas: a row says ``sum a[j] * x[j] + c * s + ... >= low``. Its ``x`` are 0 or 1 and have positive coefficients,
``s`` is one column of many values from 0 on (a shortfall, say), and everything else in it is counted at its most, which
leaves ``sum a[j] * x[j] + c * s >= b``. With A = max a[j], n = ceil(b / A) and F = b - (n - 1) * A, whole points keep

    sum min(a[j], F) * x[j] + c * s >= n * F

Proof: let p of the ``x`` that are 1 have ``a[j] >= F``, and let the others that are 1 add up to q. The first sum is
``p * F + q``, which is enough if p >= n. Otherwise, as A >= F,
``c * s >= b - p * A - q = (n - 1 - p) * A + F - q >= (n - p) * F - q``.

This is mixed-integer rounding with the largest coefficient as divisor (Nemhauser, Wolsey: A recursive procedure to
generate all cuts for 0-1 mixed integer programs, 1990). A relaxation may send somebody to eight tenths of a course, for
just the hours that are missing; it may not with this row, because whole courses overshoot (decision 0050).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse


@dataclass(frozen=True, eq=False)
class Rounded:
    """Rows ``sum of coef * column >= low``, each implied by one row and the bounds of its columns.

    Attributes
    ----------
    row, column, coef : int64 arrays
        Entries; ``row`` counts from 0.
    low : int64 array, one per new row
        Its side.
    source : int64 array, one per new row
        The row from which it follows.
    """

    row: np.ndarray
    column: np.ndarray
    coef: np.ndarray
    low: np.ndarray
    source: np.ndarray


def rounded(
    matrix: sparse.csr_array, low: np.ndarray, lower: np.ndarray, upper: np.ndarray, owner: np.ndarray
) -> Rounded:
    """Derive rows, one for each row of one person and each column of many values in it, where that says more.

    Parameters
    ----------
    matrix : CSR matrix of int64
        Rows that have a lower side, without zeros and repeated entries.
    low : int64 array, one per row
        That side.
    lower, upper, owner : arrays, one per column
        Bounds, and the person to whom it belongs (-1: nobody).
    """
    n_rows = matrix.shape[0]
    row = np.repeat(np.arange(n_rows), np.diff(matrix.indptr))
    column, coef = matrix.indices.astype(np.int64), matrix.data
    positive = (coef > 0) & (lower[column] == 0)
    single, many = positive & (upper[column] == 1), positive & (upper[column] > 1)
    most = np.where(single, 0, np.maximum(coef * lower[column], coef * upper[column]))
    largest, rest, anybodys = np.zeros(n_rows, np.int64), np.zeros(n_rows, np.int64), np.zeros(n_rows, bool)
    np.maximum.at(largest, row[single], coef[single])
    np.add.at(rest, row, most)
    anybodys[row[(owner[column] < 0) | (owner[column] != owner[column[matrix.indptr[row]]])]] = True

    at = np.flatnonzero(many & (largest > 0)[row] & ~anybodys[row])
    others = rest[row[at]] - most[at]
    left, divisor = low[row[at]] - others, largest[row[at]]
    times = -(-left // np.maximum(1, divisor))
    part = left - (times - 1) * divisor
    says_more = (left > 0) & (part < divisor)
    at, times, part = at[says_more], times[says_more], part[says_more]

    first, count = matrix.indptr[row[at]].astype(np.int64), np.diff(matrix.indptr)[row[at]]
    new = np.repeat(np.arange(len(at)), count)
    entry = np.arange(len(new)) + np.repeat(first - np.cumsum(count) + count, count)
    stays = single[entry] | (entry == at[new])
    new, entry = new[stays], entry[stays]
    value = np.where(single[entry], np.minimum(coef[entry], part[new]), coef[entry])
    return Rounded(new, column[entry], value, times * part, row[at])
