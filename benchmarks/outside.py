"""Rivals that need a process of their own: start it, and end it when its time is over."""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from collections.abc import Sequence

from benchmarks.facts import ROOT
from benchmarks.memory import end_tree

GRACE_S = 3.0
"""Time past its limit that a rival gets to stop by itself: what a limit may be overrun by."""


def supervised(command: Sequence[str], deadline: float) -> str:
    """Run a command until it ends or until a little after the deadline (in ``time.time``).

    Returns
    -------
    str
        Empty if it ended well; else why not, with the last line of what it said.
    """
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        env=environment, text=True, errors="replace",
    ) as process:
        try:
            _, said = process.communicate(timeout=max(0.0, deadline + GRACE_S - time.time()))
        except subprocess.TimeoutExpired:
            end_tree(process.pid)
            with contextlib.suppress(ValueError):  # what it said by then does not matter
                process.communicate()
            return "ended after its time"
    if process.returncode == 0:
        return ""
    lines = said.strip().splitlines() or ["said nothing"]
    return f"ended with {process.returncode}: {next((x for x in lines if 'Error' in x or 'Exception' in x), lines[-1])}"
