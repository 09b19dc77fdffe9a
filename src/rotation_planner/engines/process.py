"""What processes of ours have in common."""

from __future__ import annotations

from pathlib import Path

import psutil

SOURCE = Path(__file__).resolve().parents[2]
"""Where the package lies: the solver process must find the same one."""
GRACE_S = 1.0
"""Seconds past the limit after which the solver process is ended."""
POLL_S = 0.1


def tree_memory_mb() -> float:
    """Memory in use by this process and its children, in MB."""
    me = psutil.Process()
    total = me.memory_info().rss
    for child in me.children(recursive=True):
        try:
            total += child.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total / 1e6
