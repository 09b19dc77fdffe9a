"""From nothing to a first plan worth improving."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rotation_planner import model
from rotation_planner.anytime import Run
from rotation_planner.engines import Guide, construct

START_SHARE = 0.25
"""Part of the time after which the making of a first plan stops."""

Found = Callable[[np.ndarray], None]


class EnoughError(Exception):
    """A plan is as good as was asked for."""


def starting_point(
    built: model.Built, so_far: Run, points: list[np.ndarray], resumed: bool, until: float, first: Found,
    workers: int = 1,
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
    if not resumed or so_far.best is empty:
        found(whole(construct(built.program, empty, until)))  # a first plan soon
        found(Guide(built.program, empty, until, whole, workers).first())
    return so_far.best is not empty
