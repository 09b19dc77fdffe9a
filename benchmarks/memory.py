"""Peak memory of a process and all its descendants."""

from __future__ import annotations

import contextlib
import threading
from types import TracebackType
from typing import Self

import psutil


def tree_bytes(root: psutil.Process) -> int:
    """Resident memory of a process and its descendants now; those that just ended count nothing.

    Pages that processes share are counted in each of them, so the figure is never too low.
    """
    total = 0
    try:
        family = [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0
    for process in family:
        try:
            total += process.memory_info().rss
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return total


def end_tree(pid: int) -> None:
    """End a process and all its descendants at once."""
    root = psutil.Process(pid)
    for process in [*root.children(recursive=True), root]:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()


class PeakMemory:
    """Samples the memory of a process tree in a thread while it is open.

    Parameters
    ----------
    pid : int
        Root of the tree.
    every_s : float
        Time between samples.

    Attributes
    ----------
    peak_bytes : int
        Largest sample so far.
    """

    def __init__(self, pid: int, every_s: float = 0.05) -> None:
        self.peak_bytes = 0
        self._root = psutil.Process(pid)
        self._every_s = every_s
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def _watch(self) -> None:
        while True:
            self.peak_bytes = max(self.peak_bytes, tree_bytes(self._root))
            if self._done.wait(self._every_s):
                return

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._done.set()
        self._thread.join()
