"""Sure attendance: dates inside the horizon, factors on levels and categories that exist."""

from __future__ import annotations

from rotation_planner.check.findings import Findings
from rotation_planner.domain.policy import SureAttendance


def check(findings: Findings) -> None:
    """What the rules on key posts name. Needs a usable horizon."""
    scenario = findings.scenario
    for rule in scenario.policy.rules:
        if not isinstance(rule, SureAttendance):
            continue
        if rule.by is not None and rule.months is not None:
            findings.add("two_dates", "policy", None, "months", rule.months,
                         f"Rule {rule.label}: the last day is stated too (by = {rule.by}).", "State one of the two.")
        if rule.by is not None and not scenario.start <= rule.by <= scenario.end:
            findings.add("outside_horizon", "policy", None, "by", rule.by,
                         f"Rule {rule.label}: outside the horizon ({scenario.start} to {scenario.end}).",
                         "Correct the date, or leave it out.")
        if rule.months is not None and rule.months > 12 * scenario.horizon.years:
            findings.add("outside_horizon", "policy", None, "months", rule.months,
                         f"Rule {rule.label}: the horizon ends before, so nobody would owe anything.",
                         "State fewer months.")
        for table, factors in (("levels", rule.level_priority), ("categories", rule.category_priority)):
            known = findings.known(table)
            for name in factors:
                if name not in known:
                    column = "level_priority" if table == "levels" else "category_priority"
                    findings.add("unknown_reference", "policy", None, column, name,
                                 f"Rule {rule.label}: there is no such id in {table}.", "Correct the factors.")
