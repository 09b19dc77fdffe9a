"""HiGHS as a method of the harness: ships the program to ``highs_rival`` and takes its points back as a plan."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.found import Bound, Found, point_of
from benchmarks.outside import supervised
from rotation_planner.compile import compile_candidates
from rotation_planner.domain.scenario import Scenario
from rotation_planner.model import build, to_plan
from rotation_planner.program import Program


def ship(program: Program, path: Path, began: float, time_limit_s: float, workers: int, seed: int) -> None:
    """Write columns, rows and goals (those that have terms) as arrays."""
    goals = [goal for goal in program.goals if len(goal.columns)]
    np.savez(
        path, lower=program.lower, upper=program.upper, low=program.low, high=program.high,
        indptr=program.matrix.indptr, indices=program.matrix.indices, data=program.matrix.data,
        goals=[goal.name for goal in goals], maximise=[goal.maximise for goal in goals],
        coefs=[goal.dense(program.n_columns) for goal in goals],
        began=began, time_limit_s=time_limit_s, workers=workers, seed=seed,
    )


def solve_with_highs(scenario: Scenario, time_limit_s: float, workers: int, seed: int) -> Found:
    """Plan with HiGHS; compiling, building and shipping count toward the time.

    Parameters
    ----------
    scenario : Scenario
        What to plan.
    time_limit_s : float
        Wall clock for everything, in seconds.
    workers, seed : int
        Of the solver.
    """
    began = time.time()
    built = build(compile_candidates(scenario))
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        ship(built.program, folder / "program.npz", began, time_limit_s, workers, seed)
        fault = supervised([sys.executable, "-m", "benchmarks.highs_rival", str(folder)], began + time_limit_s)
        incumbents = [_point(path, built.program.n_columns) for path in sorted(folder.glob("incumbent-*.npz"))]
        answer = folder / "answer.json"
        said = json.loads(answer.read_text(encoding="utf-8")) if answer.exists() else {}
    bounds = tuple(Bound(goal, bound) for goal, bound in said.get("bounds", {}).items())
    note = "; ".join(part for part in (said.get("status", ""), fault) if part)
    if not incumbents:
        return Found("no_plan", None, bounds, note)
    status = "optimal" if said.get("proved") and not fault else "feasible"
    points = tuple(point_of(built, seconds, x) for seconds, x in incumbents)
    return Found(status, to_plan(built, incumbents[-1][1]), bounds, note, points)


def _point(path: Path, size: int) -> tuple[float, np.ndarray]:
    with np.load(path) as data:
        x = np.zeros(size, np.int64)
        x[data["columns"]] = data["values"]
        return float(data["seconds"]), x
