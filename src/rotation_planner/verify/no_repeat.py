"""No repeat: no session of a course that an earlier attended one stands for, while that is valid."""

from __future__ import annotations

from rotation_planner.domain.policy import NoRepeat
from rotation_planner.verify.facts import Attended, Facts
from rotation_planner.verify.findings import Findings
from rotation_planner.verify.teaching import later as months_later


def check(rule: NoRepeat, facts: Facts, findings: Findings) -> None:
    """Look at each pair of a cadre's sessions, in order of their starts."""
    for cadre, attended in facts.by_cadre.items():
        if len(attended) < 2 or not facts.selected(rule.who, attended[0].person):
            continue
        for i, second in enumerate(attended):
            for first in attended[:i]:
                same_start = first.run.start == second.run.start
                if _repeats(rule, facts, first, second) or (same_start and _repeats(rule, facts, second, first)):
                    a, b = first.run.id, second.run.id
                    findings.either(
                        rule.label, (cadre, a, b), 1, "attendance", f"{cadre}: {b} repeats what {a} already gives",
                        first.must and second.must,
                    )


def gives(rule: NoRepeat, facts: Facts, first: str, second: str) -> bool:
    """Whether whoever has the first course repeats content in the second."""
    teaching = facts.teaching
    if second in teaching.stands_for[first]:
        return True
    return rule.overlap_per_mille is not None and second in teaching.overlapping(rule.overlap_per_mille)[first]


def _repeats(rule: NoRepeat, facts: Facts, first: Attended, second: Attended) -> bool:
    course = first.run.course
    if not gives(rule, facts, course.id, second.run.course.id):
        return False
    months = course.validity_months
    return months == 0 or second.run.start < months_later(first.run.end, months)
