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
    supplements = {id_ for id_, course in facts.teaching.courses.items() if course.channel in rule.supplements}
    for person in selected_people(rule, facts):
        gathered: list[list[int]] = []
        for i, window in enumerate(spans):
            name, first, last = window
            served = person.service_within(first, last)
            why = _why_exempt(rule, person, window, served)
            if why is not None:
                exempt[person.id, why] = None
                continue
            gathered = gathered or _gathered(facts, person, spans, supplements)
            full, extra, attended_full, attended_extra = gathered[i]
            if rule.carry_opening and first == facts.start:
                full += person.opening_hours
            if rule.free_study:
                attended_extra += facts.study.get(person.id, {}).get((rule.label, name), 0)
            cap = _pro_rata(rule.supplement_cap_hours, window, served)
            dues.append(
                Due(
                    person, (person.id, name), first, last, _pro_rata(rule.hours, window, served),
                    history=full + min(cap, extra),
                    achieved=full + attended_full + min(cap, extra + attended_extra),
                )
            )
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
    served = person.service_within(window[1], window[2])
    if _why_exempt(rule, person, window, served) is not None:
        return 0
    return _pro_rata(rule.supplement_cap_hours, window, served)


def _why_exempt(rule: Hours, person: Person, window: Window, served: int) -> str | None:
    """Why a selected cadre who serves so many days of a window owes nothing in it, if so."""
    _, first, last = window
    months = rule.min_service_months if rule.window == "horizon" else min(rule.min_service_months, 12)
    if not served_long_enough(served, months, last - first + 1):
        return SHORT_SERVICE
    return JOINED_LATE if rule.window == "horizon" and person.joined_late else None


def _pro_rata(hours: int, window: Window, served: int) -> int:
    """Hours by days of service, rounded down."""
    _, first, last = window
    return hours * served // (last - first + 1)


def _gathered(facts: Facts, person: Person, spans: list[Window], supplements: set[str]) -> list[list[int]]:
    """Hours in each window: on record in full, of supplements, then the same attended."""
    hours = [[0, 0, 0, 0] for _ in spans]
    firsts = [first for _, first, _ in spans]  # the windows follow each other without a gap
    for course, day, credited in person.passed:
        if facts.start <= day <= facts.end:
            hours[bisect(firsts, day) - 1][course in supplements] += credited
    for a in facts.by_cadre.get(person.id, ()):
        run = a.run
        if facts.start <= run.end <= facts.end:
            hours[bisect(firsts, run.end) - 1][2 + (run.course.id in supplements)] += run.course.hours
    return hours
