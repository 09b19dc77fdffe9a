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
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from rotation_planner.engines import ship
from rotation_planner.engines.options import Options
from rotation_planner.engines.price_files import SETTINGS, read_prices, write_prices
from rotation_planner.engines.process import GRACE_S, POLL_S, SOURCE, tree_memory_mb
from rotation_planner.program.prices import Prices
from rotation_planner.program.program import Program

logger = logging.getLogger(__name__)


class Pricing:
    """The process that looks for prices, in a folder that holds a program.

    Parameters
    ----------
    folder : Path
        With the program, and perhaps with prices and a point to begin with.
    values : tuple of int
        Value of every goal that is to be kept.
    goals : mapping of int to float
        Positions of the goals to look at, in this order, and how much of the time each is worth beside the others.
    limit : float
        Seconds; deterministic seconds where not ``timed``.
    threads : int
        Of the solver.
    remove : bool
        Whether the folder goes with a parent that was killed; else others still read it.
    """

    def __init__(
        self, folder: Path, values: tuple[int, ...], goals: Mapping[int, float], limit: float, timed: bool,
        threads: int, remove: bool,
    ) -> None:
        settings = {
            "values": values, "goals": list(goals.items()), "threads": threads, "timed": timed, "limit": limit,
            "remove": remove,
        }
        (folder / SETTINGS).write_text(json.dumps(settings))
        self._log = (folder / "errors.txt").open("w+")
        path = os.pathsep.join([str(SOURCE), *filter(None, [os.environ.get("PYTHONPATH")])])
        self._process = subprocess.Popen(
            [sys.executable, "-m", "rotation_planner.engines.pricing_child", str(folder)],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=self._log, start_new_session=True,
            env=os.environ | {"PYTHONPATH": path},
        )

    def wait(self, seconds: float) -> bool:
        """Whether it has ended, after so long at most."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def end(self) -> None:
        """End it; a fault of its own is logged."""
        ended = self._process.poll() is not None
        self._process.kill()
        self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()
        if ended and self._process.returncode:
            self._log.seek(0)
            code, said = self._process.returncode, self._log.read()[-4000:]
            logger.error("the pricing process ended with code %s:\n%s", code, said)
        self._log.close()


def price_goals(
    program: Program, values: tuple[int, ...], goals: Mapping[int, float], options: Options,
    stop: threading.Event | None = None, known: Sequence[Prices | None] = (), near: np.ndarray | None = None,
) -> list[tuple[Prices, ...]]:
    """Find prices that prove good bounds.

    Parameters
    ----------
    program : Program
        What the bounds are about.
    values : tuple of int
        Value of every goal in the best plan; the bound of each goal is about plans as good in those before it.
    goals : mapping of int to float
        Positions of the goals to look at, in this order, and how much of the time each is worth beside the others.
    options : Options
        ``time_limit``, ``memory_limit_mb`` and ``workers``; under a work limit a fixed effort is spent instead.
    stop : Event, optional
        Ends the run once it is set.
    known : sequence of Prices or None, optional
        Of each goal, to begin with.
    near : int64 array, optional
        A good point, to begin with.

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
        if near is not None:
            ship.write_point(folder, near)
        for g, prices in enumerate(known):
            if prices is not None and g in goals:
                write_prices(folder, g, prices)
        timed = options.work_limit is None
        limit = options.time_limit - (time.monotonic() - began) if timed else options.work_limit
        assert limit is not None
        _watch(Pricing(folder, values, goals, limit, timed, options.workers, remove=True), options, began, stop)
        found = [read_prices(folder, g) if g in goals else None for g in range(len(program.goals))]
        return [() if prices is None else (prices,) for prices in found]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _watch(pricing: Pricing, options: Options, began: float, stop: threading.Event | None) -> None:
    """Wait for the process until it ends, or a limit or the caller ends it."""
    try:
        while not pricing.wait(POLL_S):
            late = options.work_limit is None and time.monotonic() - began > options.time_limit + GRACE_S
            asked = stop is not None and stop.is_set()
            most = options.memory_limit_mb
            if late or asked or (most is not None and tree_memory_mb() > most):
                break
    finally:
        pricing.end()
