"""``solve`` with the partitioned engine: from a scenario that was checked to a verified plan, block by block."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from rotation_planner.checkpoint import Checkpoint, Origin, write_checkpoint
from rotation_planner.compile.forecast import BLOCK_CADRES, BYTES_PER_CADRE
from rotation_planner.domain.errors import Defect, InputError, InternalError
from rotation_planner.domain.plan import GoalValue, Plan, Provenance, gap_of
from rotation_planner.domain.scenario import Scenario
from rotation_planner.engines.options import Options
from rotation_planner.engines.process import tree_memory_mb
from rotation_planner.partition import Executor, OnRay, Processes, Serial, Split, plan_in_parts
from rotation_planner.partition.rounds import Rounds
from rotation_planner.partition.snapshot import Snapshot
from rotation_planner.result import Forecast, OnProgress, Progress, Result
from rotation_planner.verify import Verification, verify

BLOCKS_OF = "block_cadres"
Goals = tuple[tuple[str, bool, int | None], ...]
"""Name of each goal, whether it is maximised, and its scale."""
AFTERWARDS_S = 0.25 / 1000
"""Seconds kept for putting the plan together and verifying it, per cadre."""
REASONS_S = 0.8 / 1000
"""Seconds kept for finding out why duties are unmet, per cadre and process."""


@dataclass(frozen=True)
class Run:
    """What the run is told.

    Attributes
    ----------
    options : Options
        Limits of the whole run, what has passed of it included.
    origin : Origin
        Scenario and version.
    parameters : dict
        Further ones, for the plan's provenance.
    room_mb : float
        Memory that the run may use.
    ray_address : str or None
        Cluster to use; by default processes of this machine.
    passed_s : float
        Seconds since the run began.
    start : Plan or None
        A plan to start from.
    checkpoint : Path or None
        File in which the best point is kept.
    earlier : Checkpoint or None
        Where an earlier run stood.
    block_cadres : int
        Cadres of a block.
    """

    options: Options
    origin: Origin
    parameters: dict[str, Any]
    room_mb: float
    ray_address: str | None = None
    passed_s: float = 0.0
    start: Plan | None = None
    checkpoint: Path | None = None
    earlier: Checkpoint | None = None
    block_cadres: int = BLOCK_CADRES


def solve_in_parts(
    scenario: Scenario, size: Forecast, given: Run, on_progress: OnProgress | None, stop: threading.Event
) -> Result:
    """Plan a scenario block by block.

    Parameters
    ----------
    size : Forecast
        Of the scenario.
    stop : Event
        Ends the run after the visits that are under way.

    Returns
    -------
    Result
        As of any engine; the certificate names the blocks.

    Raises
    ------
    InputError
        If a rule cannot be split; it is named. If the checkpoint is of another engine.
    InternalError
        If the plan found fails verification.
    """
    begun = time.monotonic() - given.passed_s
    if given.earlier is not None and given.earlier.options.get(BLOCKS_OF) != given.block_cadres:
        problem = "It is of another engine, or of blocks of another size."
        mend = "Take the engine of that run, or leave out --resume (resume=True) to begin anew."
        raise InputError([Defect("other_checkpoint", "", None, "", "", problem, mend, str(given.checkpoint))])
    tell = _Teller(on_progress, begun, given)
    with _executor(given, size) as executor:
        cadres = len(scenario["cadres"])
        kept = AFTERWARDS_S * cadres + REASONS_S * cadres / executor.workers
        passed = time.monotonic() - begun
        limits = replace(given.options, time_limit=max(1.0, given.options.time_limit - passed - kept))
        split = Split(given.block_cadres, executor.workers)
        parameters = given.parameters | {BLOCKS_OF: given.block_cadres, "at_once": executor.workers}
        made_by = Provenance(
            given.origin.version, "partitioned", limits.seed, parameters, given.origin.scenario_sha256
        )
        known = None if given.earlier is None else partial(_known, given.earlier)

        def first(plan: Plan, rounds: Rounds) -> None:
            """A fault of ours is to be known now, not at the end."""
            tell.phase("verify")
            _confirm(plan, rounds.shared.goal_names, rounds.goals(), verify(scenario, plan))
            tell.phase("construct")

        outcome = plan_in_parts(
            scenario, limits, split, executor, made_by, tell.visit, stop, known, given.start,
            first if limits.work_limit is None else None, tell.phase,
        )
        tell.phase("verify")
        verification = verify(scenario, outcome.plan)
        _confirm(outcome.plan, outcome.goals, outcome.values, verification)
        unmet = outcome.reasons(verification.unmet)
    goals = tuple(
        GoalValue(name, value, bound, gap_of(value, bound, scale), "certificate")
        for (name, _, scale), value, bound in zip(outcome.goals, outcome.values, outcome.bounds, strict=True)
    )
    return Result(
        status="optimal" if all(g.bound == g.value for g in goals) else "feasible", plan=outcome.plan, goals=goals,
        unmet=unmet, runtime_s=time.monotonic() - begun, peak_memory_mb=max(tell.peak, tree_memory_mb()),
        engine="partitioned", seed=given.options.seed, stopped=outcome.stopped, verification=verification,
        certificate=outcome.certificate,
    )


def _executor(given: Run, size: Forecast) -> Executor:
    """Where blocks are solved; on this machine as many at once as there are workers, and as fit."""
    held = size.base_mb + size.cadres * BYTES_PER_CADRE // 1_000_000
    each = size.memory_by_engine["partitioned"] - held
    workers = max(1, min(given.options.workers, int((given.room_mb - held) // max(1, each))))
    if given.ray_address is not None:
        return OnRay(given.ray_address, workers)
    return Serial() if workers == 1 else Processes(workers)


def _confirm(plan: Plan, goals: Goals, values: tuple[int, ...], verification: Verification) -> None:
    """No plan leaves that the independent check refutes."""
    faults = [v.message for v in verification.violations]
    for (name, _, _), value in zip(goals, values, strict=True):
        if verification.goals[name] != value:
            faults.append(f"goal {name}: blocks {value}, verifier {verification.goals[name]}")
    if faults:
        raise InternalError("the plan fails its own verification:\n" + "\n".join(faults[:50]), plan)


def _checkpoint(rounds: Rounds, given: Run, elapsed_s: float) -> Checkpoint:
    """Where the blocks stand."""
    snapshot = rounds.snapshot()
    columns, values = snapshot.pack()
    goals = dict(zip((name for name, _, _ in rounds.shared.goal_names), rounds.goals(), strict=True))
    before = 0.0 if given.earlier is None else given.earlier.elapsed_s
    layout = {"blocks": sorted(snapshot.spots), BLOCKS_OF: given.block_cadres, "seed": given.options.seed}
    return Checkpoint(given.origin, goals, elapsed_s + before, columns, values, layout)


def _known(earlier: Checkpoint, n_shared: int) -> Snapshot:
    """Where an earlier run stood."""
    return Snapshot.unpack(earlier.columns, earlier.values, earlier.options["blocks"], n_shared)


class _Teller:
    """Hands out progress."""

    def __init__(self, on_progress: OnProgress | None, begun: float, given: Run) -> None:
        self._on_progress, self._begun, self._given = on_progress, begun, given
        self._limit = given.options.time_limit
        self.peak = 0.0

    def visit(self, phase: str, rounds: Rounds, bounds: tuple[int, ...]) -> None:
        """Keep where the blocks stand, then tell every goal."""
        if self._given.checkpoint is not None:
            write_checkpoint(self._given.checkpoint, _checkpoint(rounds, self._given, time.monotonic() - self._begun))
        goals = zip(rounds.shared.goal_names, rounds.goals(), bounds, strict=True)
        for (name, _, scale), value, bound in goals:
            self._tell(phase, {"goal": name, "value": value, "bound": bound, "gap": gap_of(value, bound, scale),
                               "candidates": rounds.candidates})

    def phase(self, phase: str) -> None:
        """Tell a phase."""
        self._tell(phase, {})

    def _tell(self, phase: str, known: dict[str, Any]) -> None:
        memory = tree_memory_mb()
        self.peak = max(self.peak, memory)
        if self._on_progress is not None:
            elapsed = time.monotonic() - self._begun
            self._on_progress(Progress(
                phase=phase, elapsed_s=elapsed, memory_mb=memory, remaining_s=max(0.0, self._limit - elapsed), **known
            ))

