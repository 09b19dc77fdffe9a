"""The next common prices to try: the best that all cuts so far allow within a box around the best ones.

In formulas (a goal to be minimised; y: prices of shared rows, z: of earlier goals)
    most of  sides(y) - z @ caps + (shared columns at what y and z leave of their costs) + sum over blocks of theta
    theta <= cost + z @ before - y @ added  for every cut of a block;  y, z within their boxes.
It is solved as its dual: each block mixes its cuts, and leaving a shared row costs what the box allows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from rotation_planner.partition.pricing import Cut
from rotation_planner.program.program import INF
from rotation_planner.slices import Shared


@dataclass(frozen=True)
class Box:
    """Between what the prices of shared rows and of earlier goals may be; infinite where they are free."""

    rows_low: np.ndarray
    rows_high: np.ndarray
    caps_low: np.ndarray
    caps_high: np.ndarray


def next_prices(
    shared: Shared, sides: tuple[np.ndarray, np.ndarray], goal: int, caps: np.ndarray, cuts: list[list[Cut]], box: Box,
    seconds: float,
) -> tuple[float, np.ndarray, np.ndarray] | None:
    """What the best of these prices would prove if the cuts told everything, and the prices; None without an answer.

    Parameters
    ----------
    caps : int array, one per earlier goal
        Values of these, to be minimised.
    cuts : list of list of Cut
        Of each block.
    seconds : float
        Time for it.
    """
    low, high = sides
    sense = np.array([-1 if maximise else 1 for _, maximise, _ in shared.goal_names])
    before = (sense[:goal, None] * shared.goals[:goal]).astype(float)
    flat = [cut for some in cuts for cut in some]
    of, n = np.repeat(np.arange(len(cuts)), [len(some) for some in cuts]), len(flat)
    boxed = np.flatnonzero(np.isfinite(box.rows_low))
    slack = sparse.coo_array((np.ones(len(boxed)), (boxed, np.arange(len(boxed)))), shape=(len(low), len(boxed)))
    # Columns: weights of the cuts, shared columns, going below and above each boxed row, beyond and short of each cap.
    held = np.flatnonzero(np.isfinite(box.caps_high))
    mixed = sparse.vstack([cut.added for cut in flat], format="csr").T
    rows = sparse.hstack(
        [mixed, shared.matrix.astype(float), slack, -slack, sparse.csr_array((len(low), 2 * len(held)))], format="csr"
    )
    eye = np.eye(goal)[:, held]
    capped = sparse.csr_array(np.hstack([
        np.array([cut.before for cut in flat]).reshape(n, goal).T, before, np.zeros((goal, 2 * len(boxed))),
        -eye, eye,
    ]))
    ones = sparse.coo_array((np.ones(n), (of, np.arange(n))), shape=(len(cuts), rows.shape[1]))
    cost = np.concatenate([
        [cut.cost for cut in flat], sense[goal] * shared.goals[goal], box.rows_high[boxed], -box.rows_low[boxed],
        box.caps_high[held], -box.caps_low[held],
    ])
    upper = np.full(len(cost), np.inf)
    lower = np.zeros(len(cost))
    mine = slice(n, n + len(shared.lower))
    lower[mine], upper[mine] = shared.lower, shared.upper
    same = (low == high)
    below, above = np.flatnonzero((low > -INF) & ~same), np.flatnonzero((high < INF) & ~same)
    equal = np.flatnonzero(same)
    scale = float(np.abs(cost).max(initial=0.0)) or 1.0
    answer = linprog(  # type: ignore[call-overload]
        cost / scale, A_ub=sparse.vstack([rows[above], -rows[below], capped], format="csr"),
        b_ub=np.concatenate([high[above], -low[below], caps]).astype(float),
        A_eq=sparse.vstack([rows[equal], ones], format="csr"), b_eq=np.concatenate([low[equal], np.ones(len(cuts))]),
        bounds=np.stack([lower, upper], axis=1), method="highs", options={"time_limit": seconds},
    )
    if answer.status != 0:
        return None
    y = np.zeros(len(low))
    unequal = answer.ineqlin.marginals * scale
    y[above] += unequal[: len(above)]
    y[below] -= unequal[len(above) : len(above) + len(below)]
    y[equal] = answer.eqlin.marginals[: len(equal)] * scale
    return answer.fun * scale, y, np.maximum(0.0, -unequal[len(above) + len(below) :])
