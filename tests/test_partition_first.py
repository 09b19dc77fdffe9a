"""A body in blocks has a verified plan soon, loses none that it told of, and its visits are given what prices say."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rotation_planner as rp
from rotation_planner.certify.blocks import OwnPrices
from rotation_planner.domain.plan import Plan, Provenance
from rotation_planner.engines import Guide, Options
from rotation_planner.partition import Serial, Split, executors, plan_in_parts, run
from rotation_planner.partition.problem import assemble, priced
from rotation_planner.partition.rounds import Rounds
from rotation_planner.program.prices import Prices
from rotation_planner.slices import Parts, blocks

pytestmark = pytest.mark.clock


@pytest.fixture(scope="module")
def province() -> rp.Scenario:
    return rp.generate("province", cadres=150, seed=5)


def test_the_first_plan_is_verified_before_better_ones_are_made(province: rp.Scenario) -> None:
    told: list[rp.Progress] = []
    rp.solve(province, engine="partitioned", time_limit=9, workers=1, on_progress=told.append)
    phases = [p.phase for p in told]
    first = phases.index("verify")
    assert "construct" in phases[first:]
    assert "improve" in phases[first:]
    duties = [p.value for p in told if p.goal == "duties" and p.phase != "construct"]
    assert duties == sorted(duties, reverse=True)
    soon = [p.value for p in told[:first] if p.goal == "duties"][-1]
    assert duties[0] <= soon


def test_better_plans_that_come_to_nothing_leave_the_first(
    province: rp.Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Relaxations that fail leave every block without a plan: the one that was told of is gone back to."""
    plain = Rounds.first

    def fails(self: Rounds, seconds: float | None, guided: bool = True, all_: bool = True) -> None:
        plain(self, 0.0 if guided else None, guided, all_)

    monkeypatch.setattr(Rounds, "first", fails)
    monkeypatch.setattr(run, "_improve", lambda *_: None)
    ranks, first, phases = [], [], list[str]()

    def step(_: str, rounds: Rounds, __: tuple[int, ...]) -> None:
        ranks.append(rounds.rank())

    def on_first(plan: Plan, rounds: Rounds) -> None:
        first.append((plan, rounds.rank()))

    with Serial() as executor:
        found = plan_in_parts(
            province, Options(time_limit=12.0), Split(40, 1), executor, Provenance(), step, threading.Event(),
            on_first=on_first, on_phase=phases.append,
        )
    (plan, rank), = first
    assert [-v if maximise else v for v, (_, maximise, _) in zip(found.values, found.goals, strict=True)] == rank
    assert found.plan.attendances == plan.attendances
    assert set(phases) == {"construct"}
    assert len(phases) >= Parts(province, blocks(province, 40)).n  # also while what is made anew is worse
    after = ranks[ranks.index(rank):]
    assert all(r <= rank for r in after)


class _Counting(Serial):
    """Counts the tasks it does, and sets a signal after so many that begin a block."""

    def __init__(self, stop: threading.Event, most: int) -> None:
        super().__init__()
        self.stop, self.most, self.begun = stop, most, 0

    def every(self, task: Callable[..., Any], arguments: Sequence[tuple[Any, ...]], stop: Any = None) -> list[Any]:
        self.begun += len(arguments) * (task.__name__ == "begin")
        found = super().every(task, arguments, stop)
        if self.begun >= self.most:
            self.stop.set()
        return found


@pytest.mark.parametrize("more", [0, 1])
def test_a_signal_leaves_the_plan_that_was_told_of(province: rp.Scenario, more: int) -> None:
    """At once: no block is begun anew after it, nor built again."""
    n, stop, first = Parts(province, blocks(province, 40)).n, threading.Event(), []

    def on_first(plan: Plan, _: Rounds) -> None:
        first.append(plan)

    with _Counting(stop, n + more) as executor:
        found = plan_in_parts(
            province, Options(time_limit=60.0), Split(40, 1), executor, Provenance(), lambda *_: None, stop,
            on_first=on_first,
        )
        assert executor.begun == n + more
    assert n > 1
    assert found.stopped == "interrupt"
    assert found.plan.attendances == first[0].attendances


def test_a_block_is_given_the_prices_of_its_rows(province: rp.Scenario) -> None:
    """Row by row: those of the block's own, and of the shared rows that are in its program."""
    rounds = Rounds(Parts(province, blocks(province, 40)), Serial(), 1, 0, None, lambda _: None, threading.Event())
    rounds.prepare()
    rounds.first(0.0)
    block, shared = rounds.stored[0], rounds.shared
    (room,) = rounds._rooms([0])
    spot = rounds.visits[0].spot.point(block.n)
    problem = assemble(block, shared, spot, rounds.values, rounds.activity, room)
    common = Prices(np.arange(len(shared.low)), np.arange(1, len(shared.low) + 1), np.zeros(2, np.int64), 7)
    own = OwnPrices(np.array([1, 4]), np.array([11, -3]))
    found = priced(problem, block, common, own)
    dense = np.zeros(problem.program.n_rows, np.int64)
    dense[found.rows] = found.values
    n = len(block.low)
    assert dense[:n].tolist() == [11 if r == 1 else -3 if r == 4 else 0 for r in range(n)]
    assert dense[n:].tolist() == (problem.shared_rows + 1).tolist()
    assert len(problem.shared_rows) == problem.program.n_rows - n
    assert (problem.program.matrix[[n]] != 0).sum() >= (block.adds[problem.shared_rows[:1]] != 0).sum()
    few = priced(problem, block, Prices(np.array([2]), np.array([5]), np.zeros(2, np.int64), 7), OwnPrices.none())
    assert few.values.tolist() == ([5] if 2 in problem.shared_rows else [])


def test_a_script_need_not_ask_whether_it_is_the_main_module(tmp_path: Path) -> None:
    script = tmp_path / "plan.py"
    script.write_text(
        "import rotation_planner as rp\n"
        "print('begun', flush=True)\n"
        "scenario = rp.generate('province', cadres=60, seed=5)\n"
        "result = rp.solve(scenario, engine='partitioned', time_limit=8, workers=2)\n"
        "print(result.status)\n"
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.split() == ["begun", "feasible"]


def overlapping(long_s: float) -> None:
    with executors._no_main():
        time.sleep(long_s)


def test_threads_that_begin_processes_leave_the_main_module_as_it_is() -> None:
    main = sys.modules["__main__"]
    threads = [threading.Thread(target=overlapping, args=(s,)) for s in (0.05, 0.1)]
    for thread in threads:
        thread.start()
        time.sleep(0.01)
    for thread in threads:
        thread.join()
    assert sys.modules["__main__"] is main


def test_relaxations_of_blocks_leave_floors_out(province: rp.Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Guide] = []
    making = Guide.first
    monkeypatch.setattr(Guide, "first", lambda guide: made.append(guide) or making(guide))
    with Serial() as executor:
        plan_in_parts(
            province, Options(work_limit=0.1), Split(40, 1), executor, Provenance(), lambda *_: None, threading.Event(),
        )
    assert made
    for guide in made:
        (floor,) = np.flatnonzero([g.name == "floor" for g in guide.program.goals])
        (need,) = np.flatnonzero([g.name == "need" for g in guide.program.goals])
        assert not guide.objective[guide.search.goals[floor] != 0].any()
        assert guide.objective[guide.search.goals[need] != 0].all()
