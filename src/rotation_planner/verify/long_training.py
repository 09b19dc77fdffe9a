"""Long training: none starts within some years after the end of another."""

from __future__ import annotations

from typing import NamedTuple

from rotation_planner.domain.policy import LongTraining
from rotation_planner.domain.teaching import Course
from rotation_planner.verify.facts import Facts
from rotation_planner.verify.findings import Findings, iso
from rotation_planner.verify.teaching import later
from rotation_planner.verify.which import chosen


class Stay(NamedTuple):
    """A long training: days, name, whether a ``must`` or the record settles it, whether it is on record."""

    start: int
    end: int
    name: str
    settled: bool
    past: bool


def check(rule: LongTraining, facts: Facts, findings: Findings) -> None:
    """Look at each pair of long trainings of a cadre, one of them planned at least."""
    for cadre, attended in facts.by_cadre.items():
        person = attended[0].person
        planned = [
            Stay(a.run.start, a.run.end, a.run.id, a.must, False) for a in attended if _is_long(rule, a.run.course)
        ]
        if not planned or not facts.selected(rule.who, person):
            continue
        stays = sorted(planned + [
            Stay(day, day, f"record of {iso(day)}", True, True)
            for course, day, _ in person.passed if _is_long(rule, facts.teaching.courses[course])
        ])
        for i, second in enumerate(stays):
            for first in stays[:i]:
                early = later(first.end, 12 * rule.years) - second.start
                if early > 0 and not (first.past and second.past):
                    a, b = first.name, second.name
                    findings.either(
                        rule.label, (cadre, a, b), early, "day",
                        f"{cadre}: {b} is a second long training within {rule.years} years after {a}",
                        first.settled and second.settled,
                    )


def _is_long(rule: LongTraining, course: Course) -> bool:
    return course.days >= rule.min_days and chosen(rule.which, course)
