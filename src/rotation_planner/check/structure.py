"""The frame: a ladder of levels, a tree of authorities, dates in order."""

from __future__ import annotations

from collections import Counter

from rotation_planner.check.findings import Findings
from rotation_planner.check.references import overlaps

NEEDED = ("authorities", "units", "levels", "posts", "cadres", "institutions", "courses")


def check(findings: Findings) -> None:
    """Structure of the whole."""
    scenario = findings.scenario
    for table in NEEDED:
        if not len(scenario[table]):
            findings.add("empty_table", table, None, "", None, "The table is empty.",
                         "Nothing can be planned without it.")
    _levels(findings)
    cycle(findings, "authorities", "parent", {a.id: (a.parent,) if a.parent else () for a in scenario["authorities"]})
    _ranges(findings)


def _levels(findings: Findings) -> None:
    ranks = findings.scenario["levels"].tolist("rank")
    count = Counter(ranks)
    for i, rank in enumerate(ranks):
        if count[rank] > 1:
            findings.add("same_rank", "levels", i, "rank", rank, "Two levels have the same rank.",
                         "Give every level a rank of its own.")


def cycle(findings: Findings, table: str, column: str, edges: dict[str, tuple[str, ...]]) -> None:
    """Report every record that leads back to itself."""
    for i, start in enumerate(findings.scenario[table].tolist("id")):
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
        table = findings.scenario[name]
        start, end = table.tolist("start"), table.tolist("end")
        for i, (a, b) in enumerate(zip(start, end, strict=True)):
            if b is not None and b < a:
                findings.add("end_before_start", name, i, "end", b, f"The end is before the start ({a}).",
                             "Exchange or correct the two dates.")
    for name, owner in (("leave", "cadre"), ("terms", "institution")):
        table = findings.scenario[name]
        for i in overlaps(table.column(owner), table.column("start"), table.column("end")):
            if name == "terms" and not table.column("open")[i]:
                continue
            findings.add(
                "overlap", name, i, "start", table.tolist("start")[i],
                f"It overlaps another row of {table.tolist(owner)[i]}.", "Join the two, or correct the dates.",
            )
