"""The rule book shows every kind of rule, and the plan planted in it keeps and meets them all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rotation_planner.check import check
from rotation_planner.domain.checksum import scenario_sha256
from rotation_planner.domain.plan import Attendance, Opened, Plan
from rotation_planner.domain.policy import Policy
from rotation_planner.domain.scenario import Scenario
from rotation_planner.domain.table import Table
from rotation_planner.generate import generate, packaged, rule_book_with_plan
from rotation_planner.generate.packaged import SEED
from rotation_planner.rules import BY_KIND
from rotation_planner.verify import verify

from .pins import pinned


@pytest.fixture(scope="module", params=[SEED, 0])
def town(request: pytest.FixtureRequest) -> tuple[Scenario, Plan]:
    return rule_book_with_plan(request.param)


def test_every_kind_of_rule_is_in_the_policy(town: tuple[Scenario, Plan]) -> None:
    rules = town[0].policy.rules
    assert {rule.kind for rule in rules} == set(BY_KIND)
    assert len({rule.label for rule in rules}) == len(rules)


def test_nothing_is_wrong_with_it(town: tuple[Scenario, Plan]) -> None:
    scenario, _ = town
    assert check(scenario) == []
    assert 60 <= len(scenario["cadres"]) <= 120
    assert {r.source.partition(",")[0] for r in scenario["records"]} == {"generated"}
    assert all("(generated)" in row.name for t in ("units", "authorities", "courses") for row in scenario[t])


def test_the_planted_plan_keeps_every_limit_and_meets_every_duty(town: tuple[Scenario, Plan]) -> None:
    found = verify(*town)
    assert (found.violations, found.unmet, found.inherited) == ((), (), ())
    assert (found.goals["duties"], found.goals["floor"]) == (0, 0)


def without(policy: Policy, kind: str) -> Policy:
    return policy.model_copy(update={"rules": tuple(r for r in policy.rules if r.kind != kind)})


DUTIES = sorted(kind for kind, module in BY_KIND.items() if module.KIND.value == "duty")


CONTENT = {"cadre_content": "theory", "institution_content": "specialised"}
"""Rules on a share of content, with the kind of course that carries it."""


def less(scenario: Scenario, plan: Plan, kind: str) -> Plan:
    """The plan without the sessions of a kind of course."""
    course = {s.id: s.course for s in scenario["sessions"]}
    gone = {c.id for c in scenario["courses"] if c.kind == kind}
    return replace(
        plan,
        attendances=Table.of(Attendance, [a for a in plan.attendances if course[a.session] not in gone]),
        opened=Table.of(Opened, [o for o in plan.opened if course[o.session] not in gone]),
    )


@pytest.mark.parametrize("kind", DUTIES)
def test_every_duty_and_floor_asks_for_something(kind: str, town: tuple[Scenario, Plan]) -> None:
    scenario, plan = town
    labels = {rule.label for rule in scenario.policy.rules if rule.kind == kind}
    poorer = less(scenario, plan, CONTENT[kind]) if kind in CONTENT else Plan.empty()
    assert labels <= {u.duty for u in verify(scenario, poorer).unmet}


def test_what_is_published_yields_to_what_is_promised_above() -> None:
    scenario, plan = rule_book_with_plan(SEED)
    (published,) = (c for c in scenario["commitments"] if c.kind == "published")
    rows = [*plan.attendances, Attendance(cadre=published.cadre, session=published.session)]
    both = replace(plan, attendances=Table.of(Attendance, rows))
    assert "precedence" in {v.rule for v in verify(scenario, both).violations}
    freed = scenario.with_policy(without(scenario.policy, "precedence"))
    assert "precedence" not in {v.rule for v in verify(freed, both).violations}


def test_it_is_packaged_and_pinned() -> None:
    scenario = packaged("rule-book")
    assert scenario == rule_book_with_plan(SEED)[0] == generate("rule-book", seed=SEED)
    assert scenario_sha256(scenario) == pinned()["packaged rule-book"]
    assert scenario != generate("rule-book", seed=1)


@pytest.mark.parametrize("given", [{"cadres": 100}, {"tightness": "loose"}, {"broken": "no_beds"}])
def test_only_the_seed_can_be_chosen(given: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="only its seed"):
        generate("rule-book", **given)  # type: ignore[arg-type]
