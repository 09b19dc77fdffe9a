"""Floors that grow with an index, and which fund pays for what."""

from __future__ import annotations

from typing import Any

from rotation_planner.compile.funds import charged, floors
from rotation_planner.compile.sessions import compile_sessions
from rotation_planner.domain.planning import Fund
from tests.compile.tiny import course, session, tiny


def fund(name: str, year: int, **changes: Any) -> Fund:
    """A fund of authority city."""
    return Fund(**({"id": name, "authority": "city", "year": year} | changes))


def test_floors_grow_and_round_up() -> None:
    scenario = tiny(funds=[
        fund("c", 2028, index_per_mille=1001), fund("a", 2026, floor_yuan=1000), fund("b", 2027, index_per_mille=1001),
        fund("d", 2029, floor_yuan=5, index_per_mille=2000), fund("e", 2030),
        fund("x", 2027, index_per_mille=1500, earmark=("theory",)),  # another earmark: nothing to grow from
        fund("y", 2027, index_per_mille=1500, authority="other"),
        fund("z", 2031, index_per_mille=1000),  # the year before has no floor
    ])
    assert floors(scenario).tolist() == [1003, 1000, 1001, 5, -1, -1, -1, -1]


def test_floor_of_nought_and_order_of_the_earmark() -> None:
    scenario = tiny(funds=[
        fund("a", 2026, floor_yuan=0), fund("b", 2027, index_per_mille=1100),
        fund("c", 2026, floor_yuan=10, earmark=("theory", "rotation")),
        fund("d", 2027, index_per_mille=1100, earmark=("rotation", "theory")),
        fund("e", 2026, floor_yuan=70, earmark=("theory", "rotation")),  # the first fund of the line is grown from
    ])
    assert floors(scenario).tolist() == [0, 0, 10, 11, 70]
    assert floors(tiny()).tolist() == []


def test_charged_by_payer_year_and_earmark() -> None:
    scenario = tiny(
        courses=[course(kind="theory"), course("r", kind="rotation"), course("o", kind="theory", owner="other")],
        sessions=[session("t26"), session("r26", course="r"), session("t27", "2026-12-31", "2027-01-05"),
                  session("r27", "2027-01-04", "2027-01-08", course="r"), session("o26", course="o")],
        funds=[fund("all", 2026), fund("some", 2026, earmark=("rotation", "induction")), fund("next", 2027),
               fund("none", 2026, earmark=("induction",)), fund("theirs", 2026, authority="other")],
    )
    courses = list(scenario["courses"])
    sessions, _ = compile_sessions(scenario, courses)
    funds, found = charged(sessions, courses, scenario)
    ids = scenario["funds"].tolist("id")
    assert [(ids[f], sessions.ids[s]) for f, s in zip(funds.tolist(), found.tolist(), strict=True)] == [
        ("all", "t26"), ("all", "r26"), ("all", "t27"), ("some", "r26"), ("next", "r27"), ("theirs", "o26"),
    ]
