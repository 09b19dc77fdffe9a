"""Training need: what is stated, what posts require beyond what is held, and what a plan meets of both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from rotation_planner.domain.people import Post
from rotation_planner.domain.policy import NeedWeights
from rotation_planner.domain.scenario import Scenario
from rotation_planner.domain.teaching import Course
from rotation_planner.verify.people import Person


@dataclass(slots=True)
class Gap:
    """Mastery missing of a competency, and what passed records give of it, each."""

    size: int
    given: tuple[int, ...]


def given_by(course: Course, competency: str, size: int) -> int:
    """Mastery that a course gives of a gap: all of it, unless it states less."""
    if competency not in course.competencies:
        return 0
    return min(size, course.teaches.get(competency, size))


def closed(size: int, given: Iterable[int], weights: NeedWeights) -> int:
    """Thousandths of mastery that some courses close together: the best in full, the others in part."""
    parts = sorted(given, reverse=True)
    sum_ = sum(1000 * g if i == 0 else weights.second_per_mille * g for i, g in enumerate(parts))
    return min(1000 * size, sum_)


def posts_held(person: Person) -> list[Post]:
    """Every post held on some day of service in the horizon."""
    if not person.service_days:
        return []
    if not person.posts:
        return [person.post]
    days = [person.serves_from, *(day for day, _ in person.posts if person.serves_from < day < person.serves_until)]
    return [person.post_on(day) for day in days]


def open_gaps(
    scenario: Scenario, people: dict[str, Person], courses: dict[str, Course]
) -> dict[str, dict[str, Gap]]:
    """Cadre to competency to the gap, where the records do not close it."""
    found: dict[str, dict[str, Gap]] = defaultdict(dict)
    for person in people.values():
        required: dict[str, int] = {}
        for post in posts_held(person):
            if not required:
                required = post.requires
            elif post.requires:
                required = required | {c: max(level, required.get(c, 0)) for c, level in post.requires.items()}
        for competency, level in required.items():
            size = level - person.holds.get(competency, 0)
            if size <= 0:
                continue
            given = (given_by(courses[course], competency, size) for course, _, _ in person.passed)
            parts = tuple(part for part in given if part)
            if not parts or closed(size, parts, scenario.policy.need) < 1000 * size:
                found[person.id][competency] = Gap(size, parts)
    return dict(found)


def points(
    stated: dict[str, int], gaps: dict[str, Gap], attended: Iterable[Course], weights: NeedWeights
) -> int:
    """Points that the courses a cadre attends earn."""
    courses = list(attended)
    taught = {competency for course in courses for competency in course.competencies}
    earned = sum(worth for competency, worth in stated.items() if competency in taught)
    for competency, gap in gaps.items():
        if competency not in taught:
            continue
        new = [given_by(course, competency, gap.size) for course in courses]
        before, after = (weights.post * closed(gap.size, g, weights) // 1000 for g in (gap.given, (*gap.given, *new)))
        earned += after - before
    return earned
