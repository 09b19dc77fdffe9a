"""Beds: trainees in house each night."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from rotation_planner.domain.policy import Beds
from rotation_planner.domain.teaching import PRACTICE, Course
from rotation_planner.verify.facts import Attended, Facts
from rotation_planner.verify.findings import Findings
from rotation_planner.verify.loads import Changes, add, report_excess, segments


def check(rule: Beds, facts: Facts, findings: Findings) -> None:
    """Count heads per institution and night."""
    taken, settled = _nights(facts.attended), _nights(facts.settled)
    for id_, institution in facts.teaching.institutions.items():
        beds = institution.beds
        if beds is None:
            continue
        spans = (
            (first, last, load, beds, must)
            for first, last, (load, must) in segments(taken.get(id_, {}), settled.get(id_, {}))
        )
        report_excess(findings, rule.label, (id_,), spans, "bed", lambda over, of: f"{over} more than {of} beds")


def _takes_a_bed(course: Course) -> bool:
    return course.residential and course.pattern == "full_time" and course.channel not in PRACTICE


def _nights(attended: Iterable[Attended]) -> dict[str, Changes]:
    """Heads by institution and night of residential full-time sessions."""
    nights: dict[str, Changes] = defaultdict(dict)
    for a in attended:
        if _takes_a_bed(a.run.course):
            add(nights[a.run.institution], a.run.start, a.run.end - 1, 1)
    return nights
