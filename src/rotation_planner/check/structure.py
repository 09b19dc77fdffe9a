"""The frame: a ladder of levels, a tree of authorities, dates in order."""

from __future__ import annotations

from collections import Counter

from rotation_planner.check.findings import Findings
from rotation_planner.check.references import overlaps

NEEDED = ("authorities", "units", "levels", "posts", "cadres", "institutions", "courses")


def check(findings: Findings) -> None:
    """Structure of the whole."""
    for table in NEEDED:
        if findings.empty(table):
            findings.add("empty_table", table, None, "", None, "The table is empty.",
                         "Nothing can be planned without it.")
    _levels(findings)
    cycle(findings, "authorities", "parent")
    _ranges(findings)


def _levels(findings: Findings) -> None:
    count = Counter(rank for _, rank in findings.rows("levels", "rank"))
    for i, rank in findings.rows("levels", "rank"):
        if count[rank] > 1:
            findings.add("same_rank", "levels", i, "rank", rank, "Two levels have the same rank.",
                         "Give every level a rank of its own.")


def cycle(findings: Findings, table: str, column: str) -> None:
    """Report every record that following a column leads back to itself."""
    edges: dict[str, tuple[str, ...]] = {}
    for _, name, ahead in findings.rows(table, "id", column):
        edges[name] = (ahead,) if isinstance(ahead, str) else ahead or ()
    for i, start, _ in findings.rows(table, "id", column):
        seen: set[str] = set()
        stack = list(edges.get(start, ()))
        while stack:
            at = stack.pop()
            if at == start:
                findings.add("cycle", table, i, column, start, f"Following {column} leads back to itself.",
                             f"Correct {column} in one row of the circle.")
                break
            if at not in seen:
                seen.add(at)
                stack.extend(edges.get(at, ()))


def _ranges(findings: Findings) -> None:
    for name in ("busy", "leave", "terms", "sessions"):
        for i, a, b in findings.rows(name, "start", "end"):
            if b is not None and b < a:
                findings.add("end_before_start", name, i, "end", b, f"The end is before the start ({a}).",
                             "Exchange or correct the two dates.")
    terms = findings.rows("terms", "institution", "start", "end", "open")  # closures may lie anywhere
    for name, ranges in (
        ("leave", list(findings.rows("leave", "cadre", "start", "end"))),
        ("terms", [(i, whose, start, end) for i, whose, start, end, open_ in terms if open_]),
    ):
        at = {i: (whose, start) for i, whose, start, _ in ranges}
        for i in overlaps(ranges):
            whose, start = at[i]
            findings.add("overlap", name, i, "start", start, f"It overlaps another row of {whose}.",
                         "Join the two, or correct the dates.")
