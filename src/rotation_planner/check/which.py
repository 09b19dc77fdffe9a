"""Which courses the rules are about: selectors that name what there is, and find something."""

from __future__ import annotations

from rotation_planner.check.findings import Findings
from rotation_planner.compile.which import fits
from rotation_planner.domain.policy import EVERY_COURSE, CourseSelector

NAMED = {"courses": "courses", "subjects": "subjects", "competencies": "competencies", "owners": "authorities"}
"""Conditions that name ids, and the table of each."""


def check(findings: Findings) -> None:
    """Every selector of courses of every rule."""
    scenario = findings.scenario
    for rule in scenario.policy.rules:
        for field in type(rule).model_fields:
            which = getattr(rule, field)
            if isinstance(which, CourseSelector):
                _selector(findings, rule.label, field, which)


def _selector(findings: Findings, label: str, field: str, which: CourseSelector) -> None:
    unknown = False
    for condition, table in NAMED.items():
        known = findings.known(table)
        for name in getattr(which, condition):
            if name not in known:
                unknown = True
                findings.add("unknown_reference", "policy", None, f"{field}.{condition}", name,
                             f"Rule {label}: there is no such id in {table}.", "Correct the selector.")
    if unknown or which == EVERY_COURSE or not findings.whole("courses"):
        return
    if not any(fits(which, c) for c in findings.scenario["courses"]):
        findings.warn("empty_selector", "policy", None, field, label, f"Rule {label}: no course is selected.",
                      "Correct the selector, or drop the rule.")
