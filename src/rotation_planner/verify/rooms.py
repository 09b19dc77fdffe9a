"""Rooms, teachers and staff that the classes of a day keep busy."""

from __future__ import annotations

from collections import defaultdict

from rotation_planner.domain.policy import Rooms
from rotation_planner.domain.teaching import PRACTICE
from rotation_planner.verify.facts import Facts
from rotation_planner.verify.findings import Findings
from rotation_planner.verify.loads import Changes, add, report_excess, segments

RESOURCES = (("rooms", "room"), ("teachers", "person"), ("staff", "person"))


def check(rule: Rooms, facts: Facts, findings: Findings) -> None:
    """Count what classes use, per institution and day."""
    used: dict[tuple[str, str], Changes] = defaultdict(dict)
    settled: dict[tuple[str, str], Changes] = defaultdict(dict)
    for run in facts.teaching.runs.values():
        course = run.course
        taught = course.channel not in PRACTICE
        per_class = {"rooms": int(taught), "teachers": course.teachers_per_class, "staff": course.staff_per_class}
        for load, classes in ((used, facts.classes.get(run.id, 0)), (settled, facts.settled_classes(run))):
            for resource, need in per_class.items():
                if classes * need:
                    for first, last in run.stretches:
                        add(load[run.institution, resource], first, last, classes * need)
    for id_, institution in facts.teaching.institutions.items():
        for resource, unit in RESOURCES:
            limit: int | None = getattr(institution, resource)
            if limit is None:
                continue
            spans = (
                (first, last, load, limit, must)
                for first, last, (load, must) in segments(
                    used.get((id_, resource), {}), settled.get((id_, resource), {})
                )
            )
            report_excess(
                findings, rule.label, (id_, resource), spans, unit,
                lambda over, of: f"{over} more than the {of} there are",
            )
