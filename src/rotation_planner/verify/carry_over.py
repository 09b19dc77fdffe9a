"""Yearly hours of which what is over counts in the next year, up to a cap."""

from __future__ import annotations

from rotation_planner.domain.policy import CarryOver
from rotation_planner.verify.dues import BEYOND, Due, note_unmet, selected_people
from rotation_planner.verify.facts import Facts
from rotation_planner.verify.findings import Findings
from rotation_planner.verify.people import Person
from rotation_planner.verify.teaching import Run
from rotation_planner.verify.which import chosen
from rotation_planner.verify.windows import BOOKED, Window, calendar_years, owed


def check(rule: CarryOver, facts: Facts, findings: Findings) -> list[Due]:
    """Note in which years who is exempt or short of hours; returns what is owed."""
    dues = []
    exempt: dict[tuple[str, str], None] = {}
    for person in selected_people(rule, facts):
        known = achieved = min(rule.cap_hours, person.opening_hours)  # carried into the year
        for window in calendar_years(facts):
            amount = owed(rule, rule.hours, facts, person, window)
            if isinstance(amount, str):
                exempt[person.id, amount] = None
                amount = 0
            passed, attended = _gathered(rule, facts, person, window)
            known, achieved = known + passed, achieved + passed + attended
            if window.last > facts.end:
                if amount:
                    exempt[person.id, BOOKED if achieved >= amount else BEYOND] = None
                break
            if amount:
                first = facts.start if rule.cap_hours else window.first
                dues.append(Due(person, (person.id, window.name), first, window.last, amount, known, achieved))
            known, achieved = (min(rule.cap_hours, max(0, sum_ - amount)) for sum_ in (known, achieved))
    findings.exempt.extend((rule.label, cadre, why) for cadre, why in exempt)
    note_unmet(rule, dues, findings)
    return dues


def serves(rule: CarryOver, due: Due, run: Run) -> bool:
    """Whether a session serves what is owed: in its year, or before it where hours are carried."""
    return run.course.hours > 0 and chosen(rule.which, run.course) and due.first <= run.end <= due.last


def _gathered(rule: CarryOver, facts: Facts, person: Person, window: Window) -> tuple[int, int]:
    """Hours on record, and hours of sessions, in a year."""
    passed = sum(
        hours for course, day, hours in person.passed
        if window.first <= day <= window.last and chosen(rule.which, facts.teaching.courses[course])
    )
    attended = sum(
        a.run.course.hours for a in facts.by_cadre.get(person.id, ())
        if window.first <= a.run.end <= window.last and chosen(rule.which, a.run.course)
    )
    return passed, attended
