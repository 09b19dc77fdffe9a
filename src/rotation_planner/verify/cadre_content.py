"""Share of content in what a cadre attends over the horizon, records included."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rotation_planner.domain.plan import Unmet
from rotation_planner.domain.policy import CadreContent
from rotation_planner.verify.dues import SHORT_SERVICE, Due, selected_people, served_long_enough, weight_of
from rotation_planner.verify.facts import Facts
from rotation_planner.verify.findings import Findings
from rotation_planner.verify.shares import Hours, share_of, subject_kinds
from rotation_planner.verify.teaching import Run, later
from rotation_planner.verify.which import chosen


@dataclass(slots=True)
class Open(Due):
    """What the records of a cadre leave open."""

    kinds: Mapping[str, str]


def check(rule: CadreContent, facts: Facts, findings: Findings) -> list[Open]:
    """Note who is exempt and whose hours lack content; returns what the records leave open."""
    kinds = subject_kinds(facts.scenario)
    oldest, days = later(facts.start, -rule.history_months), facts.end - facts.start + 1
    dues = []
    for person in selected_people(rule, facts):
        if not served_long_enough(person.service_days, rule.min_service_months, days):
            findings.exempt.append((rule.label, person.id, SHORT_SERVICE))
            continue
        hours = Hours(rule, kinds)
        for course, day, credited in person.passed:
            if oldest <= day <= facts.end:
                hours.add(facts.teaching.courses[course], credited)
        before = hours.missing
        for a in facts.by_cadre.get(person.id, ()):
            hours.add(a.run.course, a.run.course.hours)
        subject = (person.id, "horizon")
        dues.append(Open(person, subject, facts.start, facts.end, before, 0, max(0, before - hours.missing), kinds))
        if hours.missing:
            findings.unmet.append(
                Unmet(rule.label, subject, *hours.figures(rule.per_hours), weight_of(rule, person))
            )
    return dues


def serves(rule: CadreContent, due: Open, run: Run) -> bool:
    """Whether a session raises the share."""
    raises = share_of(rule, run.course, due.kinds) > rule.per_mille
    return run.course.hours > 0 and raises and chosen(rule.which, run.course)
