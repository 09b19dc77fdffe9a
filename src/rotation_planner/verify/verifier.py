"""Check a plan against its scenario: every rule in force, every goal value."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

from rotation_planner.domain.plan import Plan
from rotation_planner.domain.policy import BudgetFloor
from rotation_planner.domain.scenario import Scenario
from rotation_planner.verify import (
    approval,
    beds,
    cadre_content,
    call_ups,
    carry_over,
    ceiling,
    class_size,
    commitments,
    course_content,
    coverage,
    cycle,
    cycle_hours,
    deadline,
    eligibility,
    floor,
    goals,
    group_share,
    hours,
    institution_content,
    long_training,
    no_repeat,
    one_place,
    precedence,
    prerequisites,
    rooms,
    seat_quota,
    structure,
    sure_attendance,
    team_cover,
    theory_first,
    total,
    total_limit,
    unit_release,
)
from rotation_planner.verify.acyclic import no_cycles_sought
from rotation_planner.verify.facts import Facts
from rotation_planner.verify.findings import Findings, Verification
from rotation_planner.verify.useful import Useful

LIMITS: dict[str, Callable[[Any, Facts, Findings], None]] = {
    "class_size": class_size.check,
    "beds": beds.check,
    "rooms": rooms.check,
    "one_place": one_place.check,
    "no_repeat": no_repeat.check,
    "long_training": long_training.check,
    "course_content": course_content.check,
    "theory_first": theory_first.check,
    "call_ups": call_ups.check,
    "unit_release": unit_release.check,
    "team_cover": team_cover.check,
    "prerequisites": prerequisites.check,
    "ceiling": ceiling.check,
    "total_limit": total_limit.check,
    "commitments": commitments.check,
    "approval": approval.check,
    "seat_quota": seat_quota.check,
    "precedence": precedence.check,
}


DUTIES: dict[str, ModuleType] = {
    "institution_content": institution_content, "cadre_content": cadre_content,
    "coverage": coverage, "hours": hours, "deadline": deadline, "sure_attendance": sure_attendance, "total": total,
    "carry_over": carry_over, "cycle": cycle, "cycle_hours": cycle_hours, "group_share": group_share,
}
"""Each with ``check`` (returns what is owed) and ``serves`` (whether a run serves something owed)."""


def verify(scenario: Scenario, plan: Plan) -> Verification:
    """Check a plan.

    Everything is derived from the scenario alone; nothing of the model or the engines is used. Whatever the plan
    holds, an unknown id or an impossible number is a violation, never an exception.

    Parameters
    ----------
    scenario : Scenario
        Free of defects (see ``check``).
    plan : Plan
        Any plan.

    Returns
    -------
    Verification
        Violations, inherited excess, unmet duties and floors, exemptions, goal values, ledger.
    """
    with no_cycles_sought():
        return _verify(scenario, plan)


def _verify(scenario: Scenario, plan: Plan) -> Verification:
    facts, findings = Facts(scenario, plan), Findings()
    structure.check(facts, plan, findings)
    eligibility.check(facts, findings)
    useful = Useful(facts)
    for rule in scenario.policy.rules:
        if rule.kind in LIMITS:
            LIMITS[rule.kind](rule, facts, findings)
        elif rule.kind in DUTIES:
            duty = DUTIES[rule.kind]
            useful.tell(rule, duty.serves, duty.check(rule, facts, findings))
    ledger = floor.make_ledger(facts, useful.by_session())
    for rule in scenario.policy.rules:
        if isinstance(rule, BudgetFloor):
            floor.check(rule, ledger, findings)
    return Verification(
        violations=tuple(findings.violations),
        inherited=tuple(findings.inherited),
        unmet=tuple(findings.unmet),
        exempt=tuple(findings.exempt),
        goals=goals.values(facts, findings),
        ledger=ledger,
    )
