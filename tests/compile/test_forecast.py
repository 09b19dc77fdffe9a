"""The forecast against what is built, and the engine it names."""

from __future__ import annotations

from importlib import import_module

import pytest

from rotation_planner import forecast, generate
from rotation_planner.compile import compile_candidates
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


def test_engine_changes_just_above_the_limit(district: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    n = forecast(district).candidates
    monkeypatch.setattr(home, "EXACT_CANDIDATES", n)
    at = forecast(district)
    monkeypatch.setattr(home, "EXACT_CANDIDATES", n - 1)
    above = forecast(district)
    assert (at.engine, above.engine) == ("exact", "cohort")
    assert at.why == f"about {n:,} candidates, at most {n:,}"
    assert above.why == f"about {n:,} candidates, more than {n - 1:,}"


def test_more_people_take_more() -> None:
    small, large = (forecast(generate("district", cadres=n)) for n in (120, 240))
    assert small.candidates < large.candidates
    assert small.columns < large.columns
    assert small.rows < large.rows
    assert 100 < small.memory_mb <= large.memory_mb


def test_the_limit_is_that_of_the_solve() -> None:
    # The package hands out the function under the module's name.
    assert home.EXACT_CANDIDATES == import_module("rotation_planner.solve").EXACT_CANDIDATES
