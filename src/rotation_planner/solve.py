"""From a scenario to a verified plan."""

from __future__ import annotations

import math
import os
import time
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

from rotation_planner import model
from rotation_planner.check import check_or_raise
from rotation_planner.compile import compile_candidates
from rotation_planner.compile.forecast import EXACT_CANDIDATES
from rotation_planner.domain.errors import InternalError
from rotation_planner.domain.plan import GoalValue, Plan, Provenance, gap_of
from rotation_planner.domain.scenario import Scenario
from rotation_planner.engines import Guide, Options, Outcome, construct, graceful, run
from rotation_planner.engines.supervise import tree_memory_mb
from rotation_planner.explain import explain
from rotation_planner.io.checksum import checksum
from rotation_planner.program import Program
from rotation_planner.result import OnProgress, Progress, Result
from rotation_planner.verify import Verification, verify

CONSTRUCT_PASSES = 8
"""Passes of that construction, each a few seconds for a county."""
PASSES_SHARE = 0.4
"""Part of the construction's time after which no further pass begins; the rest is for the guided plan."""
CONSTRUCT_SHARE = 0.2
"""Part of the time after which the construction of a first plan stops."""
AFTERWARDS = 1.2
"""Time kept for turning the point into a plan, verifying it and giving reasons, in times of what building took."""


def solve(
    scenario: Scenario,
    time_limit: float = 60.0,
    work_limit: float | None = None,
    workers: int | None = None,
    seed: int = 0,
    start: Plan | None = None,
    on_progress: OnProgress | None = None,
    memory_limit_mb: float | None = None,
    engine: str = "auto",
) -> Result:
    """Plan a scenario.

    Parameters
    ----------
    scenario : Scenario
        What is to be planned.
    time_limit : float
        Wall-clock seconds for everything up to the verified result; writing it is not included.
    work_limit : float, optional
        Deterministic effort instead of wall-clock time for the search; the same seed and workers then give the same
        plan, unless the time limit ends the run first.
    workers : int, optional
        Threads of a solve; by default every core.
    seed : int
        Of every random choice.
    start : Plan, optional
        A plan to start from; taken if it is feasible, repaired by the search otherwise.
    on_progress : callable, optional
        Given a ``Progress`` at every step.
    memory_limit_mb : float, optional
        Of the whole process tree.
    engine : str
        ``auto``, ``exact`` or ``cohort``.

    Returns
    -------
    Result
        The best verified plan, with the value, bound and gap of each goal and every unmet duty with its reason.

    Raises
    ------
    InputError
        If the scenario has errors; all of them are listed.
    InternalError
        If the plan found fails verification: a fault of the library, never of the input.
    """
    began = time.monotonic()
    if time_limit <= 0:
        raise ValueError("time_limit must be positive")
    if engine not in ("auto", "exact", "cohort"):
        raise ValueError(f"engine must be auto, exact or cohort, not {engine!r}")
    tell = _Teller(on_progress, began, time_limit)
    with graceful() as stop:
        tell("compile")
        check_or_raise(scenario)
        candidates = compile_candidates(scenario)
        tell("compile", candidates=len(candidates))
        built = model.build(candidates)
        afterwards = max(0.3, AFTERWARDS * (time.monotonic() - began))
        tell("construct", candidates=len(candidates))
        # Under a work limit nothing may hang on the clock.
        until = began + CONSTRUCT_SHARE * time_limit if work_limit is None else math.inf
        point, constructed = _starting_point(built, start, until, seed)
        chosen = engine if engine != "auto" else ("exact" if len(candidates) <= EXACT_CANDIDATES else "cohort")
        spent = time.monotonic() - began
        options = Options(
            engine=chosen,
            time_limit=max(0.1, time_limit - spent - afterwards),
            work_limit=work_limit,
            workers=workers or os.cpu_count() or 1,
            seed=seed,
            memory_limit_mb=memory_limit_mb,
            master=not constructed,
        )
        outcome = run(
            built.program, point, options, lambda event: tell.event(event, built.program, len(candidates)), stop
        )
    tell("verify")
    # An engine that ran out of time may leave a helper (a peak, a shortfall) higher than it need be.
    tidy = model.complete(built, outcome.x)
    if not built.program.feasible(tidy):
        raise InternalError("helpers completed after the search break the program")
    outcome = replace(outcome, x=tidy)
    provenance = Provenance(
        version=library_version(),
        engine=chosen,
        seed=seed,
        parameters={
            "time_limit": time_limit, "work_limit": work_limit, "workers": options.workers,
            "policy": "default" if scenario.default_policy else "given",
        },
        scenario_sha256=checksum(scenario),
    )
    plan = replace(model.to_plan(built, outcome.x), provenance=provenance)
    verification = verify(scenario, plan)
    _confirm(plan, verification, built.program, outcome)
    goals = _goals(built.program, outcome)
    proved = all(g.bound == g.value for g in goals)
    return Result(
        status="optimal" if proved else "feasible",
        plan=plan,
        goals=goals,
        unmet=explain(candidates, built.program, outcome.x, verification.unmet),
        runtime_s=time.monotonic() - began,
        peak_memory_mb=max(outcome.peak_memory_mb, tree_memory_mb()),
        engine=chosen,
        seed=seed,
        stopped=outcome.stopped,
        verification=verification,
    )


