"""What ``solve`` returns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

from rotation_planner.domain.errors import NoPlanError
from rotation_planner.domain.html import goals_html
from rotation_planner.domain.plan import GoalValue, Plan, Unmet

Status = Literal["optimal", "feasible", "no_plan"]


@dataclass(frozen=True, slots=True)
class Progress:
    """One step of a run, handed to ``on_progress``: at every phase and every better plan or bound, and each second.

    A plan that was told of is not lost: it is in the checkpoint, if there is one, before this is handed out.

    Attributes
    ----------
    phase : str
        ``compile``, ``construct``, ``master``, ``place``, ``improve``, ``exact``, ``prices`` or ``verify``.
    elapsed_s : float
        Seconds since the run began.
    goal : str or None
        What ``value``, ``bound`` and ``gap`` are of: of each goal in turn after a better plan, else of the first that
        is not proven. None before the first plan.
    candidates : int or None
        Pairs of a cadre and a session; None until they are counted.
    memory_mb : float
        Memory of the process tree; in the search its peak.
    remaining_s : float
        Seconds to the time limit; if there is a work limit, to the end that the pace so far foretells, where that is
        sooner. A proof or a gap may come before, which nobody can foretell.
    """

    phase: str
    elapsed_s: float
    goal: str | None = None
    value: int | None = None
    bound: int | None = None
    gap: float | None = None
    candidates: int | None = None
    memory_mb: float | None = None
    remaining_s: float | None = None


OnProgress = Callable[[Progress], None]


@dataclass(frozen=True)
class Forecast:
    """The size of a run before anything is built: counts, memory of the process tree in MB, chosen engine and why.

    ``memory_by_engine`` has the memory of each engine; ``base_mb`` of it is needed for no cadre at all.
    """

    cadres: int
    sessions: int
    candidates: int
    columns: int
    rows: int
    memory_mb: int
    engine: str
    why: str
    memory_by_engine: dict[str, int]
    base_mb: int


@dataclass(frozen=True, eq=False)
class Result:
    """Outcome of a run.

    Attributes
    ----------
    status : str
        ``optimal`` (every goal proven), ``feasible`` (a verified plan), ``no_plan`` (none within the limits).
    plan : Plan or None
        The plan; verified.
    goals : tuple of GoalValue
        In order, each with value, bound, gap, source of the bound.
    unmet : tuple of Unmet
        Duties and floors with a shortfall, with reasons.
    runtime_s, peak_memory_mb : float
        Wall clock after loading; peak of the whole process tree.
    engine : str
        Engine that made the plan.
    seed : int
        Seed used.
    stopped : str
        Why the run ended: ``proved``, ``gap`` (every goal is as near its bound as was asked for), ``time``, ``work``,
        ``memory``, ``interrupt``, or ``crash`` (the solver's process ended by itself; the plan is the best one found
        before).
    why : str
        More about a run that has no plan; else empty.
    """

    status: Status
    plan: Plan | None
    goals: tuple[GoalValue, ...] = ()
    unmet: tuple[Unmet, ...] = ()
    runtime_s: float = 0.0
    peak_memory_mb: float = 0.0
    engine: str = ""
    seed: int = 0
    stopped: str = ""
    why: str = ""
    verification: Any = field(default=None, repr=False)
    certificate: Any = field(default=None, repr=False)

    def require_plan(self) -> Plan:
        """The plan.

        Raises
        ------
        NoPlanError
            If there is none.
        """
        if self.plan is None:
            raise NoPlanError(f"no plan: stopped by {self.stopped or 'unknown'} after {self.runtime_s:.1f} s")
        return self.plan

    def frames(self) -> dict[str, pd.DataFrame]:
        """``goals``, ``unmet`` and the plan's tables as data frames."""
        goals = [(g.name, g.value, g.bound, g.gap, g.bound_source) for g in self.goals]
        unmet = [
            (u.duty, " / ".join(u.subject), u.required, u.achieved, u.shortfall, u.per_mille, u.weight, u.reason,
             ", ".join(f"{k}: {n}" for k, n in u.detail))
            for u in self.unmet
        ]
        frames = {
            "goals": pd.DataFrame(goals, columns=["goal", "value", "bound", "gap", "bound_source"]),
            "unmet": pd.DataFrame(
                unmet,
                columns=[
                    "duty", "subject", "required", "achieved", "shortfall", "per_mille", "weight", "reason", "detail",
                ],
            ),
        }
        return frames | (self.plan.frames() if self.plan is not None else {})

    def _repr_html_(self) -> str:
        title = f"{self.status}, {len(self.unmet):,} unmet, {self.runtime_s:.1f} s, engine {self.engine}"
        return goals_html(title, self.goals)
