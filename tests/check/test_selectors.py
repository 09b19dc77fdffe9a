"""Selectors that name what there is not, contradict themselves, mean nobody, or leave somebody out."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from rotation_planner.check import check
from rotation_planner.domain.people import Cadre, Event
from rotation_planner.domain.policy import (
    BudgetFloor,
    Ceiling,
    ClassSize,
    Coverage,
    Deadline,
    NamedSelector,
    Policy,
    Rooms,
    Selector,
    default_rules,
)
from rotation_planner.domain.scenario import Scenario
from rotation_planner.domain.table import Table
from tests.damage import office

PLAIN = tuple(rule for rule in default_rules() if rule.kind != "coverage")


def found(scenario: Scenario) -> list[tuple[str, str, int | None, str, str]]:
    return [(d.code, d.table, d.row, d.column, d.severity) for d in check(scenario)]


def ruled(rule: Any, *rows: NamedSelector) -> Scenario:
    """The office with one rule more, and rows of the table."""
    return office().with_policy(Policy(rules=(*PLAIN, rule))).with_tables(selectors=Table.of(NamedSelector, rows))


def who(**conditions: Any) -> Scenario:
    return ruled(Coverage(who=Selector(**conditions)))


REVERSED = [
    ({"age_low": 40, "age_high": 40}, {"age_low": 40, "age_high": 39}, "span_reversed", "age_low"),
    ({"service_years_low": 20, "service_years_high": 20}, {"service_years_low": 1, "service_years_high": 0},
     "span_reversed", "service_years_low"),
    ({"post_years_low": 20, "post_years_high": 20}, {"post_years_low": 1, "post_years_high": 0},
     "span_reversed", "post_years_low"),
    ({"event_from": dt.date(2026, 5, 1), "event_to": dt.date(2026, 5, 1)},
     {"event_from": dt.date(2026, 5, 2), "event_to": dt.date(2026, 5, 1)}, "span_reversed", "event_from"),
    ({"level_low": "mid", "level_high": "mid"}, {"level_low": "high", "level_high": "mid"},
     "levels_reversed", "level_low"),
    ({"with_below": False, "authorities": ("city",)}, {"with_below": False}, "selector_not_applicable", "with_below"),
    ({"on": dt.date(2026, 1, 1), "level_low": "low"}, {"on": dt.date(2026, 1, 1)}, "selector_not_applicable", "on"),
    ({"on": dt.date(2026, 1, 1), "units": ("u",)}, {"on": dt.date(2026, 1, 1), "teams": ("team",)},
     "selector_not_applicable", "on"),
]


@pytest.mark.parametrize(("right", "wrong", "code", "column"), REVERSED)
def test_the_last_that_is_right_and_the_first_that_is_wrong(
    right: dict[str, Any], wrong: dict[str, Any], code: str, column: str
) -> None:
    assert not [d for d in found(who(**right)) if d[4] == "error"]
    assert found(who(**wrong)) == [(code, "policy", None, f"who.{column}", "error")]
    row = ruled(Coverage(), NamedSelector(id="x"), NamedSelector(id="y", **wrong))
    assert found(row) == [(code, "selectors", 3, column, "error")]


@pytest.mark.parametrize(
    "conditions",
    [{"authorities": ("z",)}, {"units": ("u", "z")}, {"teams": ("z",)}, {"level_low": "z"}, {"level_high": "z"},
     {"categories": ("z",)}, {"requires": ("z",)}, {"holds": ("z",)}],
)
def test_unknown_names(conditions: dict[str, Any]) -> None:
    (column,) = conditions
    assert found(who(**conditions)) == [("unknown_reference", "policy", None, f"who.{column}", "error")]
    row = ruled(Coverage(), NamedSelector(id="x", **conditions))
    assert found(row) == [("unknown_reference", "selectors", 2, column, "error")]


def test_unknown_row() -> None:
    assert found(who(named=("x",))) == [("unknown_reference", "policy", None, "who.named", "error")]
    assert found(ruled(Coverage(who=Selector(named=("x",))), NamedSelector(id="x"))) == []


NOBODY = ("empty_selector", "policy", None, "who", "warning")


@pytest.mark.parametrize(
    ("somebody", "nobody"),
    [
        ({"units": ("u",)}, {"units": ("u",), "level_low": "high"}),
        ({"categories": ()}, {"categories": ("red",)}),
        ({"requires": ("drafting",)}, {"holds": ("drafting",)}),
        ({"teams": ("team",)}, {"teams": ("team",), "units": ("v",)}),
        ({"authorities": ("top",)}, {"authorities": ("top",), "with_below": False}),
        ({"events": ("appointment",)}, {"events": ("transfer",)}),
        ({"event_to": dt.date(2026, 5, 1)}, {"event_to": dt.date(2005, 6, 30)}),
        ({"event_to": dt.date(2005, 7, 1)}, {"events": ("appointment",), "event_to": dt.date(2026, 4, 30)}),
        ({"key_posts": False}, {"key_posts": True}),
    ],
)
def test_somebody_and_nobody(somebody: dict[str, Any], nobody: dict[str, Any]) -> None:
    assert found(who(**somebody)) == []
    assert found(who(**nobody)) == [NOBODY]


def test_the_rule_is_named() -> None:
    (defect,) = check(ruled(Coverage(name="heads", who=Selector(key_posts=True))))
    assert defect.value == "heads"
    assert defect.problem == "Rule heads: no cadre who serves in the horizon is meant."


def test_a_row_that_means_nobody_and_a_rule_that_asks_for_it() -> None:
    row = NamedSelector(id="x", key_posts=True)
    assert found(ruled(Coverage(), row)) == [("empty_selector", "selectors", 2, "", "warning")]
    both = found(ruled(Coverage(who=Selector(named=("x",))), row))
    assert both == [("empty_selector", "selectors", 2, "", "warning"), NOBODY]


def test_a_duty_that_no_post_has_is_said_once() -> None:
    said = ("empty_selector", "policy", None, "who.duties", "warning")
    assert found(who(duties=("law",))) == [said]
    assert found(who(duties=("law", "finance"))) == [said]
    row = ruled(Coverage(), NamedSelector(id="x", duties=("law",)))
    assert found(row) == [("empty_selector", "selectors", 2, "duties", "warning")]


def test_whoever_has_retired_before_is_nobody() -> None:
    gone = Event(cadre="c", kind="retirement", date=dt.date(2026, 1, 1))
    last = Event(cadre="c", kind="retirement", date=dt.date(2026, 1, 2))
    only = Selector(units=("v",))
    for event, expect in ((gone, [NOBODY]), (last, [])):
        events = Table.of(Event, [*office()["events"], event])
        assert found(ruled(Coverage(who=only)).with_tables(events=events)) == expect


def test_a_rule_of_events_looks_at_their_days() -> None:
    """Cadre a, of unit u and level mid, goes to unit v and level high on 2026-05-01; 46 on 2026-05-06."""
    later = Selector(level_low="high", teams=("team",))
    assert found(ruled(Deadline(course_kinds=("in_service",), who=later))) == []
    assert found(ruled(Coverage(who=later))) == [NOBODY]
    assert found(ruled(Coverage(who=later.model_copy(update={"on": dt.date(2026, 5, 1)})))) == []
    assert found(ruled(Coverage(who=later.model_copy(update={"on": dt.date(2026, 4, 30)})))) == [NOBODY]
    nobody = Selector(level_low="high", teams=("team",), units=("u",))
    assert found(ruled(Deadline(course_kinds=("in_service",), who=nobody))) == [NOBODY]
    second = [*office()["events"], Event(cadre="a", kind="transfer", date=dt.date(2027, 5, 1), post="p")]
    back = ruled(Deadline(course_kinds=("in_service",), who=Selector(teams=("team",), post_years_high=0, units=("u",))))
    assert found(back)[0][:4] == NOBODY[:4]
    assert NOBODY not in found(back.with_tables(events=Table.of(Event, second)))


@pytest.mark.parametrize(
    ("conditions", "column", "count"),
    [
        ({"age_high": 60}, "age_high", 2), ({"age_low": 20, "age_high": 60}, "age_low", 2),
        ({"age_low": 20, "units": ("u",)}, "age_low", 1), ({"service_years_low": 1}, "service_years_low", 2),
        ({"post_years_low": 1}, "post_years_low", 2),
    ],
)
def test_who_is_left_out_for_want_of_a_date(conditions: dict[str, Any], column: str, count: int) -> None:
    """Cadre a has dates of birth and entry; b and c have neither, and only a has ever been appointed."""
    defects = check(who(**conditions))
    assert [(d.code, d.column, d.value) for d in defects] == [("date_unknown", f"who.{column}", str(count))]
    (row,) = check(ruled(Coverage(), NamedSelector(id="x", **conditions)))
    assert (row.code, row.table, row.row, row.column, row.value) == ("date_unknown", "selectors", 2, column, str(count))


def test_nobody_is_left_out_where_all_have_dates() -> None:
    cadres = [
        Cadre(**{**row.model_dump(), "birth_date": dt.date(1980, 1, 1), "entered": dt.date(2010, 1, 1)})
        for row in office()["cadres"]
    ]
    dated = who(age_low=1, service_years_low=1, post_years_low=1).with_tables(cadres=Table.of(Cadre, cadres))
    assert found(dated) == []
    assert found(who(age_low=1, units=("v",))) == [
        NOBODY, ("date_unknown", "policy", None, "who.age_low", "warning")
    ]


@pytest.mark.parametrize("kind", [ClassSize, Rooms, Ceiling, BudgetFloor])
def test_rules_about_things_refuse(kind: Any) -> None:
    rules = tuple(rule for rule in default_rules() if not isinstance(rule, kind))
    scenario = office().with_policy(Policy(rules=(*rules, kind(who=Selector(units=("u",))))))
    assert found(scenario) == [("selector_not_applicable", "policy", None, "who", "error")]
