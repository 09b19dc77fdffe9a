"""The policy: selectors that find somebody, labels of their own, figures that fit together."""

from __future__ import annotations

from collections import Counter

from rotation_planner.check.findings import Findings
from rotation_planner.domain.policy import EVERYONE, Hours, Selector

WITHOUT_WHO = frozenset({"class_size", "beds", "rooms", "ceiling", "commitments", "floor"})
"""Kinds of rules that are about sessions, institutions or funds: whom they are about cannot be chosen."""


def check(findings: Findings) -> None:
    """Rules and goals."""
    policy = findings.scenario.policy
    labels = Counter(rule.label for rule in policy.rules)
    for label, n in labels.items():
        if n > 1:
            findings.add("duplicate_rule", "policy", None, "name", label, f"{n} rules have this name.",
                         "Give each rule of a kind a name of its own.")
    for rule in policy.rules:
        _selector(findings, rule.label, rule.who)
        if rule.kind in WITHOUT_WHO and rule.who != EVERYONE:
            findings.add("selector_not_applicable", "policy", None, "who", rule.label,
                         f"A rule of the kind {rule.kind} is about everybody.", "Remove `who` from the rule.")
        if isinstance(rule, Hours) and rule.supplement_cap_hours > rule.hours:
            findings.add("cap_above_hours", "policy", None, "supplement_cap_hours", rule.supplement_cap_hours,
                         f"Rule {rule.label}: the cap is above the hours due ({rule.hours}).", "Lower the cap.")
    for goal, n in Counter(policy.goals).items():
        if n > 1:
            findings.add("duplicate_goal", "policy", None, "goals", goal, "The goal is listed twice.", "List it once.")
    settled = findings.scenario["commitments"].tolist("kind")
    if "must" in settled and all(rule.kind != "commitments" for rule in policy.rules):
        findings.add("no_commitments_rule", "policy", None, "rules", "commitments",
                     "There are `must` commitments, but no rule of this kind to keep them.",
                     "Add the rule, or remove the commitments.")


def _selector(findings: Findings, label: str, who: Selector) -> None:
    scenario = findings.scenario
    named = {
        "authorities": who.authorities, "units": who.units, "categories": who.categories,
        "levels": tuple(level for level in (who.level_low, who.level_high) if level is not None),
    }
    for table, wanted in named.items():
        known = set(scenario[table].tolist("id"))
        for name in wanted:
            if name not in known:
                findings.add("unknown_reference", "policy", None, f"who.{table}", name,
                             f"Rule {label}: there is no such id in {table}.", "Correct the selector.")
    rank = {level.id: level.rank for level in scenario["levels"]}
    low, high = (rank.get(level) if level is not None else None for level in (who.level_low, who.level_high))
    if low is not None and high is not None and low > high:
        findings.add("levels_reversed", "policy", None, "who.level_low", who.level_low,
                     f"Rule {label}: it is above level_high ({who.level_high}).", "Exchange the two.")
    duties = {d for row in scenario["posts"].tolist("duties") for d in row}
    for duty in who.duties:
        if duty not in duties:
            findings.warn("empty_selector", "policy", None, "who.duties", duty,
                          f"Rule {label}: no post has this duty.", "Correct the selector, or drop the rule.")
