"""Unit release: a measure that fits its period."""

from __future__ import annotations

from rotation_planner.check.findings import Findings
from rotation_planner.domain.policy import UnitRelease


def check(findings: Findings) -> None:
    """Every rule of unit release."""
    for rule in findings.scenario.policy.rules:
        if isinstance(rule, UnitRelease) and rule.per == "day" and rule.measure != "people":
            findings.add("measure_not_applicable", "policy", None, "measure", rule.measure,
                         f"Rule {rule.label}: on a single day people are counted, absences of part of a day in part.",
                         "Leave out the measure, or state a week or a month.")
