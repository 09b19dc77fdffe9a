"""No repeat: no session of a course that an earlier attended one stands for, while that is valid."""

from __future__ import annotations

from rotation_planner.domain.policy import NoRepeat
from rotation_planner.verify.facts import Attended, Facts
from rotation_planner.verify.findings import Findings
from rotation_planner.verify.teaching import later as months_later


def check(rule: NoRepeat, facts: Facts, findings: Findings) -> None:
    """Look at each pair of a cadre's sessions, in order of their starts."""
    # Most courses give nothing but themselves: then no pairs need be made.
    given = {id_: _given(rule, facts, id_) for id_ in facts.teaching.courses}
    others = {id_: courses - {id_} for id_, courses in given.items() if len(courses) > 1}
    for cadre, attended in facts.by_cadre.items():
        if len(attended) < 2 or not facts.selected(rule.who, attended[0].person):
            continue
        courses = [a.run.course.id for a in attended]
        if len(set(courses)) == len(courses) and not any(
            course in others and not others[course].isdisjoint(courses) for course in courses
        ):
            continue
        for i, second in enumerate(attended):
            for first in attended[:i]:
                same_start = first.run.start == second.run.start
                if _repeats(given, first, second) or (same_start and _repeats(given, second, first)):
                    a, b = first.run.id, second.run.id
                    findings.either(
                        rule.label, (cadre, a, b), 1, "attendance", f"{cadre}: {b} repeats what {a} already gives",
                        first.must and second.must,
                    )


def gives(rule: NoRepeat, facts: Facts, first: str, second: str) -> bool:
    """Whether whoever has the first course repeats content in the second."""
    return second in _given(rule, facts, first)


def _given(rule: NoRepeat, facts: Facts, course: str) -> frozenset[str]:
    """Courses in which whoever has this one repeats content."""
    teaching = facts.teaching
    if rule.overlap_per_mille is None:
        return teaching.stands_for[course]
    return teaching.stands_for[course] | teaching.overlapping(rule.overlap_per_mille)[course]


def _repeats(given: dict[str, frozenset[str]], first: Attended, second: Attended) -> bool:
    course = first.run.course
    if second.run.course.id not in given[course.id]:
        return False
    months = course.validity_months
    return months == 0 or second.run.start < months_later(first.run.end, months)
