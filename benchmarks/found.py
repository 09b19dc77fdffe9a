"""What a rival gives back to the harness."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.trajectory import Point, values_of
from rotation_planner.domain.plan import Plan
from rotation_planner.model import Built, complete


@dataclass(frozen=True)
class Bound:
    """What is proven of a goal, None if nothing."""

    goal: str
    bound: int | None


@dataclass(frozen=True)
class Found:
    """Outcome of a rival: status ``optimal``, ``feasible`` or ``no_plan``; goal values over time as far as known."""

    status: str
    plan: Plan | None
    bounds: tuple[Bound, ...]
    note: str
    points: tuple[Point, ...] = ()


def point_of(built: Built, seconds: float, x: np.ndarray) -> Point:
    """Values of the plan that a point stands for: its helpers may be worse than they need be."""
    tidy = complete(built, x)
    names = (goal.name for goal in built.program.goals)
    return seconds, values_of(dict(zip(names, built.program.goal_values(tidy), strict=True)))
