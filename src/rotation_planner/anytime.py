"""What a run has so far. Its best point is kept, stored, and only then told: whoever was told of it can have it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from rotation_planner.domain.plan import gap_of
from rotation_planner.engines.process import tree_memory_mb
from rotation_planner.program import Program
from rotation_planner.result import OnProgress, Progress

Store = Callable[[np.ndarray], None]
"""Keeps a point where a killed run leaves it."""


class Run:
    """The state of a run, and its progress events.

    Parameters
    ----------
    on_progress : callable or None
        Given every event.
    time_limit : float
        Seconds from now.
    gap : float or None
        Gap of every goal at which the run may stop.

    Attributes
    ----------
    best : int64 array or None
        The best point, feasible; None before there is one.
    elapsed_s : float
        Seconds since the start.
    """

    def __init__(self, on_progress: OnProgress | None, time_limit: float, gap: float | None = None) -> None:
        self._on_progress = on_progress
        self._limit = time_limit
        self._gap = gap
        self._began = time.monotonic()
        self._phase = ""
        self._candidates: int | None = None
        self._work: float | None = None
        self._searching_s = self._ends_s = 0.0
        self._program: Program | None = None
        self._store: Store = lambda _: None
        self.best: np.ndarray | None = None
        self._values: tuple[int, ...] = ()
        self._kept: tuple[int, ...] = ()
        self._bounds: tuple[int | None, ...] = ()

    @property
    def elapsed_s(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._began

    def compiled(self, candidates: int) -> None:
        """The number of candidates is known."""
        self._candidates = candidates
        self.phase(self._phase)

    def built(self, program: Program, store: Store) -> None:
        """The program is known, and with it a first bound of every goal; from now on points may come."""
        self._program, self._store = program, store
        self._bounds = program.trivial_bounds()

    def phase(self, phase: str, memory_mb: float | None = None) -> None:
        """Tell a phase and the first goal that is not proven, as far as one is known."""
        self._phase = phase
        open_goals = (i for i, (v, b) in enumerate(zip(self._values, self._bounds, strict=False)) if v != b)
        self._tell(next(open_goals, None), memory_mb)

    def searching(self, work_limit: float | None) -> None:
        """An engine starts, with so much effort to spend if that is limited."""
        self._work, self._searching_s = work_limit, self.elapsed_s

    def found(self, x: np.ndarray) -> bool:
        """Take a feasible point if it is the first or better than the best; whether it was taken."""
        assert self._program is not None
        values = self._program.goal_values(x)
        if not self._take(x, values):
            return False
        self._values = values
        self._tell_goals()
        return True

    def keep(self, x: np.ndarray) -> np.ndarray:
        """Keep and store a point if it is feasible and the first or better than the best; give the best there is."""
        assert self._program is not None
        self._take(x, self._program.goal_values(x))
        assert self.best is not None
        return self.best

    def _take(self, x: np.ndarray, values: tuple[int, ...]) -> bool:
        assert self._program is not None
        if not self._better(values, self._kept) or not self._program.feasible(x):
            return False
        self.best, self._kept = x, values
        self._store(x)
        return True

    def event(self, event: dict[str, Any]) -> str | None:
        """Tell what an engine tells; a word if the run may stop now.

        What it has found is told once it is better than what was: it may have begun with another point than the best.
        """
        self._phase = event.get("phase", self._phase)
        if self._work and event.get("remaining") is not None:
            done = 1.0 - event["remaining"] / self._work
            # Effort goes on as fast as it went so far: all that is known of when a work limit is reached.
            if done > 0:
                self._ends_s = self._searching_s + (self.elapsed_s - self._searching_s) / done
        if event.get("bounds") is not None:
            self._bounds = tuple(event["bounds"])
        if event["event"] == "better" and self._better(tuple(event["values"]), self._values):
            self._values = tuple(event["values"])
            self._tell_goals(event.get("peak_memory_mb"))
        else:
            self.phase(self._phase, event.get("peak_memory_mb"))
        return self.close_enough()

    def close_enough(self) -> str | None:
        """``proved`` or ``gap`` if every goal is proven to be as near its best as was asked for."""
        if self._gap is None or not self._values:
            return None
        gaps = [self._gap_of(i) for i in range(len(self._values))]
        if any(gap is None or gap > self._gap for gap in gaps):
            return None
        return "gap" if any(gaps) else "proved"

    def _better(self, values: tuple[int, ...], than: tuple[int, ...]) -> bool:
        """Whether values of all goals are better than others, or the first."""
        assert self._program is not None
        signs = [-1 if g.maximise else 1 for g in self._program.goals]
        return not than or [s * v for s, v in zip(signs, values, strict=True)] < [
            s * v for s, v in zip(signs, than, strict=True)
        ]

    def _gap_of(self, goal: int) -> float | None:
        assert self._program is not None
        return gap_of(self._values[goal], self._bounds[goal], self._program.goals[goal].scale)

    def _tell_goals(self, memory_mb: float | None = None) -> None:
        if self._on_progress is not None and memory_mb is None:
            memory_mb = tree_memory_mb()
        for goal in range(len(self._values)):
            self._tell(goal, memory_mb)

    def _tell(self, goal: int | None, memory_mb: float | None = None) -> None:
        if self._on_progress is None:
            return
        known: dict[str, Any] = {}
        if goal is not None and self._program is not None:
            known = {"goal": self._program.goals[goal].name, "value": self._values[goal],
                     "bound": self._bounds[goal], "gap": self._gap_of(goal)}
        elapsed = self.elapsed_s
        ends = min(self._limit, self._ends_s or self._limit)
        self._on_progress(
            Progress(
                phase=self._phase, elapsed_s=elapsed, candidates=self._candidates,
                memory_mb=memory_mb if memory_mb is not None else tree_memory_mb(),
                remaining_s=max(0.0, ends - elapsed), **known,
            )
        )
