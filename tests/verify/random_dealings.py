"""Approvals, seat quotas and clashing promises, added at random to a small scenario."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from rotation_planner.domain.dealings import Decision, Quota
from rotation_planner.domain.planning import Commitment
from rotation_planner.domain.policy import (
    EVERY_COURSE,
    EVERYONE,
    Approval,
    CourseSelector,
    Policy,
    Precedence,
    SeatQuota,
    Selector,
)
from rotation_planner.domain.scenario import Scenario
from rotation_planner.domain.table import Table


def with_dealings(scenario: Scenario, seed: int, every: bool = False) -> Scenario:
    """The scenario, and in two of three some of the rules on authority (``every``: always all) with their tables."""
    r = random.Random(f"dealings {seed}")
    if r.random() < 1 / 3 and not every:
        return scenario
    authorities, cadres, courses, sessions = (
        scenario[table].tolist("id") for table in ("authorities", "cadres", "courses", "sessions")
    )

    def some(share: float = 0.4) -> tuple[str, ...]:
        return tuple(sorted((a for a in authorities if r.random() < share), key=lambda _: r.random()))

    rules: list[Any] = []
    tables: dict[str, list[Any]] = {}
    if r.random() < 0.7 or every:
        rules.append(Approval(
            who=r.choice([EVERYONE, Selector(key_posts=True), Selector(level_low="mid")]), departments=r.choice(
                [(), (), some()]
            ), which=r.choice([EVERY_COURSE, EVERY_COURSE, CourseSelector(courses=(r.choice(courses),))]),
        ))
        decisions = []
        for _ in range(r.randint(0, 5)):
            about = {"course": r.choice(courses)} if r.random() < 0.6 else {"session": r.choice(sessions)}
            whom = {"target": r.choice(authorities)} if r.random() < 0.6 else {"cadre": r.choice(cadres)}
            decisions.append(Decision(
                authority=r.choice(authorities), date=dt.date(2025, 12, 25) + dt.timedelta(days=r.randint(0, 120)),
                granted=r.random() < 0.7, **about, **whom,
            ))
        tables["approvals"] = _once(decisions)
    if r.random() < 0.7 or every:
        rules.append(SeatQuota(only_granted=r.random() < 0.4))
        tables["seat_quotas"] = _once([
            Quota(course=r.choice(courses), year=r.choice([2026, 2026, 2027]), authority=r.choice(authorities),
                  granted=r.randint(1, 4), returned=r.randint(0, 1))
            for _ in range(r.randint(0, 5))
        ])
    if r.random() < 0.8 or every:
        rules.append(Precedence(
            authorities=some(), kinds=r.choice([("theory",), ("on_appointment", "in_service")]),
            who=r.choice([EVERYONE, EVERYONE, Selector(key_posts=False)]),
        ))
        promised = [
            Commitment(cadre=r.choice(cadres), session=r.choice(sessions), kind="published")
            for _ in range(r.randint(2, 10))
        ]
        settled = {(c.cadre, c.session) for c in scenario["commitments"]}
        fresh = [c for c in promised if (c.cadre, c.session) not in settled]
        tables["commitments"] = [*scenario["commitments"], *_once(fresh)]
    made = {name: Table.of(scenario[name].model, rows) for name, rows in tables.items()}
    policy: Policy = scenario.policy.model_copy(update={"rules": (*rules, *scenario.policy.rules)})
    return scenario.with_tables(**made).with_policy(policy)


def _once(rows: list[Any]) -> list[Any]:
    """Rows without repeated keys."""
    return list({tuple(getattr(row, k) for k in type(row).KEY): row for row in rows}.values())
