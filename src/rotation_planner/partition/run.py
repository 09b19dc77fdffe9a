"""From a scenario to a plan, block by block."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rotation_planner.certify import Certificate
from rotation_planner.compile.forecast import BLOCK_CADRES
from rotation_planner.domain.plan import Plan, Provenance, Unmet, gap_of
from rotation_planner.domain.scenario import Scenario
from rotation_planner.engines.options import Options
from rotation_planner.engines.process import tree_memory_mb
from rotation_planner.partition.assemble import attended, whole_plan
from rotation_planner.partition.bounds import Bounds
from rotation_planner.partition.executors import Executor
from rotation_planner.partition.reasons import reasons
from rotation_planner.partition.rounds import Rounds
from rotation_planner.partition.search import PriceSearch
from rotation_planner.partition.snapshot import Snapshot
from rotation_planner.slices.parts import Parts
from rotation_planner.slices.ties import blocks

SOON_SHARE = 0.1
"""Part of the time left after preparing that a plan to be shown soon may take."""
FIRST_SHARE = 0.45
"""Part of the time left after preparing that the first plans may take."""
VISIT_S = 60.0
"""Seconds that a visit should last; with more time there are more rounds."""
WORK_ROUNDS = 2
"""Rounds under a work limit."""
MOST_ROUNDS = 6
PRICES_SHARE = 0.3
"""Part of what is left after the first plans that is kept for prices."""
EARLY = 0.4
"""Part of it spent before the improvement: prices say where value is lost, and the run may be near enough already."""
LOST = 0.01
"""Part of the first goal that may be missed for that; where more is, visits find it without prices, but a gap that is
asked for needs them."""
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
OnStep = Callable[[str, Rounds, tuple[int, ...]], None]
OnFirst = Callable[[Plan, Rounds], None]


@dataclass(frozen=True)
class Outcome:
    """What came of it.

    Attributes
    ----------
    plan : Plan
    values, bounds : tuple of int
        Of each goal.
    certificate : Certificate
        Proves the bounds.
    goals : tuple of (name, maximise, scale)
    seconds : list of (block, float)
        Time that each first plan and visit took.
    stopped : str
        ``proved``, ``gap``, ``time``, ``work``, ``memory`` or ``interrupt``.
    reasons : callable
        Gives every unmet duty its reason, as long as the executor is there.
    """

    plan: Plan
    values: tuple[int, ...]
    bounds: tuple[int, ...]
    certificate: Certificate
    goals: tuple[tuple[str, bool, int | None], ...]
    candidates: int
    seconds: list[tuple[int, float]]
    stopped: str
    reasons: Callable[[tuple[Unmet, ...]], tuple[Unmet, ...]]


class Ending:
    """Why the rounds end before their time; ``is_set`` as of an event.

    Parameters
    ----------
    stop : Event
        Set by a signal.
    memory_mb : float or None
        Most memory of the process tree.

    Attributes
    ----------
    why : str
        ``interrupt``, ``memory``, ``gap``, ``proved``; empty as long as the rounds may go on.
    """

    def __init__(self, stop: threading.Event, memory_mb: float | None) -> None:
        self._stop, self._most = stop, memory_mb
        self.why = ""

    def is_set(self) -> bool:
        """Whether the rounds are to end."""
        if not self.why and self._stop.is_set():
            self.why = "interrupt"
        return bool(self.why)

    def judge(self, rounds: Rounds, bounds: tuple[int, ...], gap: float | None) -> None:
        """Look at the memory and at how near the goals are to their bounds."""
        values = rounds.goals()
        if self.is_set():
            return
        if self._most is not None and tree_memory_mb() > self._most:
            self.why = "memory"
        elif values == bounds:
            self.why = "proved"
        elif gap is not None:
            names = rounds.shared.goal_names
            gaps = [gap_of(v, b, scale) for v, b, (_, _, scale) in zip(values, bounds, names, strict=True)]
            self.why = "gap" if all(g is not None and g <= gap for g in gaps) else ""


def plan_in_parts(
    scenario: Scenario, options: Options, split: Split, executor: Executor, provenance: Provenance,
    on_visit: OnStep, stop: threading.Event, known: Known | None = None, start: Plan | None = None,
    on_first: OnFirst | None = None, on_phase: Callable[[str], None] = lambda _: None,
) -> Outcome:
    """Plan a scenario block by block.

    Parameters
    ----------
    scenario : Scenario
        Without errors.
    options : Options
        Limits: ``time_limit`` for all, ``work_limit`` for the improvement of all blocks together, ``seed``,
        ``memory_limit_mb`` of the processes of this machine, ``gap``.
    on_visit : callable
        Told the phase, how the blocks stand, and the bound of every goal, after every step that left no plan worse than
        one that was told of.
    stop : Event
        Ends the rounds once it is set.
    known : callable, optional
        Given the number of shared columns, says where an earlier run stood.
    start : Plan, optional
        A plan to start from, if it is feasible.
    on_first : callable, optional
        Given a first plan soon, before better ones are made.
    on_phase : callable, optional
        Told the phase after a step of which nothing else is told.
    """
    begun = time.monotonic()
    parts = Parts(scenario, blocks(scenario, split.block_cadres))
    scratch = executor.scratch
    folder = None if scratch is None else Path(tempfile.mkdtemp(prefix="run-", dir=scratch))
    phase, end, timed = "construct", Ending(stop, options.memory_limit_mb), options.work_limit is None

    told: list[int] | None = None

    def stepped(rounds: Rounds) -> None:
        nonlocal told
        proven = bounds.of(rounds.goals())
        if told is None or rounds.rank() <= told:  # not while the first plans are made anew
            told = None if told is None else rounds.rank()
            on_visit(phase, rounds, proven)
        else:
            on_phase(phase)
        end.judge(rounds, proven, options.gap)

    rounds = Rounds(parts, executor, split.at_once, options.seed, folder, stepped, end)
    rounds.prepare()
    bounds = Bounds(rounds)
    search = PriceSearch(bounds, split.threads)

    nothing = rounds.goals()[:1]

    def left() -> float:
        return max(0.0, options.time_limit - (time.monotonic() - begun))

    def lost() -> float:
        """What is missed of the first goal, as a part of what is missed where only what is committed happens."""
        pairs = zip(rounds.goals(), nothing, bounds.of(rounds.goals()), strict=False)
        return max((abs(v - b) / max(1, abs(n - b)) for v, n, b in pairs), default=0.0)

    if known is not None:
        rounds.go_on(known(len(rounds.shared.lower)))
    elif (start is None or not rounds.take(start)) and on_first is not None:
        before = left()
        rounds.first(SOON_SHARE * before if timed else None, guided=False)
        took = before - left()
        on_first(_plan(rounds, executor, scenario, provenance), rounds)
        told = rounds.rank()
        if not end.is_set() and not (timed and FIRST_SHARE * left() < took):
            _anew(rounds, FIRST_SHARE * left() if timed else None)
        told = None
    rounds.first(FIRST_SHARE * left() if timed else None)
    kept = PRICES_SHARE * (left() if options.work_limit is None else options.work_limit)

    def prices(part: float, last: bool = False) -> None:
        nonlocal phase, kept
        phase = "prices"
        effort, kept = part * (min(kept, left()) if timed else kept), (1 - part) * kept
        search.run(effort, timed, lambda: stepped(rounds), last)

    if options.gap is not None or lost() <= LOST:
        prices(EARLY)
    phase = "improve"
    _improve(rounds, bounds, options, split, lambda: max(0.0, left() - kept))
    prices(1.0, last=True)
    values = rounds.goals()
    return Outcome(
        _plan(rounds, executor, scenario, provenance), values, bounds.of(values),
        bounds.certificate(values, split.block_cadres, provenance.scenario_sha256, provenance.version),
        rounds.shared.goal_names, rounds.candidates, rounds.seconds,
        end.why or ("time" if timed else "work"), partial(reasons, rounds),
    )


def _anew(rounds: Rounds, seconds: float | None) -> None:
    """Make first plans again, by relaxations; where they are worse than those before, these stay."""
    before, rank = rounds.state(), rounds.rank()
    rounds.begin()
    rounds.first(seconds, all_=False)
    if rounds.rank() > rank:
        rounds.back(before)


def _plan(rounds: Rounds, executor: Executor, scenario: Scenario, provenance: Provenance) -> Plan:
    """The plan of all, as the blocks stand."""
    found = executor.every(attended, [(rounds.stored[b], v.spot) for b, v in enumerate(rounds.visits)])
    classes = rounds.values[rounds.shared.column_name == "classes"]
    sessions = rounds.built.model.candidates.sessions.ids
    return whole_plan(scenario["cadres"].tolist("id"), sessions, classes, found, provenance)


def _improve(rounds: Rounds, bounds: Bounds, options: Options, split: Split, left: Callable[[], float]) -> None:
    """Rounds of visits, until time or work is used up."""
    lanes = min(split.at_once, rounds.parts.n)
    # Seconds of the mean block.
    each = left() * lanes / rounds.parts.n
    count = WORK_ROUNDS if options.work_limit is not None else int(min(MOST_ROUNDS, max(1, round(each / VISIT_S))))
    for k in range(count):
        if rounds.stop.is_set():
            return
        limits = Options(
            engine="cohort", time_limit=left() / (count - k), workers=split.threads, seed=options.seed + k,
            memory_limit_mb=None if options.memory_limit_mb is None else options.memory_limit_mb / lanes,
            work_limit=None if options.work_limit is None else options.work_limit / count,
        )
        if limits.work_limit is None and limits.time_limit * lanes <= rounds.parts.n:
            return
        if limits.work_limit is not None and limits.work_limit / rounds.parts.n < LEAST_WORK:
            return
        rounds.improve(limits, rounds.order(), bounds.known)
