"""Theory first: a theory course ended before other training, or in the same year, attended or on record."""

from __future__ import annotations

import datetime as dt

from rotation_planner.domain.policy import TheoryFirst
from rotation_planner.verify.facts import Attended, Facts
from rotation_planner.verify.findings import Findings
from rotation_planner.verify.teaching import later
from rotation_planner.verify.which import chosen


def check(rule: TheoryFirst, facts: Facts, findings: Findings) -> None:
    """Look at every session of other training."""
    for attended in facts.by_cadre.values():
        if not facts.selected(rule.who, attended[0].person):
            continue
        for a in attended:
            course = a.run.course
            if chosen(rule.which, course) and not chosen(rule.theory, course) and not _led(rule, facts, a, attended):
                findings.either(
                    rule.label, (a.person.id, a.run.id), 1, "attendance",
                    f"{a.person.id}: {a.run.id} comes before any theory", a.must,
                )


def _led(rule: TheoryFirst, facts: Facts, a: Attended, attended: list[Attended]) -> bool:
    """Whether theory comes before a session, or beside it in its year where that is enough."""
    oldest = later(facts.start, -rule.history_months)
    done = [
        (day, dt.date.fromordinal(day).year) for course, day, _ in a.person.passed
        if day >= oldest and chosen(rule.theory, facts.teaching.courses[course])
    ]
    done += [(o.run.end, o.run.year) for o in attended if chosen(rule.theory, o.run.course)]
    return any(day < a.run.start or (rule.same_year and year == a.run.year) for day, year in done)
