"""Properties of the whole: every rule on, duties that a planted plan meets, other names, another order."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from rotation_planner.compile import compile_candidates
from rotation_planner.domain.policy import Policy
from rotation_planner.domain.scenario import Scenario
from rotation_planner.model import build, to_plan
from rotation_planner.rules import BY_KIND
from rotation_planner.verify import Verification, verify
from tests.everything import planted, scenario_of
from tests.inprocess import optimum
from tests.relabel import new_names, renamed, shuffled

SEEDS = st.integers(0, 10**6)
CADRES = st.integers(2, 5)
SESSIONS = st.integers(3, 8)
SAME = settings(deadline=None, derandomize=True, database=None)
"""The same examples in every run."""


def in_order(policy: Policy, checked: Verification) -> list[int]:
    """Values of the goals, the most important first, all to be minimised."""
    return [-checked.goals[g] if g == "need" else checked.goals[g] for g in policy.goals]


def solved(scenario: Scenario) -> Verification:
    """The check's word on a proven optimum; model and check agree on every goal."""
    built = build(compile_candidates(scenario))
    best = optimum(built)
    checked = verify(scenario, to_plan(built, best))
    assert dict(zip(scenario.policy.goals, built.program.goal_values(best), strict=True)) == checked.goals
    return checked


@settings(SAME, max_examples=25)
@given(SEEDS, CADRES, SESSIONS)
def test_what_can_be_met_is_met(seed: int, cadres: int, sessions: int) -> None:
    scenario, plan = planted(seed, cadres, sessions)
    assert {rule.kind for rule in scenario.policy.rules} == set(BY_KIND)
    given_plan = verify(scenario, plan)
    assert given_plan.ok
    assert not given_plan.unmet
    best = solved(scenario)
    assert not best.violations
    assert not best.unmet
    assert in_order(scenario.policy, best) <= in_order(scenario.policy, given_plan)


@settings(SAME, max_examples=15)
@given(SEEDS, CADRES, SESSIONS, st.randoms(use_true_random=False))
def test_names_and_order_change_no_goal(seed: int, cadres: int, sessions: int, r: random.Random) -> None:
    scenario = scenario_of(seed, cadres, sessions)
    # Of two promises alike in all else the one with the lower id stands: the order of these ids means something.
    names = new_names(scenario, r, keep_order=("sessions",))
    first, other = solved(scenario), solved(shuffled(renamed(scenario, names), r))
    assert first.ok
    assert other.ok
    assert first.goals == other.goals


def test_planted_plans_train_somebody_and_owe_something() -> None:
    trained = owed = 0
    for seed in range(6):
        scenario, plan = planted(seed, 4, 7)
        trained += len(plan.attendances) > 0
        owed += bool(verify(scenario, plan.empty()).unmet)
    assert trained >= 3
    assert owed >= 3
