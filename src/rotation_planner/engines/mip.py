"""A part of a program solved by HiGHS: much quicker than CP-SAT where people are placed into given classes.

Placing people is nearly a flow problem, so the linear relaxation of a part is nearly whole, and a mixed-integer solver
closes in a fraction of a second what a clause-learning one does not close at all (decision 0003). Its answer is in
floating point; it is rounded here and checked in exact integers by the search before it is believed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from rotation_planner.engines.options import Budget
from rotation_planner.engines.subproblem import Solved, Sub
from rotation_planner.program.program import INF

NODES = 50
"""Nodes of the branching under a work limit: HiGHS has no deterministic clock, so nodes stand for effort."""
WORK_PER_ENTRY = 2e-5
"""Deterministic seconds charged per matrix entry of a solve under a work limit (about half a second for 25,000)."""


def solve_mip(
    sub: Sub,
    objective: np.ndarray,
    caps: list[tuple[np.ndarray, int]],
    budget: Budget,
    limit: float,
    gap: float = 0.0,
    whole: np.ndarray | None = None,
) -> Solved:
    """Minimise an objective over a part of a program.

    Parameters
    ----------
    objective : array
        Coefficient of each free column.
    caps : list of (int64 array, int)
        Further rows ``coefs @ x <= side``, for goals that come before.
    limit : float
        Seconds; under a work limit a fixed number of nodes is used instead. The caller charges ``Solved.work``: parts
        are solved in several threads, and sums must not depend on which ends first.
    whole : bool array, optional
        Columns that must be whole; by default all. Others may come back as fractions.
    """
    matrix, low, high = sub.matrix, sub.low, sub.high
    rows = [(c, side) for c, side in caps if c.any()]
    if rows:
        matrix = sparse.vstack([matrix, sparse.csr_array(np.stack([c for c, _ in rows]))]).tocsr()
        low = np.concatenate([low, np.full(len(rows), -INF)])
        high = np.concatenate([high, [side for _, side in rows]])
    if budget.work_limit is None:
        options: Any = {"mip_rel_gap": gap, "time_limit": max(0.05, min(limit, budget.remaining()))}
    else:
        options = {"mip_rel_gap": gap, "node_limit": NODES}
    scale = max(1.0, float(np.abs(objective).max(initial=0.0)) / 1e4)
    answer = milp(
        objective / scale,
        constraints=LinearConstraint(
            matrix.astype(float), np.where(low <= -INF, -np.inf, low), np.where(high >= INF, np.inf, high)
        ),
        bounds=Bounds(sub.lower, sub.upper),
        integrality=np.ones(len(objective), np.int64) if whole is None else whole.astype(np.int64),
        options=options,
    )
    work = WORK_PER_ENTRY * matrix.nnz
    if answer.x is None:
        return Solved(None, None, optimal=False, infeasible=answer.status == 2, work=work)
    x = np.clip(answer.x, sub.lower, sub.upper)
    if whole is None:
        x = np.rint(x).astype(np.int64)
    return Solved(x, None, optimal=answer.status == 0, work=work)
