"""Floors, ceilings and their years."""

from __future__ import annotations

from rotation_planner.check.findings import Findings

FLOORS = ("authority", "earmark", "year", "floor_yuan", "index_per_mille")
"""What the floor of a year follows from."""


def check(findings: Findings) -> None:
    """Funds that can be respected."""
    floors = {i: floor for i, floor in findings.rows("funds", "floor_yuan") if floor is not None}
    if findings.complete("funds", *FLOORS):
        floors |= _grown(findings)
    for i, ceiling in findings.rows("funds", "ceiling_yuan"):
        floor = floors.get(i)
        if ceiling is not None and floor is not None and floor > ceiling:
            findings.add("floor_above_ceiling", "funds", i, "floor_yuan", floor,
                         f"The floor is above the ceiling ({ceiling}).", "Correct one of the two.")


def _grown(findings: Findings) -> dict[int, int]:
    """Floors that follow from the year before, by the place of the fund."""
    grown: dict[int, int] = {}
    known: dict[tuple[str, frozenset[str], int], int] = {}
    funds = sorted(findings.rows("funds", *FLOORS), key=lambda fund: int(fund[3]))
    for i, authority, earmark, year, floor, index in funds:
        line = (authority, frozenset(earmark))
        if floor is None and index is not None:
            before = known.get((*line, year - 1))
            if before is None:
                findings.add("index_without_base", "funds", i, "index_per_mille", index,
                             "There is no floor of the year before to grow from.",
                             "Give floor_yuan for the first year.")
            else:
                floor = grown[i] = -(-before * index // 1000)
        if floor is not None:
            known.setdefault((*line, year), floor)
    return grown


def check_dated(findings: Findings) -> None:
    """Funds of years that are planned."""
    years = findings.scenario.years
    for i, year in findings.rows("funds", "year"):
        if year not in years:
            findings.warn("year_outside", "funds", i, "year", year, "Outside the horizon; no session is charged to it.",
                          "Remove it, or correct the year.")
