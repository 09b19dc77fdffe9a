"""The forecast against what is built, and the engine it names."""

from __future__ import annotations

from importlib import import_module
from inspect import signature

import pytest

from rotation_planner import forecast, generate, solve
from rotation_planner.compile import compile_candidates
from rotation_planner.domain.policy import AnyRule, CourseSelector, Cycle, CycleHours, GroupShare
from rotation_planner.domain.scenario import Scenario
from rotation_planner.model import build

home = import_module("rotation_planner.compile.forecast")


@pytest.fixture(scope="module")
def district() -> Scenario:
    """Three hundred cadres."""
    return generate("district")


def near(estimate: int, truth: int, per_cent: int) -> bool:
    """Whether an estimate is so near the truth."""
    return abs(estimate - truth) * 100 <= per_cent * truth


def test_near_what_is_built(district: Scenario) -> None:
    told, candidates = forecast(district), compile_candidates(district)
    program = build(candidates).program
    assert (told.cadres, told.sessions) == (300, len(candidates.sessions.ids))
    assert len(candidates) <= told.candidates  # what hangs on one person only takes away
    assert near(told.candidates, len(candidates), 15)
    assert near(told.columns, program.n_columns, 15)
    assert near(told.rows, program.n_rows, 20)


THEORY = CourseSelector(kinds=("theory",))


@pytest.mark.parametrize("rule", [
    Cycle(which=THEORY, months=24), Cycle(which=THEORY, months=18, anchor="expiry", early_months=6),
    GroupShare(which=THEORY, share_per_mille=200, per="unit"),
    GroupShare(which=THEORY, share_per_mille=200, once=True),
])
def test_training_that_comes_round_again(district: Scenario, rule: AnyRule) -> None:
    scenario = district.with_policy(district.policy.model_copy(update={"rules": (*district.policy.rules, rule)}))
    told, plain = forecast(scenario), forecast(district)
    program, before = build(compile_candidates(scenario)).program, build(compile_candidates(district)).program
    assert near(told.columns - plain.columns, program.n_columns - before.n_columns, 25)
    assert near(told.rows - plain.rows, program.n_rows - before.n_rows, 25)


@pytest.mark.parametrize(("rule", "cycles"), [
    (CycleHours(months=12, hours=30), 5), (CycleHours(months=12, hours=30, events=("promotion",)), 5),
    (CycleHours(months=60, hours=30, origin=THEORY), 1),
    (Cycle(which=THEORY, months=24, events=("promotion", "appointment", "entry")), 1),
])
def test_only_for_those_whose_clock_runs(district: Scenario, rule: AnyRule, cycles: int) -> None:
    scenario = district.with_policy(district.policy.model_copy(update={"rules": (rule,)}))
    empty = district.with_policy(district.policy.model_copy(update={"rules": ()}))
    short = len(build(compile_candidates(scenario)).program.columns_of(f"{rule.kind}.short"))
    told = forecast(scenario).columns - forecast(empty).columns
    assert 0 < short <= told
    if isinstance(rule, CycleHours):
        assert told % cycles == 0
        assert told < 300 * cycles


def test_engine_changes_just_above_the_limit(district: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    n = forecast(district).candidates
    monkeypatch.setattr(home, "EXACT_CANDIDATES", n)
    at = forecast(district, seconds=1e6)
    monkeypatch.setattr(home, "EXACT_CANDIDATES", n - 1)
    above = forecast(district, seconds=1e6)
    assert (at.engine, above.engine) == ("exact", "cohort")
    assert at.why == f"about {n:,} candidates, at most {n:,}"
    assert above.why == f"about {n:,} candidates, more than {n - 1:,}"


def test_more_people_take_more() -> None:
    small, large = (forecast(generate("district", cadres=n)) for n in (120, 240))
    assert small.candidates < large.candidates
    assert small.columns < large.columns
    assert small.rows < large.rows
    assert 100 < small.memory_mb <= large.memory_mb


def test_a_short_run_is_for_fewer(district: Scenario) -> None:
    n = forecast(district).candidates
    assert home.EXACT_ANYWAY < n < home.EXACT_CANDIDATES
    long, short = (forecast(district, seconds=n / home.EXACT_PER_S + by) for by in (0.1, -0.1))
    assert (long.engine, short.engine) == ("exact", "cohort")
    assert " in " in short.why
    assert " in " not in forecast(district, seconds=1e6).why
    limits = [signature(one).parameters[name].default for one, name in ((forecast, "seconds"), (solve, "time_limit"))]
    assert limits[0] == limits[1]  # both by default
    assert home.exact_candidates(0.1) == home.EXACT_ANYWAY
    assert home.exact_candidates(1e6) == home.exact_candidates() == home.EXACT_CANDIDATES
