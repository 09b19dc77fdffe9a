"""The results file: one row per measurement, appended as soon as it is known."""

from __future__ import annotations

import csv
from pathlib import Path

from benchmarks.cases import Case

KEY = (
    "preset", "cadres", "instance_seed", "tightness", "instance_sha256", "method", "time_limit_s", "workers", "seed",
    "code_sha256",
)
MEASURED = (
    "status", "seconds", "peak_memory_mb", "candidates", "columns", "rows", "entries",
    "verified", "violations", "unmet",
    "duties", "floor", "need", "cost", "comfort",
    "duties_bound", "floor_bound", "need_bound", "cost_bound", "comfort_bound",
    "duties_certified", "floor_certified", "need_certified", "cost_certified", "comfort_certified",
    "first_plan_s", "note", "trajectory",
)
FACTS = ("measured_at", "python", "ortools", "numpy", "system", "processor", "cores", "memory_gb")
FIELDS = (*KEY, *MEASURED, *FACTS)

Row = dict[str, str]


def key_of(case: Case, instance_sha256: str, code_sha256: str) -> tuple[str, ...]:
    """What makes a measurement the same as another."""
    i = case.instance
    settings = (case.method, case.time_limit_s, case.workers, case.seed)
    return tuple(str(v) for v in (i.preset, i.cadres, i.seed, i.tightness, instance_sha256, *settings, code_sha256))


def read(path: Path) -> list[Row]:
    """All rows; none if there is no file yet.

    Raises
    ------
    ValueError
        If the file has other columns.
    """
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != FIELDS:
            raise ValueError(f"{path} has other columns; move it away")
        return list(reader)


def append(path: Path, row: Row) -> None:
    """Add a row; the file is written through, so a stopped run loses nothing."""
    unknown = set(row) - set(FIELDS)
    if unknown:
        raise ValueError(f"no such columns: {sorted(unknown)}")
    path.parent.mkdir(parents=True, exist_ok=True)
    new = not path.exists()
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
        if new:
            writer.writeheader()
        writer.writerow({field: row.get(field, "") for field in FIELDS})
