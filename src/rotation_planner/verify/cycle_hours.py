"""Hours in cycles of fixed dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from rotation_planner.domain.policy import EVERYONE, CycleHours
from rotation_planner.verify.dues import BEYOND, SHORT_SERVICE, Due, note_unmet, served_long_enough
from rotation_planner.verify.events import ENTRY, clock_events
from rotation_planner.verify.facts import Facts
from rotation_planner.verify.findings import Findings
from rotation_planner.verify.people import Person
from rotation_planner.verify.teaching import Run, later
from rotation_planner.verify.which import chosen

NO_ORIGIN = "no day from which the cycles run"


def check(rule: CycleHours, facts: Facts, findings: Findings) -> list[Due]:
    """Note whose cycles have no beginning or no end yet, and who misses hours; returns what is owed."""
    dues = []
    short: dict[str, None] = {}
    for person in facts.people.of.values():
        if not rule.events and not facts.selected(rule.who, person):
            continue
        origin = _origin(rule, facts, person)
        if origin is None:
            if not rule.events:
                findings.exempt.append((rule.label, person.id, NO_ORIGIN))
            continue
        ended = False
        for first, last in _cycles(rule, facts, origin):
            if last >= facts.start:
                ended = True
                if not person.serves_from <= last < person.serves_until:
                    continue
                begin = max(first, facts.start)
                if served_long_enough(person.service_within(begin, last), rule.min_service_months, last - begin + 1):
                    dues.append(_due(rule, facts, person, first, last))
                else:
                    short[person.id] = None
        if not ended:
            findings.exempt.append((rule.label, person.id, BEYOND))
    findings.exempt.extend((rule.label, cadre, SHORT_SERVICE) for cadre in short)
    note_unmet(rule, dues, findings)
    return dues


def serves(rule: CycleHours, due: Due, run: Run) -> bool:
    """Whether a session serves what is owed."""
    return _counts(rule, run) and due.first <= run.start and run.end <= due.last


def _counts(rule: CycleHours, run: Run) -> bool:
    return chosen(rule.which, run.course) and run.course.hours >= rule.min_block_hours


def _origin(rule: CycleHours, facts: Facts, person: Person) -> int | None:
    """Day from which the cycles run."""
    if rule.origin is not None:
        courses = facts.teaching.courses
        return min((day for course, day, _ in person.passed if chosen(rule.origin, courses[course])), default=None)
    if rule.events:
        events = clock_events(facts, person, rule.events, rule.who)
        return events[0][0] if events else None
    arrivals = clock_events(facts, person, (ENTRY,), EVERYONE)
    return arrivals[-1][0] if arrivals else None


def _cycles(rule: CycleHours, facts: Facts, origin: int) -> Iterator[tuple[int, int]]:
    """First and last day of the cycles that end by the horizon's end."""
    turn = 1
    first = origin
    while (past := later(origin, turn * rule.months)) <= facts.end + 1:
        yield first, past - 1
        first, turn = past, turn + 1


def _due(rule: CycleHours, facts: Facts, person: Person, first: int, last: int) -> Due:
    due = Due(person, (person.id, dt.date.fromordinal(last).isoformat()), first, last, rule.hours, 0, 0)
    due.history = sum(
        hours for course, day, hours in person.passed
        if first <= day <= last and hours >= rule.min_block_hours
        and chosen(rule.which, facts.teaching.courses[course])
    )
    due.achieved = due.history + sum(
        a.run.course.hours for a in facts.by_cadre.get(person.id, ()) if serves(rule, due, a.run)
    )
    return due
