"""Share of content in what an institution teaches in a year."""

from __future__ import annotations

from rotation_planner.domain.plan import Unmet
from rotation_planner.domain.policy import InstitutionContent
from rotation_planner.verify.dues import Due
from rotation_planner.verify.facts import Facts
from rotation_planner.verify.findings import Findings
from rotation_planner.verify.shares import Hours, subject_kinds
from rotation_planner.verify.teaching import Run


def check(rule: InstitutionContent, facts: Facts, findings: Findings) -> list[Due]:
    """Note the institutions and years that fall short; no cadre owes anything."""
    kinds = subject_kinds(facts.scenario)
    taught: dict[tuple[str, int], Hours] = {}
    for session, classes in facts.classes.items():
        run = facts.teaching.runs[session]
        if not rule.institutions or run.institution in rule.institutions:
            place = (run.institution, run.year)
            taught.setdefault(place, Hours(rule, kinds)).add(run.course, run.course.hours * classes)
    for (institution, year), hours in sorted(taught.items()):
        if hours.missing:
            findings.unmet.append(
                Unmet(rule.label, (institution, str(year)), *hours.figures(rule.per_hours), rule.weight)
            )
    return []


def serves(_rule: InstitutionContent, _due: Due, _run: Run) -> bool:
    """No cadre owes it, so no attendance serves it."""
    return False
