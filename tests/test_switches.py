"""Every part that the ablations switch off is a part that runs: with the switch it does not, and the rest does."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import asdict
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ortools.sat.python import cp_model

import rotation_planner as rp
from benchmarks.switches import SWITCHES, WHOLE, switched_off
from rotation_planner import model, proof, start
from rotation_planner.anytime import Run
from rotation_planner.checkpoint import Origin
from rotation_planner.compile import compile_candidates
from rotation_planner.engines import Options, child, exact, ship, supervise
from rotation_planner.engines.guide import Guide
from rotation_planner.engines.master import row_owner
from rotation_planner.engines.options import Budget
from rotation_planner.engines.search import Search
from rotation_planner.interrupt import Asked
from rotation_planner.program import Kind

pytestmark = [pytest.mark.clock, pytest.mark.no_cover]


def improve_module() -> Any:
    """The module; its name in the package is a function."""
    return import_module("rotation_planner.engines.improve")


Watch = Callable[[Any, str], Counter[str]]
KINDS = [name for name in SWITCHES if name.startswith("kind-")]


@pytest.fixture(scope="module")
def built() -> model.Built:
    """The program of a small district."""
    return model.build(compile_candidates(rp.generate("district", cadres=60, seed=1)))


@pytest.fixture(scope="module")
def empty(built: model.Built) -> np.ndarray:
    """Its empty plan."""
    return model.complete(built, model.committed_point(built), choose_study=True)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Watch:
    """Counts calls of a name of a module or class."""
    counted: Counter[str] = Counter()

    def watch(owner: Any, name: str) -> Counter[str]:
        original = getattr(owner, name)

        @wraps(original)
        def spy(*given: Any, **named: Any) -> Any:
            counted[name] += 1
            return original(*given, **named)

        monkeypatch.setattr(owner, name, spy)
        return counted

    return watch


def both(name: str) -> tuple[Any, Any]:
    """Without the switch, and with it."""
    return nullcontext(), switched_off(name)


def searching(built: model.Built, x: np.ndarray, engine: str = "cohort", work: float = 0.3) -> Search:
    """A search under a work limit."""
    options = Options(engine=engine, work_limit=work, workers=1, seed=1)
    return Search(built.program, x, options, Budget(60.0, work), lambda *_: None)


@pytest.fixture
def in_vain(monkeypatch: pytest.MonkeyPatch) -> None:
    """No part is ever better, which shows at once."""
    monkeypatch.setattr(Search, "solve", lambda *_: False)
    monkeypatch.setattr(improve_module()._Filler, "turn", lambda *_: None)


def started(built: model.Built) -> bool:
    """Make a first plan; whether anything was constructed."""
    so_far = Run(None, 60.0)
    so_far.built(built.program, lambda _: None)
    return start.starting_point(built, so_far, [], False, math.inf, lambda _: None, Asked())[1]


def test_each_switch_is_tested_here() -> None:
    tested = {
        "guide", "groups", "second-relaxation", "guidance", "prices", "filling", "renewed-scale", "rounding", "hints",
        "warm-start", "start", "start-and-master",
    }
    assert set(SWITCHES) == tested | set(KINDS)
    assert len(KINDS) == 7
    assert all(s.beside == WHOLE or s.beside in SWITCHES for s in SWITCHES.values())


def test_what_is_no_part_any_more_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(improve_module(), "STALE")
    with pytest.raises(AttributeError, match="STALE"), switched_off("renewed-scale"):
        pass


def test_guide(built: model.Built, calls: Watch) -> None:
    seen, counts = calls(Guide, "first"), []
    for state in both("guide"):
        seen.clear()
        with state:
            assert started(built)  # the plain construction still is more than nothing
        counts.append(seen["first"])
    assert counts == [1, 0]


def test_groups(built: model.Built, empty: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("rotation_planner.engines.guide"), "GROUP_ATTEND", 100)
    counts = []
    for state in both("groups"):
        with state:
            counts.append(int(Guide(built.program, empty, math.inf, lambda x: x).group.max()))
    assert counts[0] > 0 == counts[1]


def test_second_relaxation(built: model.Built, empty: np.ndarray, calls: Watch) -> None:
    calls(Guide, "_relaxed")
    seen, counts = calls(Guide, "_rounded"), []
    for state in both("second-relaxation"):
        seen.clear()
        with state:
            Guide(built.program, empty, math.inf, lambda x: model.complete(built, x, choose_study=True)).first()
        counts.append((seen["_relaxed"], seen["_rounded"]))
    (relaxed, rounded), off = counts
    assert relaxed == 2 * rounded > 0
    assert off == (rounded, 0)


def test_prices(built: model.Built, empty: np.ndarray, calls: Watch) -> None:
    seen, counts, bounds = calls(proof, "price_goals"), [], []
    solve = import_module("rotation_planner.solve")
    values = built.program.goal_values(empty)
    limits = Options(work_limit=0.05, workers=1)
    for state in both("prices"):
        seen.clear()
        with state:
            assert (solve.PRICES_SHARE == 0) == bool(counts)
            certificate = proof.prove(built.program, values, [None] * len(values), Origin("", ""), limits)
        counts.append(seen["price_goals"])
        bounds.append([s.bound for s in certificate.statements])
    assert counts == [1, 0]
    assert bounds[1] == list(built.program.trivial_bounds()) != bounds[0]


@pytest.mark.parametrize("name", ["guidance", "prices"])
def test_guidance(name: str, tmp_path: Path, built: model.Built, empty: np.ndarray) -> None:
    nothing = np.zeros(0, np.int64)
    ship.write(tmp_path, built.program, nothing, nothing, nothing)
    counts = []
    for state in both(name):
        with state:
            counts.append(child.Guidance(tmp_path, built.program, 1.0) is not None)
    assert counts == [True, False]


def test_filling(built: model.Built, empty: np.ndarray, calls: Watch) -> None:
    search = searching(built, empty)
    seen, counts = calls(improve_module().Construction, "run"), []
    for state in both("filling"):
        seen.clear()
        with state:
            filler = improve_module()._Filler(search)
            filler.begin()
            filler.turn(0)
        counts.append(seen["run"])
    assert counts == [1, 0]


@pytest.mark.parametrize("switch", [None, *KINDS])
@pytest.mark.usefixtures("in_vain")
def test_kinds_of_neighbourhoods(
    switch: str | None, built: model.Built, empty: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    used: set[str] = set()

    def spied(pick: Any) -> Any:
        @wraps(pick)
        def spy(*given: Any) -> Any:
            used.add(pick.__name__)
            return pick(*given)

        return spy

    module = improve_module()
    every = {pick.__name__ for pick in (*module.IN_STRETCHES, *module.OVER_ALL)}
    for name in ("IN_STRETCHES", "OVER_ALL"):
        monkeypatch.setattr(module, name, tuple(spied(pick) for pick in getattr(module, name)))
    with switched_off(switch) if switch else nullcontext():
        improve_module().improve(searching(built, empty, work=1.0), 0.0)
    assert used == every - {(switch or "").removeprefix("kind-").replace("-", "_")}


@pytest.mark.usefixtures("in_vain")
def test_renewed_scale(built: model.Built, empty: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    module, scales = improve_module(), []
    kinds = module._kinds

    def spy(search: Search, scale: float = 1.0, *rest: Any) -> Any:
        scales.append(scale)
        return kinds(search, scale, *rest)

    monkeypatch.setattr(module, "_kinds", spy)
    most = []
    for state in both("renewed-scale"):
        scales.clear()
        with state:
            improve_module().improve(searching(built, empty, work=1.0), 0.0)
        most.append(max(scales))
    assert most[0] > most[1] == 1.0


def test_rounding() -> None:
    compiled = compile_candidates(rp.generate("district", cadres=60, seed=1))
    implied = []
    for state in both("rounding"):
        with state:
            program = model.build(compiled).program
        implied.append(sum(program.families[f].kind is Kind.IMPLIED for f in program.row_family))
    assert implied[0] > implied[1] == 0


def test_hints(built: model.Built, empty: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    hinted: list[int] = []
    solver = cp_model.CpSolver
    solve = solver.solve

    def spy(self: Any, program: Any, *rest: Any) -> Any:
        hinted.append(len(program.proto.solution_hint.vars))
        return solve(self, program, *rest)

    monkeypatch.setattr(solver, "solve", spy)
    found = []
    for state in both("hints"):
        hinted.clear()
        with state:
            exact.solve_exact(searching(built, empty, "exact", 0.02), [None] * len(built.program.goals), 0.0)
        found.append(set(hinted))
    assert found == [{built.program.n_columns}, {0}]


def shipped(built: model.Built, x: np.ndarray, folder: Path, options: Options) -> Path:
    """A folder for the solver's process."""
    program = built.program
    column_slot = ship.slots(program, program.owner, program.column_family, program.column_index)
    row_slot = ship.slots(program, row_owner(program.matrix, program.owner), program.row_family, program.row_index)
    ship.write(folder, program, x, column_slot, row_slot)
    (folder / "options.json").write_text(json.dumps(asdict(options) | {"elapsed_s": 0.0}))
    return folder


