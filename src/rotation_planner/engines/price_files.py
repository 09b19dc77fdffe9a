"""Files in which the pricing process is told what to do, and hands out what it found."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from rotation_planner.program.prices import Prices

SETTINGS = "pricing.json"


def write_prices(folder: Path, goal: int, prices: Prices) -> None:
    """Write prices down; those before are there until these are whole."""
    beside = folder / "prices.tmp.npz"
    np.savez(beside, rows=prices.rows, values=prices.values, caps=prices.caps, denominator=prices.denominator)
    beside.replace(file_of(folder, goal))


def file_of(folder: Path, goal: int) -> Path:
    """Where the prices of a goal lie."""
    return folder / f"prices{goal}.npz"


def read_prices(folder: Path, goal: int) -> Prices | None:
    """The best prices of a goal so far."""
    file = file_of(folder, goal)
    if not file.exists():
        return None
    with np.load(file) as data:
        return Prices(data["rows"], data["values"], data["caps"], int(data["denominator"]))
