"""A run may be stopped or killed at any moment: what was told is not lost, and what is handed out is verified."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

import rotation_planner as rp
from rotation_planner.anytime import Run
from rotation_planner.checkpoint import FORMAT, Checkpoint, Origin, point_of, read_checkpoint, write_checkpoint
from rotation_planner.domain.errors import InternalError
from rotation_planner.engines import Options, run
from rotation_planner.interrupt import graceful
from rotation_planner.io.atomic import write_folder
from rotation_planner.result import Progress
from rotation_planner.solve import library_version
from tests.engines.synthetic import program
from tests.killed import solving

pytestmark = pytest.mark.clock
MODULE = "rotation_planner.solve"


@pytest.fixture(scope="module")
def district() -> rp.Scenario:
    """Sixty cadres: a plan in a tenth of a second, no proof for minutes."""
    return rp.generate("district", cadres=60, seed=4)


@pytest.fixture(autouse=True)
def signals_as_python_leaves_them() -> Iterator[None]:
    """Coverage handles SIGTERM, and jobs in the background ignore SIGINT or SIGHUP: what is handled is left alone."""
    usual = {
        signal.SIGINT: signal.default_int_handler, signal.SIGTERM: signal.SIG_DFL, signal.SIGHUP: signal.SIG_DFL,
    }
    before = {number: signal.signal(number, handler) for number, handler in usual.items()}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def key(goals: dict[str, Any]) -> list[int]:
    """Goals in order, all to be minimised."""
    return [-v if name == "need" else v for name, v in goals.items()]


def test_killed_at_any_moment_it_goes_on_and_is_never_worse(district: rp.Scenario, tmp_path: Path) -> None:
    rp.save(district, tmp_path / "in.json")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([MODULE, "rotation_planner.io", "tests.killed"])
    file = tmp_path / "out.checkpoint"
    least = [10**12]
    # The phase in which it is killed, and seconds after that was told.
    moments = [("construct", 0.0), ("construct", 0.1), ("verify", 0.02), ("search", 0.0), ("search", 0.3)]
    for seed, (wanted, seconds) in enumerate(moments):
        here, there = context.Pipe(duplex=False)
        process = context.Process(target=solving, args=(tmp_path / "in.json", file, there, seed))
        process.start()
        there.close()
        told, phase = [], ""
        family: list[psutil.Process] = []
        try:
            with contextlib.suppress(EOFError):  # on a slow machine there is no time for every phase
                while phase != wanted:
                    phase, goals = here.recv()
                    phase = "search" if phase in ("improve", "exact") else phase
                    told.append(key(goals))
                process.join(seconds)
                family = psutil.Process(process.pid).children(recursive=True)
        finally:
            process.kill()
            process.join()
        assert not psutil.wait_procs(family, timeout=10)[1], "the solver outlives its parent"
        with contextlib.suppress(EOFError):
            while True:  # told, but not yet heard when it was killed
                told.append(key(here.recv()[1]))
        assert told[0] <= least, "told of something worse than before"
        least = min([least, told[-1]])
        stored = read_checkpoint(file, Origin(rp.scenario_sha256(district), library_version()))
        assert key(stored.goals) <= least
        assert (seed > 0) == ("resumed_after_s" in stored.options)
    again = rp.solve(district, time_limit=2, workers=1, checkpoint=file, resume=True)
    assert key({g.name: g.value for g in again.goals}) <= least
    assert again.require_plan().provenance.parameters["resumed_after_s"] > 0
    assert rp.verify(district, again.require_plan()).ok


def test_a_checkpoint_of_another_run_is_refused_by_name(tmp_path: Path) -> None:
    ours = Origin("aa", "1.0")
    file = tmp_path / "out.checkpoint"
    kept = Checkpoint(ours, {"duties": 3}, 1.5, np.array([4, 7]), np.array([1, 2]), {"seed": 5})
    write_checkpoint(file, kept)
    assert [p.name for p in tmp_path.iterdir()] == ["out.checkpoint"]
    read = read_checkpoint(file, ours)
    assert (read.goals, read.elapsed_s, read.options) == (kept.goals, kept.elapsed_s, kept.options)
    for other, word in (
        (replace(ours, scenario_sha256="bb"), "scenario sha256 aa, not bb"),
        (replace(ours, version="2.0"), r"version 1\.0, not 2\.0"),
        (replace(ours, format=FORMAT + 1), "format 1, not 2"),
    ):
        with pytest.raises(rp.InputError, match=word) as caught:
            read_checkpoint(file, other)
        assert caught.value.defects[0].code == "other_checkpoint"


@pytest.mark.parametrize("damage", [lambda b: b[: len(b) // 2], lambda _: b"", lambda _: b"thesis", lambda b: b[::-1]])
def test_a_broken_checkpoint_is_refused(tmp_path: Path, damage: Any) -> None:
    file = tmp_path / "out.checkpoint"
    write_checkpoint(file, Checkpoint(Origin("aa", "1.0"), {}, 0.0, np.arange(50), np.arange(50)))
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(rp.InputError, match="not a checkpoint that can be read"):
        read_checkpoint(file, Origin("aa", "1.0"))


def test_a_write_cut_short_leaves_the_checkpoint_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, ours = tmp_path / "out.checkpoint", Origin("aa", "1.0")
    kept = Checkpoint(ours, {"duties": 3}, 1.5, np.array([4]), np.array([1]))
    write_checkpoint(file, kept)

    def fail(_: int) -> None:
        raise OSError("disk gone")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail)  # nothing may take its place before it is on the disk
        with pytest.raises(OSError, match="disk gone"):
            write_checkpoint(file, replace(kept, goals={"duties": 2}))
    assert read_checkpoint(file, ours).goals == {"duties": 3}
    (tmp_path / ".out.checkpoint.new").write_bytes(b"half")  # of a killed run
    write_checkpoint(file, replace(kept, goals={"duties": 1}))
    assert read_checkpoint(file, ours).goals == {"duties": 1}
    assert [p.name for p in tmp_path.iterdir()] == ["out.checkpoint"]


def test_what_a_killed_run_left_beside_a_folder_is_put_right(tmp_path: Path) -> None:
    def write(folder: Path) -> None:
        assert (tmp_path / "out" / "plan").read_text() == "old", "put back before anything else"
        (folder / "plan").write_text("new")

    for name in (".out.new", ".out.old"):  # killed after the old folder was moved aside
        (tmp_path / name).mkdir()
    (tmp_path / ".out.old" / "plan").write_text("old")
    (tmp_path / ".out.new" / "half").write_text("half")
    write_folder(tmp_path / "out", write)
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["plan"]
    assert (tmp_path / "out" / "plan").read_text() == "new"


def test_a_point_that_is_not_what_was_stored_is_refused(tmp_path: Path) -> None:
    p, x = program(20, 10, 5)
    some = np.flatnonzero(x)
    goals = dict(zip((g.name for g in p.goals), p.goal_values(x), strict=True))
    kept = Checkpoint(Origin("aa", "1.0"), goals, 0.0, some, x[some])
    assert np.array_equal(point_of(kept, p, tmp_path), x)
    broken = x.copy()
    broken[p.columns_of("attend")[0]] = 1  # without its head being counted
    its = dict(zip(goals, p.goal_values(broken), strict=True))
    wrong = [
        replace(kept, goals=its, columns=np.flatnonzero(broken), values=broken[broken != 0]),
        replace(kept, goals=goals | {p.goals[0].name: p.goal_values(x)[0] - 1}),
        replace(kept, columns=np.append(some, p.n_columns), values=np.append(x[some], 1)),
        replace(kept, values=x[some] + 5_000),
    ]
    for one in wrong:
        with pytest.raises(rp.InputError, match="does not fit"):
            point_of(one, p, tmp_path)


def test_what_is_told_is_stored_before(tmp_path: Path) -> None:
    p, x = program(60, 30, 10)
    stored: list[int] = []
    told: list[tuple[int, int]] = []

    def tell(step: Progress) -> None:
        if step.goal == p.goals[0].name and step.value is not None:
            told.append((step.value, len(stored)))

    so_far = Run(tell, 30)
    so_far.built(p, lambda y: stored.append(p.goal_values(y)[0]))
    so_far.found(x)

    def event(one: dict[str, Any]) -> str | None:
        return so_far.event(one) or ("enough" if len(stored) > 1 else None)

    outcome = run(p, x, Options(engine="cohort", time_limit=100, workers=1), event, keep=so_far.keep)
    assert outcome.stopped == "enough"
    assert p.goal_values(outcome.x)[0] <= stored[-1]
    assert stored == sorted(stored, reverse=True)
    assert not so_far.found(x), "worse than the best"
    assert len({value for value, _ in told}) > 1
    assert all(before and stored[before - 1] <= value for value, before in told)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signals_raise_until_there_is_a_plan_and_are_held_from_then_on(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with graceful() as asked, pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), number)
    assert asked.is_set()
    with graceful(held=True) as asked:
        assert not asked.is_set()
        os.kill(os.getpid(), number)
        assert asked.is_set()
        with pytest.raises(KeyboardInterrupt):  # whoever asks twice is in a hurry
            os.kill(os.getpid(), number)
    assert signal.getsignal(number) is before


def test_signals_handled_elsewhere_are_left_alone() -> None:
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        with graceful() as asked:
            os.kill(os.getpid(), signal.SIGTERM)
            assert not asked.is_set()
    finally:
        signal.signal(signal.SIGTERM, before)
    seen = []
    thread = threading.Thread(target=lambda: seen.append(graceful().__enter__()))
    thread.start()
    thread.join()
    assert len(seen) == 1
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("phase", ["compile", "construct", "search"])
def test_a_signal_in_any_phase(district: rp.Scenario, phase: str, number: signal.Signals) -> None:
    asked = False

    def tell(step: Progress) -> None:
        nonlocal asked
        here = "search" if step.phase in ("improve", "exact") else step.phase
        if here == phase and not asked and (phase != "construct" or step.goal == "comfort"):
            asked = True
            os.kill(os.getpid(), number)

    result = rp.solve(district, time_limit=60, workers=1, on_progress=tell)
    assert asked
    assert result.stopped == "interrupt"
    if phase == "compile":
        assert (result.status, result.plan) == ("no_plan", None)
        return
    assert rp.verify(district, result.require_plan()).ok
    assert result.runtime_s < 60


def test_every_event_says_what_is_known(district: rp.Scenario) -> None:
    told: list[Progress] = []
    result = rp.solve(district, time_limit=30, workers=1, gap=50.0, on_progress=told.append)
    compiled = next(i for i, step in enumerate(told) if step.candidates is not None)
    planned = next(i for i, step in enumerate(told) if step.goal is not None)
    assert compiled < planned < len(told) - 1
    assert all(step.memory_mb and step.remaining_s is not None for step in told)
    assert all(step.candidates for step in told[compiled:])
    assert all(step.goal and step.value is not None and step.bound is not None for step in told[planned:])
    assert all(step.gap is not None for step in told[planned:])
    left = [step.elapsed_s + (step.remaining_s or 0) for step in told if step.elapsed_s < 30]
    assert left == pytest.approx([30.0] * len(left))
    best = {step.goal: step.value for step in told if step.goal}
    assert best.items() >= {g.name: g.value for g in result.goals[:1]}.items()
    phases = [step.phase for step in told]
    assert "construct" in phases[phases.index("verify") :], "not verified at once"


def test_a_fault_is_known_at_the_first_plan(district: rp.Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    def refute(*_: object) -> None:
        raise InternalError("refuted")

    monkeypatch.setattr(import_module(MODULE), "_confirm", refute)  # the package hands out a function of that name
    told: list[str] = []
    with pytest.raises(InternalError, match="refuted"):
        rp.solve(district, time_limit=60, workers=1, on_progress=lambda step: told.append(step.phase))
    assert not {"improve", "exact"} & set(told)


def test_a_work_limit_foretells_the_end() -> None:
    p, x = program(20, 10, 5)
    told: list[Progress] = []
    so_far = Run(told.append, 1000)
    so_far.built(p, lambda _: None)
    so_far.found(x)
    so_far.searching(8.0)
    begun = so_far.elapsed_s
    while so_far.elapsed_s < begun + 0.05:
        pass
    so_far.event({"event": "better", "phase": "improve", "values": p.goal_values(x), "bounds": p.trivial_bounds(),
                  "remaining": 6.0})
    last = told[-1]
    assert last.remaining_s is not None
    # A quarter was done when the event came, so all of it takes four times what had gone by then.
    assert begun + 4 * 0.05 <= last.elapsed_s + last.remaining_s <= begun + 4 * (last.elapsed_s - begun)


def test_near_enough_is_enough(district: rp.Scenario) -> None:
    told: list[Progress] = []
    result = rp.solve(district, time_limit=30, workers=1, gap=50.0, on_progress=told.append)
    assert result.stopped == "gap"
    plans = dict.fromkeys(step.value for step in told if step.goal == "duties")
    assert len(plans) <= 2, "more than what is committed and the first plan that is near enough"
    assert result.runtime_s < 15
    assert rp.verify(district, result.require_plan()).ok
    with pytest.raises(ValueError, match="gap"):
        rp.solve(district, gap=-0.1)
    with pytest.raises(ValueError, match="resume"):
        rp.solve(district, resume=True)


def test_no_gap_is_a_proof() -> None:
    p, x = program(20, 10, 5)
    so_far = Run(None, 10, 0.0)
    so_far.built(p, lambda _: None)
    so_far.found(x)
    values = p.goal_values(x)
    assert so_far.event({"event": "better", "values": values, "bounds": [v + 1 for v in values]}) is None
    assert so_far.event({"event": "better", "values": values, "bounds": values}) == "proved"
