"""CP-SAT on the whole program, goal by goal."""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from rotation_planner.engines.options import SHARE, SHARES
from rotation_planner.engines.search import Search
from rotation_planner.engines.subproblem import Sub, restrict, solve_sub

DIVE_SHARE = 0.25
"""Part of a goal's time in which it is first tried at the best value that could be."""


def _dive(search: Search, g: int, sub: Sub, caps: list[tuple[np.ndarray, int]], limit: float) -> bool:
    """Ask for a goal at its trivial bound, and for the best of a later goal there; whether it was reached.

    With the shortfalls fixed at nothing the solver's propagation is far stronger than when it may trade them.
    """
    later = [c for c in search.goals[g + 1 :] if c.any()]
    if not later:
        return False
    # Interleaved searches of CP-SAT 9.15 abort when loading the model shows that there is no solution.
    workers = 1 if search.budget.work_limit is not None else search.options.workers
    answer = solve_sub(
        sub, later[-1] if len(later) < 2 else later[-2], [*caps, (search.goals[g], search.trivial[g])], search.budget,
        limit, workers, search.options.seed,
    )
    return answer.x is not None and search.offer(answer.x, "exact")


def _gap(search: Search, g: int) -> float:
    """Relative gap at which a goal is left for the next; a goal with a scale of its own is counted otherwise."""
    return 0.0 if search.program.goals[g].scale is not None else search.options.gap or 0.0


def solve_exact(search: Search, bounds: list[int | None], until: float) -> bool:
    """Improve and bound every goal; returns whether all of them are proven.

    ``bounds`` receives the bound of each goal in the search's own sense (to be minimised). A bound holds for plans
    whose earlier goals are as good as this plan's: if a later stage makes an earlier goal better, the search starts
    over from that goal.
    """
    weights = np.array([SHARES.get(g.name, SHARE) for g in search.program.goals])
    columns = np.arange(search.program.n_columns)

    def _offer(x: np.ndarray) -> None:
        search.offer(x, "exact")

    def _bound(g: int, bound: float) -> None:
        """Tell of a better bound: whoever waits for a gap may have enough."""
        found = max(math.ceil(bound - 1e-6), search.trivial[g])
        known = bounds[g]
        if known is None or found > known:
            bounds[g] = found
            search.report("exact", search)

    g = 0
    while g < len(search.goals):
        left = search.budget.remaining() - until
        if search.value[g] <= search.trivial[g]:
            bounds[g] = search.trivial[g]
            g += 1
            continue
        if left <= 0:
            return False
        before = search.value[:g]
        goal = search.goals[g]
        sub = restrict(search.program, search.csc, search.x, columns, search.activity)
        caps = [(c, v) for c, v in zip(search.goals[:g], before, strict=True)]
        share = left * weights[g] / weights[g:].sum()
        if _dive(search, g, sub, caps, DIVE_SHARE * share):
            continue
        answer = solve_sub(
            sub, goal, caps, search.budget, (1 - DIVE_SHARE) * share, search.options.workers, search.options.seed,
            on_solution=_offer, on_bound=partial(_bound, g), gap=_gap(search, g),
        )
        if answer.x is not None:
            search.offer(answer.x, "exact")
        if search.value[:g] < before:
            g = 0
            bounds[:] = search.trivial
            continue
        if answer.bound is not None:
            _bound(g, answer.bound)
        g += 1
    return all(b is not None and b >= v for b, v in zip(bounds, search.value, strict=True))
