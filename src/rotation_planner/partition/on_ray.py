"""Tasks on a Ray cluster: what all tasks need is put into its store once, and blocks stay there between visits."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from typing import Any, Self

from rotation_planner.partition.allowance import in_time
from rotation_planner.partition.executors import Stop
from rotation_planner.partition.joining import join, ray_module

RETRIES = 10
"""Times that a task is done again as its process or node was lost; what always ends its process is given up."""
AHEAD = 2
"""Tasks sent for each processor: one is done, the arguments of the next are on their way."""
POLL_S = 0.2
GRACE_S = 10.0
"""Seconds that a task has to hand back what it has, once it is asked to end."""
PAIRS = {"begin", "restore"}
"""Tasks that hand back a block and what came of the visit."""


class OnRay:
    """As many tasks at once as the cluster has processors.

    A task is of one processor and depends on its arguments alone, so Ray does it again elsewhere when its node is
    lost; a block that was kept there is made again in the same way.

    Parameters
    ----------
    address : str
        Of the cluster (``auto``, ``HOST:6379``), or ``local``.
    processors : int, optional
        Of a local cluster; by default all of this machine.

    Raises
    ------
    InputError
        If Ray is not installed, the cluster cannot be reached, or a machine of it has another version of the library.
    """

    scratch = None

    def __init__(self, address: str, processors: int | None = None) -> None:
        self._ray = ray_module(address)
        self._leave = join(self._ray, address, processors)
        self.workers = self._processors()
        self._one = self._ray.remote(num_cpus=1, max_retries=RETRIES)(in_time)

    def _processors(self) -> int:
        return max(1, int(self._ray.cluster_resources().get("CPU", 1)))

    def keep(self, value: Any) -> Any:
        """Put a value into the store."""
        return self._ray.put(value)

    def every(
        self, task: Callable[..., Any], arguments: Sequence[tuple[Any, ...]], stop: Stop | None = None
    ) -> list[Any]:
        """Do a task with each of some arguments. Of a pair the first part stays in the store."""
        pair = task.__name__ in PAIRS
        # After the loss of a node there are more blocks than processors, and the time is the same.
        turns = math.ceil(len(arguments) / self._processors()) if len(arguments) <= self.workers else 1
        remote = self._one.options(name=task.__name__, num_returns=2 if pair else 1)
        sent, todo = time.time(), iter(range(len(arguments)))
        found: list[Any] = [None] * len(arguments)
        running: dict[Any, tuple[int, Any]] = {}
        asked: float | None = None
        while True:
            while asked is None and len(running) < AHEAD * self.workers and (i := next(todo, None)) is not None:
                refs = remote.remote(task, sent, turns, *arguments[i])
                running[refs[1] if pair else refs] = i, refs[0] if pair else None
            if not running:
                return found
            if stop is not None and stop.is_set():
                asked = self._call_off(list(running), asked)
            for ref in self._ray.wait(list(running), timeout=POLL_S)[0]:
                i, stored = running.pop(ref)
                found[i] = self._result(ref, stored, asked is not None)

    def _result(self, ref: Any, stored: Any, called_off: bool) -> Any:
        """What came of a task; None if it was called off before anything did."""
        lost = self._ray.exceptions
        try:
            result = self._ray.get(ref)
        except lost.RayError as error:
            cause = error.cause if isinstance(error, lost.RayTaskError) else error
            if called_off and isinstance(cause, (lost.TaskCancelledError, lost.WorkerCrashedError)):
                return None
            raise cause from None
        return result if stored is None else (stored, result)

    def _call_off(self, running: list[Any], asked: float | None) -> float:
        """Ask tasks to end, or after a while end them; when they were asked."""
        now = time.monotonic()
        if asked is None or now > asked + GRACE_S:
            for ref in running:
                self._ray.cancel(ref, force=asked is not None)
            return now
        return asked

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._leave()
