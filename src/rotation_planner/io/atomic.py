"""Output that is whole or not there: everything is written beside the target and renamed at the end.

What is beside it has the same name each time, so that what a killed run left there is cleared away by the next.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path


def _beside(target: Path, what: str) -> Path:
    return target.with_name(f".{target.name}.{what}")


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
    restore(target)
    _clear(fresh, stale)
    try:
        fresh.mkdir()
        write(fresh)
        if target.exists():
            target.rename(stale)  # a folder cannot be renamed onto one that is not empty
        fresh.rename(target)
    finally:
        restore(target)
        _clear(fresh, stale)


def restore(target: Path) -> None:
    """Put a folder back that was moved aside for a new one that never came."""
    stale = _beside(target, "old")
    if stale.exists() and not target.exists():
        stale.rename(target)


def _clear(*folders: Path) -> None:
    for folder in folders:
        if folder.exists():
            shutil.rmtree(folder)
