"""What courses give: mastery, overlap, and whether any rule reads it."""

from __future__ import annotations

from rotation_planner.check.findings import Findings
from rotation_planner.domain.policy import NoRepeat
from rotation_planner.domain.teaching import Course


def check(findings: Findings) -> None:
    """Figures of courses beyond the plain ones."""
    scenario = findings.scenario
    overlap = any(isinstance(r, NoRepeat) and r.overlap_per_mille is not None for r in scenario.policy.rules)
    c: Course
    for i, c in enumerate(scenario["courses"]):
        for other, part in c.overlaps.items():
            if other == c.id:
                findings.add("self_reference", "courses", i, "overlaps", other, "The course names itself.",
                             "Remove it.")
            if not 0 <= part <= 1000:
                findings.add("shares", "courses", i, "overlaps", f"{other}={part}", "A part runs from 0 to 1000.",
                             "Correct the figure.")
        if c.overlaps and not overlap:
            findings.warn("not_enforced", "courses", i, "overlaps", ", ".join(c.overlaps),
                          "No rule no_repeat has a limit on overlap.", "Give one overlap_per_mille.")
        if overlap and c.subjects and not c.hours:
            findings.warn("no_hours", "courses", i, "hours", c.hours,
                          "Overlap is counted in hours, and this course has none: only `overlaps` speaks of it.",
                          "Give its hours.")
