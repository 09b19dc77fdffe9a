"""A running solve on standard error: a bar on a terminal, one plain line per phase elsewhere."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

import rotation_planner as rp
from rotation_planner.cli.console import err, say


class Watch:
    """Shows what a run is doing; hand it to ``solve`` as ``on_progress``.

    Parameters
    ----------
    time_limit : float
        Seconds the bar stands for.
    """

    def __init__(self, time_limit: float) -> None:
        console = err()
        self._phase = ""
        self._goals: dict[str, rp.Progress] = {}
        self._limit = time_limit
        self._bar: Progress | None = None
        if console.is_terminal:
            self._bar = Progress(
                TextColumn("{task.description}"), BarColumn(bar_width=30), TimeElapsedColumn(), TimeRemainingColumn(),
                TextColumn("{task.fields[state]}"), console=console, transient=True,
            )
            self._task = self._bar.add_task("loading", total=time_limit, state="")

    def __enter__(self) -> Self:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, step: rp.Progress) -> None:
        """Take one step of a run."""
        if step.goal is not None:
            self._goals[step.goal] = step
        if self._bar is not None:
            done = min(step.elapsed_s, self._limit)
            self._bar.update(self._task, description=f"{step.phase:<9}", completed=done, state=self._state(step))
        elif step.phase != self._phase:
            say(f"{step.elapsed_s:7.1f} s  {step.phase:<9}  {self._state(step)}".rstrip())
        self._phase = step.phase

    def _state(self, step: rp.Progress) -> str:
        """Candidates, the most important goal that is not proven yet, memory."""
        parts = []
        if step.candidates is not None:
            parts.append(f"{step.candidates:,} candidates")
        for goal in self._goals.values():
            if goal.value is not None and goal.value != goal.bound:
                bound = f" (bound {goal.bound:,})" if goal.bound is not None else ""
                parts.append(f"{goal.goal} {goal.value:,}{bound}")
                break
        if step.memory_mb is not None:
            parts.append(f"{step.memory_mb:,.0f} MB")
        return ", ".join(parts)
