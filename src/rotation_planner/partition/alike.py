"""Whether the machines of a cluster can work together: the same source, and clocks that agree."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CLOCK_S = 5.0
"""Seconds by which clocks may differ."""


@dataclass(frozen=True)
class Machine:
    """What a machine says of itself.

    Attributes
    ----------
    source : str
        Checksum of the library's source.
    clock : float
        Seconds since the epoch.
    """

    source: str
    clock: float


def machine() -> Machine:
    """What the machine on which it runs says of itself."""
    return Machine(_source(), time.time())


@cache
def _source() -> str:
    folder = Path(__file__).resolve().parents[1]
    found = hashlib.sha256()
    for file in sorted(folder.rglob("*.py")):
        found.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes())
    return found.hexdigest()


def differences(other: Machine, asked: float) -> list[str]:
    """What keeps another machine from working for this one.

    Parameters
    ----------
    asked : float
        Seconds since the epoch when it was asked.
    """
    found = []
    if other.source != _source():
        found.append("its rotation-planner is another version")
    if not asked - CLOCK_S <= other.clock <= time.time() + CLOCK_S:
        found.append(f"its clock differs by more than {CLOCK_S:.0f} s")
    return found