def library_version() -> str:
    """Version of the installed library; ``0`` when run from a source tree that is not installed."""
    try:
        return version("rotation-planner")
    except PackageNotFoundError:
        return "0"


def _starting_point(built: model.Built, start: Plan | None, until: float, seed: int) -> tuple[np.ndarray, bool]:
    """The best of: a given plan, a constructed one, only what is committed; and whether it is more than the last.

    What is committed alone is always feasible, since duties may be missed.
    """
    empty = model.complete(built, model.committed_point(built), choose_study=True)
    points = [empty] if built.program.feasible(empty) else [model.committed_point(built)]
    if start is not None:
        points.append(model.to_point(built, start, strict=False))
    now = time.monotonic()
    built_up = construct(built.program, points[0], now + PASSES_SHARE * (until - now), CONSTRUCT_PASSES)
    points.append(model.complete(built, built_up, choose_study=True))
    guide = Guide(built.program, points[0], until, lambda x: model.complete(built, x, choose_study=True))
    points.append(guide.first())
    signs = [-1 if g.maximise else 1 for g in built.program.goals]

    def key(point: np.ndarray) -> list[int]:
        return [s * v for s, v in zip(signs, built.program.goal_values(point), strict=True)]

    best = min((p for p in points if built.program.feasible(p)), key=key)
    return guide.again(best, seed), best is not points[0]


def _goals(program: Program, outcome: Outcome) -> tuple[GoalValue, ...]:
    values = program.goal_values(outcome.x)
    return tuple(
        GoalValue(g.name, v, b, gap_of(v, b, g.scale), source)
        for g, v, b, source in zip(program.goals, values, outcome.bounds, outcome.sources, strict=True)
    )


def _confirm(plan: Plan, verification: Verification, program: Program, outcome: Outcome) -> None:
    """No plan leaves that the independent check refutes."""
    faults = [v.message for v in verification.violations]
    for goal, value in zip(program.goals, program.goal_values(outcome.x), strict=True):
        if verification.goals[goal.name] != value:
            faults.append(f"goal {goal.name}: model {value}, verifier {verification.goals[goal.name]}")
    if faults:
        raise InternalError("the plan fails its own verification:\n" + "\n".join(faults[:50]), plan)


class _Teller:
    """Turns what happens into progress events."""

    def __init__(self, on_progress: OnProgress | None, began: float, limit: float) -> None:
        self._on_progress = on_progress
        self._began = began
        self._limit = limit
        self._phase = "compile"

    def __call__(self, phase: str, **facts: Any) -> None:
        self._phase = phase
        if self._on_progress is None:
            return
        elapsed = time.monotonic() - self._began
        self._on_progress(
            Progress(phase=phase, elapsed_s=elapsed, remaining_s=max(0.0, self._limit - elapsed), **facts)
        )

    def event(self, event: dict[str, Any], program: Program, candidates: int) -> None:
        phase = event.get("phase", self._phase)
        memory = event.get("peak_memory_mb")
        if event["event"] != "better":
            self(phase, candidates=candidates, memory_mb=memory)
            return
        for goal, value, bound in zip(program.goals, event["values"], event["bounds"], strict=True):
            self(
                phase, goal=goal.name, value=value, bound=bound, gap=gap_of(value, bound, goal.scale),
                candidates=candidates, memory_mb=memory,
            )
