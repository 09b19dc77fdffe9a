"""What an engine is told, and what it returns."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from rotation_planner.program.prices import Prices

SHARES = {"duties": 1.0, "floor": 0.6, "need": 0.1, "cost": 0.1, "comfort": 0.01}
"""Weight of each goal in sharing out the time; what a goal does not use passes on to the next."""
SHARE = 0.1
"""That of any other goal."""


@dataclass(frozen=True)
class Options:
    """Limits and choices of a run.

    Attributes
    ----------
    engine : str
        ``exact`` or ``cohort``.
    time_limit : float
        Wall-clock seconds.
    work_limit : float or None
        Deterministic effort (CP-SAT's deterministic seconds, summed over all solves); with it the same seed and
        workers give the same plan.
    workers : int
        Threads of a solve.
    seed : int
        Of every random choice.
    memory_limit_mb : float or None
        Of the whole process tree.
    gap : float or None
        Gap of every goal that is enough.
    master : bool
        Whether to decide the classes by a master first: for starting points that were not constructed.
    leave : float
        Part of the time that the cohort engine leaves unused, unless it needs it for the first goal.
    """

    engine: str = "exact"
    time_limit: float = 60.0
    work_limit: float | None = None
    workers: int = 2
    seed: int = 0
    memory_limit_mb: float | None = None
    gap: float | None = None
    master: bool = False
    leave: float = 0.0


@dataclass(frozen=True)
class Outcome:
    """What came back.

    Attributes
    ----------
    x : int64 array
        Best point; feasible for the program.
    bounds : tuple of int or None
        Proven bound of each goal, in the goal's own sense.
    sources : tuple of str or None
        Who proved it.
    stopped : str
        ``proved``, ``gap``, ``time``, ``work``, ``memory``, ``interrupt`` or ``crash``.
    prices : tuple of Prices or None
        Of each goal, as far as the search looked for them.
    """

    x: np.ndarray
    bounds: tuple[int | None, ...]
    sources: tuple[Literal["solver", "certificate"] | None, ...]
    stopped: str
    peak_memory_mb: float = 0.0
    prices: tuple[Prices | None, ...] = ()


@dataclass
class Budget:
    """Time, or deterministic work, still to be spent."""

    time_limit: float
    work_limit: float | None = None
    started: float = field(default_factory=time.monotonic)
    work: float = 0.0

    def remaining(self) -> float:
        """Seconds left; deterministic seconds under a work limit."""
        if self.work_limit is not None:
            return max(0.0, self.work_limit - self.work)
        return max(0.0, self.time_limit - (time.monotonic() - self.started))

    def total(self) -> float:
        """The whole allowance, in the same unit."""
        return self.time_limit if self.work_limit is None else self.work_limit

    def spend(self, work: float) -> None:
        """Count deterministic work done."""
        # A floor on each solve, so that solves that cost nothing still use up a work limit.
        self.work += max(work, 1e-3)

    def over(self) -> bool:
        """Whether nothing is left."""
        return self.remaining() <= 0.0
