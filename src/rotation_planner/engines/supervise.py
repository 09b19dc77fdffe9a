"""Run an engine in a process of its own, and keep the limits even when the solver does not."""

from __future__ import annotations

import json
import logging
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

import numpy as np
import psutil

from rotation_planner.engines import ship
from rotation_planner.engines.master import row_owner
from rotation_planner.engines.options import Options, Outcome
from rotation_planner.program.program import GoalRow, Program

logger = logging.getLogger(__name__)
SOURCE = Path(__file__).resolve().parents[2]
"""Where the package lies: the solver process must find the same one."""
GRACE_S = 1.0
"""Seconds past the limit after which the solver process is ended."""
POLL_S = 0.1

OnEvent = Callable[[dict[str, Any]], None]


def run(
    program: Program,
    x: np.ndarray,
    options: Options,
    on_event: OnEvent | None = None,
    stop: threading.Event | None = None,
) -> Outcome:
    """Solve a program from a feasible point.

    Parameters
    ----------
    program : Program
        What to solve.
    x : int64 array
        A feasible point; returned if nothing better is found.
    options : Options
        Limits and choices; the wall clock starts now.
    on_event : callable, optional
        Given every event of the solver process; may raise KeyboardInterrupt to stop.
    stop : Event, optional
        Ends the run once it is set.

    Returns
    -------
    Outcome
        The best point; it is feasible for the program whatever happened to the process.
    """
    started = time.monotonic()
    if not program.feasible(x):
        raise ValueError("the starting point is not feasible")
    folder = Path(tempfile.mkdtemp(prefix="rotation-planner-"))
    try:
        column_slot = ship.slots(program, program.owner, program.column_family, program.column_index)
        row_slot = ship.slots(program, row_owner(program), program.row_family, program.row_index)
        ship.write(folder, program, x, column_slot, row_slot)
        settings = asdict(options) | {"elapsed_s": time.monotonic() - started}
        (folder / "options.json").write_text(json.dumps(settings))
        return _watch(program, x, options, folder, started, on_event, stop)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _watch(
    program: Program,
    x: np.ndarray,
    options: Options,
    folder: Path,
    started: float,
    on_event: OnEvent | None,
    stop: threading.Event | None,
) -> Outcome:
    log = (folder / "errors.txt").open("w+")
    process = subprocess.Popen(
        [sys.executable, "-m", "rotation_planner.engines.child", str(folder)],
        stdout=subprocess.PIPE, stderr=log, stdin=subprocess.DEVNULL, text=True, start_new_session=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(SOURCE), *filter(None, [os.environ.get("PYTHONPATH")])])},
    )
    events: queue.Queue[dict[str, Any]] = queue.Queue()
    reader = threading.Thread(target=_read, args=(process, events), daemon=True)
    reader.start()
    last: dict[str, Any] = {}
    stopped, peak = "", 0.0
    try:
        while not stopped:
            ended = process.poll() is not None and not reader.is_alive()
            peak = max(peak, tree_memory_mb())
            while True:
                try:
                    event = events.get(timeout=0 if ended else POLL_S)
                except queue.Empty:
                    break
                if event.get("bounds") is not None:
                    last = event
                if on_event is not None:
                    on_event(event | {"peak_memory_mb": peak})
            if ended:
                stopped = last.get("stopped", "crash")
            elif stop is not None and stop.is_set():
                stopped = "interrupt"
            elif options.memory_limit_mb is not None and peak > options.memory_limit_mb:
                stopped = "memory"
            elif options.work_limit is None and time.monotonic() - started > options.time_limit + GRACE_S:
                stopped = "time"
    except KeyboardInterrupt:
        stopped = "interrupt"
    finally:
        process.kill()
        process.wait()
        reader.join()
        if process.stdout is not None:
            process.stdout.close()
        log.seek(0)
        errors = log.read()
        log.close()
    if stopped == "crash":
        logger.error("the solver process ended with code %s:\n%s", process.returncode, errors[-4000:])
    best = _best(program, x, folder)
    bounds = last.get("bounds") or [None] * len(program.goals)
    sources = tuple(_source(goal, program, b) for goal, b in zip(program.goals, bounds, strict=True))
    return Outcome(best, tuple(bounds), sources, stopped, peak)


def _source(goal: GoalRow, program: Program, bound: int | None) -> Literal["solver", "certificate"] | None:
    """``certificate`` if the bound follows from the bounds of the columns alone, which anyone can add up."""
    if bound is None:
        return None
    coefs = goal.dense(program.n_columns)
    ends = coefs * program.lower, coefs * program.upper
    trivial = int((np.maximum(*ends) if goal.maximise else np.minimum(*ends)).sum())
    return "certificate" if bound == trivial else "solver"


def _read(process: subprocess.Popen[str], events: queue.Queue[dict[str, Any]]) -> None:
    assert process.stdout is not None
    with process.stdout as lines:
        for line in lines:
            if line.startswith("{"):
                events.put(json.loads(line))


def _best(program: Program, x: np.ndarray, folder: Path) -> np.ndarray:
    """The last point written, if it is really feasible and better than the start."""
    file = folder / "point.npy"
    if not file.exists():
        return x
    point: np.ndarray = np.load(file)
    senses = [-1 if g.maximise else 1 for g in program.goals]

    def key(p: np.ndarray) -> list[int]:
        return [s * v for s, v in zip(senses, program.goal_values(p), strict=True)]

    return point if program.feasible(point) and key(point) < key(x) else x


def tree_memory_mb() -> float:
    """Memory in use by this process and its children, in MB."""
    me = psutil.Process()
    total = me.memory_info().rss
    for child in me.children(recursive=True):
        try:
            total += child.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total / 1e6
