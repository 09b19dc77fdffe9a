"""Defects and shortages found before any solve."""

from __future__ import annotations

from rotation_planner.check import careers, money, people, policy, references, shortages, structure, teaching
from rotation_planner.check.findings import Findings
from rotation_planner.domain.errors import Defect, InputError
from rotation_planner.domain.scenario import Scenario

__all__ = ["check", "check_or_raise"]


def check(scenario: Scenario) -> list[Defect]:
    """Everything wrong with a scenario, errors first, in the order of the tables.

    Checks that follow a reference are made only once all references hold.
    """
    findings = Findings(scenario)
    references.check(findings)
    structure.check(findings)
    policy.check(findings)
    if not any(d.severity == "error" for d in findings.defects):
        for module in (people, careers, teaching, money, shortages):
            module.check(findings)
    return sorted(findings.defects, key=lambda d: d.severity)


def check_or_raise(scenario: Scenario) -> None:
    """Refuse a scenario with errors.

    Raises
    ------
    InputError
        With every error; warnings are left out.
    """
    errors = [d for d in check(scenario) if d.severity == "error"]
    if errors:
        raise InputError(errors)
