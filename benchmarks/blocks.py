"""Block times of a run of the partitioned engine: ``python -m benchmarks.blocks ID``.

Appended to ``blocks.csv``, a row for each task; ``benchmarks.simulate`` replays them.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
from pathlib import Path

import rotation_planner as rp
from benchmarks.cases import Instance
from benchmarks.facts import ROOT, code_sha256, facts
from benchmarks.instances import FAMILY
from benchmarks.recorder import Batch, Recording, recording
from benchmarks.run import INSTANCES, checksum_of, folder_of
from benchmarks.targets import TARGETS
from rotation_planner.compile.forecast import BLOCK_CADRES

FILE = ROOT / "benchmarks" / "blocks.csv"
RUN = (
    "instance", "instance_sha256", "cadres", "block_cadres", "workers", "time_limit_s", "seed", "code_sha256",
    "measured_at", "processor", "cores",
)
TASK = ("batch", "task", "begun_s", "ended_s", "place", "seconds")
COLUMNS = (*RUN, *TASK)
END = "end"
"""In place of a task: when the whole run ended."""

Run = dict[str, str]


def record(
    scenario: rp.Scenario, block_cadres: int = BLOCK_CADRES, workers: int = 1, time_limit: float = 60.0, seed: int = 0,
    work_limit: float | None = None,
) -> Recording:
    """Plan a scenario with the partitioned engine and listen to its tasks; loading does not count."""
    with recording(block_cadres) as taken:
        rp.solve(
            scenario, engine="partitioned", workers=workers, time_limit=time_limit, seed=seed, work_limit=work_limit
        ).require_plan()
    return taken


def append(path: Path, run: Run, taken: Recording) -> None:
    """Add the tasks of a run to a file."""
    new = not path.exists()
    ended = Batch(END, taken.total_s, taken.total_s, (0.0,))
    with path.open("a", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        if new:
            table.writerow(COLUMNS)
        for k, batch in enumerate([*taken.batches, ended]):
            for place, seconds in enumerate(batch.seconds):
                when = (f"{batch.begun_s:.3f}", f"{batch.ended_s:.3f}")
                table.writerow([*(run[c] for c in RUN), k, batch.task, *when, place, f"{seconds:.3f}"])


def read(path: Path) -> list[tuple[Run, Recording]]:
    """Every run of a file, the latest of those that differ in nothing but code and time; the smallest bodies first.

    Raises
    ------
    ValueError
        If the file has other columns.
    """
    if not path.exists():
        return []
    runs: dict[tuple[str, ...], dict[int, list[dict[str, str]]]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        table = csv.DictReader(file)
        if tuple(table.fieldnames or ()) != COLUMNS:
            raise ValueError(f"{path} has other columns; move it away")
        for row in table:
            runs.setdefault(tuple(row[c] for c in RUN), {}).setdefault(int(row["batch"]), []).append(row)
    found: dict[tuple[str, ...], tuple[Run, Recording]] = {}
    for key, batches in runs.items():
        run = dict(zip(RUN, key, strict=True))
        made = [
            Batch(rows[0]["task"], float(rows[0]["begun_s"]), float(rows[0]["ended_s"]),
                  tuple(float(r["seconds"]) for r in rows))
            for rows in batches.values()
        ]
        taken = Recording([b for b in made if b.task != END], made[-1].ended_s, int(run["workers"]))
        found[tuple(run[c] for c in RUN[:7])] = run, taken
    return sorted(found.values(), key=lambda pair: int(pair[0]["cadres"]))


def main(arguments: list[str] | None = None) -> None:
    """Entry point."""
    limits = {i.name: (t, i) for t in TARGETS for i in t.forms}
    parser = argparse.ArgumentParser(prog="python -m benchmarks.blocks", description=__doc__)
    parser.add_argument("id", choices=list(FAMILY), metavar="ID", help="published instance")
    parser.add_argument("--time-limit", type=int, help="seconds; by default those of its target")
    parser.add_argument("--workers", type=int, default=1, help="blocks at once; with one the times are undisturbed")
    parser.add_argument("--block-cadres", type=int, default=BLOCK_CADRES)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--file", type=Path, default=FILE, help="CSV file to append to")
    parser.add_argument("--instances", type=Path, default=INSTANCES, help="folder of generated instances")
    given = parser.parse_args(arguments)
    target, instance = limits[given.id]
    seconds = given.time_limit or target.time_limit_s
    folder = folder_of(instance, given.instances)
    taken = record(rp.load(folder), given.block_cadres, given.workers, seconds, given.seed)
    append(given.file, _run(instance, folder, given, seconds, taken.workers), taken)


def _run(instance: Instance, folder: Path, given: argparse.Namespace, seconds: int, workers: int) -> Run:
    here = facts()
    return {
        "instance": instance.name, "instance_sha256": checksum_of(instance, folder), "cadres": str(instance.cadres),
        "block_cadres": str(given.block_cadres), "workers": str(workers), "time_limit_s": str(seconds),
        "seed": str(given.seed), "code_sha256": code_sha256()[:12],
        "measured_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"), "processor": here["processor"],
        "cores": here["cores"],
    }


if __name__ == "__main__":
    main()
