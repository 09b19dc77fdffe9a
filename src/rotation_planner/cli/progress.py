"""A running solve on standard error: a bar on a terminal; elsewhere a plain line per phase, and one each minute."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn
from rich.table import Column
from rich.text import Text

import rotation_planner as rp
from rotation_planner.cli.console import err, say

EVERY_S = 60.0
"""Most seconds between two plain lines."""


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
        self._said_s = 0.0
        self._goals: dict[str, rp.Progress] = {}
        self._bar: Progress | None = None
        if console.is_terminal:
            self._bar = Progress(
                TextColumn("{task.description:<9}"), BarColumn(bar_width=14), _Clock(table_column=Column(no_wrap=True)),
                TextColumn("{task.fields[state]}", table_column=Column(no_wrap=True, overflow="ellipsis", ratio=1)),
                console=console, transient=True, expand=True,
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
            ends = step.elapsed_s + (step.remaining_s or 0.0)
            self._bar.update(
                self._task, description=step.phase, completed=min(step.elapsed_s, ends), total=ends,
                state=self._state(step),
            )
        elif step.phase != self._phase or step.elapsed_s - self._said_s >= EVERY_S:
            say(f"{step.elapsed_s:7.1f} s  {step.phase:<9}  {self._state(step)}".rstrip())
            self._said_s = step.elapsed_s
        self._phase = step.phase

    def _state(self, step: rp.Progress) -> str:
        """The most important goal that is not proven yet (before the first plan: candidates), and memory."""
        parts = []
        waiting = [g for g in self._goals.values() if g.value is not None and g.value != g.bound]
        if waiting:
            goal = waiting[0]
            parts.append(f"{goal.goal} {goal.value:,}")
            if goal.bound is not None:
                parts.append(f"bound {goal.bound:,}")
            if goal.bound and goal.gap is not None:  # against a bound of nothing every gap is 100 %
                parts.append(f"gap {100 * goal.gap:.1f} %")
        elif step.candidates is not None:
            parts.append(f"{step.candidates:,} candidates")
        if step.memory_mb is not None:
            parts.append(f"{step.memory_mb:,.0f} MB")
        return ", ".join(parts)


class _Clock(ProgressColumn):
    """Time gone, and time left until the limit; goes on between events."""

    def render(self, task: Task) -> Text:
        gone = task.elapsed or 0.0
        return Text(f"{_minutes(gone)} (-{_minutes((task.total or 0.0) - gone)})", style="progress.elapsed")


def _minutes(seconds: float) -> str:
    minutes, rest = divmod(max(0, round(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
