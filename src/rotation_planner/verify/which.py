"""Whether a rule is about a course."""

from __future__ import annotations

from rotation_planner.domain.policy import CourseSelector
from rotation_planner.domain.teaching import Course


def chosen(which: CourseSelector, course: Course) -> bool:
    """Whether every stated condition holds."""
    wanted = (
        (which.courses, {course.id}),
        (which.kinds, {course.kind}),
        (which.channels, {course.channel}),
        (which.subjects, set(course.subjects)),
        (which.competencies, set(course.competencies)),
        (which.owners, {course.owner}),
    )
    if any(some and not has.intersection(some) for some, has in wanted):
        return False
    if which.full_time is not None and which.full_time != (course.pattern == "full_time"):
        return False
    return course.days >= which.min_days
