"""What courses give: mastery, overlap, and whether any rule reads it."""

from __future__ import annotations

from rotation_planner.check.findings import Findings
from rotation_planner.compile.which import fits
from rotation_planner.domain.policy import CadreContent, ContentShare, CourseContent, InstitutionContent, NoRepeat
from rotation_planner.domain.teaching import Course


def check(findings: Findings) -> None:
    """Figures of courses beyond the plain ones."""
    scenario = findings.scenario
    overlap = any(isinstance(r, NoRepeat) and r.overlap_per_mille is not None for r in scenario.policy.rules)
    for i, name, overlaps in findings.rows("courses", "id", "overlaps"):
        for other, part in overlaps.items():
            if other == name:
                findings.add("self_reference", "courses", i, "overlaps", other, "The course names itself.",
                             "Remove it.")
            if not 0 <= part <= 1000:
                findings.add("shares", "courses", i, "overlaps", f"{other}={part}", "A part runs from 0 to 1000.",
                             "Correct the figure.")
        if overlaps and not overlap and not findings.gaps.policy:
            findings.warn("not_enforced", "courses", i, "overlaps", ", ".join(overlaps),
                          "No rule no_repeat has a limit on overlap.", "Give one overlap_per_mille.")
    for i, teaches, competencies in findings.rows("courses", "teaches", "competencies"):
        for competency, mastery in teaches.items():
            if competency not in competencies:
                findings.add("not_taught", "courses", i, "teaches", competency,
                             "The course does not list this competency among those it teaches.",
                             "Add it to competencies, or remove it.")
            if not 1 <= mastery <= 5:
                findings.add("mastery", "courses", i, "teaches", f"{competency}={mastery}",
                             "Mastery runs from 1 to 5.", "Correct the figure.")
    for i, subjects, hours in findings.rows("courses", "subjects", "hours"):
        if overlap and subjects and not hours:
            findings.warn("no_hours", "courses", i, "hours", hours,
                          "Overlap is counted in hours, and this course has none: only `overlaps` speaks of it.",
                          "Give its hours.")
    for rule in scenario.policy.rules:
        if isinstance(rule, ContentShare):
            _share(findings, rule)


def _share(findings: Findings, rule: CourseContent | InstitutionContent | CadreContent) -> None:
    """Whether a rule on a share says what is measured, and finds it."""
    scenario = findings.scenario
    stated = bool(rule.subject_kinds or rule.subjects)
    if stated != (rule.part == "subjects"):
        findings.add("part", "policy", None, "part", rule.part,
                     f"Rule {rule.label}: `subject_kinds` and `subjects` go with the part `subjects`, only with it.",
                     "Name subjects or their kinds." if not stated else "Remove them, or correct the part.")
    known = findings.known("subjects")
    for name in rule.subjects:
        if name not in known:
            findings.add("unknown_reference", "policy", None, "subjects", name,
                         f"Rule {rule.label}: there is no such id in subjects.", "Correct it.")
    if isinstance(rule, InstitutionContent):
        places = findings.known("institutions")
        for name in rule.institutions:
            if name not in places:
                findings.add("unknown_reference", "policy", None, "institutions", name,
                             f"Rule {rule.label}: there is no such id in institutions.", "Correct it.")
    if isinstance(rule, CourseContent) and not findings.errors:
        kind = {s.id: s.kind for s in scenario["subjects"]}
        for i, c in enumerate(scenario["courses"]):
            share = _measured(rule, c, kind)
            if share < rule.per_mille and fits(rule.which, c):
                findings.warn("content_missing", "courses", i, rule.part, share,
                              f"Rule {rule.label} asks for {rule.per_mille} per mille: its sessions will not run.",
                              "Correct the course, or leave it out of the rule.")


def _measured(rule: CourseContent, c: Course, kind: dict[str, str]) -> int:
    if rule.part == "interactive":
        return c.interactive_per_mille
    if rule.part == "leaders":
        return c.leaders_per_mille
    return sum(p for s, p in c.subjects.items() if s in rule.subjects or kind.get(s) in rule.subject_kinds)
