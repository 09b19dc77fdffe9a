"""The policy: labels of their own, figures that fit together (who is meant: ``selectors``)."""

from __future__ import annotations

from collections import Counter

from rotation_planner.check.findings import Findings
from rotation_planner.domain.policy import Hours


def check(findings: Findings) -> None:
    """Rules and goals."""
    policy = findings.scenario.policy
    if findings.scenario.default_policy:
        findings.warn("default_policy", "policy", None, "", None,
                      "There is no policy: the default rules, goals and weights apply.",
                      "Write it down; the template and `convert` show the default.")
    labels = Counter(rule.label for rule in policy.rules)
    for label, n in labels.items():
        if n > 1:
            findings.add("duplicate_rule", "policy", None, "name", label, f"{n} rules have this name.",
                         "Give each rule of a kind a name of its own.")
    for rule in policy.rules:
        if isinstance(rule, Hours) and rule.supplement_cap_hours > rule.hours:
            findings.add("cap_above_hours", "policy", None, "supplement_cap_hours", rule.supplement_cap_hours,
                         f"Rule {rule.label}: the cap is above the hours due ({rule.hours}).", "Lower the cap.")
    for goal, n in Counter(policy.goals).items():
        if n > 1:
            findings.add("duplicate_goal", "policy", None, "goals", goal, "The goal is listed twice.", "List it once.")
    settled = any(kind == "must" for _, kind in findings.rows("commitments", "kind"))
    if settled and not findings.gaps.policy and all(rule.kind != "commitments" for rule in policy.rules):
        findings.add("no_commitments_rule", "policy", None, "rules", "commitments",
                     "There are `must` commitments, but no rule of this kind to keep them.",
                     "Add the rule, or remove the commitments.")
