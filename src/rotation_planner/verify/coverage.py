"""Coverage: one completed session of a course that counts for it."""

from __future__ import annotations

from rotation_planner.domain.policy import Coverage
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
from rotation_planner.verify.teaching import Run, later


def check(rule: Coverage, facts: Facts, findings: Findings) -> list[Due]:
    """Note who is exempt and who stays uncovered; returns what is owed."""
    oldest = later(facts.start, -rule.history_months)
    days = facts.end - facts.start + 1
    dues = []
    for person in selected_people(rule, facts):
        if not served_long_enough(person.service_days, rule.min_service_months, days):
            findings.exempt.append((rule.label, person.id, SHORT_SERVICE))
            continue
        if person.joined_late:
            findings.exempt.append((rule.label, person.id, JOINED_LATE))
            continue
        covered = any(
            day >= oldest and facts.teaching.courses[course].covers for course, day, _ in person.passed
        )
        done = covered or any(
            a.run.course.covers and a.run.end < person.serves_until for a in facts.by_cadre.get(person.id, ())
        )
        dues.append(Due(person, (person.id, "horizon"), facts.start, facts.end, 1, int(covered), int(done)))
    note_unmet(rule, dues, findings)
    return dues


def serves(_rule: Coverage, _due: Due, run: Run) -> bool:
    """Whether a session serves what is owed."""
    return run.course.covers
