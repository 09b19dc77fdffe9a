"""Solving in the process of the test: a tiny program is not worth a process of its own."""

from __future__ import annotations

import numpy as np

from rotation_planner.engines.exact import solve_exact
from rotation_planner.engines.options import Budget, Options
from rotation_planner.engines.search import Search
from rotation_planner.model import Built, committed_point, complete


def optimum(built: Built, seconds: float = 30.0) -> np.ndarray:
    """The best point, every goal of it proven; the search starts from what is committed."""
    program = built.program
    start = complete(built, committed_point(built), choose_study=True)
    if not program.feasible(start):
        start = committed_point(built)
    options = Options(engine="exact", time_limit=seconds, workers=1)
    search = Search(program, start, options, Budget(seconds, None), lambda _phase, _search: None)
    bounds: list[int | None] = list(search.trivial)
    assert solve_exact(search, bounds, 0.0), f"not proven: {search.value}, bounds {bounds}"
    assert tuple(bounds) == search.value
    best = complete(built, search.x)
    assert program.feasible(best)
    return best
