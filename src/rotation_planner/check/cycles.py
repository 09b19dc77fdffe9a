"""Deadlines, cycles and shares of groups: parameters that fit together, and courses that can do what they ask."""

from __future__ import annotations

from typing import Any

from rotation_planner.check.findings import Findings
from rotation_planner.compile.which import fits
from rotation_planner.domain.policy import Cycle, CycleHours, Deadline, DutyParameters, GroupShare

SERVICE_DEFAULT = DutyParameters.model_fields["min_service_months"].default


def check(findings: Findings) -> None:
    """Every rule of these kinds."""
    for rule in findings.scenario.policy.rules:
        if isinstance(rule, (Deadline, Cycle, CycleHours)) and "retirement" in rule.events:
            _add(findings, rule, "parameter_not_applicable", "events", "nobody is trained after retirement.",
                 "Remove `retirement`.")
        if isinstance(rule, Deadline):
            _deadline(findings, rule)
        elif isinstance(rule, Cycle):
            _cycle(findings, rule)
        elif isinstance(rule, CycleHours):
            _cycle_hours(findings, rule)
        elif isinstance(rule, GroupShare) and rule.per == "team" and findings.empty("teams"):
            findings.warn("empty_selector", "policy", None, "per", rule.label,
                          f"Rule {rule.label}: there are no teams.", "Fill in the teams, or drop the rule.")


def _add(findings: Findings, rule: Any, code: str, column: str, problem: str, mend: str) -> None:
    findings.add(code, "policy", None, column, getattr(rule, column), f"Rule {rule.label}: {problem}", mend)


def _deadline(findings: Findings, rule: Deadline) -> None:
    """Levels that there are, and a course that is long enough for each."""
    if rule.min_service_months != SERVICE_DEFAULT:
        _add(findings, rule, "parameter_not_applicable", "min_service_months",
             "whoever serves on the last day owes it, however long he or she has served.", "Remove it.")
    levels = findings.known("levels")
    for level in rule.min_days_by_level:
        if level not in levels:
            findings.add("unknown_reference", "policy", None, "min_days_by_level", level,
                         f"Rule {rule.label}: there is no such id in levels.", "Correct it.")
    if not findings.whole("courses"):
        return
    longest = max((c.days for c in findings.scenario["courses"] if c.kind in rule.course_kinds), default=0)
    for days in sorted({rule.min_days, *rule.min_days_by_level.values()}):
        if days > longest:
            findings.warn("no_course_long_enough", "policy", None, "min_days", days,
                          f"Rule {rule.label}: its longest course has {longest} days.",
                          "Add such a course, or correct the figure.")


def _cycle(findings: Findings, rule: Cycle) -> None:
    """The months before the expiry go with the anchor; somebody may come again before it."""
    if rule.anchor == "completion" and rule.early_months:
        _add(findings, rule, "parameter_not_applicable", "early_months", "with the anchor completion it is not read.",
             "Remove it, or choose the anchor expiry.")
    if rule.anchor == "expiry" and not 0 < rule.early_months < rule.months:
        _add(findings, rule, "early_months", "early_months",
             f"with the anchor expiry it is at least 1 and below `months` ({rule.months}).", "Correct one of the two.")
    if not findings.whole("courses"):
        return
    renewing = [c for c in findings.scenario["courses"] if fits(rule.which, c)]
    longest = rule.months + rule.early_months
    if renewing and all(c.validity_months == 0 or c.validity_months > longest for c in renewing):
        findings.warn("cannot_recur", "policy", None, "months", rule.months,
                      f"Rule {rule.label}: no course it is about may be taken again before it lapses.",
                      "Give one a validity (validity_months) of at most so many months.")


def _cycle_hours(findings: Findings, rule: CycleHours) -> None:
    """One origin; and a course of enough hours."""
    if rule.origin is not None and rule.events:
        _add(findings, rule, "parameter_not_applicable", "events", "with an origin it is not read.",
             "Remove it, or the origin.")
    if not findings.whole("courses"):
        return
    counting = [c.hours for c in findings.scenario["courses"] if fits(rule.which, c)]
    if counting and max(counting) < rule.min_block_hours:
        findings.warn("no_hours", "policy", None, "min_block_hours", rule.min_block_hours,
                      f"Rule {rule.label}: its courses have at most {max(counting)} hours.",
                      "Give their hours, or correct the figure.")
