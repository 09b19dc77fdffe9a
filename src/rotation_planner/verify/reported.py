"""Whether the numbers reported with a plan reproduce."""

from __future__ import annotations

from collections.abc import Mapping

from rotation_planner.domain.plan import Plan, Violation
from rotation_planner.domain.scenario import Scenario
from rotation_planner.verify.findings import Findings, Verification
from rotation_planner.verify.verifier import verify

LABEL = "reported"
UNITS = {"duties": "weighted per mille", "floor": "yuan", "need": "point", "cost": "yuan", "comfort": "point"}


def verify_reported(
    scenario: Scenario,
    plan: Plan,
    goals: Mapping[str, int],
    unmet_count: int,
    verification: Verification | None = None,
) -> tuple[Violation, ...]:
    """Compare reported numbers with those that the verifier computes.

    Parameters
    ----------
    scenario, plan : Scenario, Plan
        What the numbers are about.
    goals : mapping of str to int
        Reported value of each goal; every goal of the policy must be there.
    unmet_count : int
        Reported number of unmet duties and floors.
    verification : Verification, optional
        Of this plan, if it is at hand; else it is made.

    Returns
    -------
    tuple of Violation
        One per number that is missing or does not reproduce; the amount is the difference.
    """
    found = verify(scenario, plan) if verification is None else verification
    findings = Findings()
    for name in (*found.goals, *(n for n in goals if n not in found.goals)):
        if name in goals:
            actual, unit = found.goals.get(name), UNITS.get(name, "point")
            _compare(findings, name, goals[name], actual, unit)
        elif name in scenario.policy.goals:
            findings.violate(LABEL, (name,), 1, "number", f"{name}: no value reported")
    _compare(findings, "unmet", unmet_count, len(found.unmet), "duty")
    return tuple(findings.violations)


def _compare(findings: Findings, name: str, reported: object, actual: int | None, unit: str) -> None:
    if actual is None:
        findings.violate(LABEL, (name,), 1, "number", f"{name}: no such goal")
    elif isinstance(reported, bool) or not isinstance(reported, int):
        findings.violate(LABEL, (name,), 1, "number", f"{name}: reported value is not a whole number")
    else:
        findings.violate(LABEL, (name,), abs(reported - actual), unit, f"{name}: reported {reported}, found {actual}")
