"""Authorities: of each unit and level there is one manager."""

from __future__ import annotations

from rotation_planner.check.findings import Findings
from rotation_planner.domain.organisation import Authority


def check(findings: Findings) -> None:
    """Units that two authorities claim for the same level (no levels stated: for all)."""
    claims: dict[str, list[Authority]] = {}
    for i, a in enumerate(findings.scenario["authorities"]):
        for unit in dict.fromkeys(a.units):
            others = claims.setdefault(unit, [])
            rival = next((o for o in others if not o.levels or not a.levels or set(o.levels) & set(a.levels)), None)
            if rival is not None:
                findings.add("two_managers", "authorities", i, "units", unit,
                             f"Authority {rival.id} manages this unit at the same levels.",
                             "Take the unit from one of the two, or give each its own levels.")
            others.append(a)
