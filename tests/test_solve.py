"""From a scenario to a verified plan, again from that plan, and why something is unmet."""

from __future__ import annotations

import datetime as dt
from functools import cache

import numpy as np
import pytest

import rotation_planner as rp
from rotation_planner.domain.organisation import Authority, Unit
from rotation_planner.domain.people import Cadre, Leave, Level, Post
from rotation_planner.domain.plan import Plan
from rotation_planner.domain.planning import Commitment, Horizon
from rotation_planner.domain.policy import ClassSize, Commitments, Coverage, OnePlace, Policy, UnitRelease
from rotation_planner.domain.scenario import Scenario
from rotation_planner.domain.teaching import Course, Institution, Session
from rotation_planner.replan import freeze
from rotation_planner.result import Progress, Result

pytestmark = pytest.mark.clock

LIMIT_S = 6.0
RULES = (ClassSize(), OnePlace(), UnitRelease(), Commitments(), Coverage(key_factor=1))


def office(cadres: int = 3, max_size: int = 5, rules: tuple[object, ...] = RULES, **more: object) -> Scenario:
    """One unit, one course, one session of two days in March 2027."""
    tables: dict[str, object] = {
        "horizon": [Horizon(start=dt.date(2027, 1, 1))],
        "authorities": [Authority(id="A")],
        "levels": [Level(id="L", rank=1)],
        "units": [Unit(id="U", authority="A", release_per_mille=1000)],
        "posts": [Post(id="P", unit="U", level="L")],
        "cadres": [Cadre(id=f"c{i}", post="P") for i in range(cadres)],
        "institutions": [Institution(id="I", authority="A")],
        "courses": [Course(id="K", days=2, hours=12, min_size=1, max_size=max_size, cost_per_trainee_day_yuan=100)],
        "sessions": [Session(id="S", course="K", institution="I", start=dt.date(2027, 3, 1))],
    }
    return Scenario.of(Policy(rules=rules), **(tables | more))  # type: ignore[arg-type]


def test_small_office_is_solved_to_the_optimum() -> None:
    told: list[Progress] = []
    result = rp.solve(office(), time_limit=LIMIT_S, on_progress=told.append)
    assert result.status == "optimal"
    assert result.stopped == "proved"
    assert {g.name: g.value for g in result.goals} == {"duties": 0, "floor": 0, "need": 0, "cost": 600, "comfort": 3}
    assert all(g.bound == g.value and g.gap == 0 for g in result.goals)
    assert not result.unmet
    assert {p.phase for p in told} >= {"compile", "construct", "verify"}
    assert rp.verify(office(), result.require_plan()).ok


def test_too_few_seats_leave_somebody_blocked_by_the_class() -> None:
    result = rp.solve(office(cadres=3, max_size=2), time_limit=LIMIT_S)
    (unmet,) = result.unmet
    assert (unmet.duty, unmet.shortfall, unmet.per_mille, unmet.reason) == ("coverage", 1, 1000, "blocked")
    assert dict(unmet.detail) == {"class_size": 1}
    # What is named is what blocks: with one more seat the duty is met.
    assert not rp.solve(office(cadres=3, max_size=3), time_limit=LIMIT_S).unmet


def test_no_candidate_counts_the_exclusions() -> None:
    away = [Leave(cadre="c0", start=dt.date(2027, 3, 2), end=dt.date(2027, 3, 2))]
    (unmet,) = rp.solve(office(leave=away), time_limit=LIMIT_S).unmet
    assert (unmet.subject[0], unmet.reason, dict(unmet.detail)) == ("c0", "no_candidate", {"leave": 1})


def test_release_blocks_and_is_named() -> None:
    units = [Unit(id="U", authority="A", release_per_mille=0, release_at_least=1)]
    result = rp.solve(office(units=units), time_limit=LIMIT_S)
    assert len(result.unmet) == 2
    assert all(dict(u.detail) == {"unit_release": 1} for u in result.unmet)


def with_some_effort(scenario: Scenario, start: Plan | None = None) -> Result:
    """A plan far from the best: what is measured is effort, not time."""
    result = rp.solve(scenario, time_limit=100, work_limit=0.1, workers=2, start=start)
    assert result.stopped == "work"
    return result


@cache
def district() -> tuple[Scenario, Result]:
    """A district of a hundred, and a plan for it."""
    scenario = rp.generate("district", cadres=100, seed=4)
    return scenario, with_some_effort(scenario)


def test_a_start_is_never_made_worse() -> None:
    scenario, first = district()
    second = with_some_effort(scenario, first.require_plan())
    senses = {"need": -1}
    key = [[senses.get(g.name, 1) * g.value for g in r.goals] for r in (first, second)]
    assert key[1] <= key[0]


def test_what_is_past_stays_and_what_is_published_costs_comfort() -> None:
    scenario, result = district()
    old = result.require_plan()
    day = dt.date(2029, 1, 1)
    frozen = freeze(scenario, old, day)
    assert frozen.lost == ()
    new = with_some_effort(frozen.scenario, old)
    starts = {s.id: s.start for s in scenario["sessions"]}

    def past(plan: Plan) -> set[tuple[str, str]]:
        return {(a.cadre, a.session) for a in plan.attendances if starts[a.session] < day}

    assert past(old)
    assert past(new.require_plan()) == past(old)
    assert rp.verify(frozen.scenario, new.require_plan()).ok
    given_up = {(a.cadre, a.session) for a in old.attendances} - {
        (a.cadre, a.session) for a in new.require_plan().attendances
    }
    comfort = next(g.value for g in new.goals if g.name == "comfort")
    assert comfort >= scenario.policy.comfort.change * len(given_up)


def test_places_of_who_has_left_are_reported() -> None:
    scenario = office()
    old = rp.solve(scenario, time_limit=LIMIT_S).require_plan()
    fewer = scenario.with_tables(cadres=scenario["cadres"].take([0, 1]))
    assert freeze(fewer, old, None).lost == (("c2", "S"),)


def test_commitments_come_first_even_over_a_limit() -> None:
    must = [Commitment(cadre=f"c{i}", session="S", kind="must") for i in range(3)]
    result = rp.solve(office(max_size=2, commitments=must), time_limit=LIMIT_S)
    assert len(result.require_plan().attendances) == 3
    checked = rp.verify(office(max_size=2, commitments=must), result.require_plan())
    assert checked.ok
    assert [(v.rule, v.amount) for v in checked.inherited] == [("class_size", 1)]


def test_errors_of_the_input_are_all_listed() -> None:
    bad = office(posts=[Post(id="P", unit="nowhere", level="none")])
    with pytest.raises(rp.InputError) as caught:
        rp.solve(bad, time_limit=LIMIT_S)
    assert {d.value for d in caught.value.defects} == {"nowhere", "none"}


@pytest.mark.parametrize(("option", "value"), [("time_limit", 0.0), ("engine", "fast")])
def test_impossible_options_are_refused(option: str, value: object) -> None:
    with pytest.raises(ValueError, match=option):
        rp.solve(office(), **{option: value})  # type: ignore[arg-type]


def test_shuffling_the_input_changes_no_goal() -> None:
    scenario = office(cadres=4, max_size=3)
    order = np.array([2, 0, 3, 1])
    shuffled = scenario.with_tables(cadres=scenario["cadres"].take(order))
    first, second = (rp.solve(s, time_limit=LIMIT_S) for s in (scenario, shuffled))
    assert [(g.name, g.value, g.bound) for g in first.goals] == [(g.name, g.value, g.bound) for g in second.goals]
