"""Whether a rule is about a course."""

from __future__ import annotations

from rotation_planner.domain.policy import CourseSelector
from rotation_planner.domain.teaching import Course


def fits(which: CourseSelector, c: Course) -> bool:
    """Whether every stated condition holds."""
    return (
        (not which.courses or c.id in which.courses)
        and (not which.kinds or c.kind in which.kinds)
        and (not which.channels or c.channel in which.channels)
        and (not which.subjects or not set(which.subjects).isdisjoint(c.subjects))
        and (not which.competencies or not set(which.competencies).isdisjoint(c.competencies))
        and (not which.owners or c.owner in which.owners)
        and (which.full_time is None or which.full_time == (c.pattern == "full_time"))
        and c.days >= which.min_days
    )
