"""Program and verifier share no code; on random points they say the same of limits and of every goal."""

from __future__ import annotations

import random

import numpy as np
import pytest

from rotation_planner.compile.eligibility import compile_candidates
from rotation_planner.model import build, complete, to_plan
from rotation_planner.program import Kind
from rotation_planner.verify import verify
from tests.verify.random_cases import random_scenario

SEEDS, POINTS = 15, 8


def random_point(built, r):
    """Attendances at random, with as many classes as hold them, now and then more or none."""
    candidates = built.model.candidates
    sessions = candidates.sessions
    x = np.zeros(built.program.n_columns, np.int64)
    share = r.choice([0.1, 0.2, 0.4, 0.8])
    attend = np.array([r.random() < share for _ in range(len(candidates))], bool) | candidates.must
    heads = np.bincount(candidates.session[attend], minlength=len(sessions.ids))
    classes = np.maximum(-(-heads // sessions.max_size), sessions.must_run)
    if r.random() < 0.3:
        classes = classes + np.array([r.random() < 0.2 for _ in classes], bool)
    if r.random() < 0.1:
        classes[r.randrange(len(classes))] = 0
    x[built.model.attend] = attend
    x[built.model.classes] = np.minimum(sessions.max_classes, classes)
    return complete(built, x, choose_study=r.random() < 0.7)


@pytest.mark.no_cover
@pytest.mark.parametrize("batch", range(8))
def test_limits_and_goals_are_the_same(batch):
    feasible = 0
    for seed in range(batch * SEEDS, (batch + 1) * SEEDS):
        scenario = random_scenario(seed)
        built = build(compile_candidates(scenario))
        program, r = built.program, random.Random(seed)
        # Rows named `classes` keep people out of sessions that do not run where no rule on class sizes does.
        binding = np.array([f.kind is Kind.LIMIT or f.name == "classes" for f in program.families], bool)
        limit = binding[program.row_family]
        for _ in range(POINTS):
            x = random_point(built, r)
            broken = program.violations(x)
            inside = bool((x >= program.lower).all() and (x <= program.upper).all())
            holds = inside and not broken[limit].any()
            result = verify(scenario, to_plan(built, x))
            rows = [program.row_label(int(i)) for i in np.flatnonzero((broken > 0) & limit)]
            assert holds == result.ok, (seed, rows, result.violations)
            helpers = [program.row_label(int(i)) for i in np.flatnonzero((broken > 0) & ~limit)]
            assert not (holds and helpers), (seed, helpers)
            if holds:
                feasible += 1
                assert dict(zip(scenario.policy.goals, program.goal_values(x), strict=True)) == result.goals, seed
    assert feasible >= SEEDS
