"""How much memory a run may use, and what would fit into it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import psutil

from rotation_planner.engines.process import tree_memory_mb
from rotation_planner.result import Forecast


@dataclass(frozen=True)
class Room:
    """Memory that a run's process tree may use, and whose limit it is."""

    mb: float
    whose: str


def memory_room(limit_mb: float | None) -> Room:
    """The least of what is allowed, what the machine has left, and what the control group has left.

    What this process holds already is counted as left: it is part of the run.
    """
    mine = tree_memory_mb()
    rooms = [Room(psutil.virtual_memory().available / 1e6 + mine, "free on this machine")]
    left = group_left_mb(Path("/proc/self/cgroup"), Path("/sys/fs/cgroup"))
    if left is not None:
        rooms.append(Room(left + mine, "left in this control group (container)"))
    if limit_mb is not None:
        rooms.append(Room(limit_mb, "allowed by the memory limit"))
    return min(rooms, key=lambda r: r.mb)


def group_left_mb(table: Path, root: Path) -> float | None:
    """What the control groups (Linux, version 2) above a process leave it; None without a limit.

    Parameters
    ----------
    table : Path
        Which group the process is in, as ``/proc/self/cgroup`` says.
    root : Path
        Where groups are mounted.
    """
    if not table.exists():
        return None
    names = [line.removeprefix("0::/") for line in table.read_text().splitlines() if line.startswith("0::/")]
    left = []
    for name in names:
        for group in [root / name, *(root / name).parents]:
            if not group.is_relative_to(root):
                break
            limit = _read(group / "memory.max")
            if limit not in ("", "max"):
                # Pages of files are given back when memory gets short.
                facts = dict(line.split() for line in _read(group / "memory.stat").splitlines())
                left.append((int(limit) - int(_read(group / "memory.current")) + int(facts["inactive_file"])) / 1e6)
    return min(left, default=None)


def memory_shortage(size: Forecast, engine: str, place: Room) -> str | None:
    """Why a run does not fit, and what would; None if it fits."""
    needed = size.memory_by_engine[engine]
    if needed <= place.mb:
        return None
    would = [f"{needed:,} MB"]
    would += [f"engine {other} ({mb:,} MB)" for other, mb in size.memory_by_engine.items() if mb <= place.mb]
    fitting = size.cadres * (place.mb - size.base_mb) / (needed - size.base_mb)
    if fitting >= 1:
        would.append(f"about {int(fitting):,} of the {size.cadres:,} cadres at a time")
    return (
        f"it needs about {needed:,} MB with engine {engine}, and {place.mb:,.0f} MB are {place.whose}; "
        f"what would fit: {', or '.join(would)}"
    )


def _read(file: Path) -> str:
    return file.read_text().strip() if file.is_file() else ""
