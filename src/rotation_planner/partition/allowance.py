"""Time of a task that may begin late or be done again: never more than is left of what it was given."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from rotation_planner.engines.options import Options


def in_time(task: Callable[..., Any], sent: float, turns: int, *given: Any) -> Any:
    """Do a task with the time that is left for it.

    A task has no time of its own beyond that of all that were sent with it, so that a lost machine costs the quality
    of the plan and not the time limit. Under a work limit nothing is changed.

    Parameters
    ----------
    sent : float
        Seconds since the epoch when it was sent. The machines' clocks agree.
    turns : int
        Tasks for each processor of those sent together: each has that part of the time.
    given : tuple
        Arguments of the task.
    """
    passed = max(0.0, time.time() - sent)
    return task(*_shorter(task, given, lambda seconds: max(0.0, min(seconds / turns, seconds - passed))))


def _shorter(
    task: Callable[..., Any], given: tuple[Any, ...], short: Callable[[float], float]
) -> tuple[Any, ...]:
    """The arguments, with less time in what is called ``seconds`` or ``options``."""
    named = inspect.signature(task).bind(*given)
    seconds, options = named.arguments.get("seconds"), named.arguments.get("options")
    if seconds is not None:
        named.arguments["seconds"] = short(seconds)
    if isinstance(options, Options) and options.work_limit is None:
        named.arguments["options"] = replace(options, time_limit=short(options.time_limit))
    return named.args
