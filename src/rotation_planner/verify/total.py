"""Totals: so much in a window, with a part of it from other courses."""

from __future__ import annotations

from rotation_planner.domain.policy import Total
from rotation_planner.verify.dues import BEYOND, SHORT_SERVICE, Due, note_unmet, per_mille, selected_people
from rotation_planner.verify.facts import Facts
from rotation_planner.verify.findings import Findings
from rotation_planner.verify.measures import PARTS, counted, replacing, steps
from rotation_planner.verify.people import Person
from rotation_planner.verify.teaching import Run, later
from rotation_planner.verify.windows import BOOKED, Window, calendar_years, owed, stretch

NO_ENTRY = "day of entry into service not known"


def check(rule: Total, facts: Facts, findings: Findings) -> list[Due]:
    """Note who is exempt, whose windows end later, and who stays short; returns what is owed."""
    dues = []
    exempt: dict[tuple[str, str], None] = {}
    common = [] if rule.window == "service" else _windows(rule, facts)
    for person in selected_people(rule, facts):
        if rule.window == "service" and person.entered is None:
            exempt[person.id, NO_ENTRY] = None
        for window in common if rule.window != "service" else _of_service(rule, person):
            if window.last < facts.start or window.first > facts.end or (
                window.first < facts.start and not rule.look_back
            ):
                continue
            due = _owed(rule, facts, person, window)
            if isinstance(due, str):
                exempt[person.id, due] = None
                continue
            if window.last <= facts.end:
                dues.append(due)
            else:
                exempt[person.id, BOOKED if due.achieved >= due.required else BEYOND] = None
    findings.exempt.extend((rule.label, cadre, why) for cadre, why in exempt)
    note_unmet(rule, dues, findings)
    return dues


def serves(rule: Total, due: Due, run: Run) -> bool:
    """Whether a session serves what is owed."""
    course = run.course
    counts = counted(rule, course, course.hours) or replacing(rule, rule.replace, course, course.hours)
    other = rule.in_other_measure()
    if other is not None:
        counts = counts or counted(other, course, course.hours)
    return counts > 0 and due.first <= run.end <= due.last


def _windows(rule: Total, facts: Facts) -> list[Window]:
    """The windows of everybody."""
    if rule.window == "horizon":
        return [Window("horizon", facts.start, facts.end, None)]
    if rule.window == "year":
        return calendar_years(facts)
    if rule.window == "dates":
        assert rule.first is not None
        assert rule.last is not None
        return [stretch(rule.first.toordinal(), rule.last.toordinal())]
    assert rule.months is not None
    step = 12 if rule.every_months is None else rule.every_months
    ends = [later(facts.start, k) for k in range(step, 12 * facts.scenario.horizon.years + 1, step)]
    begins = [later(facts.start, k - rule.months) for k in range(step, 12 * facts.scenario.horizon.years + 1, step)]
    return [stretch(first, end - 1, rule.months) for first, end in zip(begins, ends, strict=True)]


def _of_service(rule: Total, person: Person) -> list[Window]:
    """The years of service of one cadre, if the day of entry is known."""
    assert rule.years_low is not None
    assert rule.years_high is not None
    if person.entered is None:
        return []
    return [stretch(later(person.entered, 12 * rule.years_low - 12), later(person.entered, 12 * rule.years_high) - 1)]


def _owed(rule: Total, facts: Facts, person: Person, window: Window) -> Due | str:
    """What a cadre owes in a window, or why nothing; of two measures the one that is nearer."""
    amount = owed(rule, rule.amount, facts, person, window)
    if isinstance(amount, str):
        return amount
    due = _due(rule, facts, person, window, amount)
    in_other = rule.in_other_measure()
    if in_other is None:
        return due
    other = _owed(in_other, facts, person, window)
    if isinstance(other, str):
        return SHORT_SERVICE
    # What the records settle first: nothing is open then, whatever the plan gives in the other measure.
    return min(due, other, key=lambda d: (d.open, per_mille(max(0, d.required - d.achieved), d.required)))


def _due(rule: Total, facts: Facts, person: Person, window: Window, amount: int) -> Due:
    required = amount * steps(rule)
    most = required * rule.replace_per_mille // PARTS
    full = extra = 0
    for id_, day, hours in person.passed:
        if window.first <= day <= window.last:
            course = facts.teaching.courses[id_]
            full += counted(rule, course, hours)
            extra += replacing(rule, rule.replace, course, hours)
    history = full + min(most, extra)
    for a in facts.by_cadre.get(person.id, ()):
        if window.first <= a.run.end <= window.last:
            full += counted(rule, a.run.course, a.run.course.hours)
            extra += replacing(rule, rule.replace, a.run.course, a.run.course.hours)
    achieved = full + min(most, extra)
    return Due(person, (person.id, window.name), window.first, window.last, required, history, achieved)
