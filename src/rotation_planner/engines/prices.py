"""Prices of the rows that prove a bound, from the linear relaxation of a goal.

Small relaxations are solved by HiGHS, whose prices are exact up to rounding. Large ones go to a first-order method
(PDLP, or our own): its prices are never exact, but every price vector proves some bound, and with all columns scaled
to between 0 and 1 the bound comes within a thousandth of the optimum long before the method has converged (decisions
0030 and 0051).
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from ortools.pdlp import solve_log_pb2, solvers_pb2
from ortools.pdlp.python import pdlp
from scipy import sparse
from scipy.optimize import linprog

from rotation_planner.engines.halpern import Halpern
from rotation_planner.engines.linear import Linear

Found = Callable[[np.ndarray, np.ndarray], None]
"""Given prices and a point."""
SMALL_ENTRIES = 10_000
"""Up to this many matrix entries HiGHS takes a fraction of a second; above, PDLP is quicker (decision 0030)."""
LARGE_ENTRIES = 5_000_000
"""Above this many, our own first-order method; below, PDLP, which disturbs a search beside it less (decision 0051)."""
FIRST_CHUNK, GROWTH = 0.2, 2.0
"""Part of the time after which PDLP first hands out its prices, and how much longer each further run is."""
FIRST = 0.2
"""Part of the time before which our own hands out no prices: early ones say little, and mislead a search
that asks them."""
SELDOM = 10.0
"""How many times longer than handing out prices the method works before it does so again."""
CLOSE = 1e-6
"""Relative difference of the two objectives, and relative infeasibility, at which prices are taken for the best."""
WORK_PER_ENTRY = 1e-8
"""Deterministic seconds charged per matrix entry and iteration; HiGHS takes what it takes, always the same."""
LEAST_ITERATIONS = 50
"""Iterations whatever the work limit."""


def find_prices(
    relaxation: Linear, limit: float, timed: bool, threads: int, on_better: Found, start: np.ndarray | None = None,
    near: np.ndarray | None = None,
) -> float:
    """Look for prices that prove a good bound.

    Parameters
    ----------
    relaxation : Linear
        Of a goal.
    limit : float
        Seconds; deterministic seconds where not ``timed``.
    threads : int
        Of the solver.
    on_better : callable
        Given usable prices of the rows as they are scaled whenever they prove more than all before, with a point of the
        columns (as they are scaled) that is nearly feasible and nearly as good.
    start : float array, optional
        Usable prices to begin with.
    near : float array, optional
        A good point of the columns as they are scaled, to begin with.

    Returns
    -------
    float
        The best bound, for the goal to be minimised, up to errors of floats.
    """
    if start is None:
        start = np.zeros(len(relaxation.low))
    if near is None:
        near = np.zeros(len(relaxation.cost))
    best = relaxation.bound(start)

    def offer(y: np.ndarray, z: np.ndarray) -> None:
        nonlocal best
        y = relaxation.usable(y)
        bound = relaxation.bound(y)
        if bound > best:
            best = bound
            on_better(y, z)

    if not len(relaxation.low) or not len(relaxation.cost):
        return best
    began = time.monotonic()
    if relaxation.matrix.nnz <= SMALL_ENTRIES:
        found = _by_highs(relaxation, limit if timed else None)
        if found is not None:
            offer(*found)
            return best
    left = limit - (time.monotonic() - began) if timed else limit
    by = _by_pdlp if relaxation.matrix.nnz <= LARGE_ENTRIES else _by_gradients
    by(relaxation, left, timed, threads, offer, start, near)
    return best


def _by_highs(relaxation: Linear, limit: float | None) -> tuple[np.ndarray, np.ndarray] | None:
    """Prices and point of an optimal vertex; None if there is not enough time."""
    low, high, rows = relaxation.low, relaxation.high, relaxation.matrix.tocsr()
    below, above = np.isfinite(low), np.isfinite(high)
    answer = linprog(
        relaxation.cost / relaxation.cost_scale,
        A_ub=sparse.vstack([rows[above], -rows[below]]), b_ub=np.concatenate([high[above], -low[below]]),
        bounds=(0, 1), method="highs", options={} if limit is None else {"time_limit": max(0.05, limit)},
    )
    if answer.status != 0 or answer.x is None:
        return None
    y = np.zeros(len(low))
    y[above] += answer.ineqlin.marginals[: above.sum()]
    y[below] -= answer.ineqlin.marginals[above.sum() :]
    return y * relaxation.cost_scale, answer.x


def _by_pdlp(
    relaxation: Linear, limit: float, timed: bool, threads: int, offer: Found, start: np.ndarray, near: np.ndarray
) -> None:
    """Run PDLP in chunks, each going on where the last one stopped."""
    scale = relaxation.cost_scale
    program = pdlp.QuadraticProgram()
    program.resize_and_initialize(len(relaxation.cost), len(relaxation.low))
    program.objective_vector = relaxation.cost / scale
    program.variable_lower_bounds = np.zeros(len(relaxation.cost))
    program.variable_upper_bounds = np.ones(len(relaxation.cost))
    program.constraint_lower_bounds, program.constraint_upper_bounds = relaxation.low, relaxation.high
    program.constraint_matrix = sparse.csc_matrix(relaxation.matrix)
    settings = solvers_pb2.PrimalDualHybridGradientParams()
    settings.num_threads = threads
    # Every column has finite bounds, and a reduced cost of either sign has its price: nothing is a residual.
    settings.handle_some_primal_gradients_on_finite_bounds_as_residuals = False
    criteria = settings.termination_criteria
    criteria.simple_optimality_criteria.eps_optimal_relative = CLOSE
    criteria.simple_optimality_criteria.eps_optimal_absolute = CLOSE
    until, chunk = time.monotonic() + limit, FIRST_CHUNK * limit
    point = pdlp.PrimalAndDualSolution()
    point.primal_solution, point.dual_solution = near, start / scale
    while True:
        if not timed:
            criteria.iteration_limit = max(LEAST_ITERATIONS, int(limit / (WORK_PER_ENTRY * relaxation.matrix.nnz)))
        else:
            left = until - time.monotonic()
            if left <= 0:
                return
            # What would be left over for too short a run is spent at once.
            criteria.time_sec_limit = chunk if chunk * (1 + GROWTH) <= left else left
            chunk *= GROWTH
        answer = pdlp.primal_dual_hybrid_gradient(program, settings, point)
        offer(answer.dual_solution * scale, answer.primal_solution)
        if not timed or answer.solve_log.termination_reason != solve_log_pb2.TERMINATION_REASON_TIME_LIMIT:
            return
        point.primal_solution, point.dual_solution = answer.primal_solution, answer.dual_solution
        if answer.solve_log.solution_stats.primal_weight > 0:
            settings.initial_primal_weight = answer.solve_log.solution_stats.primal_weight


def _by_gradients(
    relaxation: Linear, limit: float, timed: bool, threads: int, offer: Found, start: np.ndarray, near: np.ndarray
) -> None:
    """Run the first-order method; what it has at a restart is handed out, not too often."""
    begun = time.monotonic()
    until, waits, took = begun + limit, begun + FIRST * limit, 0.0
    most = max(LEAST_ITERATIONS, int(limit / (WORK_PER_ENTRY * relaxation.matrix.nnz)))

    def over(iterations: int) -> bool:
        return time.monotonic() + took >= until if timed else iterations >= most

    method = Halpern(relaxation, start, near, threads)
    for _ in method.restarts(over):
        begun, y, z = time.monotonic(), method.prices(), method.point()
        ended = over(method.iterations) or _converged(relaxation, y, z)
        if ended or not timed or begun >= waits:
            offer(y, z)
            took = time.monotonic() - begun
            waits = begun + SELDOM * took
        if ended:
            return


def _converged(relaxation: Linear, y: np.ndarray, z: np.ndarray) -> bool:
    """Whether prices and a point prove each other to be as good as the best."""
    bound, value = relaxation.bound(y), relaxation.offset + float(relaxation.cost @ z)
    if abs(value - bound) > CLOSE * (1.0 + abs(value) + abs(bound)):
        return False
    reached = relaxation.matrix @ z
    beyond = reached - np.clip(reached, relaxation.low, relaxation.high)
    sides = np.where(np.isfinite(relaxation.low), relaxation.low, relaxation.high)
    return float(np.linalg.norm(beyond)) <= CLOSE * (1.0 + float(np.linalg.norm(sides)))
