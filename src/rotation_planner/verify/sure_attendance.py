"""Sure attendance: one of the chosen courses by a date."""

from __future__ import annotations

from dataclasses import dataclass

from rotation_planner.domain.parameters.posts import HARD_FACTOR
from rotation_planner.domain.policy import SureAttendance
from rotation_planner.verify import dues
from rotation_planner.verify.dues import BEYOND, SHORT_SERVICE, note_unmet, selected_people, served_long_enough
from rotation_planner.verify.facts import Facts
from rotation_planner.verify.findings import Findings, iso
from rotation_planner.verify.people import Person
from rotation_planner.verify.teaching import Run, later
from rotation_planner.verify.which import chosen


@dataclass(slots=True)
class Due(dues.Due):
    """With the courses that fulfil it, and what it weighs more."""

    courses: frozenset[str]
    factor: int


def check(rule: SureAttendance, facts: Facts, findings: Findings) -> list[dues.Due]:
    """Note to whom it does not apply (yet) and who does not attend; returns what is owed."""
    teaching = facts.teaching
    wanted = {id_ for id_, course in teaching.courses.items() if chosen(rule.which, course)}
    fits = frozenset(id_ for id_ in teaching.courses if not wanted.isdisjoint(teaching.stands_for[id_]))
    found = []
    for person in selected_people(rule, facts):
        last = _last_day(rule, facts, person)
        first = person.serves_from
        if last > facts.end:
            findings.exempt.append((rule.label, person.id, BEYOND))
            continue
        served = person.service_within(facts.start, last)
        window = last - (facts.start if rule.months is None else first) + 1
        if not served or not served_long_enough(served, rule.min_service_months, window):
            findings.exempt.append((rule.label, person.id, SHORT_SERVICE))
            continue
        until = min(last, person.serves_until - 1)
        due = Due(person, (person.id, iso(last)), first, until, 1, 0, 0, fits, _priority(rule, person))
        due.history = int(
            any(
                course in fits and (day <= last if day >= first else teaching.valid(course, day, first))
                for course, day, _ in person.passed
            )
        )
        due.achieved = due.history or int(any(serves(rule, due, a.run) for a in facts.by_cadre.get(person.id, ())))
        found.append(due)
    note_unmet(rule, found, findings)
    return list[dues.Due](found)


def serves(_rule: SureAttendance, due: Due, run: Run) -> bool:
    """Whether a session serves what is owed."""
    return run.course.id in due.courses and run.end <= due.last


def _last_day(rule: SureAttendance, facts: Facts, person: Person) -> int:
    if rule.months is not None:
        return later(person.serves_from, rule.months) - 1
    return facts.end if rule.by is None else rule.by.toordinal()


def _priority(rule: SureAttendance, person: Person) -> int:
    """Factor on the weight, by the post held on the first day of service."""
    post = person.post_on(person.serves_from)
    kinds = max((rule.category_priority.get(c, 1) for c in person.categories | set(post.categories)), default=1)
    return rule.level_priority.get(post.level, 1) * kinds * (HARD_FACTOR if rule.hard else 1)
