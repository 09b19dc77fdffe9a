"""Engines on programs without rules: never worse, always feasible, bounds on the right side, optima confirmed."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from rotation_planner.engines.improve import improve
from rotation_planner.engines.options import Budget, Options
from rotation_planner.engines.search import Search
from rotation_planner.engines.supervise import run
from rotation_planner.program.program import INF, Program
from tests.engines.synthetic import program

pytestmark = pytest.mark.clock


def improved(p: Program, x: np.ndarray, options: Options) -> tuple[Search, list[tuple[int, ...]]]:
    """The search after improving, and the goals of every point it reported."""
    told: list[tuple[int, ...]] = []

    def report(_: str, search: Search) -> None:
        assert p.feasible(search.x)
        told.append(search.value)

    search = Search(p, x, options, Budget(options.time_limit, options.work_limit), report)
    improve(search, 0.0)
    return search, told


def optimum(p: Program) -> list[int]:
    """Best value of each goal after those before it, by a mixed-integer solver on the whole program."""
    low, high = np.where(p.low <= -INF, -np.inf, p.low), np.where(p.high >= INF, np.inf, p.high)
    rows = [LinearConstraint(p.matrix.astype(float), low, high)]
    best = []
    for goal in p.goals:
        sense = -1 if goal.maximise else 1
        coefs = sense * goal.dense(p.n_columns)
        answer = milp(coefs, constraints=rows, bounds=Bounds(p.lower, p.upper), integrality=np.ones(p.n_columns, int),
                      options={"mip_rel_gap": 0.0})
        assert answer.status == 0
        best.append(sense * round(answer.fun))
        rows.append(LinearConstraint(coefs[None, :].astype(float), -np.inf, round(answer.fun)))
    return best


@pytest.mark.parametrize("seed", range(4))
def test_every_reported_point_is_feasible_and_better_than_the_last(seed: int) -> None:
    p, x = program(90, 30, 10, seed)
    search, told = improved(p, x, Options(engine="cohort", time_limit=1.0, seed=seed))
    start = tuple(int(c @ x) for c in search.goals)
    assert told
    assert all(later < earlier for earlier, later in zip([start, *told], told, strict=False))
    assert search.value == told[-1] == tuple(int(c @ search.x) for c in search.goals)
    assert search.value[0] < start[0]
    assert all(v >= t for v, t in zip(search.value, search.trivial, strict=True))


@pytest.mark.parametrize("workers", [1, 2])
def test_the_same_seed_gives_the_same_point_under_a_work_limit(workers: int) -> None:
    p, x = program(60, 24, 8, seed=5)
    options = Options(engine="cohort", work_limit=0.003, workers=workers, seed=3)
    first, _ = improved(p, x, options)
    again, _ = improved(p, x, options)
    np.testing.assert_array_equal(first.x, again.x)
    assert first.budget.work >= 0.003


@pytest.mark.parametrize("seed", range(3))
def test_exact_reaches_and_proves_the_optimum(seed: int) -> None:
    p, x = program(12, 6, 4, seed, years=2)
    outcome = run(p, x, Options(engine="exact", time_limit=20, seed=seed))
    assert outcome.stopped == "proved"
    assert list(p.goal_values(outcome.x)) == list(outcome.bounds) == optimum(p)


@pytest.mark.parametrize(("engine", "master"), [("exact", False), ("cohort", True)])
def test_a_larger_program_ends_in_time_with_a_feasible_point_and_sound_bounds(engine: str, master: bool) -> None:
    p, x = program(300, 60, 14, seed=1)
    assert p.n_columns > 3_000
    told: list[dict[str, object]] = []
    outcome = run(p, x, Options(engine=engine, time_limit=5, seed=1, master=master), told.append)
    assert p.feasible(outcome.x)
    assert p.goal_values(outcome.x)[0] < p.goal_values(x)[0]
    assert {e["phase"] for e in told if "phase" in e} >= {"improve"} | ({"master", "place"} if master else set())
    for goal, value, bound in zip(p.goals, p.goal_values(outcome.x), outcome.bounds, strict=True):
        if bound is not None:
            assert value <= bound if goal.maximise else value >= bound


def test_a_start_that_breaks_a_row_is_refused() -> None:
    p, x = program(10, 5, 3)
    with pytest.raises(ValueError, match="not feasible"):
        run(p, np.zeros_like(x), Options(time_limit=1))
