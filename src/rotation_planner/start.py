"""From nothing to a first plan worth improving."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rotation_planner import model
from rotation_planner.anytime import Run
from rotation_planner.engines import Guide, construct
from rotation_planner.interrupt import Asked

START_SHARE = 0.25
"""Part of the time after which the making of a first plan stops."""

Found = Callable[[np.ndarray], None]


class EnoughError(Exception):
    """A plan is as good as was asked for."""


def starting_point(
    built: model.Built, so_far: Run, points: list[np.ndarray], resumed: bool, until: float, first: Found,
    stop: Asked, workers: int = 1,
) -> tuple[np.ndarray, bool]:
    """A point to search from, and whether it is more than what is committed.

    It is the best of the plans given, where there is one. Otherwise a plan is constructed, another one is made by
    relaxations, and the search begins with the one that serves all goals together better. That need not be the one that
    comes first by the order of goals: a few duties are soon met, while floors left open by a construction are not
    (decision 0048). What is committed alone is always feasible, since duties may be missed. Every better point goes to
    ``so_far`` as soon as there is one; ``first`` is given the first that is more.

    Raises
    ------
    EnoughError
        As soon as a point is as good as was asked for.
    KeyboardInterrupt
        Once an end is asked for.
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
    given = so_far.best
    assert given is not None
    if resumed and given is not empty:
        return given, True
    constructed = whole(construct(built.program, empty, until))  # a first plan soon
    found(constructed)
    stop.held = True  # threads are at work
    guide = Guide(built.program, empty, until, whole, workers, stop)
    guided = guide.first()
    stop.held = False
    found(guided)
    if stop.is_set():
        raise KeyboardInterrupt
    best = so_far.best
    assert best is not None
    if best is empty or given is not empty:
        return best, best is not empty
    made = [x for x in (constructed, guided) if built.program.feasible(x)]
    return min(made, key=lambda x: float(guide.aim @ x)), True
