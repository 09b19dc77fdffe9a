"""Output that is whole or not there: everything is written beside the target and renamed at the end."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path


def _beside(target: Path, what: str) -> Path:
    return target.with_name(f".{target.name}.{os.getpid()}.{what}")


def write_file(target: Path, write: Callable[[Path], None]) -> None:
    """Let ``write`` fill a file beside the target, then put it in the target's place.

    If it fails, what stood there before still stands there.
    """
    target = target.absolute()
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = _beside(target, "new")
    try:
        write(fresh)
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)


def write_folder(target: Path, write: Callable[[Path], None]) -> None:
    """Let ``write`` fill a folder beside the target, then put it in the target's place."""
    target = target.absolute()
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh, stale = _beside(target, "new"), _beside(target, "old")
    try:
        fresh.mkdir()
        write(fresh)
        if target.exists():
            target.rename(stale)
        try:
            fresh.rename(target)
        except OSError:
            if stale.exists():
                stale.rename(target)
            raise
    finally:
        for left in (fresh, stale):
            if left.exists():
                shutil.rmtree(left)
