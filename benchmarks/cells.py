"""Cells and tables of the pages: medians with ranges, gaps, Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median

from benchmarks import results


def latest(rows: Iterable[results.Row]) -> list[results.Row]:
    """The last measurement of each case, whatever the code was."""
    kept: dict[tuple[str, ...], results.Row] = {}
    for row in rows:
        kept[tuple(row[k] for k in results.KEY if k not in {"code_sha256", "instance_sha256"})] = row
    return list(kept.values())


def number(values: Sequence[str], digits: int = 0) -> str:
    """Median, with the range in brackets where seeds differ; a dash for nothing."""
    known = [float(v) for v in values if v]
    if not known:
        return "–"
    shown = f"{median(known):,.{digits}f}"
    if max(known) - min(known) < 0.5 * 10**-digits:
        return shown
    return f"{shown} ({min(known):,.{digits}f} to {max(known):,.{digits}f})"


def markdown(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """A table, numbers to the right."""
    out = ["| " + " | ".join(head) + " |", "|" + "|".join("---" if i < 1 else "---:" for i in range(len(head))) + "|"]
    return "\n".join(out + ["| " + " | ".join(line) + " |" for line in lines])


def gap(row: results.Row, goal: str, bound_name: str = "bound") -> str:
    """Gap of a goal as in the semantics, in percent; empty where nothing is proven (or certified)."""
    if not row[goal] or not row[f"{goal}_{bound_name}"]:
        return ""
    value, bound = int(row[goal]), int(row[f"{goal}_{bound_name}"])
    return str(100 * abs(value - bound) / max(abs(value), abs(bound), 1))
