"""Planning block by block: the plan holds for the program of all, and where the blocks are solved changes nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

import rotation_planner as rp
from rotation_planner import model, partitioned
from rotation_planner.checkpoint import Origin, read_checkpoint
from rotation_planner.compile import compile_candidates, forecast
from rotation_planner.domain.plan import Plan, Provenance
from rotation_planner.engines import Options
from rotation_planner.generate import rule_book
from rotation_planner.partition import Executor, Outcome, Processes, Serial, Split, plan_in_parts
from rotation_planner.partition.rounds import Rounds
from rotation_planner.result import Progress
from rotation_planner.slices import Parts, blocks
from rotation_planner.solve import library_version

WORK = Options(work_limit=0.02, seed=3)


@pytest.fixture(scope="module")
def province() -> rp.Scenario:
    """Several authorities, a shared academy."""
    return rp.generate("province", cadres=60, seed=5)


def planned(scenario: rp.Scenario, executor: Executor, most: int, at_once: int, options: Options = WORK) -> Outcome:
    def feasible_all_along(_: str, rounds: Rounds, __: tuple[int, ...]) -> None:
        rounds.check()

    with executor:
        return plan_in_parts(
            scenario, options, Split(most, at_once), executor, Provenance(), feasible_all_along, threading.Event()
        )


def same(one: Plan, other: Plan) -> bool:
    return all(getattr(one, t) == getattr(other, t) for t in ("attendances", "opened", "study"))


@pytest.fixture(scope="module")
def serial(province: rp.Scenario) -> Outcome:
    return planned(province, Serial(), 10, 2)


def test_the_plan_holds_for_the_program_of_all(province: rp.Scenario, serial: Outcome) -> None:
    built = model.build(compile_candidates(province))
    x = model.to_point(built, serial.plan)
    assert built.program.feasible(x)
    assert built.program.goal_values(x) == serial.values
    for trivial, bound, value, (_, maximise, _) in zip(
        built.program.trivial_bounds(), serial.bounds, serial.values, serial.goals, strict=True
    ):
        assert value <= bound <= trivial if maximise else trivial <= bound <= value
    verification = rp.verify(province, serial.plan)
    assert verification.ok
    assert tuple(verification.goals[name] for name, _, _ in serial.goals) == serial.values
    empty = built.program.goal_values(model.complete(built, model.committed_point(built)))
    assert serial.values[0] < empty[0] / 2
    shared = {s.id for s in province["sessions"] if s.institution in {"I001", "I002", "I003"}}
    assert shared & set(serial.plan.attendances.tolist("session"))


def test_processes_make_the_same_plan(province: rp.Scenario, serial: Outcome) -> None:
    other = planned(province, Processes(2), 10, 2)
    assert same(other.plan, serial.plan)
    assert other.values == serial.values
    assert other.bounds == serial.bounds
    assert other.certificate.in_blocks.packed == serial.certificate.in_blocks.packed
    assert serial.stopped == other.stopped == "work"


def test_every_rule_goes_through() -> None:
    scenario = rule_book(seed=2)
    found = planned(scenario, Serial(), 13, 1, Options(work_limit=0.01, seed=1))
    built = model.build(compile_candidates(scenario))
    x = model.to_point(built, found.plan)
    assert built.program.feasible(x)
    assert built.program.goal_values(x) == found.values
    assert rp.verify(scenario, found.plan).ok


def test_every_block_has_a_first_plan() -> None:
    """Also where others have seats in the same classes, or keep some for those who come later."""
    scenario = rp.generate("province", cadres=400, seed=3)
    rounds = Rounds(Parts(scenario, blocks(scenario, 40)), Serial(), 1, 0, None, lambda _: None, threading.Event())
    rounds.prepare()
    before = [v.own[0] for v in rounds.visits]
    rounds.first(None)
    assert rounds.parts.n >= 5
    assert all(v.own[0] < 0.35 * b for v, b in zip(rounds.visits, before, strict=True))
    assert all(len(v.spot.at) > 0 for v in rounds.visits)


def dies_once(marker: Path, value: int) -> int:
    """A task during which its process is killed, the first time that it is done."""
    try:
        marker.touch(exist_ok=False)
    except FileExistsError:
        return value * value
    os.kill(os.getpid(), signal.SIGKILL)
    return -1


def always_dies(_: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return -1


def test_a_killed_process_costs_time_only(tmp_path: Path) -> None:
    with Processes(2) as executor:
        given = [(tmp_path / str(i % 3), i) for i in range(6)]
        assert executor.every(dies_once, given) == [0, 1, 4, 9, 16, 25]
        assert executor.every(abs, [(-1,)]) == [1]


def sleeps(file: Path) -> None:
    """A task that is long at work."""
    file.write_text(str(os.getpid()))
    time.sleep(600)


BEGINS = """
import sys
from pathlib import Path
from rotation_planner.partition import Processes
from tests.test_partition_run import sleeps

