"""How long tasks take on some cores, handed out in waves or one by one, and a recorded run replayed so."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.recorder import Recording

IN_WAVES = frozenset({"begin", "better"})
"""Tasks of which the engine waits for as many as there are cores before it hands out more."""
BEFORE = {
    "gather": "checking and splitting", "weigh": "gathering figures of everybody", "begin": "dividing and merging",
    "restore": "dividing and merging", "better": "dividing and merging", "attended": "dividing and merging",
    **dict.fromkeys(("sample", "guess", "price", "price_alone"), "looking for common prices"),
    "explained": "giving reasons",
}
"""What the process that leads does before each kind of task."""
LAST, SENDING = "assembling and verifying", "starting workers, sending to and from them"


def waves(seconds: Sequence[float], cores: int) -> float:
    """Time of tasks taken in order, as many at once as there are cores, each wave as long as its longest."""
    return sum(max(seconds[k : k + cores]) for k in range(0, len(seconds), cores))


def one_by_one(seconds: Sequence[float], cores: int) -> float:
    """Time of tasks taken in order, each by the core that is free first."""
    free = [0.0] * min(cores, max(1, len(seconds)))
    for task in seconds:
        heapq.heapreplace(free, free[0] + task)
    return max(free)


@dataclass(frozen=True)
class Stage:
    """Tasks of a kind between two points where everything waits: all first plans, or a round of visits."""

    task: str
    seconds: tuple[float, ...]


@dataclass
class Work:
    """A run taken apart: stages in order, and seconds in which one process alone worked, by what it did."""

    stages: list[Stage] = field(default_factory=list)
    alone: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    @property
    def alone_s(self) -> float:
        """Seconds in which one process alone worked."""
        return sum(self.alone.values())

    @property
    def tasks_s(self) -> float:
        """Seconds of all tasks."""
        return sum(sum(stage.seconds) for stage in self.stages)

    @property
    def one_core_s(self) -> float:
        """Seconds on one core."""
        return self.alone_s + self.tasks_s

    @property
    def longest_s(self) -> float:
        """Seconds of the longest task of each stage: what remains of the tasks however many cores there are."""
        return sum(max(stage.seconds) for stage in self.stages)

    @property
    def blocks(self) -> int:
        """Blocks of the run: tasks of its first batch."""
        return len(self.stages[0].seconds)


def taken_apart(recording: Recording) -> Work:
    """Stages and the rest of a run.

    Visits of a round may have come in several waves: a round ends with the last of the blocks. What a batch took beyond
    its tasks on the cores that it had is starting workers and sending.
    """
    work, clock, blocks = Work(), 0.0, len(recording.batches[0].seconds)
    for batch in recording.batches:
        work.alone[BEFORE.get(batch.task, batch.task)] += batch.begun_s - clock
        wall = batch.ended_s - batch.begun_s
        work.alone[SENDING] += max(0.0, wall - one_by_one(batch.seconds, recording.workers))
        clock = batch.ended_s
        last = work.stages[-1] if work.stages else None
        goes_on = last is not None and last.task == batch.task and len(last.seconds) < blocks
        if goes_on and last is not None and batch.task in IN_WAVES:
            work.stages[-1] = Stage(batch.task, last.seconds + batch.seconds)
        else:
            work.stages.append(Stage(batch.task, batch.seconds))
    work.alone[LAST] += recording.total_s - clock
    return work


@dataclass(frozen=True)
class Replayed:
    """A run on some cores: seconds in all, of one process alone, of tasks if no core ever waited, and of waiting."""

    cores: int
    seconds: float
    alone_s: float
    busy_s: float
    waiting_s: float


def replay(work: Work, cores: int, in_waves: bool) -> Replayed:
    """The run on some cores; everything that one process does alone takes as long as it did."""
    spans = [
        (waves if in_waves and stage.task in IN_WAVES else one_by_one)(stage.seconds, cores) for stage in work.stages
    ]
    busy = work.tasks_s / cores
    return Replayed(cores, work.alone_s + sum(spans), work.alone_s, busy, sum(spans) - busy)
