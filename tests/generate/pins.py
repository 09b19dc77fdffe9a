"""The pinned checksums."""

from __future__ import annotations

import csv
from pathlib import Path

PINNED = Path(__file__).parents[2] / "benchmarks" / "checksums.csv"


def rows() -> list[dict[str, str]]:
    with PINNED.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def pinned() -> dict[str, str]:
    return {r["preset"]: r["sha256"] for r in rows() if r["preset"].startswith("packaged ")}
