"""Every two kinds of rules in one tiny scenario in which both bind, against plain enumeration by the check.

``pairs.csv`` holds a seed for each pair of kinds at which both bind: without either the best plan would be better (at
``plans``, where one attendance serves both: each forbids a plan of its own, or makes it worse). They are about some of
the same columns too, unless one is about classes alone: that meets others only in the seats there are.
``python -m tests.rules.find_pairs`` looks for the seeds again after a change to ``pairs.py``.
"""

from __future__ import annotations

import itertools

import pytest

from rotation_planner.check import check_or_raise
from rotation_planner.compile import compile_candidates
from rotation_planner.domain.scenario import Scenario
from rotation_planner.model import build, to_plan
from rotation_planner.rules import BY_KIND
from rotation_planner.verify import verify
from tests.inprocess import optimum
from tests.rules.find_pairs import read
from tests.rules.judged import NEED, best, binding, judge
from tests.rules.pairs import INGREDIENTS, pair_of
from tests.rules.sharing import may_share, share

SEEDS = read()


def of_pair(pair: tuple[str, str]) -> Scenario:
    """The scenario of a pair."""
    return pair_of(*pair, SEEDS[pair][0])


def test_there_is_a_scenario_for_every_two_kinds() -> None:
    assert set(INGREDIENTS) == set(BY_KIND)
    assert list(SEEDS) == list(itertools.combinations(INGREDIENTS, 2))


@pytest.mark.no_cover
@pytest.mark.parametrize("pair", SEEDS, ids="-".join)
def test_two_rules_that_bind(pair: tuple[str, str]) -> None:
    scenario = of_pair(pair)
    check_or_raise(scenario)
    judged = judge(scenario)
    assert binding(scenario, judged, SEEDS[pair][1]), "one of the two no longer binds: look for another seed"
    built = build(compile_candidates(scenario))
    x = optimum(built)
    checked = verify(scenario, to_plan(built, x))
    assert checked.ok, checked.violations
    assert built.program.goal_values(x) == tuple(checked.goals.values())
    assert tuple(-v if i == NEED else v for i, v in enumerate(checked.goals.values())) == best(judged)


@pytest.mark.no_cover
def test_the_two_share_columns() -> None:
    apart = [pair for pair in SEEDS if may_share(*pair) and not share(of_pair(pair))]
    assert not apart
