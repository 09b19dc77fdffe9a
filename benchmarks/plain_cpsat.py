"""The rival: CP-SAT as a user would write it, one Boolean per cadre and session and nothing more.

Every column of the program is a variable and every row a constraint of one model, which the solver gets in one
go: no start, no decomposition, no cohorts. The goals come in order, as they must: each is solved in turn, then held
by an inequality; the solution found so far is the next goal's hint, as the manual advises. A goal gets half of the
time that is left, the last one all of it, and the first one the other half too if it has no solution by then.
"""

from __future__ import annotations

import math
import time

import numpy as np
from ortools.sat.python import cp_model

from benchmarks.found import Bound, Found, point_of
from benchmarks.trajectory import Point
from rotation_planner.compile import compile_candidates
from rotation_planner.domain.scenario import Scenario
from rotation_planner.model import Built, build, to_plan
from rotation_planner.program import GoalRow, Kind, Program
from rotation_planner.program.program import INF


class _Watch(cp_model.CpSolverSolutionCallback):
    """Keeps what is not zero in every better solution, and when it came."""

    def __init__(self, began: float) -> None:
        super().__init__()
        self.began = began
        self.found: list[tuple[float, np.ndarray, np.ndarray]] = []

    def on_solution_callback(self) -> None:
        """Keep a solution."""
        values = np.array(self.response_proto.solution, np.int64)
        columns = np.flatnonzero(values)
        self.found.append((time.monotonic() - self.began, columns, values[columns]))

    def points(self, built: Built) -> tuple[Point, ...]:
        """Goal values over time."""
        found = []
        for seconds, columns, values in self.found:
            x = np.zeros(built.program.n_columns, np.int64)
            x[columns] = values
            found.append(point_of(built, seconds, x))
        return tuple(found)


def as_model(program: Program) -> tuple[cp_model.CpModel, list[cp_model.IntVar]]:
    """The program as one CP-SAT model."""
    model = cp_model.CpModel()
    binary = (program.lower == 0) & (program.upper == 1)
    x = [
        model.new_bool_var("") if b else model.new_int_var(low, high, "")
        for b, low, high in zip(binary.tolist(), program.lower.tolist(), program.upper.tolist(), strict=True)
    ]
    start, columns = program.matrix.indptr.tolist(), program.matrix.indices.tolist()
    coefs, lows, highs = program.matrix.data.tolist(), program.low.tolist(), program.high.tolist()
    implied = np.array([f.kind is Kind.IMPLIED for f in program.families], bool)[program.row_family]
    for r in np.flatnonzero(~implied).tolist():  # a user would not write down what follows from other rows
        entries = slice(start[r], start[r + 1])
        if entries.start == entries.stop:
            continue  # the builder has checked that such a row holds
        terms = cp_model.LinearExpr.weighted_sum([x[c] for c in columns[entries]], coefs[entries])
        low = lows[r] if lows[r] > -INF else cp_model.INT_MIN
        high = highs[r] if highs[r] < INF else cp_model.INT_MAX
        model.add_linear_constraint(terms, low, high)
    return model, x


def _terms(goal: GoalRow) -> dict[int, int]:
    """Coefficient of each column, repeated ones added up."""
    columns, position = np.unique(goal.columns, return_inverse=True)
    sums = np.zeros(len(columns), np.int64)
    np.add.at(sums, position, goal.coefs)
    return dict(zip(columns.tolist(), sums.tolist(), strict=True))


def solve_plainly(scenario: Scenario, time_limit_s: float, workers: int, seed: int) -> Found:
    """Plan with plain CP-SAT; compiling and building count toward the time.

    Parameters
    ----------
    scenario : Scenario
        What to plan.
    time_limit_s : float
        Wall clock for everything, in seconds.
    workers, seed : int
        Of the solver.
    """
    began = time.monotonic()
    deadline = began + time_limit_s
    made = build(compile_candidates(scenario))
    program: Program = made.program
    model, x = as_model(program)
    watch = _Watch(began)
    best: np.ndarray | None = None
    bounds: list[Bound] = []
    proved = True
    goals = [(goal, terms) for goal in program.goals if (terms := _terms(goal))]
    for number, (goal, terms) in enumerate(goals):
        left = deadline - time.monotonic()
        if left <= 0:
            proved = False
            break
        objective = cp_model.LinearExpr.weighted_sum([x[c] for c in terms], list(terms.values()))
        (model.maximize if goal.maximise else model.minimize)(objective)
        model.clear_hints()  # type: ignore[no-untyped-call]
        if best is not None:
            for variable, value in zip(x, best.tolist(), strict=True):
                model.add_hint(variable, value)
        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = left if number == len(goals) - 1 else left / 2
        solver.parameters.num_workers = workers
        solver.parameters.random_seed = seed
        status = solver.solve(model, watch)
        if status == cp_model.UNKNOWN and best is None:  # half the time found no plan at all: the rest goes on that
            solver.parameters.max_time_in_seconds = max(0.1, deadline - time.monotonic())
            status = solver.solve(model, watch)
        proved &= status == cp_model.OPTIMAL
        if status in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            best = np.array([solver.value(v) for v in x], dtype=np.int64)
            bound = solver.best_objective_bound
            bounds.append(Bound(goal.name, math.floor(bound + 1e-6) if goal.maximise else math.ceil(bound - 1e-6)))
        elif best is None:
            return Found("no_plan", None, (), f"{solver.status_name(status)} at goal {goal.name}")
        value = goal.value(best)
        if goal.maximise:
            model.add(objective >= value)
        else:
            model.add(objective <= value)
    if best is None:
        return Found("no_plan", None, (), "out of time before solving")
    status_, note = "optimal" if proved else "feasible", f"{len(x)} variables"
    return Found(status_, to_plan(made, best), tuple(bounds), note, watch.points(made))
