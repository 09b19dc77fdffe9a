"""Listens to the tasks that the partitioned engine hands to its workers: which, when, and how long each took."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from types import TracebackType
from typing import Any, Self

from rotation_planner.partition import Executor
from rotation_planner.partition.executors import Stop


@dataclass(frozen=True)
class Batch:
    """Tasks handed out together; seconds of each by itself, and when all of them began and ended."""

    task: str
    begun_s: float
    ended_s: float
    seconds: tuple[float, ...]


@dataclass
class Recording:
    """What a run did: its batches in order, seconds from its start to its end, and tasks at once."""

    batches: list[Batch] = field(default_factory=list)
    total_s: float = 0.0
    workers: int = 1


def timed(task: Callable[..., Any], *given: Any) -> tuple[float, Any]:
    """Do a task where it is done, and take its time."""
    begun = time.perf_counter()
    found = task(*given)
    return time.perf_counter() - begun, found


class Recorder:
    """An executor that takes the time of every task of another."""

    def __init__(self, inner: Executor, recording: Recording, begun: float) -> None:
        self._inner, self._recording, self._begun = inner, recording, begun
        self.scratch, self.workers = inner.scratch, inner.workers
        recording.workers = inner.workers

    def keep(self, value: Any) -> Any:
        """As the other does."""
        return self._inner.keep(value)

    def every(
        self, task: Callable[..., Any], arguments: Sequence[tuple[Any, ...]], stop: Stop | None = None
    ) -> list[Any]:
        """Do a task with each of some arguments."""
        begun = time.perf_counter() - self._begun
        found = self._inner.every(timed, [(task, *given) for given in arguments], stop)
        ended = time.perf_counter() - self._begun
        done = tuple(pair[0] for pair in found if pair is not None)
        self._recording.batches.append(Batch(task.__name__, begun, ended, done))
        return [None if pair is None else pair[1] for pair in found]

    def __enter__(self) -> Self:
        self._inner.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._inner.__exit__(kind, error, trace)


@contextmanager
def recording(block_cadres: int) -> Iterator[Recording]:
    """Within it runs of the partitioned engine are recorded, with blocks of some size."""
    taken, begun = Recording(), time.perf_counter()
    engine: Any = import_module("rotation_planner.partitioned")
    solve: Any = import_module("rotation_planner.solve")  # the name in the package is the function
    executor, told = engine._executor, solve.InParts
    engine._executor = lambda *given: Recorder(executor(*given), taken, begun)
    solve.InParts = partial(told, block_cadres=block_cadres)
    try:
        yield taken
    finally:
        engine._executor, solve.InParts = executor, told
        taken.total_s = time.perf_counter() - begun
