"""Totals: a parameter that is missing, does not apply, or leaves no window is refused by name."""

from __future__ import annotations

from typing import Any

import pytest

from rotation_planner.check import check
from rotation_planner.domain.people import Cadre, Event
from rotation_planner.domain.policy import CarryOver, CourseSelector, Policy, Total, TotalLimit
from rotation_planner.domain.table import Table
from tests.damage import day, office

ONLINE = CourseSelector(channels=("online",))
LAW = CourseSelector(subjects=("law",))
START, END = day("2026-01-01"), day("2030-12-31")


def found(*rules: Any, scenario=None) -> list[tuple[str, str, str]]:
    """Code, column and severity of every defect of the policy or the cadres that the rules bring in."""
    given = (scenario or office()).with_policy(Policy(rules=(*office().policy.rules, *rules)))
    return [(d.code, d.column, d.severity) for d in check(given) if d.table in ("policy", "cadres")]


def error(code: str, *columns: str) -> list[tuple[str, str, str]]:
    return [(code, column, "error") for column in columns]


def warning(code: str, column: str) -> list[tuple[str, str, str]]:
    return [(code, column, "warning")]


TELLING = {"no_entry", "opening_above_cap"}
"""Warnings about the cadres of the office, tested apart."""


@pytest.mark.parametrize(("fields", "wrong"), [
    ({}, []), ({"window": "year"}, []), ({"window": "rolling", "months": 60}, []),
    ({"window": "rolling"}, error("parameter_missing", "months")),
    ({"window": "dates", "first": START}, error("parameter_missing", "last")),
    ({"window": "service"}, error("parameter_missing", "years_low", "years_high")),
    ({"months": 3}, error("parameter_not_applicable", "months")),
    ({"every_months": 3}, error("parameter_not_applicable", "every_months")),
    ({"window": "year", "first": START, "last": END}, error("parameter_not_applicable", "first", "last")),
    ({"years_low": 1, "years_high": 2}, error("parameter_not_applicable", "years_low", "years_high")),
    ({"look_back": False}, error("parameter_not_applicable", "look_back")),
    ({"window": "year", "look_back": False}, []),
    ({"or_measure": "days", "or_amount": 12}, []),
    ({"or_measure": "days"}, error("parameter_missing", "or_amount")),
    ({"or_amount": 12}, error("parameter_missing", "or_measure")),
    ({"or_which": ONLINE}, error("parameter_not_applicable", "or_which")),
    ({"or_measure": "hours", "or_amount": 12, "or_which": ONLINE}, []),
    ({"or_measure": "hours", "or_amount": 12}, error("parameter_not_applicable", "or_measure")),
    ({"or_measure": "days", "or_amount": 12, "replace": ONLINE, "replace_per_mille": 5},
     error("parameter_not_applicable", "replace")),
    ({"window": "dates", "first": END, "last": END}, []),
    ({"window": "dates", "first": END, "last": START}, error("span_reversed", "first")),
    ({"window": "dates", "first": day("2025-01-01"), "last": START}, []),
    ({"window": "dates", "first": day("2025-01-01"), "last": day("2025-12-31")}, error("outside_horizon", "last")),
    ({"window": "dates", "first": END, "last": day("2031-01-01")}, warning("not_yet_due", "last")),
    ({"window": "dates", "first": day("2031-01-01"), "last": day("2031-01-01")}, error("outside_horizon", "last")),
    ({"window": "service", "years_low": 2, "years_high": 2}, []),
    ({"window": "service", "years_low": 3, "years_high": 2}, error("span_reversed", "years_low")),
    ({"window": "rolling", "months": 3, "every_months": 60}, []),
    ({"window": "rolling", "months": 3, "every_months": 61}, error("outside_horizon", "every_months")),
    ({"window": "rolling", "months": 60, "look_back": False}, []),
    ({"window": "rolling", "months": 61, "look_back": False}, error("outside_horizon", "months")),
    ({"measure": "subject_hours", "subjects": ("law",)}, []),
    ({"measure": "subject_hours"}, error("parameter_missing", "subjects")),
    ({"subjects": ("law",)}, error("parameter_not_applicable", "subjects")),
    ({"measure": "subject_hours", "subjects": ("lore",)}, error("unknown_reference", "subjects")),
    ({"replace": ONLINE, "replace_per_mille": 1}, []),
    ({"replace": ONLINE}, error("parameter_missing", "replace_per_mille")),
    ({"replace_per_mille": 1}, error("parameter_missing", "replace")),
    ({"replace": ONLINE, "which": ONLINE, "replace_per_mille": 1}, error("parameter_not_applicable", "replace")),
    ({"measure": "subject_hours", "subjects": ("history",), "replace": LAW, "replace_per_mille": 1}, []),
    ({"measure": "subject_hours", "subjects": ("law",), "replace": LAW, "replace_per_mille": 1},
     error("parameter_missing", "replace")),
])
def test_totals(fields: dict[str, Any], wrong: list[tuple[str, str, str]]) -> None:
    told = [d for d in found(Total(amount=5, **fields)) if d[0] not in TELLING | {"empty_selector"}]
    assert sorted(told) == sorted(wrong)


@pytest.mark.parametrize(("fields", "wrong"), [
    ({"months": 3}, []), ({}, error("parameter_missing", "months")), ({"window": "horizon"}, []),
    ({"window": "year", "months": 3}, error("parameter_not_applicable", "months")),
    ({"window": "dates", "first": END, "last": START}, error("span_reversed", "first")),
    ({"window": "dates", "first": END, "last": day("2031-01-01")}, []),
    ({"window": "dates", "first": day("2024-01-01"), "last": day("2025-01-01")}, error("outside_horizon", "last")),
    ({"months": 3, "measure": "subject_hours"}, error("parameter_missing", "subjects")),
])
def test_limits_on_totals(fields: dict[str, Any], wrong: list[tuple[str, str, str]]) -> None:
    assert sorted(found(TotalLimit(amount=5, **fields))) == sorted(wrong)


def test_years_of_service_without_a_day_of_entry() -> None:
    rule = Total(amount=5, window="service", years_low=1, years_high=2)
    assert found(rule) == warning("no_entry", "entered")
    cadres = [c.model_copy(update={"entered": day("2020-01-01")}) for c in office()["cadres"]]
    known = office().with_tables(cadres=Table.of(Cadre, cadres))
    assert found(rule, scenario=known) == []
    by_event = [*office()["events"], *(Event(cadre=c, kind="entry", date=day("2020-01-01")) for c in "bc")]
    assert ("no_entry", "entered", "warning") not in found(
        rule, scenario=office().with_tables(events=Table.of(Event, by_event))
    )


@pytest.mark.parametrize(("opening", "wrong"), [(10, []), (11, warning("opening_above_cap", "opening_hours"))])
def test_opening_balances_above_the_cap(opening: int, wrong: list[tuple[str, str, str]]) -> None:
    cadres = [c.model_copy(update={"opening_hours": opening}) for c in office()["cadres"]]
    s = office().with_tables(cadres=Table.of(Cadre, cadres))
    assert found(CarryOver(hours=90, cap_hours=10), scenario=s) == wrong
