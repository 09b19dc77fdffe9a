"""Deadlines: training of a kind within so many months of a career event."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from rotation_planner.domain.policy import Deadline
from rotation_planner.domain.teaching import Course
from rotation_planner.verify.dues import BEYOND, Due, note_unmet
from rotation_planner.verify.events import clock_events
from rotation_planner.verify.facts import Facts
from rotation_planner.verify.findings import Findings
from rotation_planner.verify.people import Person
from rotation_planner.verify.teaching import Run, later


@dataclass(slots=True)
class LevelDue(Due):
    """A training owed, with the days that the cadre's level asks for."""

    min_days: int


def check(rule: Deadline, facts: Facts, findings: Findings) -> list[Due]:
    """Note whose deadline lies beyond the horizon and who misses it; returns what is owed."""
    dues: list[Due] = []
    beyond: dict[str, None] = {}
    for person in facts.people.of.values():
        for day, kind in clock_events(facts, person, rule.events, rule.who):
            last = later(day, rule.months_after)
            if last > facts.end:
                beyond[person.id] = None
            elif last >= facts.start and person.serves_from <= last < person.serves_until:
                dues.append(_due(rule, facts, person, kind, day, last))
    findings.exempt.extend((rule.label, cadre, BEYOND) for cadre in beyond)
    note_unmet(rule, dues, findings)
    return dues


def serves(rule: Deadline, due: LevelDue, run: Run) -> bool:
    """Whether a session serves what is owed."""
    return _fits(rule, run.course, due.min_days) and due.first <= run.start and run.end <= due.last


def _fits(rule: Deadline, course: Course, min_days: int) -> bool:
    return course.kind in rule.course_kinds and course.days >= min_days


def _min_days(rule: Deadline, facts: Facts, person: Person, day: int) -> int:
    """Of the highest level listed that the post reaches, else the rule's."""
    rank = facts.people.rank
    held = rank[person.post_on(day).level]
    reached = [(rank[level], days) for level, days in rule.min_days_by_level.items() if rank[level] <= held]
    return max(reached)[1] if reached else rule.min_days


def _due(rule: Deadline, facts: Facts, person: Person, kind: str, day: int, last: int) -> LevelDue:
    subject = (person.id, kind, dt.date.fromordinal(day).isoformat())
    least = _min_days(rule, facts, person, day)
    due = LevelDue(person, subject, later(day, -rule.months_before), last, 1, 0, 0, min_days=least)
    due.history = int(
        any(
            due.first <= done <= last and _fits(rule, facts.teaching.courses[course], due.min_days)
            for course, done, _ in person.passed
        )
    )
    due.achieved = due.history or int(any(serves(rule, due, a.run) for a in facts.by_cadre.get(person.id, ())))
    return due
