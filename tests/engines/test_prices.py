"""Prices found for programs of the planner's shape prove the value of the linear relaxation, and nothing beyond it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest
from scipy.optimize import linprog

from rotation_planner.certify import proved_bound
from rotation_planner.engines import prices as finder
from rotation_planner.engines import pricing, ship
from rotation_planner.engines.options import Options
from rotation_planner.engines.prices import find_prices
from rotation_planner.engines.pricing import price_goals
from rotation_planner.engines.relaxation import ROUNDING, Relaxation
from rotation_planner.program import Program
from rotation_planner.program.implied import implied_bounds
from rotation_planner.program.prices import Prices
from rotation_planner.program.program import INF
from tests.certify.programs import FREE
from tests.certify.programs import program as columns
from tests.engines.synthetic import program

CAPS = (180_000, 0)
"""Values of the first goals that leave something to decide, for ``small``."""

SLEEPER = """
import subprocess, sys, time
print(subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE).pid, flush=True)
time.sleep(600)
"""


@pytest.fixture(scope="module")
def small() -> Program:
    return program(40, 20, 8, seed=3)[0]


def relaxed(p: Program, goal: int, caps: tuple[int, ...]) -> float:
    """Optimum of the linear relaxation, in the goal's own sense, by other means."""
    lower, upper = implied_bounds(p, caps)
    rows, sides = [], []
    for row, low, high in zip(p.matrix.toarray(), p.low, p.high, strict=True):
        if high < INF:
            rows.append(row)
            sides.append(high)
        if low > -INF:
            rows.append(-row)
            sides.append(-low)
    for g, cap in zip(p.goals, caps, strict=False):
        sign = -1 if g.maximise else 1
        rows.append(sign * g.dense(p.n_columns))
        sides.append(sign * cap)
    sign = -1 if p.goals[goal].maximise else 1
    answer = linprog(
        sign * p.goals[goal].dense(p.n_columns), np.array(rows), sides, bounds=np.stack([lower, upper], axis=1)
    )
    assert answer.status == 0
    return sign * float(answer.fun)


def caps_of(p: Program, goal: int) -> tuple[int, ...]:
    need = int(relaxed(p, 2, CAPS) * 0.8)
    return (*CAPS, need, 10**6)[:goal]


def proven(p: Program, goal: int, caps: tuple[int, ...], limit: float = 5.0, timed: bool = True) -> int:
    found: list[Prices] = []
    relaxation = Relaxation(p, goal, caps)
    find_prices(relaxation, limit, timed, 1, lambda y, _: found.append(relaxation.whole(y)))
    assert found
    return proved_bound(p, goal, caps, found[-1])


@pytest.mark.parametrize("goal", [0, 2, 3])
def test_small_relaxations_are_proven_to_their_optimum(small: Program, goal: int) -> None:
    caps = caps_of(small, goal)
    optimum = relaxed(small, goal, caps)
    bound = proven(small, goal, caps)
    slack = (bound - optimum) * (1 if small.goals[goal].maximise else -1)
    assert -1 < slack < 1 + ROUNDING * abs(optimum)
    assert bound != small.trivial_bounds()[goal]


@pytest.mark.parametrize("by", ["_by_pdlp", "_by_gradients"])
@pytest.mark.parametrize("goal", [0, 2, 3])
def test_large_relaxations_are_proven_nearly(
    small: Program, goal: int, by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finder, "SMALL_ENTRIES", 0)
    monkeypatch.setattr(finder, "LARGE_ENTRIES", 0 if by == "_by_gradients" else 10**9)
    other = "_by_pdlp" if by == "_by_gradients" else "_by_gradients"
    monkeypatch.setattr(finder, other, pytest.fail)
    caps = caps_of(small, goal)
    optimum = relaxed(small, goal, caps)
    slack = (proven(small, goal, caps, 0.5, timed=False) - optimum) * (1 if small.goals[goal].maximise else -1)
    assert -1 < slack < 2e-3 * abs(optimum) + 1
    # Deterministic seconds give the same prices again.
    assert proven(small, goal, caps, 0.5, timed=False) == proven(small, goal, caps, 0.5, timed=False)


def test_any_prices_are_rounded_with_a_small_loss(small: Program) -> None:
    rng = np.random.default_rng(1)
    caps = caps_of(small, 3)
    relaxation = Relaxation(small, 3, caps)
    for size in (1e-6, 1.0, 1e5):
        y = relaxation.usable(rng.normal(size=len(relaxation.low)) * size * (rng.random(len(relaxation.low)) < 0.5))
        bound = relaxation.bound(y)
        rounded = proved_bound(small, 3, caps, relaxation.whole(y))
        assert abs(rounded - bound) <= ROUNDING * abs(bound) + 1


