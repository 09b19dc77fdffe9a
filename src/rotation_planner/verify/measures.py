"""How much a course counts toward a total."""

from __future__ import annotations

from rotation_planner.domain.policy import CourseSelector, Measured
from rotation_planner.domain.teaching import Course
from rotation_planner.verify.which import chosen

PARTS = 1000
"""Parts of an hour in which hours of subjects are counted."""


def steps(rule: Measured) -> int:
    """Steps in which one unit of the measure is counted: the hours of subjects in thousandths."""
    return PARTS if rule.measure == "subject_hours" else 1


def counted(rule: Measured, course: Course, hours: int) -> int:
    """What a course counts, if it counts: ``hours`` are those credited."""
    return _amount(rule, course, hours, rule.subjects) if chosen(rule.which, course) else 0


def replacing(rule: Measured, replace: CourseSelector | None, course: Course, hours: int) -> int:
    """What a course counts as a replacement: nothing that counts in full already."""
    if replace is None or not chosen(replace, course):
        return 0
    if rule.measure == "subject_hours":
        own = rule.subjects if chosen(rule.which, course) else ()
        return _amount(rule, course, hours, tuple(s for s in replace.subjects if s not in own))
    return 0 if chosen(rule.which, course) else _amount(rule, course, hours, ())


def _amount(rule: Measured, course: Course, hours: int, subjects: tuple[str, ...]) -> int:
    if rule.measure == "sessions":
        return 1
    if rule.measure == "days":
        return course.days
    if rule.measure == "hours":
        return hours
    return hours * sum(course.subjects.get(subject, 0) for subject in set(subjects))
