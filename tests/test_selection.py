"""The language of the rules, asked from Python."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

import rotation_planner as rp
from rotation_planner.domain.policy import Commitments, Coverage, NamedSelector, Policy
from rotation_planner.domain.scenario import Scenario
from rotation_planner.domain.table import Table
from tests.damage import office

HEADS = NamedSelector(id="heads", level_low="high")


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    """The office with a named selector."""
    return office().with_tables(selectors=Table.of(NamedSelector, [HEADS, NamedSelector(id="old", age_low=40)]))


def ids(frame: pd.DataFrame) -> list[str]:
    return list(frame["id"])


def test_rows_of_the_cadres_table(scenario: Scenario) -> None:
    found = rp.select(scenario, rp.Selector(units=("u",)))
    assert list(found.columns) == list(scenario.frames()["cadres"].columns)
    assert ids(found) == ["a", "b"]
    assert list(found["name"]) == ["Ann", "Bo"]


def test_a_name_conditions_and_text_mean_the_same(scenario: Scenario) -> None:
    assert ids(rp.select(scenario, "heads")) == ["c"]
    assert ids(rp.select(scenario, rp.Selector(named=("heads",)))) == ["c"]
    assert ids(rp.select(scenario, {"level_low": "high"})) == ["c"]
    assert ids(rp.select(scenario, {"named": ["heads", "old"]})) == ["a", "c"]
    assert ids(rp.select(scenario, {"events": ["appointment"], "event_from": dt.date(2026, 5, 1)})) == ["a"]
    assert ids(rp.select(scenario, {})) == ["a", "b", "c"]


def test_the_day_is_that_asked_for_unless_one_is_stated(scenario: Scenario) -> None:
    assert ids(rp.select(scenario, "heads", dt.date(2026, 5, 1))) == ["a", "c"]
    stated = rp.Selector(named=("heads",), on=dt.date(2026, 4, 30))
    assert ids(rp.select(scenario, stated, dt.date(2026, 5, 1))) == ["c"]


def test_nobody_is_an_empty_frame(scenario: Scenario) -> None:
    assert len(rp.select(scenario, {"key_posts": True})) == 0


@pytest.mark.parametrize(
    ("who", "code", "column"),
    [
        ("chiefs", "unknown_reference", "named"), ({"units": ["x"]}, "unknown_reference", "units"),
        ({"level_low": "x"}, "unknown_reference", "level_low"), ({"holds": ["x"]}, "unknown_reference", "holds"),
        ({"age_low": 41, "age_high": 40}, "span_reversed", "age_low"),
        ({"level_low": "high", "level_high": "low"}, "levels_reversed", "level_low"),
        ({"with_below": False}, "selector_not_applicable", "with_below"),
        ({"age": 40}, "bad_selector", "age"), ({"age_low": "old"}, "bad_selector", "age_low"),
        ({"events": ["wedding"]}, "bad_selector", "events.0"), ({"event_from": "May"}, "bad_selector", "event_from"),
        ("bad", "span_reversed", "post_years_low"),
    ],
)
def test_what_is_wrong_is_named(scenario: Scenario, who: object, code: str, column: str) -> None:
    rows = [*scenario["selectors"], NamedSelector(id="bad", post_years_low=2, post_years_high=1)]
    spoilt = scenario.with_tables(selectors=Table.of(NamedSelector, rows))
    with pytest.raises(rp.InputError) as raised:
        rp.select(spoilt, who)  # type: ignore[arg-type]
    assert [(d.code, d.column) for d in raised.value.defects] == [(code, column)]


def test_a_rule_and_select_mean_the_same(scenario: Scenario, tmp_path: Path) -> None:
    ruled = scenario.with_policy(Policy(rules=(Coverage(who=rp.Selector(named=("heads",))), Commitments())))
    rp.save(ruled, tmp_path / "s.xlsx")
    back = rp.load(tmp_path / "s.xlsx")
    assert back == ruled
    rule, _ = back.policy.rules
    assert ids(rp.select(ruled, rule.who)) == ["c"]
