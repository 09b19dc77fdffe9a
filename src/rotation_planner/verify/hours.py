"""Hours: so many in a window, with supplements up to a cap."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from rotation_planner.domain.policy import Hours
from rotation_planner.verify.dues import (
    JOINED_LATE,
    SHORT_SERVICE,
    Due,
    note_unmet,
    selected_people,
    served_long_enough,
)
from rotation_planner.verify.facts import Facts
from rotation_planner.verify.findings import Findings
from rotation_planner.verify.people import Person
from rotation_planner.verify.teaching import Run

Window = tuple[str, int, int]
"""Name, first and last day, inside the horizon."""


def windows(rule: Hours, facts: Facts) -> list[Window]:
    """The horizon, or its calendar years."""
    if rule.window == "horizon":
        return [("horizon", facts.start, facts.end)]
    return [
        (str(y), max(facts.start, dt.date(y, 1, 1).toordinal()), min(facts.end, dt.date(y, 12, 31).toordinal()))
        for y in facts.scenario.years
    ]


def check(rule: Hours, facts: Facts, findings: Findings) -> list[Due]:
    """Note who is exempt and who stays short of hours; returns what is owed."""
    dues = []
    exempt: dict[tuple[str, str], None] = {}
    for person, window, why in _owing(rule, facts):
        if why is None:
            dues.append(_due(rule, facts, person, window))
        else:
            exempt[person.id, why] = None
    findings.exempt.extend((rule.label, cadre, why) for cadre, why in exempt)
    note_unmet(rule, dues, findings)
    return dues


def serves(_rule: Hours, due: Due, run: Run) -> bool:
    """Whether a session serves what is owed."""
    return run.course.hours > 0 and due.first <= run.end <= due.last


def study_limits(facts: Facts) -> dict[str, dict[str, dict[str, int]]]:
    """Label of an hours rule to window to cadre to the most hours of study without a session."""
    limits: dict[str, dict[str, dict[str, int]]] = {}
    for rule in facts.policy.rules:
        if not isinstance(rule, Hours):
            continue
        of = limits.setdefault(rule.label, {})
        for window in windows(rule, facts):
            of.setdefault(window[0], {})
        if rule.free_study and rule.supplement_cap_hours:
            for person, window, why in _owing(rule, facts):
                if why is None:
                    of[window[0]][person.id] = _pro_rata(rule.supplement_cap_hours, person, window)
    return limits


def _owing(rule: Hours, facts: Facts) -> Iterator[tuple[Person, Window, str | None]]:
    """Every selected cadre in every window, with the reason where nothing is owed."""
    months = rule.min_service_months if rule.window == "horizon" else min(rule.min_service_months, 12)
    spans = windows(rule, facts)
    for person in selected_people(rule, facts):
        for window in spans:
            _, first, last = window
            if not served_long_enough(person.service_within(first, last), months, last - first + 1):
                yield person, window, SHORT_SERVICE
            elif rule.window == "horizon" and person.joined_late:
                yield person, window, JOINED_LATE
            else:
                yield person, window, None


def _pro_rata(hours: int, person: Person, window: Window) -> int:
    """Hours by days of service, rounded down."""
    _, first, last = window
    return hours * person.service_within(first, last) // (last - first + 1)


def _due(rule: Hours, facts: Facts, person: Person, window: Window) -> Due:
    name, first, last = window
    cap = _pro_rata(rule.supplement_cap_hours, person, window)
    courses = facts.teaching.courses
    full = person.opening_hours if rule.carry_opening and first == facts.start else 0
    extra = 0
    for course, day, hours in person.passed:
        if first <= day <= last:
            if courses[course].channel in rule.supplements:
                extra += hours
            else:
                full += hours
    history = full + min(cap, extra)
    for a in facts.by_cadre.get(person.id, ()):
        if first <= a.run.end <= last:
            if a.run.course.channel in rule.supplements:
                extra += a.run.course.hours
            else:
                full += a.run.course.hours
    if rule.free_study:
        extra += facts.study.get((person.id, rule.label, name), 0)
    required = _pro_rata(rule.hours, person, window)
    return Due(person, (person.id, name), first, last, required, history, full + min(cap, extra))
