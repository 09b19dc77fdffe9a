"""Look for prices in a process of its own, and keep the limits even when the solver does not."""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np

from rotation_planner.engines import ship
from rotation_planner.engines.options import Options
from rotation_planner.engines.pricing_child import SETTINGS, read_prices
from rotation_planner.engines.supervise import GRACE_S, POLL_S, SOURCE, tree_memory_mb
from rotation_planner.program.prices import Prices
from rotation_planner.program.program import Program

logger = logging.getLogger(__name__)


def price_goals(
    program: Program, values: tuple[int, ...], goals: list[int], options: Options, stop: threading.Event | None = None
) -> list[tuple[Prices, ...]]:
    """Find prices that prove good bounds.

    Parameters
    ----------
    program : Program
        What the bounds are about.
    values : tuple of int
        Value of every goal in the best plan; the bound of each goal is about plans as good in those before it.
    goals : list of int
        Positions of the goals to look at.
    options : Options
        ``time_limit``, ``memory_limit_mb`` and ``workers``; under a work limit a fixed effort is spent instead.
    stop : Event, optional
        Ends the run once it is set.

    Returns
    -------
    list of tuple of Prices
        For every goal of the program the best prices found, none or one, whatever happened to the process.
    """
    if options.work_limit is None and options.time_limit <= 0:
        return [()] * len(program.goals)
    began = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="rotation-planner-"))
    try:
        nothing = np.zeros(0, np.int64)
        ship.write(folder, program, nothing, nothing, nothing)
        timed = options.work_limit is None
        settings = {
            "values": values, "goals": goals, "threads": options.workers, "timed": timed,
            "limit": options.time_limit - (time.monotonic() - began) if timed else options.work_limit,
        }
        (folder / SETTINGS).write_text(json.dumps(settings))
        _watch(folder, options, began, stop)
        found = [read_prices(folder, g) if g in goals else None for g in range(len(program.goals))]
        return [() if prices is None else (prices,) for prices in found]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _watch(folder: Path, options: Options, began: float, stop: threading.Event | None) -> None:
    """Run the process until it ends, or a limit or the caller ends it."""
    with (folder / "errors.txt").open("w+") as log:
        path = os.pathsep.join([str(SOURCE), *filter(None, [os.environ.get("PYTHONPATH")])])
        process = subprocess.Popen(
            [sys.executable, "-m", "rotation_planner.engines.pricing_child", str(folder)],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=log, start_new_session=True,
            env=os.environ | {"PYTHONPATH": path},
        )
        ended = False
        try:
            while not ended:
                try:
                    process.wait(POLL_S)
                    ended = True
                except subprocess.TimeoutExpired:
                    late = options.work_limit is None and time.monotonic() - began > options.time_limit + GRACE_S
                    asked = stop is not None and stop.is_set()
                    most = options.memory_limit_mb
                    if late or asked or (most is not None and tree_memory_mb() > most):
                        break
        finally:
            process.kill()
            process.wait()
            if process.stdin is not None:
                process.stdin.close()
        if ended and process.returncode:
            log.seek(0)
            logger.error("the pricing process ended with code %s:\n%s", process.returncode, log.read()[-4000:])
