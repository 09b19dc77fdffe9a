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
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

import numpy as np

from rotation_planner.engines import ship
from rotation_planner.engines.guidance import found_in, put
from rotation_planner.engines.master import row_owner
from rotation_planner.engines.options import Options, Outcome
from rotation_planner.engines.process import GRACE_S, POLL_S, SOURCE, tree_memory_mb
from rotation_planner.program.prices import Prices
from rotation_planner.program.program import Program

logger = logging.getLogger(__name__)
TICK_S = 1.0
"""Most seconds between two events."""

OnEvent = Callable[[dict[str, Any]], str | None]
Keep = Callable[[np.ndarray], object]


def run(
    program: Program,
    x: np.ndarray,
    options: Options,
    on_event: OnEvent | None = None,
    stop: threading.Event | None = None,
    keep: Keep | None = None,
    prices: Sequence[Prices | None] = (),
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
        Given every event of the solver process, and one with nothing but the memory each second in which there is no
        other. May raise KeyboardInterrupt to stop, or return a word that ends the run and says why.
    stop : Event, optional
        Ends the run once it is set.
    keep : callable, optional
        Given the best point before ``on_event`` hears that it is better.
    prices : sequence of Prices or None, optional
        Of each goal, as far as they are known: they say where to look.

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
        row_slot = ship.slots(program, row_owner(program.matrix, program.owner), program.row_family, program.row_index)
        ship.write(folder, program, x, column_slot, row_slot)
        put(folder, prices)
        settings = asdict(options) | {"elapsed_s": time.monotonic() - started}
        (folder / "options.json").write_text(json.dumps(settings))
        return _watch(program, x, options, folder, started, on_event, stop, keep)
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
    keep: Keep | None,
) -> Outcome:
    log = (folder / "errors.txt").open("w+")
    process = subprocess.Popen(
        [sys.executable, "-m", "rotation_planner.engines.child", str(folder)],
        stdout=subprocess.PIPE, stderr=log, stdin=subprocess.PIPE, text=True, start_new_session=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(SOURCE), *filter(None, [os.environ.get("PYTHONPATH")])])},
    )
    events: queue.Queue[dict[str, Any]] = queue.Queue()
    reader = threading.Thread(target=_read, args=(process, events), daemon=True)
    reader.start()
    last: dict[str, Any] = {}
    stopped, peak, told = "", 0.0, time.monotonic()
    try:
        while not stopped:
            ended = process.poll() is not None and not reader.is_alive()
            peak = max(peak, tree_memory_mb())
            news = _drain(events, 0 if ended else POLL_S)
            if keep is not None and any(event["event"] == "better" for event in news):
                keep(ship.read_point(folder, program.n_columns))
            if not news and time.monotonic() - told > TICK_S:
                news = [{"event": "tick"}]
            for event in news:
                told = time.monotonic()
                if event.get("bounds") is not None:
                    last = event
                if on_event is not None:
                    stopped = on_event(event | {"peak_memory_mb": peak}) or stopped
            if stopped:
                break
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
        if process.stdin is not None:
            process.stdin.close()
        if process.stdout is not None:
            process.stdout.close()
        log.seek(0)
        errors = log.read()
        log.close()
    if stopped == "crash":
        logger.error("the solver process ended with code %s:\n%s", process.returncode, errors[-4000:])
    best, prices = _best(program, x, folder), found_in(folder, len(program.goals))
    bounds = last.get("bounds") or program.trivial_bounds()
    return Outcome(best, tuple(bounds), sources_of(program, bounds), stopped, peak, prices)


def sources_of(
    program: Program, bounds: Sequence[int | None]
) -> tuple[Literal["solver", "certificate"] | None, ...]:
    """Who proved each bound: ``certificate`` if it follows from the bounds of the columns, which anyone can add up."""
    return tuple(
        None if b is None else "certificate" if b == trivial else "solver"
        for b, trivial in zip(bounds, program.trivial_bounds(), strict=True)
    )


def _read(process: subprocess.Popen[str], events: queue.Queue[dict[str, Any]]) -> None:
    assert process.stdout is not None
    with process.stdout as lines:
        for line in lines:
            if line.startswith("{"):
                events.put(json.loads(line))


def _drain(events: queue.Queue[dict[str, Any]], wait_s: float) -> list[dict[str, Any]]:
    """All events there are, after waiting a while for the first."""
    news: list[dict[str, Any]] = []
    try:
        news.append(events.get(timeout=wait_s))
        while True:
            news.append(events.get_nowait())
    except queue.Empty:
        return news


def _best(program: Program, x: np.ndarray, folder: Path) -> np.ndarray:
    """The last point written, if it is really feasible and better than the start."""
    if not (folder / ship.POINT).exists():
        return x
    point = ship.read_point(folder, program.n_columns)
    senses = [-1 if g.maximise else 1 for g in program.goals]

    def key(p: np.ndarray) -> list[int]:
        return [s * v for s, v in zip(senses, program.goal_values(p), strict=True)]

    return point if program.feasible(point) and key(point) < key(x) else x
