"""From nothing to a first plan worth improving."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from rotation_planner import model
from rotation_planner.anytime import Run
from rotation_planner.engines import Guide, Options, construct, run
from rotation_planner.engines.construct import PASSES

START_SHARE = 0.18
"""Part of the time after which the making of a first plan stops."""
APART_COLUMNS = 100_000
"""Columns from which the later passes of the construction run in a process of their own, beside the relaxations."""
FOREVER_S = 1e9

Found = Callable[[np.ndarray], None]


class EnoughError(Exception):
    """A plan is as good as was asked for."""


def starting_point(
    built: model.Built, so_far: Run, points: list[np.ndarray], resumed: bool, until: float, seed: int, workers: int,
    first: Found,
) -> bool:
    """The best of: plans given, a constructed one, only what is committed; whether it is more than the last.

    What is committed alone is always feasible, since duties may be missed. Every better point goes to ``so_far`` as
    soon as there is one; ``first`` is given the first that is more.

    Raises
    ------
    EnoughError
        As soon as a point is as good as was asked for.
    """
    empty = model.complete(built, model.committed_point(built), choose_study=True)
    if not built.program.feasible(empty):
        empty = model.committed_point(built)
    is_first = True

    def found(x: np.ndarray) -> None:
        nonlocal is_first
        if so_far.found(x) and is_first:
            is_first = False
            first(x)
        if so_far.close_enough():
            raise EnoughError

    def whole(x: np.ndarray) -> np.ndarray:
        return model.complete(built, x, choose_study=True)

    for point in points:  # before what is worse takes the place of what is stored
        found(point)
    so_far.found(empty)
    guide = Guide(built.program, empty, until, whole)
    if not resumed or so_far.best is empty:
        if workers > 1 and built.program.n_columns >= APART_COLUMNS:
            _side_by_side(built, empty, until, workers, guide, lambda x: found(whole(x)))
        else:
            construct(built.program, empty, until, PASSES, lambda x: found(whole(x)))
            found(guide.first())
    assert so_far.best is not None
    found(guide.again(so_far.best, seed))
    return so_far.best is not empty


def _side_by_side(
    built: model.Built, empty: np.ndarray, until: float, workers: int, guide: Guide, found: Found
) -> None:
    """The passes of the construction in a process of their own, while the relaxations are solved here."""
    made: list[np.ndarray] = []
    stop = threading.Event()
    options = Options(
        engine="construct", time_limit=FOREVER_S if math.isinf(until) else max(0.1, until - time.monotonic()),
        workers=workers,
    )
    with ThreadPoolExecutor(1) as pool:
        passes = pool.submit(run, built.program, empty, options, None, stop, made.append)
        try:
            construct(built.program, empty, until, 1, found)  # a first plan soon
            found(guide.first())
            passes.result()
        finally:
            stop.set()
    for x in made:
        found(x)