def test_only_better_prices_are_handed_out(small: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    relaxation = Relaxation(small, 2, CAPS)
    found = finder._by_highs(relaxation, None)
    assert found is not None
    y = found[0]
    # The last also uses sides that do not exist; those count as nothing.
    tries = [0 * y, 1e6 * y, 0.5 * y, 0.4 * y, y, 2 * y, np.where(np.isneginf(relaxation.low) & (y == 0), 1.0, 0.9 * y)]

    def tried(relaxation: Relaxation, limit: float, timed: bool, threads: int, offer, start, near) -> None:
        for one in tries:
            offer(one, near)

    monkeypatch.setattr(finder, "SMALL_ENTRIES", 0)
    monkeypatch.setattr(finder, "_by_pdlp", tried)
    handed: list[Prices] = []
    best = find_prices(relaxation, 1.0, True, 1, lambda y, _: handed.append(relaxation.whole(y)))
    bounds = [-proved_bound(small, 2, CAPS, p) for p in handed]
    assert len(handed) == 2
    assert bounds[0] < bounds[1]
    assert best == relaxation.bound(relaxation.usable(y))


@pytest.mark.parametrize("maximise", [False, True])
def test_columns_may_begin_anywhere(maximise: bool) -> None:
    rows = [([2, 3, 1], -FREE, 9), ([1, -2, 0], -4, FREE), ([1, 1, 1], 2, 8)]
    p = columns([2, -1, 1], [5, 3, 1], rows, [([-1, -2, 0], False), ([4, 5, 1], maximise)])
    for goal, caps in ((0, ()), (1, (-4,))):
        optimum = relaxed(p, goal, caps)
        least = find_prices(Relaxation(p, goal, caps), 5.0, True, 1, lambda *_: None)
        assert (-least if p.goals[goal].maximise else least) == pytest.approx(optimum)
        bound = proven(p, goal, caps)
        assert bound in (int(np.floor(optimum + 1e-4)), int(np.ceil(optimum - 1e-4)))
        assert bound != p.trivial_bounds()[goal]


def test_columns_that_the_caps_hold_are_left_out(small: Program) -> None:
    loose, tight = Relaxation(small, 2, CAPS), Relaxation(small, 2, (0, 0))
    short = len(small.columns_of("hours.short"))
    assert loose.matrix.shape[1] - tight.matrix.shape[1] == short
    assert tight.matrix.shape[0] < loose.matrix.shape[0]  # with them the row of the first goal
    assert (loose.low <= loose.high).all()


def test_nothing_to_decide_needs_no_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    p = program(5, 3, 2)[0]
    fixed = replace(p, upper=p.lower)
    assert find_prices(Relaxation(fixed, 2, (0, 0)), 1.0, True, 1, pytest.fail) == 0


def test_goals_are_priced_in_a_process_of_their_own(small: Program) -> None:
    values = (*caps_of(small, 4), 0)
    found = price_goals(small, values, {2: 1.0, 3: 1.0}, Options(time_limit=30.0, workers=1))
    assert [len(prices) for prices in found] == [0, 0, 1, 1, 0]
    for goal in (2, 3):
        optimum = relaxed(small, goal, values[:goal])
        bound = proved_bound(small, goal, values[:goal], found[goal][0])
        assert abs(bound - optimum) < 1 + ROUNDING * abs(optimum)


@pytest.mark.parametrize("why", ["stop", "memory", "time", "none"])
def test_pricing_ends_when_it_must(small: Program, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stop = threading.Event()
    options = Options(time_limit=0.0 if why == "none" else 60.0, memory_limit_mb=1.0 if why == "memory" else None)
    if why == "stop":
        stop.set()
    if why == "time":
        monkeypatch.setattr(pricing, "GRACE_S", -60.0)
    before, began = set(psutil.Process().children()), time.monotonic()
    assert price_goals(small, (*CAPS, 0, 0, 0), {2: 1.0}, options, stop) == [()] * 5
    assert time.monotonic() - began < 15
    assert not set(psutil.Process().children()) - before


def test_a_crash_is_told_and_what_was_found_counts(
    small: Program, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    put = ship.write

    def write(folder: Path, *rest) -> None:
        put(folder, *rest)
        none = np.zeros(0, np.int64)
        np.savez(folder / "prices2.npz", rows=none, values=none, caps=np.zeros(2, np.int64), denominator=3)
        (folder / "program.npz").write_bytes(b"broken")

    monkeypatch.setattr(pricing.ship, "write", write)
    found = price_goals(small, (*CAPS, 0, 0, 0), {2: 1.0, 3: 1.0}, Options(time_limit=60.0))
    assert found[2][0].denominator == 3
    assert found[3] == ()
    assert "the pricing process ended with code 1" in caplog.text


def test_the_process_ends_with_its_parent(tmp_path: Path) -> None:
    large = program(400, 200, 40, seed=1)[0]
    none = np.zeros(0, np.int64)
    ship.write(tmp_path, large, none, none, none)
    (tmp_path / "pricing.json").write_text(
        '{"values": [100000, 0, 0, 0, 0], "goals": [[3, 1.0]], "threads": 1, "timed": true, "limit": 600, '
        '"remove": true}'
    )
    child = [sys.executable, "-m", "rotation_planner.engines.pricing_child", str(tmp_path)]
    parent = subprocess.Popen(
        [sys.executable, "-c", SLEEPER, *child],
        stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": str(Path(finder.__file__).parents[2])},
    )
    assert parent.stdout is not None
    orphan = psutil.Process(int(parent.stdout.readline()))
    time.sleep(1.0)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    try:
        orphan.wait(timeout=20)
    except psutil.TimeoutExpired:
        orphan.kill()
        pytest.fail("the pricing process outlives its parent")
    assert not tmp_path.exists()
