"""Timefold as a method of the harness: writes the problem, runs the model in ``timefold_java/``, takes the plan back.

The solver is the one in the Python package ``timefold`` 1.24.0b0, the model is written in Java against its jars. The
package's Python layer turns every number of the problem into a Java object one by one and each constraint into Java
from Python bytecode; its own page calls it significantly slower. README.md says what was measured.
"""

from __future__ import annotations

import importlib.resources
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.facts import ROOT
from benchmarks.found import Found, point_of
from benchmarks.outside import supervised
from benchmarks.timefold_problem import NotModelledError, problem_of, write
from benchmarks.trajectory import GOALS, Point
from rotation_planner.compile import compile_candidates
from rotation_planner.domain.scenario import Scenario
from rotation_planner.model import Built, build, complete, to_plan

SOURCES = ROOT / "benchmarks" / "timefold_java"
LATE_S = 1.0
"""The rival is told to end so much earlier: its last step, its answer and our reading of it take about that."""


class NoJavaError(Exception):
    """Java, its compiler or Timefold's jars are not there, or the model does not compile."""


def compiled(folder: Path) -> str:
    """Compile the model into a folder; returns the class path. Not timed: it does not depend on the instance.

    Raises
    ------
    NoJavaError
        If something that this needs is missing.
    """
    if shutil.which("javac") is None:
        raise NoJavaError("javac is not there: scripts/bench-needs installs it")
    try:
        jars = importlib.resources.files("timefold.solver.jars")
    except ModuleNotFoundError as error:
        raise NoJavaError("the package timefold is not there: pip install 'rotation-planner[bench]'") from error
    path = ":".join(str(jar) for jar in jars.iterdir() if jar.name.endswith(".jar"))
    sources = [str(source) for source in sorted(SOURCES.glob("*.java"))]
    made = subprocess.run(
        ["javac", "-nowarn", "-d", str(folder), "-cp", path, *sources], capture_output=True, text=True, check=False
    )
    if made.returncode:
        raise NoJavaError(f"the model does not compile: {made.stderr[:200]}")
    return f"{folder}:{path}"


def solve_with_timefold(scenario: Scenario, time_limit_s: float, workers: int, seed: int, class_path: str) -> Found:
    """Plan with Timefold; compiling the scenario, building and writing the problem count toward the time.

    Parameters
    ----------
    scenario : Scenario
        What to plan.
    time_limit_s : float
        Wall clock for everything, in seconds.
    workers, seed : int
        Solvers beside one another, and the seed of the first.
    class_path : str
        Of ``compiled``.
    """
    began = time.time()
    built = build(compile_candidates(scenario))
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        try:
            write(problem_of(built), folder / "problem.txt")
        except NotModelledError as error:
            return Found("no_plan", None, (), f"not modelled: {error}")
        milliseconds = [str(int(1000 * s)) for s in (began, max(1.0, time_limit_s - LATE_S))]
        command = ["java", "-cp", class_path, "rival.Rival", str(folder), *milliseconds, str(workers), str(seed)]
        fault = supervised(command, began + time_limit_s)
        answer = folder / "answer.txt"
        lines = answer.read_text(encoding="utf-8").splitlines() if answer.exists() else []
    if not lines:
        return Found("no_plan", None, (), fault or "no answer")
    x = _point(built, lines)
    points = (*_points(built, lines), point_of(built, time.time() - began, x))
    broken = int(lines[0].split()[1])
    note = "; ".join(part for part in (f"breaks limits by {broken}" if broken else "", fault) if part)
    return Found("feasible", to_plan(built, x), (), note, points if not broken else points[:-1])


def _point(built: Built, lines: list[str]) -> np.ndarray:
    """The point of the offers taken: as few classes as hold who attends, and study hours at their best."""
    model, sessions = built.model, built.model.candidates.sessions
    taken = np.unique([int(line.split()[1]) for line in lines if line.startswith("offer ")]).astype(np.int64)
    heads = np.bincount(model.candidates.session[taken], minlength=len(sessions.ids))
    x = np.zeros(built.program.n_columns, np.int64)
    x[model.attend[taken]] = 1
    x[model.classes] = -(-heads // np.maximum(1, sessions.max_size))
    return complete(built, x, choose_study=True)


def _points(built: Built, lines: list[str]) -> list[Point]:
    """Scores that break no limit, in the measure of the goals (a wish not granted is a constant in the rival's)."""
    nothing = complete(built, np.zeros(built.program.n_columns, np.int64), choose_study=True)
    values = zip(built.program.goals, built.program.goal_values(nothing), strict=True)
    constant = {goal.name: value for goal, value in values}.get("comfort", 0)
    found: list[Point] = []
    best: tuple[int, ...] | None = None
    for line in lines:
        if line.startswith("point "):
            _, milliseconds, *amounts = line.split()
            levels = tuple(map(int, amounts))
            if best is not None and levels >= best:  # of the solver beside
                continue
            best = levels
            score = dict(zip(GOALS, levels, strict=True))
            score["need"] *= -1
            score["comfort"] += constant
            found.append((int(milliseconds) / 1000, tuple(score.values())))
    return found
