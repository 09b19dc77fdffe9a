"""What a figure depends on beside the case: machine, versions, code, instance."""

from __future__ import annotations

import hashlib
import os
import platform
from importlib.metadata import version
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent


SHOWING = frozenset({
    "ablation_table.py", "cells.py", "curves.py", "pictures.py", "schedule.py", "simulate.py", "table.py",
    "target_table.py",
})
"""Files that show what was measured: a change in them makes no figure another."""


def sha256_of(*folders: Path, pattern: str = "*", without: frozenset[str] = frozenset()) -> str:
    """Checksum over names and contents of the files in some folders, in order of name, except those of some names."""
    digest = hashlib.sha256()
    for folder in folders:
        for file in sorted(f for f in folder.rglob(pattern) if f.is_file() and f.name not in without):
            digest.update(file.relative_to(folder).as_posix().encode())
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def code_sha256() -> str:
    """Checksum of the library and of the benchmarks' own code: figures of different code are told apart."""
    return sha256_of(ROOT / "src" / "rotation_planner", ROOT / "benchmarks", pattern="*.py", without=SHOWING)


def processor() -> str:
    """Name of the processor, as far as the system tells it."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def facts() -> dict[str, str]:
    """Columns of the results that say where and with what a figure was measured."""
    return {
        "python": platform.python_version(),
        "ortools": version("ortools"),
        "numpy": version("numpy"),
        "system": platform.system(),
        "processor": processor(),
        "cores": str(os.cpu_count()),
        "memory_gb": f"{psutil.virtual_memory().total / 2**30:.0f}",
    }
