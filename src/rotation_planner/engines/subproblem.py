"""A part of a program, the rest being fixed, and its solution by CP-SAT."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model
from scipy import sparse

from rotation_planner.engines.options import Budget
from rotation_planner.program.program import INF, Program


@dataclass(frozen=True)
class Sub:
    """The free columns of a program, with the rows that touch them."""

    columns: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    matrix: sparse.csr_array
    low: np.ndarray
    high: np.ndarray
    start: np.ndarray


def restrict(
    program: Program,
    csc: sparse.csc_array,
    x: np.ndarray,
    columns: np.ndarray,
    activity: np.ndarray,
    upper: np.ndarray | None = None,
    of: tuple[sparse.csr_array, np.ndarray] | None = None,
) -> Sub:
    """Fix all but some columns of a point.

    Parameters
    ----------
    csc : CSC matrix
        The program's matrix by column.
    columns : int array
        Free columns.
    activity : int64 array
        ``program.matrix @ x``.
    upper : int64 array, optional
        Upper bounds to use instead of the program's.
    of : (CSR array, int array), optional
        What ``rows_of`` says of the columns, where it is known.
    """
    part, touched = rows_of(csc, columns) if of is None else of
    start = x[columns]
    fixed = activity[touched] - part @ start
    lower, top = program.lower[columns], (program.upper if upper is None else upper)[columns]
    low, high = program.low[touched], program.high[touched]
    low = np.where(low <= -INF, -INF, low - fixed)
    high = np.where(high >= INF, INF, high - fixed)
    positive, negative = part.maximum(0), part.minimum(0)
    least = positive @ lower + negative @ top
    most = positive @ top + negative @ lower
    binds = ((low > -INF) & (least < low)) | ((high < INF) & (most > high))
    return Sub(columns, lower, top, part[np.flatnonzero(binds)].tocsr(), low[binds], high[binds], start)


def rows_of(csc: sparse.csc_array, columns: np.ndarray) -> tuple[sparse.csr_array, np.ndarray]:
    """The rows that touch some columns, cut to these, and their numbers; in time of what is cut, not of the whole."""
    part = csc[:, columns]
    touched, row = np.unique(part.indices, return_inverse=True)
    cut = sparse.csc_array((part.data, row.ravel(), part.indptr), shape=(len(touched), len(columns)))
    return cut.tocsr(), touched


@dataclass(frozen=True)
class Solved:
    """Answer of a solve: ``x`` is None without one, ``bound`` is of the objective, ``work`` is still to be charged."""

    x: np.ndarray | None
    bound: float | None
    optimal: bool
    infeasible: bool = False
    work: float = 0.0


class _Watch(cp_model.CpSolverSolutionCallback):
    def __init__(self, on_solution: Callable[[np.ndarray], None]) -> None:
        super().__init__()
        self._on_solution = on_solution

    def on_solution_callback(self) -> None:
        self._on_solution(np.array(self.response_proto.solution, dtype=np.int64))


def solve_sub(
    sub: Sub,
    objective: np.ndarray,
    caps: list[tuple[np.ndarray, int]],
    budget: Budget,
    limit: float,
    workers: int,
    seed: int,
    on_solution: Callable[[np.ndarray], None] | None = None,
    gap: float = 0.0,
    on_bound: Callable[[float], None] | None = None,
) -> Solved:
    """Minimise an objective over a part of a program.

    Parameters
    ----------
    objective : int64 array
        Coefficient of each free column.
    caps : list of (int64 array, int)
        Further rows ``coefs @ x <= side``, for goals that come before.
    limit : float
        Seconds, or deterministic seconds under a work limit.
    """
    model = cp_model.CpModel()
    proto = model.proto
    for low, high in zip(sub.lower.tolist(), sub.upper.tolist(), strict=True):
        proto.variables.add().domain.extend((low, high))
    low_side, high_side = sub.low.tolist(), sub.high.tolist()
    indptr, indices, data = sub.matrix.indptr.tolist(), sub.matrix.indices.tolist(), sub.matrix.data.tolist()
    boolean = ((sub.lower == 0) & (sub.upper == 1)).tolist()
    for r in range(len(low_side)):
        a, b = indptr[r], indptr[r + 1]
        variables, coefs = indices[a:b], data[a:b]
        constraint = proto.constraints.add()
        if high_side[r] == 1 and low_side[r] <= 0 and all(c == 1 for c in coefs) and all(boolean[v] for v in variables):
            constraint.at_most_one.literals.extend(variables)
        else:
            constraint.linear.vars.extend(variables)
            constraint.linear.coeffs.extend(coefs)
            constraint.linear.domain.extend((low_side[r], high_side[r]))
    for coefs_of_goal, side in caps:
        used = np.flatnonzero(coefs_of_goal)
        if len(used):
            constraint = proto.constraints.add()
            constraint.linear.vars.extend(used.tolist())
            constraint.linear.coeffs.extend(coefs_of_goal[used].tolist())
            constraint.linear.domain.extend((-int(INF), int(side)))
    used = np.flatnonzero(objective)
    proto.objective.vars.extend(used.tolist())
    proto.objective.coeffs.extend(objective[used].tolist())
    proto.solution_hint.vars.extend(range(len(sub.start)))
    proto.solution_hint.values.extend(sub.start.tolist())
    solver = cp_model.CpSolver()
    p = solver.parameters
    p.num_workers = workers
    p.random_seed = seed
    p.relative_gap_limit = gap
    if budget.work_limit is None:
        p.max_time_in_seconds = min(limit, budget.remaining())
    else:
        p.max_deterministic_time = min(limit, budget.remaining())
        p.interleave_search = workers > 1
    if on_bound is not None:
        solver.best_bound_callback = on_bound
    status = solver.solve(model, _Watch(on_solution) if on_solution is not None else None)
    response = solver.response_proto
    budget.spend(response.deterministic_time)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Solved(None, None, optimal=False, infeasible=status == cp_model.INFEASIBLE)
    bound = response.best_objective_bound if len(used) else 0.0
    return Solved(
        np.array(response.solution, dtype=np.int64), bound, optimal=status == cp_model.OPTIMAL and gap == 0.0
    )
