"""The benchmark of rules knows every kind, and its page is made from its figures."""

from __future__ import annotations

from functools import cache

import pytest

from benchmarks import rules
from benchmarks.rule_cases import CASES, Case
from rotation_planner.check import check
from rotation_planner.domain.plan import Plan
from rotation_planner.domain.scenario import MODELS, Scenario
from rotation_planner.generate import generate_with_plan
from rotation_planner.rules import BY_KIND


@cache
def county() -> tuple[Scenario, Plan]:
    """A county of a hundred, and its plan."""
    return generate_with_plan("county", 100, 1)


def test_every_kind_has_a_case() -> None:
    assert {case.kind for case in CASES} == set(BY_KIND)
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_two_differ_in_the_rule_only(case: Case) -> None:
    without, ruled = case.both(county()[0])
    assert all(without[t] == ruled[t] for t in MODELS)
    assert {r.kind for r in without.policy.rules} ^ {r.kind for r in ruled.policy.rules} <= {case.kind}
    assert without.policy != ruled.policy
    assert not [d for d in check(ruled) if d.severity == "error"]


def test_a_rule_is_measured() -> None:
    scenario, plan = county()
    without, ruled = (rules.best(s, plan, 1) for s in Case("call_ups").both(scenario))
    assert without["rows"] < ruled["rows"]
    assert without["columns"] == ruled["columns"]


@pytest.mark.clock
def test_a_rule_is_solved() -> None:
    without, ruled = Case("call_ups").both(generate_with_plan("county", 30, 1)[0])
    found = rules.solved(ruled, without, 2)
    assert int(found["unmet"]) >= 0
    assert all(found[goal] for goal in rules.GOALS)


def test_the_page_is_made_from_the_figures() -> None:
    made = rules.page(rules.read(rules.BUILT), rules.read(rules.SOLVED))
    assert rules.PAGE.read_text(encoding="utf-8") == made
    assert {row["case"] for row in rules.read(rules.BUILT)} == {case.name for case in CASES}
