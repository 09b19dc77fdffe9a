"""Class sizes: smallest and largest class, most parallel classes, and the roster of each class."""

from __future__ import annotations

from collections import Counter

from rotation_planner.domain.policy import ClassSize
from rotation_planner.verify.facts import Facts
from rotation_planner.verify.findings import Findings
from rotation_planner.verify.teaching import Run


def check(rule: ClassSize, facts: Facts, findings: Findings) -> None:
    """Compare heads with seats, session by session, then class by class."""
    for session, run in facts.teaching.runs.items():
        classes = facts.classes.get(session, 0)
        roster = facts.by_session.get(session, [])
        if not classes and not roster:
            continue
        heads = len(roster)
        most, least, settled = run.course.max_size, run.course.min_size, len(facts.settled_in.get(session, ()))
        findings.violate(
            rule.label, (session, "classes"), classes - run.max_classes, "class",
            f"{session}: {classes} classes, at most {run.max_classes} possible",
        )
        unseated = max(0, settled - most * run.max_classes)
        findings.exceed(
            rule.label, (session, "largest"), heads - most * classes, 0, unseated, "person",
            f"{session}: {heads} attend, {classes} classes hold {most} each",
        )
        missing = least * classes - heads
        inherited = _allowed_below(run, facts, settled)
        findings.exceed(
            rule.label, (session, "smallest"), missing, 0, inherited, "person",
            f"{session}: {heads} attend, {classes} classes need {least} each",
        )
        sizes = Counter(a.class_no for a in roster if 1 <= a.class_no <= classes)
        if sizes.total() == heads:
            _check_rosters(rule, run, [sizes[k] for k in range(1, min(classes, run.max_classes) + 1)], findings)


def _allowed_below(run: Run, facts: Facts, settled: int) -> int:
    """Persons that may be missing: a committed session runs below its first class's minimum; so do settled seats."""
    if run.id in facts.session_must:
        return run.course.min_size
    return max(0, run.course.min_size * facts.settled_classes(run) - settled)


def _check_rosters(rule: ClassSize, run: Run, sizes: list[int], findings: Findings) -> None:
    """Note classes too large or too small where the session as a whole is neither (else it is said above)."""
    most, least, heads = run.course.max_size, run.course.min_size, sum(sizes)
    for class_no, size in enumerate(sizes, start=1):
        where = (run.id, f"class {class_no}")
        if heads <= most * len(sizes):
            findings.violate(
                rule.label, where, size - most, "person", f"{run.id}, class {class_no}: {size} in a class of {most}"
            )
        if heads >= least * len(sizes):
            findings.violate(
                rule.label, where, least - size, "person",
                f"{run.id}, class {class_no}: {size} in a class that needs {least}",
            )