def test_warm_start(
    built: model.Built, empty: np.ndarray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, calls: Watch
) -> None:
    monkeypatch.setattr(child, "_end_with_parent", lambda _: None)
    calls(child, "solve_exact")
    seen, counts = calls(child, "improve"), []
    shipped(built, empty, tmp_path, Options(work_limit=0.05, workers=1))
    for state in both("warm-start"):
        seen.clear()
        with state:
            child.main(tmp_path)
        counts.append((seen["improve"], seen["solve_exact"]))
    assert counts == [(1, 1), (0, 1)]


def test_start(built: model.Built) -> None:
    found = []
    for state in both("start"):
        with state:
            found.append(started(built))
    assert found == [True, False]


@pytest.fixture(scope="module")
def small() -> tuple[model.Built, np.ndarray]:
    """The smallest district for which there is a master, and its empty plan."""
    built = model.build(compile_candidates(rp.generate("district", cadres=40, seed=1)))
    assert built.program.n_columns > child.SMALL_COLUMNS
    return built, model.complete(built, model.committed_point(built), choose_study=True)


MASTER = Options(engine="cohort", work_limit=0.02, workers=1, master=True)


def test_master(
    small: tuple[model.Built, np.ndarray], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, calls: Watch
) -> None:
    monkeypatch.setattr(child, "_end_with_parent", lambda _: None)
    for name in ("place", "improve"):
        monkeypatch.setattr(child, name, lambda *_: None)
    calls(child, "place")
    seen, counts = calls(child, "decide_classes"), []
    shipped(*small, tmp_path, MASTER)
    for name in ("start", "start-and-master"):
        seen.clear()
        with switched_off(name):
            child.main(tmp_path)
        counts.append((seen["decide_classes"], seen["place"]))
    assert counts == [(1, 1), (0, 0)]


def test_switches_reach_the_process_of_the_solver(small: tuple[model.Built, np.ndarray]) -> None:
    phases: set[str] = set()
    with switched_off("start-and-master"):
        outcome = supervise.run(
            small[0].program, small[1], MASTER, lambda event: phases.add(event.get("phase", ""))
        )
    assert outcome.stopped == "work"
    assert {"master", "improve"} <= phases
    assert "place" not in phases  # nothing was decided
