"""One place at a time: no two sessions share a day, travel included, unless they share the day out in one place."""

from __future__ import annotations

from rotation_planner.domain.policy import OnePlace
from rotation_planner.verify.facts import Attended, Facts
from rotation_planner.verify.findings import Findings

HALF_DAYS = ("mornings", "afternoons", "evenings")


def check(rule: OnePlace, facts: Facts, findings: Findings) -> None:
    """Count the days shared by each pair of a cadre's sessions."""
    for cadre, attended in facts.by_cadre.items():
        if len(attended) < 2 or not facts.selected(rule.who, attended[0].person):
            continue
        busy_until = 0
        for i, later in enumerate(attended):
            if not later.stretches:
                continue
            clear = later.stretches[0][0] > busy_until
            busy_until = max(busy_until, later.stretches[-1][1])
            for earlier in () if clear else attended[:i]:
                days = 0 if _side_by_side(facts, earlier, later) else _shared_days(earlier, later)
                if days:
                    a, b = earlier.run.id, later.run.id
                    findings.either(
                        rule.label, (cadre, a, b), days, "day", f"{cadre}: {a} and {b} share {days} days",
                        earlier.must and later.must,
                    )


def _side_by_side(facts: Facts, one: Attended, other: Attended) -> bool:
    """Whether two sessions take different parts of a day in one place."""
    first, second = one.run.course.pattern, other.run.course.pattern
    if first == second or first not in HALF_DAYS or second not in HALF_DAYS:
        return False
    at, to = (facts.teaching.institutions[a.run.institution] for a in (one, other))
    return at.id == to.id or (at.place is not None and at.place == to.place)


def _shared_days(one: Attended, other: Attended) -> int:
    return sum(max(0, min(b, d) - max(a, c) + 1) for a, b in one.stretches for c, d in other.stretches)
