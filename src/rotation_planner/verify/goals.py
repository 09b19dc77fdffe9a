"""Values of the goals, from the findings and the facts."""

from __future__ import annotations

from collections import Counter

from rotation_planner.verify.eligibility import why_not
from rotation_planner.verify.facts import Facts
from rotation_planner.verify.findings import Findings
from rotation_planner.verify.need import points
from rotation_planner.verify.spend import spend_by_session


def values(facts: Facts, findings: Findings) -> dict[str, int]:
    """Value of each goal, in the standard order."""
    return {
        "duties": sum(u.weight * u.per_mille for u in findings.unmet),
        "floor": sum(u.shortfall for u in findings.unmet if u.weight == 0),
        "need": need(facts),
        "cost": cost(facts),
        "comfort": comfort(facts),
    }


def need(facts: Facts) -> int:
    """Points of the needs that the plan meets."""
    return sum(
        points(
            facts.needs.get(cadre, {}), facts.gaps.get(cadre, {}), (a.run.course for a in attended), facts.policy.need
        )
        for cadre, attended in facts.by_cadre.items() if cadre in facts.needs or cadre in facts.gaps
    )


def cost(facts: Facts) -> int:
    """All spend, and study hours at their price."""
    hours = sum(sum(of.values()) for of in facts.study.values())
    return sum(spend_by_session(facts).values()) + hours * facts.policy.study.yuan_per_hour


def comfort(facts: Facts) -> int:
    """Lateness, published places given up, wishes, and the fullest year."""
    weights = facts.policy.comfort
    first = facts.scenario.start.year
    by_year = Counter(a.run.year for a in facts.attended)
    late = sum(heads * (year - first) for year, heads in by_year.items())
    change = sum(not facts.attends(*pair) for pair in facts.pairs["published"])
    refused = sum(_may(facts, *pair) for pair in facts.pairs["wish"] if not facts.attends(*pair))
    against = sum(facts.attends(*pair) for pair in facts.pairs["avoid"])
    fullest = max(by_year.values(), default=0)
    return (
        weights.late * late + weights.change * change + weights.wish * (refused + against) + weights.evenness * fullest
    )


def _may(facts: Facts, cadre: str, session: str) -> bool:
    return (cadre, session) in facts.pairs["must"] or (
        why_not(facts, facts.people.of[cadre], facts.teaching.runs[session]) is None
    )
