"""Prerequisites: what a course builds on is on record, or attended and ended before."""

from __future__ import annotations

from rotation_planner.domain.policy import Prerequisites
from rotation_planner.verify.facts import Attended, Facts
from rotation_planner.verify.findings import Findings


def check(rule: Prerequisites, facts: Facts, findings: Findings) -> None:
    """Look for each prerequisite of each attended session."""
    for attended in facts.by_cadre.values():
        for a in attended:
            if a.run.course.prerequisites and facts.selected(rule.who, a.person):
                _look(rule, facts, findings, a, attended)


def _look(rule: Prerequisites, facts: Facts, findings: Findings, a: Attended, others: list[Attended]) -> None:
    stands_for = facts.teaching.stands_for
    for needed in dict.fromkeys(a.run.course.prerequisites):
        on_record = any(needed in stands_for[course] for course, _, _ in a.person.passed)
        if on_record or any(o.run.end < a.run.start and needed in stands_for[o.run.course.id] for o in others):
            continue
        findings.either(
            rule.label, (a.person.id, a.run.id, needed), 1, "course",
            f"{a.person.id}: {a.run.id} needs {needed} before", a.must,
        )
