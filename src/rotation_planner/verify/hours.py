"""Hours: so many in a window, with supplements up to a cap."""

from __future__ import annotations

import datetime as dt
from bisect import bisect

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
    spans = windows(rule, facts)
    firsts = [first for _, first, _ in spans]
    supplements = {id_ for id_, course in facts.teaching.courses.items() if course.channel in rule.supplements}
    known: dict[tuple[int, int], list[tuple[str | None, int, int]]] = {}  # most cadres serve the same days
    for person in selected_people(rule, facts):
        service = person.serves_from, person.serves_until
        if service not in known:
            known[service] = [_terms(rule, person, window) for window in spans]
        study = facts.study.get(person.id, {}) if rule.free_study else {}
        got = _gathered(facts, person, firsts, supplements)
        if rule.carry_opening:
            got[0][0] += person.opening_hours
        for (name, first, last), (why, required, cap), (full, extra, more_full, more_extra) in zip(
            spans, known[service], got, strict=True
        ):
            if why is not None:
                exempt[person.id, why] = None
                continue
            if study:
                more_extra += study.get((rule.label, name), 0)
            history, achieved = full + min(cap, extra), full + more_full + min(cap, extra + more_extra)
            dues.append(Due(person, (person.id, name), first, last, required, history, achieved))
    findings.exempt.extend((rule.label, cadre, why) for cadre, why in exempt)
    note_unmet(rule, dues, findings)
    return dues


def serves(_rule: Hours, due: Due, run: Run) -> bool:
    """Whether a session serves what is owed."""
    return run.course.hours > 0 and due.first <= run.end <= due.last


def rules_by_window(facts: Facts) -> dict[str, dict[str, tuple[Hours, Window]]]:
    """Label of an hours rule to the name of a window to both."""
    return {
        rule.label: {window[0]: (rule, window) for window in windows(rule, facts)}
        for rule in facts.policy.rules if isinstance(rule, Hours)
    }


def study_limit(rule: Hours, window: Window, facts: Facts, person: Person) -> int:
    """Most hours of study without a session."""
    if not (rule.free_study and rule.supplement_cap_hours and facts.selected(rule.who, person)):
        return 0
    why, _, cap = _terms(rule, person, window)
    return cap if why is None else 0


def _terms(rule: Hours, person: Person, window: Window) -> tuple[str | None, int, int]:
    """Why a selected cadre owes nothing in a window, if so; the hours due and the cap on supplements, pro rata.

    They follow from the days of service alone.
    """
    _, first, last = window
    days, served = last - first + 1, person.service_within(first, last)
    months = rule.min_service_months if rule.window == "horizon" else min(rule.min_service_months, 12)
    why = None
    if not served_long_enough(served, months, days):
        why = SHORT_SERVICE
    elif rule.window == "horizon" and person.joined_late:
        why = JOINED_LATE
    return why, rule.hours * served // days, rule.supplement_cap_hours * served // days


def _gathered(facts: Facts, person: Person, firsts: list[int], supplements: set[str]) -> list[list[int]]:
    """Hours in each window (they follow each other): on record in full, of supplements, then the same attended."""
    hours = [[0, 0, 0, 0] for _ in firsts]
    for course, day, credited in person.passed:
        if facts.start <= day <= facts.end:
            hours[bisect(firsts, day) - 1][course in supplements] += credited
    for a in facts.by_cadre.get(person.id, ()):
        run = a.run
        if facts.start <= run.end <= facts.end:
            hours[bisect(firsts, run.end) - 1][2 + (run.course.id in supplements)] += run.course.hours
    return hours
