"""Groups of people whose linear relaxations are solved apart, each with its part of everything shared.

A relaxation takes more than twice as long for twice as many people, and groups can be solved at the same time. People
are dealt out like cards, so that every group is a fair sample of all who share something.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import sparse

from rotation_planner.program.program import INF, Program


def shares_of(
    program: Program, csc: sparse.csc_array, attend: np.ndarray, group: np.ndarray, count: int
) -> tuple[np.ndarray, np.ndarray]:
    """How much of each row, and of all attendances, is a group's: float arrays [group, row] and [group].

    Of rows that are about nobody's attendances a group has its part of all attendances.
    """
    part = csc[:, attend]
    of = group[program.owner[attend]]
    place = np.repeat(of, np.diff(part.indptr)) * program.n_rows + part.indices
    used = np.bincount(place, minlength=count * program.n_rows).reshape(count, program.n_rows).astype(float)
    every = np.bincount(of, minlength=count) / max(1, len(attend))
    total = used.sum(axis=0)
    return np.where(total > 0, used / np.maximum(total, 1), every[:, None]), every


def divided(
    program: Program, x: np.ndarray, activity: np.ndarray, rows: np.ndarray, shared: np.ndarray, part: float
) -> Program:
    """A program in which a group has its part of whatever is left at a point.

    Parameters
    ----------
    rows : float array
        The group's part of each row.
    shared : int array
        Columns that are divided as well.
    part : float
        The group's part of them.
    """
    low = np.where(program.low > -INF, activity + rows * (program.low - activity), -INF)
    high = np.where(program.high < INF, activity + rows * (program.high - activity), INF)
    lower, upper = program.lower.astype(float), program.upper.astype(float)
    lower[shared] = x[shared] + part * (lower[shared] - x[shared])
    upper[shared] = x[shared] + part * (upper[shared] - x[shared])
    return replace(program, low=low, high=high, lower=lower, upper=upper)
