"""Exit codes, and what turns an error into one."""

from __future__ import annotations

import functools
import os
import sys
import traceback
from collections.abc import Callable
from enum import IntEnum
from types import TracebackType
from typing import ParamSpec, Self

import typer

import rotation_planner as rp
from rotation_planner.cli.console import defect_lines, say

P = ParamSpec("P")


class ExitCode(IntEnum):
    """What a command's exit status means."""

    OK = 0
    BAD_INPUT = 2
    UNMET = 3
    NO_PLAN = 4
    REFUTED = 5
    OUR_FAULT = 70
    INTERRUPTED = 130


class _Edge:
    """The edge of the program: an error that reaches it becomes an exit status.

    Bad input is listed defect by defect and ends with 2; anything unforeseen ends with a message and 70, never with
    a bare traceback that looks like the reader's mistake.
    """

    code = ExitCode.OK

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if error is None:
            return True
        if isinstance(error, rp.InputError):
            defect_lines(error.defects)
            self.code = ExitCode.BAD_INPUT
        elif isinstance(error, KeyboardInterrupt):
            say("Stopped; nothing was written.")
            self.code = ExitCode.INTERRUPTED
        elif isinstance(error, BrokenPipeError):
            # The reader has gone; point the stream elsewhere so that nothing complains at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        elif isinstance(error, Exception):
            say("".join(traceback.format_exception(error)).rstrip())
            say(f"This is a fault of rotation-planner {rp.__version__}, not of your input: "
                f"{type(error).__name__}: {error}")
            say("Please report it with the lines above and, if you may, the scenario.")
            self.code = ExitCode.OUR_FAULT
        else:
            return False
        return True


def guarded(command: Callable[P, ExitCode]) -> Callable[P, None]:
    """Turn a command's return value, or the error that ends it, into an exit status."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        edge = _Edge()
        with edge:
            edge.code = command(*args, **kwargs)
        if edge.code:
            raise typer.Exit(int(edge.code))

    return run
