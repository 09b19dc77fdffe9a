"""On random points program and verifier say the same of totals, their limits, and hours carried over."""

from __future__ import annotations

import random

import numpy as np
import pytest

from rotation_planner.compile.eligibility import compile_candidates
from rotation_planner.model import build, to_plan
from rotation_planner.program import Kind
from rotation_planner.verify import verify
from tests.verify.random_cases import random_scenario
from tests.verify.test_agrees_with_the_program import random_point
from tests.verify.windows_at_random import with_totals

SEEDS, POINTS = 12, 6


@pytest.mark.no_cover
@pytest.mark.parametrize("batch", range(6))
def test_limits_and_goals_are_the_same(batch: int) -> None:
    feasible = missed = 0
    for seed in range(batch * SEEDS, (batch + 1) * SEEDS):
        r = random.Random(seed)
        scenario = with_totals(random_scenario(seed), r)
        built = build(compile_candidates(scenario))
        program = built.program
        short = np.concatenate([program.columns_of(f"{name}.short") for name in ("total", "other", "carry_over")])
        binding = np.array([f.kind is Kind.LIMIT or f.name == "classes" for f in program.families], bool)
        limit = binding[program.row_family]
        for _ in range(POINTS):
            x = random_point(built, r)
            broken = program.violations(x)
            holds = bool((x >= program.lower).all() and (x <= program.upper).all()) and not broken[limit].any()
            result = verify(scenario, to_plan(built, x))
            rows = [program.row_label(int(i)) for i in np.flatnonzero((broken > 0) & limit)]
            assert holds == result.ok, (seed, rows, result.violations)
            of_limit = [v for v in result.violations if v.rule == "total_limit"]
            assert any(label == "total_limit" for label, _ in rows) == bool(of_limit), (seed, rows, of_limit)
            helpers = [program.row_label(int(i)) for i in np.flatnonzero((broken > 0) & ~limit)]
            assert not helpers, (seed, helpers)
            found = dict(zip(scenario.policy.goals, program.goal_values(x), strict=True))
            assert found["duties"] == result.goals["duties"], seed
            assert not holds or found == result.goals, seed
            for k in short[x[short] > program.lower[short]]:
                less = x.copy()
                less[k] -= 1
                assert (program.violations(less) > broken).any(), (seed, "a smaller shortfall must break a row")
            feasible, missed = feasible + holds, missed + (found["duties"] > 0)
    assert feasible >= SEEDS
    assert missed >= SEEDS
