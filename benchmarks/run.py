"""Measure a suite: ``python -m benchmarks.run smoke|small|full``. A run that was stopped goes on where it was."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import rotation_planner as rp
from benchmarks import results
from benchmarks.cases import RIVALS, SUITES, Case, Instance, Suite
from benchmarks.facts import ROOT, code_sha256, facts, sha256_of
from benchmarks.memory import PeakMemory, end_tree

RESULTS = ROOT / "benchmarks" / "results.csv"
INSTANCES = ROOT / "out" / "bench" / "instances"
GRACE_S = 600
"""A child that is so much later than its limit is ended, and counted as such."""


def folder_of(instance: Instance, instances: Path) -> Path:
    """Folder of tables of an instance, generated unless it is there."""
    folder = instances / instance.name
    if not folder.is_dir():
        unfinished = folder.with_name(f"unfinished-{folder.name}")
        scenario = rp.generate(instance.preset, cadres=instance.cadres, seed=instance.seed)
        rp.save(scenario, unfinished)
        unfinished.rename(folder)
    return folder


def measure(case: Case, folder: Path) -> results.Row:
    """Run one case in a process of its own and watch the memory of its tree."""
    with tempfile.TemporaryDirectory() as scratch:
        out, log = Path(scratch) / "outcome.json", Path(scratch) / "log.txt"
        limits = [str(case.time_limit_s), str(case.workers), str(case.seed)]
        command = [sys.executable, "-m", "benchmarks.child", case.method, str(folder), str(out), *limits]
        with log.open("wb") as sink:
            child = subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink,
                env=os.environ | {"PYTHONPATH": str(ROOT / "src")},  # the code whose checksum is kept
            )
            with PeakMemory(child.pid) as memory:
                try:
                    child.wait((case.time_limit_s if case.method in RIVALS else 0) + GRACE_S)
                except subprocess.TimeoutExpired:
                    end_tree(child.pid)
                    child.wait()
        if out.exists():
            outcome = json.loads(out.read_text(encoding="utf-8"))
        else:
            lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
            last = lines[-1] if lines else "said nothing"
            outcome = {"status": "failed", "note": f"ended with {child.returncode}: {last}"[:300]}
    row = {name: _text(value) for name, value in outcome.items()}
    row["peak_memory_mb"] = f"{memory.peak_bytes / 2**20:.0f}"
    return row


def _text(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def run(suite: Suite, path: Path = RESULTS, instances: Path = INSTANCES, methods: tuple[str, ...] = ()) -> int:
    """Measure what is not yet measured with this code; returns how many measurements failed.

    Parameters
    ----------
    suite : Suite
        What to measure.
    path : Path
        Results file, appended to.
    instances : Path
        Folder of generated instances.
    methods : tuple of str
        Only these; empty: all.
    """
    code, here = code_sha256()[:12], facts()
    known = {tuple(row[k] for k in results.KEY) for row in results.read(path) if row["status"] != "failed"}
    failed = 0
    for case in suite.cases():
        if methods and case.method not in methods:
            continue
        folder = folder_of(case.instance, instances)
        key = results.key_of(case, sha256_of(folder)[:12], code)
        head = f"{case.instance.name:24} {case.method:8} seed {case.seed}"
        if key in known:
            print(f"{head}  known")
            continue
        row = measure(case, folder)
        now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        results.append(path, dict(zip(results.KEY, key, strict=True)) | row | here | {"measured_at": now})
        known.add(key)
        failed += row["status"] == "failed" or row.get("verified") == "False"
        shown = [f"{k}={row[k]}" for k in ("unmet", "violations", "duties", "need", "cost", "note") if row.get(k)]
        used = f"{row.get('seconds', '-'):>9} s {row['peak_memory_mb']:>6} MB"
        print(f"{head}  {row['status']:9} {used}  {' '.join(shown)}", flush=True)
    return failed


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument("suite", choices=sorted(SUITES))
    parser.add_argument("--results", type=Path, default=RESULTS, help="CSV file to append to")
    parser.add_argument("--instances", type=Path, default=INSTANCES, help="folder of generated instances")
    parser.add_argument("--method", action="append", default=[], help="only this method (may be repeated)")
    given = parser.parse_args()
    failed = run(SUITES[given.suite], given.results, given.instances, tuple(given.method))
    if failed:
        sys.exit(f"{failed} measurements failed")


if __name__ == "__main__":
    main()
