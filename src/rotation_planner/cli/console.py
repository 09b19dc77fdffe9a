"""Where output goes: results to standard output, everything else to standard error; plain off a terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.text import Text

import rotation_planner as rp

PLAIN_WIDTH = 110
"""Width of tables where there is no terminal to ask."""


def _console(stderr: bool) -> Console:
    # Made anew each time: the streams may have been redirected since.
    terminal = (sys.stderr if stderr else sys.stdout).isatty()
    return Console(
        stderr=stderr, highlight=False, width=None if terminal else PLAIN_WIDTH,
        force_terminal=terminal, no_color=None if terminal else True, emoji=False,
    )


def out() -> Console:
    """Standard output."""
    return _console(stderr=False)


def err() -> Console:
    """Standard error."""
    return _console(stderr=True)


def say(message: str) -> None:
    """One unwrapped line on standard error."""
    err().print(message, markup=False, soft_wrap=True)


def put_json(value: Any) -> None:
    """One JSON value on standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, allow_nan=False, indent=2) + "\n")
    sys.stdout.flush()


def defect_lines(defects: Iterable[rp.Defect], to: Console | None = None) -> None:
    """One line per defect; on a terminal the severity is coloured, elsewhere nothing is wrapped or coloured."""
    console = to or err()
    for defect in defects:
        line = Text(" ".join(str(defect).split()))
        colour = "red" if defect.severity == "error" else "yellow"
        line.stylize(colour, 0, len(defect.severity))
        console.print(line, soft_wrap=True)
