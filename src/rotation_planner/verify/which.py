"""Whether a rule is about a course."""

from __future__ import annotations

from rotation_planner.domain.policy import CourseSelector
from rotation_planner.domain.teaching import Course


def chosen(which: CourseSelector, course: Course) -> bool:
    """Whether every stated condition holds."""
    if which.courses and course.id not in which.courses:
        return False
    if which.kinds and course.kind not in which.kinds:
        return False
    if which.channels and course.channel not in which.channels:
        return False
    if which.subjects and not any(subject in course.subjects for subject in which.subjects):
        return False
    if which.competencies and not any(competency in course.competencies for competency in which.competencies):
        return False
    if which.owners and course.owner not in which.owners:
        return False
    if which.full_time is not None and which.full_time != (course.pattern == "full_time"):
        return False
    return course.days >= which.min_days
