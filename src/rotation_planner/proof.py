"""What is proven of a plan's goals: prices are looked for, and what they prove is added up exactly."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np

from rotation_planner.certify import Certificate, proved_bound, state
from rotation_planner.checkpoint import Origin
from rotation_planner.domain.plan import GoalValue, gap_of
from rotation_planner.engines.options import SHARE, SHARES, Options
from rotation_planner.engines.pricing import price_goals
from rotation_planner.program import Program
from rotation_planner.program.prices import Prices

PRICES_SHARE = 0.1
"""Part of the time that is kept for prices after the search."""
IN_VAIN = 0.1
"""Weight of a goal for which nothing was found during the search, while something was for a later one."""
SHORTEST_S = 1.0
"""Less time than this is not worth starting a process for."""


def prove(
    program: Program, values: Sequence[int], bounds: Sequence[int | None], origin: Origin, limits: Options | None,
    stop: threading.Event | None = None, known: Sequence[Prices | None] = (), near: np.ndarray | None = None,
) -> Certificate:
    """State what can be proven of every goal.

    Prices are looked for where the bound so far is not the value itself, the longer the farther it is from it.

    Parameters
    ----------
    values, bounds : sequence
        Of the plan's goals: values, and what is known already.
    origin : Origin
        Scenario and version.
    limits : Options or None
        ``time_limit``, ``work_limit``, ``memory_limit_mb`` and ``workers`` of the search for prices. Without them, and
        once ``stop`` is set, only what is known proves anything.
    known : sequence of Prices or None, optional
        Of each goal, found before.
    near : int64 array, optional
        The plan's point.
    """
    known = known or (None,) * len(program.goals)
    goals = _open_goals(program, values, bounds, known)
    found: list[tuple[Prices, ...]] = [() if prices is None else (prices,) for prices in known]
    asked = stop is not None and stop.is_set()
    if limits is not None and goals and not asked and (limits.work_limit or limits.time_limit > SHORTEST_S):
        more = price_goals(program, tuple(values), goals, limits, stop, known, near)
        found = [(*a, *b) for a, b in zip(found, more, strict=True)]
    return state(program, origin.scenario_sha256, origin.version, values, found)


def _open_goals(
    program: Program, values: Sequence[int], bounds: Sequence[int | None], known: Sequence[Prices | None]
) -> dict[int, float]:
    """The goals of which a better bound may be proven, and how much of the time each is worth: as much as is open.

    First goals are no dearer than others here: where they are missed, their bounds are often those of the columns.
    """
    goals = {}
    for g, (goal, value, said, prices) in enumerate(zip(program.goals, values, bounds, known, strict=True)):
        gap = gap_of(value, said, goal.scale)
        if gap != 0 and prices is not None:
            proven = gap_of(value, proved_bound(program, g, tuple(values[:g]), prices), goal.scale)
            gap = proven if gap is None or proven is None else min(gap, proven)
        if gap != 0:
            goals[g] = min(SHARE, SHARES.get(goal.name, SHARE)) * (1.0 if gap is None else gap)
            if prices is None and any(known[g + 1 :]):
                goals[g] *= IN_VAIN
    return goals


def proven_goals(
    program: Program, values: Sequence[int], bounds: Sequence[int | None], certificate: Certificate
) -> tuple[GoalValue, ...]:
    """Value, best bound and gap of every goal; the certificate counts where the solver's word is no better."""
    goals = []
    for goal, value, said, statement in zip(program.goals, values, bounds, certificate.statements, strict=True):
        proven = statement.bound
        better = said is not None and (said < proven if goal.maximise else said > proven)
        bound = said if better else proven
        goals.append(
            GoalValue(
                goal.name, value, bound, gap_of(value, bound, goal.scale), "solver" if better else "certificate",
                certified_bound=proven if better else None,
            )
        )
    return tuple(goals)