if __name__ == "__main__":
    with Processes(1) as pool:
        (pool.scratch / "block").write_text("")
        Path(sys.argv[1] + "-scratch").write_text(str(pool.scratch))
        pool.every(sleeps, [(Path(sys.argv[1]),)])
"""


@pytest.mark.clock
def test_processes_end_with_the_one_that_began_them(tmp_path: Path) -> None:
    script, marker = tmp_path / "begins.py", tmp_path / "pid"
    script.write_text(BEGINS)
    root = Path(__file__).resolve().parents[1]
    path = os.pathsep.join([str(root / "src"), str(root)])
    run = subprocess.Popen([sys.executable, str(script), str(marker)], env=os.environ | {"PYTHONPATH": path})
    end = time.monotonic() + 60
    while not (marker.exists() and marker.read_text()):
        assert time.monotonic() < end
        time.sleep(0.05)
    worker, scratch = psutil.Process(int(marker.read_text())), Path((tmp_path / "pid-scratch").read_text())
    assert (scratch / "block").exists()
    run.kill()
    run.wait()
    worker.wait(timeout=10)  # raises if it goes on
    assert not scratch.exists()


def test_a_task_that_always_kills_its_process_ends_the_run() -> None:
    with Processes(1, tries=2) as executor, pytest.raises(BrokenProcessPool):
        executor.every(always_dies, [(1,)])


@pytest.mark.clock
def test_nobody_waits_for_tasks_once_the_run_is_broken_off() -> None:
    def broken_off() -> None:
        with Processes(1) as executor:
            executor.every(divmod, [(1, 1)])  # there is a process
            threading.Timer(1.0, os.kill, (os.getpid(), signal.SIGINT)).start()
            executor.every(time.sleep, [(60,)])

    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        broken_off()
    assert time.monotonic() - begun < 30


def test_an_error_of_a_task_comes_through() -> None:
    with Processes(1) as executor, pytest.raises(ZeroDivisionError):
        executor.every(divmod, [(1, 0)])


def test_solve_hands_out_a_verified_plan_and_goes_on_from_it(
    province: rp.Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = partitioned.Run.__init__
    monkeypatch.setattr(make, "__defaults__", (*(make.__defaults__ or ())[:-1], 10))
    told: list[Progress] = []
    file = tmp_path / "checkpoint"
    first = rp.solve(
        province, engine="partitioned", work_limit=0.02, workers=1, on_progress=told.append, checkpoint=file
    )
    assert (first.engine, first.status, first.stopped) == ("partitioned", "feasible", "work")
    assert first.verification.ok
    assert first.require_plan().provenance.parameters["block_cadres"] == 10
    assert {"compile", "construct", "verify"} <= {p.phase for p in told}
    last = [p for p in told if p.goal == "duties"][-1]
    assert (last.value, last.bound) == (first.goals[0].value, first.goals[0].bound)
    kept = read_checkpoint(file, Origin(rp.scenario_sha256(province), library_version()))
    assert kept.goals == {g.name: g.value for g in first.goals}
    again = rp.solve(
        province, engine="partitioned", work_limit=0.02, workers=1, checkpoint=file, resume=True, seed=9
    )
    assert again.goals[0].value <= first.goals[0].value
    assert rp.forecast(province).engine != "partitioned"
    onward = rp.solve(province, work_limit=0.02, workers=1, checkpoint=file, resume=True)  # auto: as it was
    assert onward.engine == "partitioned"
    assert onward.goals[0].value <= again.goals[0].value
    taken = rp.solve(province, engine="partitioned", time_limit=1.0, workers=1, start=first.plan)
    assert taken.goals[0].value <= first.goals[0].value
    with pytest.raises(rp.InputError, match="does not fit"):
        rp.solve(province, engine="exact", time_limit=5, checkpoint=file, resume=True)


@pytest.mark.clock
def test_a_checkpoint_of_another_engine_is_refused(province: rp.Scenario, tmp_path: Path) -> None:
    file = tmp_path / "checkpoint"
    rp.solve(province, engine="cohort", time_limit=3, checkpoint=file)
    with pytest.raises(rp.InputError, match="another engine"):
        rp.solve(province, engine="partitioned", time_limit=5, checkpoint=file, resume=True, workers=1)


def test_auto_says_why(province: rp.Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    few = rp.forecast(province)
    assert few.engine == "exact"
    monkeypatch.setattr(forecast, "EXACT_CANDIDATES", 100)
    assert rp.forecast(province).engine == "cohort"
    monkeypatch.setattr(forecast, "PARTITIONED_CADRES", 50)
    many = rp.forecast(province)
    assert many.engine == "partitioned"
    assert "50 cadres or more" in many.why
    assert many.memory_mb == many.memory_by_engine["partitioned"]
    result = rp.solve(province, work_limit=0.05, workers=1)
    assert result.engine == "partitioned"
    assert result.require_plan().provenance.parameters["why"] == many.why


def test_auto_takes_what_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = rp.generate("county", cadres=1000, seed=1)
    monkeypatch.setattr(forecast, "EXACT_CANDIDATES", 100)
    monkeypatch.setattr(forecast, "BLOCK_CADRES", 100)
    monkeypatch.setattr(forecast, "WORKER_MB", 0)
    whole = rp.forecast(scenario)
    assert whole.engine == "cohort"
    need = whole.memory_by_engine["cohort"]
    tight = rp.forecast(scenario, memory_limit_mb=need - 1)
    assert tight.engine == "partitioned"
    assert f"would need {need:,} MB" in tight.why


def test_ray_is_of_the_partitioned_engine(province: rp.Scenario) -> None:
    with pytest.raises(ValueError, match="partitioned"):
        rp.solve(province, engine="cohort", ray_address="local")


def test_the_run_ends_once_every_goal_is_near(province: rp.Scenario) -> None:
    def run(gap: float | None) -> rp.Result:
        return rp.solve(province, engine="partitioned", work_limit=0.1, workers=1, gap=gap)

    near, far = run(1e9), run(1e-9)
    assert near.stopped == "gap"
    assert all(g.gap is not None and g.gap <= 1e9 for g in near.goals)
    assert far.stopped == "work"
    assert far.runtime_s > near.runtime_s
    assert {g.bound_source for g in near.goals} == {"certificate"}
    assert rp.certify(province, near.certificate).ok


def test_a_run_beyond_its_memory_ends_with_a_plan(province: rp.Scenario) -> None:
    found = planned(province, Serial(), 10, 1, Options(work_limit=5.0, memory_limit_mb=1.0))
    assert found.stopped == "memory"
    assert rp.verify(province, found.plan).ok


def test_a_signal_ends_the_rounds(province: rp.Scenario) -> None:
    stop = threading.Event()
    stop.set()
    found = plan_in_parts(
        province, Options(time_limit=60.0), Split(10, 1), Serial(), Provenance(), lambda *_: None, stop
    )
    assert found.stopped == "interrupt"
    assert rp.verify(province, found.plan).ok


def test_unmet_duties_have_reasons(province: rp.Scenario) -> None:
    result = rp.solve(province, engine="partitioned", work_limit=0.02, workers=1)
    assert result.unmet
    assert "unknown" not in {u.reason for u in result.unmet}


@pytest.fixture(scope="module")
def lost(province: rp.Scenario, serial: Outcome) -> tuple[Rounds, int, tuple[int, ...]]:
    """Blocks at a good plan, but for one whose people stay away wherever a session can spare them; values before."""
    parts, plan = Parts(province, blocks(province, 10)), serial.plan
    gone = parts.n - 1
    people = {province["cadres"].tolist("id")[c] for c in parts.cadres(gone)}
    sessions = compile_candidates(province).sessions
    least = dict(zip(sessions.ids, sessions.min_size.tolist(), strict=True))
    places = list(zip(*map(plan.attendances.tolist, ("cadre", "session")), strict=True))
    others = Counter(s for c, s in places if c not in people)
    classes = dict(zip(*map(plan.opened.tolist, ("session", "classes")), strict=True))
    spared = {s for s, n in classes.items() if others[s] == 0 or others[s] >= n * least[s]}
    stay = [i for i, (c, s) in enumerate(places) if c not in people or s not in spared]
    opened = [i for i, s in enumerate(plan.opened.tolist("session")) if others[s] or s not in spared]
    rounds = Rounds(parts, Serial(), 1, 0, None, lambda _: None, threading.Event())
    rounds.prepare()
    assert rounds.take(replace(plan, attendances=plan.attendances.take(stay), opened=plan.opened.take(opened)))
    return rounds, gone, serial.values


def test_who_loses_most_comes_first(lost: tuple[Rounds, int, tuple[int, ...]]) -> None:
    rounds, gone, before = lost
    assert rounds.goals()[0] > before[0]
    assert rounds.order()[0] == gone
    assert sorted(rounds.order()) == list(range(rounds.parts.n))
    losses = [abs(v.own[0] - v.best[0]) for v in rounds.visits]
    assert [losses[b] for b in rounds.order()] == sorted(losses, reverse=True)


def test_a_visit_makes_good_what_was_lost(lost: tuple[Rounds, int, tuple[int, ...]]) -> None:
    rounds, gone, before = lost
    planted = rounds.goals()
    rounds.improve(Options(engine="cohort", work_limit=0.5, workers=1), [gone], lambda _: {})
    rounds.check()
    assert [b for b, _ in rounds.seconds] == [gone]
    regained = planted[0] - rounds.goals()[0]
    assert regained > 0.2 * (planted[0] - before[0])
