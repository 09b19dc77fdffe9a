"""How much of a course's content another one gives."""

from __future__ import annotations

from collections.abc import Mapping

from rotation_planner.domain.teaching import Course


def overlaps(
    courses: Mapping[str, Course], same: Mapping[str, set[str]], above_per_mille: int
) -> dict[str, frozenset[str]]:
    """Course to the courses of whose content it gives more than a part, by itself or by an equivalent."""
    own = {
        id_: {other.id for other in courses.values() if _gives_more(course, other, above_per_mille)}
        for id_, course in courses.items()
    }
    return {
        id_: frozenset(alike for twin in same[id_] for other in own[twin] for alike in same[other]) for id_ in courses
    }


def _gives_more(first: Course, second: Course, above_per_mille: int) -> bool:
    """Whether the first gives more than this part of the second."""
    if second.id in first.overlaps:
        return first.overlaps[second.id] > above_per_mille
    common = sum(
        min(share * second.hours, first.subjects.get(subject, 0) * first.hours)
        for subject, share in second.subjects.items()
    )
    return common > above_per_mille * second.hours
