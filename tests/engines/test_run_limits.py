"""The engines on programs without rules: bounds that hold, points that are feasible, limits that are kept."""

from __future__ import annotations

import itertools
import logging
import time

import numpy as np
import pytest
from scipy import sparse

from rotation_planner.engines import Options, child, construct, run, supervise
from rotation_planner.engines.options import Budget
from rotation_planner.engines.search import Search
from rotation_planner.program import Builder, Kind, Program
from tests.engines.synthetic import program

pytestmark = pytest.mark.clock


def tiny(seed: int) -> tuple[Program, np.ndarray]:
    """Six binary columns, four rows, two goals: small enough to enumerate."""
    rng = np.random.default_rng(seed)
    b = Builder()
    x = b.add_columns("attend", 0, 1, lambda i: (str(i),), owner=np.arange(6))
    row = np.repeat(np.arange(4), 6)
    b.add_rows("limit", Kind.LIMIT, 4, [(row, np.tile(x, 4), rng.integers(-2, 4, 24))], lambda i: (str(i),), -3, 4)
    b.add_goal("duties", x, rng.integers(-5, 6, 6))
    b.add_goal("need", x, rng.integers(-5, 6, 6), maximise=True)
    p = b.build(("duties", "need"), np.zeros(6, np.int32), np.zeros(0, np.int64))
    return p, np.zeros(6, np.int64)


@pytest.mark.parametrize("seed", range(4))
def test_exact_proves_the_enumerated_optimum(seed: int) -> None:
    p, x = tiny(seed)
    points = [np.array(v, np.int64) for v in itertools.product((0, 1), repeat=6)]
    best = min((p.goals[0].value(v), -p.goals[1].value(v)) for v in points if p.feasible(v))
    outcome = run(p, x, Options(engine="exact", time_limit=20, workers=1))
    assert p.goal_values(outcome.x) == (best[0], -best[1])
    assert outcome.bounds == (best[0], -best[1])
    assert outcome.stopped == "proved"


@pytest.mark.parametrize(("engine", "master"), [("exact", False), ("cohort", False), ("cohort", True)])
def test_engines_only_improve_and_never_cross_their_bounds(engine: str, master: bool) -> None:
    p, x = program(60, 30, 10, seed=3)
    outcome = run(p, x, Options(engine=engine, time_limit=8, workers=2, master=master))
    assert p.feasible(outcome.x)
    assert p.goal_values(outcome.x)[0] < p.goal_values(x)[0]
    for goal, value, bound in zip(p.goals, p.goal_values(outcome.x), outcome.bounds, strict=True):
        assert bound is not None
        assert bound >= value if goal.maximise else bound <= value


def test_time_limit_is_kept() -> None:
    p, x = program(300, 120, 40, seed=1)
    began = time.monotonic()
    run(p, x, Options(engine="exact", time_limit=3, workers=2))
    assert time.monotonic() - began < 3 + supervise.GRACE_S + 2


def test_memory_limit_ends_the_run_with_the_start() -> None:
    p, x = program(60, 30, 10)
    outcome = run(p, x, Options(engine="exact", time_limit=30, memory_limit_mb=1))
    assert outcome.stopped == "memory"
    assert p.feasible(outcome.x)


def test_interrupt_returns_the_best_point_so_far() -> None:
    p, x = program(60, 30, 10)

    def stop(event: dict[str, object]) -> None:
        if event["event"] == "better":
            raise KeyboardInterrupt

    outcome = run(p, x, Options(engine="cohort", time_limit=30), stop)
    assert outcome.stopped == "interrupt"
    assert p.goal_values(outcome.x)[0] < p.goal_values(x)[0]


def test_infeasible_start_is_refused() -> None:
    p, x = program(10, 5, 3)
    with pytest.raises(ValueError, match="not feasible"):
        run(p, x + 5_000, Options())


def test_crash_is_logged_and_keeps_the_start(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    p, x = program(10, 5, 3)
    monkeypatch.setattr(supervise.sys, "executable", "/bin/false")
    with caplog.at_level(logging.ERROR):
        outcome = run(p, x, Options(time_limit=5))
    assert outcome.stopped == "crash"
    assert np.array_equal(outcome.x, x)
    assert "ended with code" in caplog.text



def test_construction_breaks_no_limit_and_gains() -> None:
    p, x = program(200, 80, 20, seed=5)
    y = construct(p, x, time.monotonic() + 30)
    limit = np.array([f.kind is Kind.LIMIT for f in p.families])[p.row_family]
    assert not p.violations(y)[limit].any()
    classes = p.columns_of("classes")
    assert y[classes].sum() > 0
    # Every class that runs is at least half full, as the rows demand.
    heads = p.columns_of("headcount")
    assert (y[heads] >= (200 // 40 // 2) * y[classes]).all()


def test_search_refuses_what_is_worse_or_broken() -> None:
    p, x = program(20, 10, 5)
    search = Search(p, x, Options(), Budget(10), lambda _phase, _search: None)
    worse = x.copy()
    assert not search.offer(worse, "test")
    broken = x.copy()
    broken[search.attend[0]] = 1  # without its head being counted
    assert not search.offer(broken, "test")
    assert np.array_equal(search.x, x)


def test_labels_and_empty_rows() -> None:
    b = Builder()
    c = b.add_columns("attend", 0, 1, lambda i: (f"c{i}",), size=2)
    with pytest.raises(ValueError, match="empty row"):
        b.add_rows("coverage", Kind.DUTY, 1, [], lambda i: (str(i),), low=1)
    b.add_rows("coverage", Kind.DUTY, 1, [(0, c, 1)], lambda _: ("here",), low=1)
    p = b.build(("duties",), np.zeros(0, np.int32), np.zeros(0, np.int64))
    assert p.row_label(0) == ("coverage", ("here",))
    assert p.violations(np.zeros(2, np.int64)).tolist() == [1]
    assert isinstance(p.matrix, sparse.csr_array)


def test_better_points_are_told_seldom_and_the_last_one_always(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "TELL_S", 0.2)
    told: list[str] = []
    news = child._News(told.append)
    for k in range(50):
        news.tell(str(k))
        time.sleep(0.01)
    news.tell("last")
    news.end()
    assert told[-1] == "last"
    assert 2 <= len(told) <= 6
    news.tell("after the end")
    time.sleep(0.5)
    assert told[-1] == "last"
