"""Where a search begins: with the plan that serves all goals, and nothing that was told gets lost."""

from __future__ import annotations

import math
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib import import_module
from typing import Any

import numpy as np
import pytest

import rotation_planner as rp
from rotation_planner import model, start
from rotation_planner.anytime import Run
from rotation_planner.compile import compile_candidates
from rotation_planner.engines import Guide, Outcome, construct
from rotation_planner.engines import guide as guides
from rotation_planner.engines.subproblem import Sub
from rotation_planner.interrupt import Asked, graceful
from rotation_planner.result import Progress

SOLVE = import_module("rotation_planner.solve")
"""The module; the package hands out a function of that name."""


@cache
def district() -> tuple[rp.Scenario, model.Built, np.ndarray]:
    """A district, its program, and the point in which only what is committed happens."""
    scenario = rp.generate("district", cadres=150, seed=3)
    built = model.build(compile_candidates(scenario))
    return scenario, built, model.complete(built, model.committed_point(built), choose_study=True)


def guided() -> np.ndarray:
    """A plan by relaxations."""
    _, built, empty = district()
    return Guide(built.program, empty, math.inf, lambda x: model.complete(built, x, choose_study=True)).first()


@pytest.fixture
def blind(monkeypatch: pytest.MonkeyPatch) -> np.ndarray:
    """A plan that comes first by the order of goals and leaves floors open; a construction now makes it."""
    with monkeypatch.context() as patch:
        patch.setattr(guides, "LATER", 0.0)
        x = guided()
    monkeypatch.setattr(start, "construct", lambda *_: x)
    return x


@pytest.fixture(autouse=True)
def signals_as_python_leaves_them() -> Iterator[None]:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def begun(points: list[np.ndarray], stop: Asked | None = None) -> tuple[Run, np.ndarray, bool]:
    so_far = Run(None, 60.0)
    _, built, _ = district()
    so_far.built(built.program, lambda _: None)
    x, more = start.starting_point(built, so_far, points, False, math.inf, lambda _: None, stop or Asked())
    return so_far, x, more


def test_the_search_begins_with_what_serves_all_goals(blind: np.ndarray) -> None:
    program = district()[1].program
    seen = guided()
    first, second = program.goal_values(blind), program.goal_values(seen)
    assert first[0] < second[0]
    assert first[1] > 1.5 * second[1]
    so_far, x, more = begun([])
    assert so_far.best is not None
    assert np.array_equal(so_far.best, blind)
    assert more
    assert np.array_equal(x, seen)


def test_a_construction_that_serves_all_goals_better_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    seen, (_, built, empty) = guided(), district()
    monkeypatch.setattr(start, "construct", lambda *_: seen)
    once = model.complete(built, construct(built.program, empty, math.inf), choose_study=True)
    monkeypatch.setattr(Guide, "first", lambda _: once)
    assert np.array_equal(begun([])[1], seen)


def test_a_plan_that_was_given_is_where_the_search_begins(blind: np.ndarray) -> None:
    so_far, x, more = begun([blind])
    assert so_far.best is x is blind
    assert more


def test_without_any_plan_what_is_committed_is_where_it_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    empty = district()[2]
    monkeypatch.setattr(start, "construct", lambda _program, x, _until: x)
    monkeypatch.setattr(Guide, "first", lambda guide: guide.empty)
    so_far, x, more = begun([])
    assert so_far.best is x
    assert np.array_equal(x, empty)
    assert not more


def test_a_signal_amid_relaxations_waits_for_their_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    relaxed, first, calls, made = Guide._relaxed, Guide.first, [], []

    def interrupted(guide: Guide, parts: list[Sub], pool: ThreadPoolExecutor) -> Any:
        calls.append(guide)
        os.kill(os.getpid(), signal.SIGINT)
        return relaxed(guide, parts, pool)

    monkeypatch.setattr(Guide, "_relaxed", interrupted)
    monkeypatch.setattr(Guide, "first", lambda guide: made.append(first(guide)) or made[0])
    so_far = Run(None, 60.0)
    _, built, _ = district()
    so_far.built(built.program, lambda _: None)
    with graceful() as stop, pytest.raises(KeyboardInterrupt):
        start.starting_point(built, so_far, [], False, math.inf, lambda _: None, stop)
    assert len(calls) == 1, "no further relaxation"
    assert len(made) == 1, "it came to an end"
    assert so_far.best is not None


def test_a_second_signal_may_come_while_the_first_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked()
    asked.held = True
    monkeypatch.setattr(asked, "set", lambda: asked.ask(signal.SIGINT, None))
    with pytest.raises(KeyboardInterrupt):
        asked.ask(signal.SIGINT, None)


def test_nothing_worse_is_kept_or_told() -> None:
    _, built, empty = district()
    program, told, stored = built.program, list[Progress](), list[np.ndarray]()
    so_far = Run(told.append, 60.0)
    so_far.built(program, stored.append)
    best = guided()
    assert so_far.found(best)
    values, told[:] = program.goal_values(best), []
    worse = program.goal_values(empty)
    bounds = program.trivial_bounds()
    assert so_far.keep(empty) is best
    broken = best.copy()
    broken[program.columns_of("headcount")] = 0
    broken[program.goals[0].dense(program.n_columns) != 0] = 0
    assert program.goal_values(broken) < values
    assert so_far.keep(broken) is best
    assert not so_far.found(broken)
    so_far.event({"event": "better", "phase": "improve", "values": worse, "bounds": bounds})
    assert so_far.best is best
    assert stored == [best]
    assert [step.value for step in told] == [values[0]]
    better = (values[0] - 1, *worse[1:])
    so_far.event({"event": "better", "phase": "improve", "values": better, "bounds": bounds})
    assert [step.value for step in told[1:]] == list(better)


def test_a_search_that_stays_behind_what_was_told_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario, best = district()[0], guided()

    def begins_behind(built: model.Built, so_far: Run, *_: object) -> tuple[np.ndarray, bool]:
        so_far.found(best)
        return model.committed_point(built), True

    def idle(program: Any, x: np.ndarray, *_: object) -> Outcome:
        return Outcome(x, program.trivial_bounds(), (None,) * len(program.goals), "interrupt")

    monkeypatch.setattr(SOLVE, "starting_point", begins_behind)
    monkeypatch.setattr(SOLVE, "run", idle)
    result = rp.solve(scenario, time_limit=60, workers=1)
    assert tuple(g.value for g in result.goals) == district()[1].program.goal_values(best)
