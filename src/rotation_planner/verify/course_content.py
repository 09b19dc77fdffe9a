"""Share of content in a course: sessions of courses without it do not run."""

from __future__ import annotations

from rotation_planner.domain.policy import CourseContent
from rotation_planner.verify.facts import Facts
from rotation_planner.verify.findings import Findings
from rotation_planner.verify.shares import share_of, subject_kinds
from rotation_planner.verify.which import chosen


def check(rule: CourseContent, facts: Facts, findings: Findings) -> None:
    """Look at every session that runs."""
    kinds = subject_kinds(facts.scenario)
    for session, classes in facts.classes.items():
        run = facts.teaching.runs[session]
        share = share_of(rule, run.course, kinds)
        if chosen(rule.which, run.course) and share < rule.per_mille:
            findings.exceed(
                rule.label, (session,), classes, 0, facts.settled_classes(run), "class",
                f"{session} runs, but course {run.course.id} has {share} per mille of what asks for {rule.per_mille}",
            )
