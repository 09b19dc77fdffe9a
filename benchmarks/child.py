"""One measurement in a process of its own.

``python -m benchmarks.child METHOD INSTANCE OUT LIMIT WORKERS SEED [PLAN]``

What the method needs is prepared first, untimed; what is timed is the method alone. The plan is verified after
the clock has stopped. The outcome goes to the JSON file ``OUT``, our plan with its certificate to the folder ``PLAN``.
A method may also be a part that is switched off (``benchmarks/switches.py``): ours without it.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import rotation_planner as rp
from benchmarks.found import Bound, Found
from benchmarks.greedy import greedy
from benchmarks.highs import solve_with_highs
from benchmarks.plain_cpsat import solve_plainly
from benchmarks.switches import SWITCHES, switched_off
from benchmarks.timefold import compiled, solve_with_timefold
from benchmarks.trajectory import Point, text_of, values_of
from rotation_planner.compile import compile_candidates
from rotation_planner.domain.plan import GoalValue
from rotation_planner.domain.scenario import Scenario
from rotation_planner.model import build

Outcome = dict[str, Any]


@dataclass(frozen=True)
class Limits:
    """What a method may use."""

    time_limit_s: float
    workers: int
    seed: int


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """The work's outcome and its wall clock."""
    begin = time.perf_counter()
    outcome = work()
    return outcome, time.perf_counter() - begin


def judged(scenario: Scenario, found: Found, seconds: float) -> Outcome:
    """What the verifier says of a plan; a method's own figures are taken for its bounds and its course only."""
    outcome: Outcome = {"status": found.status, "seconds": seconds, "note": found.note}
    if found.plan is None:
        return outcome
    checked = rp.verify(scenario, found.plan)
    outcome |= {"verified": checked.ok, "violations": len(checked.violations), "unmet": len(checked.unmet)}
    outcome |= checked.goals | {"trajectory": text_of([*found.points, (seconds, values_of(checked.goals))])}
    return outcome | {f"{b.goal}_bound": b.bound for b in found.bounds if b.bound is not None}


def load(folder: Path, _limits: Limits) -> Outcome:
    """Read the tables of a folder."""
    read = rp.load  # imported now, so that imports are not timed
    _, seconds = timed(lambda: read(folder))
    return {"status": "done", "seconds": seconds}


def compile_(folder: Path, _limits: Limits) -> Outcome:
    """Find who may attend what."""
    scenario = rp.load(folder)
    candidates, seconds = timed(lambda: compile_candidates(scenario))
    return {"status": "done", "seconds": seconds, "candidates": len(candidates)}


def build_(folder: Path, _limits: Limits) -> Outcome:
    """Write the program's columns and rows."""
    candidates = compile_candidates(rp.load(folder))
    made, seconds = timed(lambda: build(candidates))
    program = made.program
    return {
        "status": "done", "seconds": seconds, "candidates": len(candidates), "columns": program.n_columns,
        "rows": program.n_rows, "entries": int(program.matrix.nnz),
    }


class Course:
    """Hears the progress of our run: a vector of goal values begins with its first goal.

    Attributes
    ----------
    first_verified_s : float or None
        When the first verification was over, if the run went on after it.
    """

    def __init__(self) -> None:
        self._heard: list[tuple[float, dict[str, int]]] = []
        self._phase = ""
        self.first_verified_s: float | None = None

    def __call__(self, progress: rp.Progress) -> None:
        """Take down one goal of one plan."""
        if self.first_verified_s is None and self._phase == "verify" != progress.phase:
            self.first_verified_s = progress.elapsed_s
        self._phase = progress.phase
        if progress.goal is None or progress.value is None:
            return
        if not self._heard or progress.goal in self._heard[-1][1]:
            self._heard.append((progress.elapsed_s, {}))
        self._heard[-1][1][progress.goal] = progress.value

    def points(self, goals: int) -> tuple[Point, ...]:
        """Plans of which every goal was told."""
        return tuple((seconds, values_of(values)) for seconds, values in self._heard if len(values) == goals)


def ours(folder: Path, limits: Limits) -> Outcome:
    """The library's ``solve``; compiling, building and verifying count."""
    return planned(folder, limits)[0]


def planned(folder: Path, limits: Limits) -> tuple[Outcome, rp.Scenario, rp.Result]:
    """The same, with what was planned and the result."""
    scenario, course, solve = rp.load(folder), Course(), rp.solve
    result, seconds = timed(
        lambda: solve(
            scenario, time_limit=limits.time_limit_s, workers=limits.workers, seed=limits.seed, on_progress=course
        )
    )
    found = Found(
        result.status, result.plan, tuple(Bound(g.name, g.bound) for g in result.goals),
        f"{result.engine}, {result.stopped}", course.points(len(result.goals)),
    )
    more: Outcome = {f"{g.name}_certified": b for g in result.goals if (b := certified_bound(g)) is not None}
    if result.plan is not None:
        more["first_plan_s"] = seconds if course.first_verified_s is None else course.first_verified_s
    return judged(scenario, found, seconds) | more, scenario, result


def certified_bound(goal: GoalValue) -> int | None:
    """What anybody can recompute of a bound without a solver."""
    return goal.bound if goal.bound_source == "certificate" else goal.certified_bound


def plain(folder: Path, limits: Limits) -> Outcome:
    """Plain CP-SAT; compiling and building count."""
    scenario = rp.load(folder)
    found, seconds = timed(
        lambda: solve_plainly(scenario, limits.time_limit_s, workers=limits.workers, seed=limits.seed)
    )
    return judged(scenario, found, seconds)


def highs(folder: Path, limits: Limits) -> Outcome:
    """HiGHS in a process of its own; compiling, building and shipping count."""
    scenario = rp.load(folder)
    found, seconds = timed(
        lambda: solve_with_highs(scenario, limits.time_limit_s, workers=limits.workers, seed=limits.seed)
    )
    return judged(scenario, found, seconds)


def timefold(folder: Path, limits: Limits) -> Outcome:
    """Timefold in a Java process; compiling the scenario and writing the problem count, compiling its Java does not."""
    scenario = rp.load(folder)
    with tempfile.TemporaryDirectory() as classes:
        path = compiled(Path(classes))
        found, seconds = timed(
            lambda: solve_with_timefold(scenario, limits.time_limit_s, limits.workers, limits.seed, path)
        )
    return judged(scenario, found, seconds)


def greedily(folder: Path, _limits: Limits) -> Outcome:
    """Session by session, as with a spreadsheet; one core, no limit."""
    scenario = rp.load(folder)
    plan, seconds = timed(lambda: greedy(scenario))
    return judged(scenario, Found("feasible", plan, (), ""), seconds)


WORK: dict[str, Callable[[Path, Limits], Outcome]] = {
    "load": load, "compile": compile_, "build": build_, "ours": ours, "plain": plain, "highs": highs,
    "timefold": timefold, "greedy": greedily,
}


def main(arguments: list[str]) -> None:
    """Measure once."""
    method, folder, out, limit, workers, seed, *output = arguments
    limits = Limits(float(limit), int(workers), int(seed))
    if output:
        outcome, scenario, result = planned(Path(folder), limits)
        Path(out).write_text(json.dumps(outcome), encoding="utf-8")
        if result.plan is not None:
            rp.write_output(Path(output[0]), scenario, result)
        return
    if method in SWITCHES:
        with switched_off(method):
            outcome = ours(Path(folder), limits)
    else:
        outcome = WORK[method](Path(folder), limits)
    Path(out).write_text(json.dumps(outcome), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
