"""Where tasks are done: here one after the other, in processes of this machine, or on a Ray cluster."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import shutil
import signal
import sys
import tempfile
import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any, Protocol, Self

SCRATCH = "rotation-planner-"
"""Beginning of the name of a folder of ours for files that end with the run."""


def _follow(scratch: Path) -> None:
    """Leave an interrupt from the keyboard to the process that began this one, and end when it does.

    A task may hold gigabytes and go on for minutes; nothing is left of it on the disk.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, args=(scratch,), daemon=True).start()


def _end_with_parent(scratch: Path) -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        shutil.rmtree(scratch, ignore_errors=True)
        os._exit(1)


class Stop(Protocol):
    """Says when to end."""

    def is_set(self) -> bool:
        """Whether to end after what is under way."""


class Executor(Protocol):
    """Does tasks, in any order; what comes of each depends on its arguments alone."""

    @property
    def scratch(self) -> Path | None:
        """Folder in which a file that a task writes can be read by every other, if there is one; it ends with this."""

    workers: int
    """Tasks done at once."""

    def keep(self, value: Any) -> Any:
        """Something that tasks may be given instead of a value, which is sent once."""

    def every(
        self, task: Callable[..., Any], arguments: Sequence[tuple[Any, ...]], stop: Stop | None = None
    ) -> list[Any]:
        """Do a task with each of some arguments; results in their order.

        Once ``stop`` is set, tasks that can be reached are asked to end with what they have; None stands for those of
        which nothing came.
        """

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Serial:
    """One after the other, in this process.

    Parameters
    ----------
    workers : int
        As many processes as there would be elsewhere: the room that is divided depends on it, and so does the plan.
    """

    def __init__(self, workers: int = 1) -> None:
        self.workers, self.scratch = workers, Path(tempfile.mkdtemp(prefix=SCRATCH))
        self._remove = weakref.finalize(self, shutil.rmtree, self.scratch, ignore_errors=True)

    def keep(self, value: Any) -> Any:
        """The value itself."""
        return value

    def every(
        self, task: Callable[..., Any], arguments: Sequence[tuple[Any, ...]], stop: Stop | None = None
    ) -> list[Any]:
        """Do a task with each of some arguments; once ``stop`` is set, none is begun."""
        return [None if stop is not None and stop.is_set() else task(*given) for given in arguments]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._remove()


_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True)
class Kept:
    """A value in a file."""

    path: Path


@cache
def _read(kept: Kept) -> Any:
    """A value that is kept; every process reads it once."""
    return pickle.loads(kept.path.read_bytes())  # noqa: S301, the run wrote it to a folder of its own


def _with_kept(task: Callable[..., Any], *given: Any) -> Any:
    """Do a task with the values themselves."""
    return task(*(_read(one) if isinstance(one, Kept) else one for one in given))


@contextmanager
def _no_main() -> Iterator[None]:
    """Processes that are begun meanwhile do not run the caller's script once more.

    A script that plans without asking whether it is the main module would begin to plan in every one of them.
    """
    with _ONE_AT_A_TIME:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main


class Processes:
    """As many processes of this machine as there are workers.

    A process that dies takes its pool with it; a new pool then does again what was not done.

    Parameters
    ----------
    workers : int
        Processes.
    tries : int
        Times that a pool may break without a single task done in between.
    """

    def __init__(self, workers: int, tries: int = 3) -> None:
        self.workers, self._tries = workers, tries
        self.scratch = Path(tempfile.mkdtemp(prefix=SCRATCH))
        self._kept = 0
        self._pool = self._fresh()

    def _fresh(self) -> ProcessPoolExecutor:
        # Solvers have threads of their own, which a fork would leave behind half alive.
        spawn = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self.workers, mp_context=spawn, initializer=_follow, initargs=(self.scratch,))

    def keep(self, value: Any) -> Any:
        """A file with the value."""
        self._kept += 1
        path = self.scratch / f"kept-{self._kept}.pickle"
        path.write_bytes(pickle.dumps(value, pickle.HIGHEST_PROTOCOL))
        return Kept(path)

    def every(
        self, task: Callable[..., Any], arguments: Sequence[tuple[Any, ...]], stop: Stop | None = None
    ) -> list[Any]:
        """Do a task with each of some arguments, as many at once as there are processes; after ``stop`` none begins."""
        found: dict[int, Any] = {}
        tries = self._tries
        while len(found) < len(arguments):
            before = len(found)
            try:
                self._some(task, arguments, found, stop)
            except BrokenProcessPool:
                self._pool.shutdown(wait=True, cancel_futures=True)
                self._pool = self._fresh()
                tries = self._tries if len(found) > before else tries - 1
                if not tries:
                    raise
        return [found[i] for i in range(len(arguments))]

    def _some(
        self, task: Callable[..., Any], arguments: Sequence[tuple[Any, ...]], found: dict[int, Any],
        stop: Stop | None,
    ) -> None:
        todo = iter([i for i in range(len(arguments)) if i not in found])
        running: dict[Future[Any], int] = {}
        while True:
            # Arguments are sent only when a process is free: they may be large.
            while len(running) < self.workers and (i := next(todo, None)) is not None:
                if stop is not None and stop.is_set():
                    found[i] = None
                else:
                    with _no_main():
                        running[self._pool.submit(_with_kept, task, *arguments[i])] = i
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                i = running.pop(future)
                found[i] = future.result()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:  # a task may go on for minutes
            for process in list((self._pool._processes or {}).values()):
                process.kill()
        self._pool.shutdown(wait=True, cancel_futures=True)
        shutil.rmtree(self.scratch, ignore_errors=True)
