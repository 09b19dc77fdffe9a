"""Every plan of a tiny scenario, judged by the independent check alone, and what the best of them reaches."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rotation_planner.domain.plan import Attendance, Opened, Plan, Study
from rotation_planner.domain.policy import Hours
from rotation_planner.domain.scenario import Scenario
from rotation_planner.domain.table import Table
from rotation_planner.verify import verify
from rotation_planner.verify.verifier import LIMITS

NEED = 2
"""Place of the goal that is to be as large as possible."""


@dataclass(frozen=True)
class Judged:
    """What the check says of one plan: rules it breaks, and its goals, all to be minimised."""

    broken: frozenset[str]
    goals: tuple[int, ...]
    short: dict[str, int]


def plans(scenario: Scenario) -> Iterator[Plan]:
    """Every way to seat anybody anywhere, in any number of classes that is not none for somebody; hours of study."""
    cadres, sessions = scenario["cadres"].tolist("id"), list(scenario["sessions"])
    courses = {c.id: c for c in scenario["courses"]}
    ways = []
    for s in sessions:
        most = courses[s.course].max_classes
        seats = itertools.chain.from_iterable(itertools.combinations(cadres, n) for n in range(len(cadres) + 1))
        ways.append([(s.id, who, k) for who in seats for k in range(int(bool(who)), most + 1)])
    capped = [r for r in scenario.policy.rules if isinstance(r, Hours) and r.supplement_cap_hours]
    places = [(c, r.label, r.window) for r in capped for c in cadres]
    amounts = [range(r.supplement_cap_hours + 1) for r in capped for _ in cadres]
    studies = [
        [Study(cadre=c, rule=r, window=w, hours=h) for (c, r, w), h in zip(places, hours, strict=True) if h]
        for hours in itertools.product(*amounts)
    ]
    for chosen, study in itertools.product(itertools.product(*ways), studies):
        attendances = [
            Attendance(cadre=c, session=s, class_no=i * k // len(who) + 1)
            for s, who, k in chosen for i, c in enumerate(who)
        ]
        opened = [Opened(session=s, classes=k) for s, _, k in chosen if k]
        yield Plan(Table.of(Attendance, attendances), Table.of(Opened, opened), Table.of(Study, study))


def judge(scenario: Scenario) -> list[Judged]:
    """The check's word on every plan."""
    found = []
    for plan in plans(scenario):
        checked = verify(scenario, plan)
        short: dict[str, int] = {}
        for u in checked.unmet:
            short[u.duty] = short.get(u.duty, 0) + u.weight * u.per_mille
        goals = tuple(-v if i == NEED else v for i, v in enumerate(checked.goals.values()))
        found.append(Judged(frozenset(v.rule for v in checked.violations), goals, short))
    return found


def best(judged: list[Judged], forgiven: str = "") -> tuple[int, ...]:
    """Goals of the best plan that breaks no rule (but one that is forgiven)."""
    return min(j.goals for j in judged if j.broken <= {forgiven})


def best_without(scenario: Scenario, judged: list[Judged], rule: Any) -> tuple[int, ...]:
    """Goals of the best plan were it not for one rule."""
    kinds = {r.kind for r in scenario.policy.rules}
    limit = rule.kind in LIMITS
    # Which promises clash depends on the limits in force, what counts toward floors on the duties.
    if ("precedence" in kinds - {rule.kind}) if limit else ("floor" in kinds):
        rest = tuple(r for r in scenario.policy.rules if r is not rule)
        return best(judge(scenario.with_policy(scenario.policy.model_copy(update={"rules": rest}))))
    if limit:
        return best(judged, rule.label)
    return min((j.goals[0] - j.short.get(rule.label, 0), *j.goals[1:]) for j in judged if not j.broken)


def binding(scenario: Scenario, judged: list[Judged], at: str = "best") -> bool:
    """Whether without either of the first two rules something better could be had.

    With ``at`` not ``best`` but ``plans`` it is enough that each forbids a plan of its own, or makes another worse.
    """
    pair = scenario.policy.rules[:2]
    if not any(not j.broken for j in judged):
        return False
    if at == "best":
        return all(best_without(scenario, judged, rule) < best(judged) for rule in pair)
    return all(
        any(j.broken == {rule.label} or (not j.broken and j.short.get(rule.label)) for j in judged) for rule in pair
    )
