"""Deadlines: training of a kind within so many months of a career event."""

from __future__ import annotations

import datetime as dt

from rotation_planner.domain.policy import Deadline
from rotation_planner.domain.teaching import Course
from rotation_planner.verify.dues import BEYOND, Due, note_unmet
from rotation_planner.verify.facts import Facts
from rotation_planner.verify.findings import Findings
from rotation_planner.verify.people import Person
from rotation_planner.verify.teaching import Run, later


def check(rule: Deadline, facts: Facts, findings: Findings) -> list[Due]:
    """Note whose deadline lies beyond the horizon and who misses it; returns what is owed."""
    dues = []
    beyond: dict[str, None] = {}
    for person in facts.people.of.values():
        for kind, day in dict.fromkeys(person.events):
            if kind not in rule.events or not facts.selected(rule.who, person, day):
                continue
            last = later(day, rule.months_after)
            if last > facts.end:
                beyond[person.id] = None
            elif last >= facts.start and person.serves_from <= last < person.serves_until:
                dues.append(_due(rule, facts, person, kind, day, last))
    findings.exempt.extend((rule.label, cadre, BEYOND) for cadre in beyond)
    note_unmet(rule, dues, findings)
    return dues


def serves(rule: Deadline, due: Due, run: Run) -> bool:
    """Whether a session serves what is owed."""
    return _fits(rule, run.course) and due.first <= run.start and run.end <= due.last


def _fits(rule: Deadline, course: Course) -> bool:
    return course.kind in rule.course_kinds and course.days >= rule.min_days


def _due(rule: Deadline, facts: Facts, person: Person, kind: str, day: int, last: int) -> Due:
    subject = (person.id, kind, dt.date.fromordinal(day).isoformat())
    due = Due(person, subject, later(day, -rule.months_before), last, 1, 0, 0)
    due.history = int(
        any(
            due.first <= done <= last and _fits(rule, facts.teaching.courses[course])
            for course, done, _ in person.passed
        )
    )
    due.achieved = due.history or int(any(serves(rule, due, a.run) for a in facts.by_cadre.get(person.id, ())))
    return due
