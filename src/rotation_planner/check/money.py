"""Floors, ceilings and their years."""

from __future__ import annotations

from rotation_planner.check.findings import Findings
from rotation_planner.domain.planning import Fund


def check(findings: Findings) -> None:
    """Funds that can be respected."""
    scenario = findings.scenario
    funds: list[Fund] = list(scenario["funds"])
    floors: dict[tuple[str, frozenset[str], int], int] = {}
    for i in sorted(range(len(funds)), key=lambda i: funds[i].year):
        f = funds[i]
        line = (f.authority, frozenset(f.earmark))
        floor = f.floor_yuan
        if floor is None and f.index_per_mille is not None:
            before = floors.get((*line, f.year - 1))
            if before is None:
                findings.add("index_without_base", "funds", i, "index_per_mille", f.index_per_mille,
                             "There is no floor of the year before to grow from.",
                             "Give floor_yuan for the first year.")
            else:
                floor = -(-before * f.index_per_mille // 1000)
        if floor is not None:
            floors.setdefault((*line, f.year), floor)
            if f.ceiling_yuan is not None and floor > f.ceiling_yuan:
                findings.add("floor_above_ceiling", "funds", i, "floor_yuan", floor,
                             f"The floor is above the ceiling ({f.ceiling_yuan}).", "Correct one of the two.")
        if f.year not in scenario.years:
            findings.warn("year_outside", "funds", i, "year", f.year,
                          "Outside the horizon; no session is charged to it.", "Remove it, or correct the year.")
