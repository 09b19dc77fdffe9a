"""The whole program against the independent check: any plan, feasible or not, settled excess included."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rotation_planner.compile import compile_candidates
from rotation_planner.domain.plan import Attendance, Opened, Plan, Study
from rotation_planner.domain.planning import Commitment
from rotation_planner.domain.scenario import Scenario
from rotation_planner.domain.table import Table
from rotation_planner.generate import generate_with_plan
from rotation_planner.model import Built, build, committed_point, complete, to_plan, to_point
from rotation_planner.program import Kind
from rotation_planner.verify import verify

PRESETS = [("district", 40), ("province", 40)]


@pytest.fixture(scope="module", params=PRESETS, ids=[p for p, _ in PRESETS])
def planted(request: pytest.FixtureRequest) -> tuple[Scenario, Plan]:
    preset, n = request.param
    return generate_with_plan(preset, n, seed=3)


def agree(b: Built, scenario: Scenario, x: np.ndarray) -> bool:
    """Rows and check find fault with the same rules (or neither does); goal values are equal."""
    program = b.program
    found = verify(scenario, to_plan(b, x))
    broken = np.flatnonzero(program.violations(x))
    families = [program.families[f] for f in program.row_family[broken]]
    assert all(f.kind is Kind.LIMIT for f in families), "helpers are always completed"
    assert bool(found.violations) == bool(len(broken)), found.violations
    named = {v.rule for v in found.violations}
    assert {f.name for f in families} <= named | ({"unit_release", "team_cover"} if "one_place" in named else set())
    values = dict(zip([g.name for g in program.goals], program.goal_values(x), strict=True))
    if len(broken):  # the spend of an overfull session counts only up to the largest it can be
        values["floor"] = found.goals["floor"]
    assert values == found.goals
    return not len(broken)


def shaken(b: Built, x: np.ndarray, rng: np.random.Generator, changes: int) -> np.ndarray:
    """Some attendances given up or added, classes as needed or a little off."""
    c, model = b.model.candidates, b.model
    x = x.copy()
    some = rng.choice(len(c), changes, replace=False)
    x[model.attend[some]] ^= 1
    heads = np.bincount(c.session, weights=x[model.attend], minlength=len(model.classes)).astype(int)
    off = rng.random(len(heads)) < 0.02 * changes / 10
    x[model.classes] = np.clip(-(-heads // c.sessions.max_size) + off, heads > 0, c.sessions.max_classes)
    return complete(b, x)


@pytest.mark.no_cover
def test_any_plan_is_judged_alike(planted: tuple[Scenario, Plan]) -> None:
    scenario, plan = planted
    b = build(compile_candidates(scenario))
    x = to_point(b, plan)
    assert agree(b, scenario, x), "the planted plan is feasible"
    rng = np.random.default_rng(1)
    outcomes = [agree(b, scenario, shaken(b, x, rng, k)) for k in [1] * 30 + [2] * 20 + [40] * 10]
    assert any(outcomes)
    assert not all(outcomes)


@pytest.mark.no_cover
def test_settled_excess_is_judged_alike(planted: tuple[Scenario, Plan]) -> None:
    scenario, _ = planted
    rng = np.random.default_rng(2)
    ids = scenario["cadres"].tolist("id")
    sessions = compile_candidates(scenario).sessions.ids
    pairs = {(ids[rng.integers(len(ids))], sessions[rng.integers(len(sessions))]) for _ in range(60)}
    settled = [Commitment(cadre=c, session=s, kind="must") for c, s in sorted(pairs)]
    settled += [Commitment(session=s, kind="must") for s in rng.choice(sessions, 5, replace=False).tolist()]
    harder = scenario.with_tables(commitments=Table.of(Commitment, settled))
    b = build(compile_candidates(harder))
    start = committed_point(b)
    assert agree(b, harder, start), "what is settled is itself a plan"
    assert verify(harder, to_plan(b, start)).inherited
    outcomes = []
    for k in [1] * 20 + [2] * 10 + [20] * 5:
        x = start.copy()
        open_ = np.flatnonzero(~b.model.candidates.must)
        x[b.model.attend[rng.choice(open_, k, replace=False)]] = 1
        heads = np.bincount(b.model.candidates.session, weights=x[b.model.attend], minlength=len(sessions)).astype(int)
        most = b.model.candidates.sessions.max_classes
        x[b.model.classes] = np.clip(-(-heads // b.model.candidates.sessions.max_size), x[b.model.classes], most)
        outcomes.append(agree(b, harder, complete(b, x)))
    assert not all(outcomes)


def test_points_and_plans_are_the_same(planted: tuple[Scenario, Plan]) -> None:
    scenario, plan = planted
    b = build(compile_candidates(scenario))
    x = to_point(b, plan)
    assert (to_point(b, to_plan(b, x)) == x).all()
    sizes: dict[tuple[str, int], int] = {}
    for row in to_plan(b, x).attendances:
        sizes[row.session, row.class_no] = sizes.get((row.session, row.class_no), 0) + 1
    for row in to_plan(b, x).opened:
        mine = [sizes[row.session, k] for k in range(1, row.classes + 1)]
        assert max(mine) - min(mine) <= 1


def test_a_plan_that_the_program_cannot_hold(planted: tuple[Scenario, Plan]) -> None:
    scenario, plan = planted
    b = build(compile_candidates(scenario))
    x = to_point(b, plan)
    cadre, session = plan.attendances[0].cadre, plan.opened[0].session
    odd = [
        replace(plan, attendances=Table.of(Attendance, [*plan.attendances, Attendance(cadre="?", session=session)])),
        replace(plan, opened=Table.of(Opened, [*plan.opened, Opened(session="?", classes=1)])),
        replace(plan, study=Table.of(Study, [*plan.study, Study(cadre=cadre, rule="?", window="horizon", hours=1)])),
    ]
    for other in odd:
        with pytest.raises(ValueError, match=r"attendances|opened|study"):
            to_point(b, other)
        assert (to_point(b, other, strict=False) == x).all()
    many = Table.of(Opened, [Opened(session=r.session, classes=200) for r in plan.opened])
    with pytest.raises(ValueError, match="opened"):
        to_point(b, replace(plan, opened=many))
    assert (to_point(b, replace(plan, opened=many), strict=False) <= b.program.upper).all()
