"""One measurement in a process of its own: ``python -m benchmarks.child METHOD INSTANCE OUT LIMIT WORKERS SEED``.

What the method needs is prepared first, untimed; what is timed is the method alone. The plan is verified after
the clock has stopped. The outcome goes to a JSON file.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import rotation_planner as rp
from benchmarks.greedy import greedy
from benchmarks.plain_cpsat import Bound, solve_plainly
from rotation_planner.compile import compile_candidates
from rotation_planner.domain.plan import Plan
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


def judged(scenario: Scenario, plan: Plan | None, seconds: float, status: str, bounds: tuple[Bound, ...]) -> Outcome:
    """What the verifier says of a plan; a method's own figures are never taken but for its bounds."""
    outcome: Outcome = {"status": status, "seconds": seconds}
    if plan is None:
        return outcome
    found = rp.verify(scenario, plan)
    outcome |= {"verified": found.ok, "violations": len(found.violations), "unmet": len(found.unmet)}
    outcome |= found.goals
    return outcome | {f"{b.goal}_bound": b.bound for b in bounds if b.bound is not None}


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


def ours(folder: Path, limits: Limits) -> Outcome:
    """The library's ``solve``; compiling, building and verifying count."""
    scenario = rp.load(folder)
    solve = rp.solve
    result, seconds = timed(
        lambda: solve(scenario, time_limit=limits.time_limit_s, workers=limits.workers, seed=limits.seed)
    )
    bounds = tuple(Bound(g.name, g.bound) for g in result.goals)
    note = {"note": f"{result.engine}, {result.stopped}"}
    return judged(scenario, result.plan, seconds, result.status, bounds) | note


def plain(folder: Path, limits: Limits) -> Outcome:
    """Plain CP-SAT; compiling and building count."""
    scenario = rp.load(folder)
    found, seconds = timed(
        lambda: solve_plainly(scenario, limits.time_limit_s, workers=limits.workers, seed=limits.seed)
    )
    return judged(scenario, found.plan, seconds, found.status, found.bounds) | {"note": found.note}


def greedily(folder: Path, _limits: Limits) -> Outcome:
    """Session by session, as with a spreadsheet; one core, no limit."""
    scenario = rp.load(folder)
    plan, seconds = timed(lambda: greedy(scenario))
    return judged(scenario, plan, seconds, "feasible", ())


WORK: dict[str, Callable[[Path, Limits], Outcome]] = {
    "load": load, "compile": compile_, "build": build_, "ours": ours, "plain": plain, "greedy": greedily,
}


def main(arguments: list[str]) -> None:
    """Measure once."""
    method, folder, out, limit, workers, seed = arguments
    outcome = WORK[method](Path(folder), Limits(float(limit), int(workers), int(seed)))
    Path(out).write_text(json.dumps(outcome), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
