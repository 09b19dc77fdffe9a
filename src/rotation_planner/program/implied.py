"""Bounds of columns that follow from how good the earlier goals are to be."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rotation_planner.program.exact import dot
from rotation_planner.program.program import Program


def implied_bounds(program: Program, caps: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    """Bounds of the columns in points whose first goals are at least as good as the caps.

    If a goal to be minimised may be at most ``v`` and is at least ``m`` whatever the columns, then no column may add
    more than ``v - m`` to it: a goal of shortfalls held at 0 holds every shortfall at 0.

    Parameters
    ----------
    caps : sequence of int
        A value for each of the first goals.

    Returns
    -------
    lower, upper : int64 array
        New arrays.

    Raises
    ------
    ValueError
        If no point can keep a cap.
    """
    lower, upper = program.lower.copy(), program.upper.copy()
    for goal, cap in zip(program.goals, caps, strict=False):
        sense = -1 if goal.maximise else 1
        dense = sense * goal.dense(program.n_columns)
        used = np.flatnonzero(dense)
        coefs, best = dense[used], np.where(dense > 0, lower, upper)[used]
        spare = sense * cap - dot(coefs, best)
        if spare < 0:
            raise ValueError(f"no point has a goal {goal.name} as good as {cap}")
        room = min(spare, np.iinfo(np.int64).max) // np.abs(coefs)
        width = (upper - lower)[used]
        moved = np.sign(coefs) * np.minimum(room, width)
        rises = coefs > 0
        upper[used[rises]] = (best + moved)[rises]
        lower[used[~rises]] = (best + moved)[~rises]
    return lower, upper
