"""From a scenario to a plan, block by block."""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rotation_planner.compile.forecast import BLOCK_CADRES
from rotation_planner.domain.plan import Plan, Provenance
from rotation_planner.domain.scenario import Scenario
from rotation_planner.engines.options import Options
from rotation_planner.partition.assemble import attended, whole_plan
from rotation_planner.partition.executors import Executor
from rotation_planner.partition.rounds import Rounds
from rotation_planner.partition.snapshot import Snapshot
from rotation_planner.slices.parts import Parts
from rotation_planner.slices.ties import blocks

FIRST_SHARE = 0.45
"""Part of the time left after preparing that the first plans may take."""
VISIT_S = 45.0
"""Seconds that a visit should last; with more time there are more rounds."""
WORK_ROUNDS = 2
"""Rounds under a work limit."""
MOST_ROUNDS = 6
LEAST_WORK = 0.05
"""Deterministic seconds below which a visit is not worth starting a process for."""


@dataclass(frozen=True)
class Split:
    """How a body is split, and where its blocks are solved.

    Attributes
    ----------
    block_cadres : int
        Cadres of a block.
    at_once : int
        Blocks solved at the same time, each by a worker; the plan depends on it, but not on where they are.
    threads : int
        Threads of one worker.
    """

    block_cadres: int = BLOCK_CADRES
    at_once: int = 1
    threads: int = 1


Known = Callable[[int], Snapshot]


@dataclass(frozen=True)
class Outcome:
    """What came of it.

    Attributes
    ----------
    plan : Plan
    values, bounds : tuple of int
        Of each goal.
    goals : tuple of (name, maximise, scale)
    seconds : list of (block, float)
        Time that each visit took.
    stopped : str
        ``proved``, ``time``, ``work`` or ``interrupt``.
    """

    plan: Plan
    values: tuple[int, ...]
    bounds: tuple[int, ...]
    goals: tuple[tuple[str, bool, int | None], ...]
    candidates: int
    seconds: list[tuple[int, float]]
    stopped: str


def plan_in_parts(
    scenario: Scenario, options: Options, split: Split, executor: Executor, provenance: Provenance,
    on_visit: Callable[[str, Rounds], None], stop: threading.Event, known: Known | None = None,
    start: Plan | None = None,
) -> Outcome:
    """Plan a scenario block by block.

    Parameters
    ----------
    scenario : Scenario
        Without errors.
    options : Options
        Limits: ``time_limit`` for all, ``work_limit`` for the improvement of all blocks together, ``seed``,
        ``memory_limit_mb``.
    on_visit : callable
        Told the phase, and how the blocks stand, after every step.
    stop : Event
        Ends the rounds once it is set.
    known : callable, optional
        Given the number of shared columns, says where an earlier run stood.
    start : Plan, optional
        A plan to start from, if it is feasible.
    """
    begun = time.monotonic()
    parts = Parts(scenario, blocks(scenario, split.block_cadres))
    folder = Path(tempfile.mkdtemp(prefix="rotation-planner-blocks-")) if executor.disk else None
    phase = "construct"
    rounds = Rounds(parts, executor, split.at_once, options.seed, folder, lambda r: on_visit(phase, r), stop)
    try:
        rounds.prepare()

        def left() -> float:
            return max(0.0, options.time_limit - (time.monotonic() - begun))

        if known is not None:
            rounds.go_on(known(len(rounds.shared.lower)))
        elif start is not None:
            rounds.take(start)
        lanes = min(split.at_once, parts.n)
        rounds.first(None if options.work_limit is not None else FIRST_SHARE * left() * lanes / parts.n)
        phase = "improve"
        _improve(rounds, options, split, left)
        found = executor.every(attended, [(rounds.stored[b], v.spot) for b, v in enumerate(rounds.visits)])
        classes = rounds.values[rounds.shared.column_name == "classes"]
        sessions = rounds.built.model.candidates.sessions.ids
        plan = whole_plan(scenario["cadres"].tolist("id"), sessions, classes, found, provenance)
        proved = rounds.goals() == rounds.best()
        limit = "work" if options.work_limit is not None else "time"
        return Outcome(
            plan, rounds.goals(), rounds.best(), rounds.shared.goal_names, rounds.candidates, rounds.seconds,
            "interrupt" if stop.is_set() else "proved" if proved else limit,
        )
    finally:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)


def _improve(rounds: Rounds, options: Options, split: Split, left: Callable[[], float]) -> None:
    """Rounds of visits, until time or work is used up."""
    n, lanes = rounds.parts.n, min(split.at_once, rounds.parts.n)
    each = left() * lanes / n
    count = WORK_ROUNDS if options.work_limit is not None else int(min(MOST_ROUNDS, max(1, round(each / VISIT_S))))
    for k in range(count):
        if rounds.stop.is_set() or rounds.goals() == rounds.best():
            return
        limits = Options(
            engine="cohort", time_limit=left() * lanes / n / (count - k), workers=split.threads, seed=options.seed + k,
            memory_limit_mb=options.memory_limit_mb,
            work_limit=None if options.work_limit is None else options.work_limit / count / n,
        )
        if limits.time_limit <= 1 if limits.work_limit is None else limits.work_limit < LEAST_WORK:
            return
        rounds.improve(limits, rounds.order())
