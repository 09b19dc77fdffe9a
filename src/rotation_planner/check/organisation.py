"""Authorities: of each unit and level there is one manager."""

from __future__ import annotations

from rotation_planner.check.findings import Findings


def check(findings: Findings) -> None:
    """Units that two authorities claim for the same level (no levels stated: for all)."""
    claims: dict[str, list[tuple[str, frozenset[str]]]] = {}
    for i, name, units, listed in findings.rows("authorities", "id", "units", "levels"):
        levels = frozenset(listed)
        for unit in dict.fromkeys(units):
            others = claims.setdefault(unit, [])
            rival = next((other for other, theirs in others if not theirs or not levels or theirs & levels), None)
            if rival is not None:
                findings.add("two_managers", "authorities", i, "units", unit,
                             f"Authority {rival} manages this unit at the same levels.",
                             "Take the unit from one of the two, or give each its own levels.")
            others.append((name, levels))
