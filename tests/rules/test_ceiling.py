"""Ceilings."""

from __future__ import annotations

import pytest

from rotation_planner.domain.organisation import Travel
from rotation_planner.domain.policy import Ceiling, Commitments
from tests.rules.tiny import (
    Authority,
    Cadre,
    Fund,
    Institution,
    Place,
    Post,
    Unit,
    View,
    built,
    course,
    day,
    limit_holds_where,
    must,
    rows_of,
    session,
    tiny,
)

RULE = Ceiling()
COURSES = [
    course("k", days=2, max_classes=2, cost_per_class_yuan=100, cost_per_session_yuan=40, cost_per_trainee_day_yuan=5),
    course("z", kind="theory", cost_per_class_yuan=70),
    course("own", owner="b", cost_per_class_yuan=1000),
]
SESSIONS = [
    session("s", day(3, 2), day(3, 3)), session("t", day(4, 1), None, "z"), session("r", day(5, 4), None, "own"),
    session("q", day(3, 1, 2027), None, "z"),
]


def fund(id_: str, ceiling: int | None, year: int = 2026, authority: str = "o", **fields) -> Fund:
    return Fund(id=id_, authority=authority, year=year, ceiling_yuan=ceiling, **fields)


def scenario(*funds: Fund, more=(), **tables):
    return tiny(
        RULE, *more, n=2, years=2, courses=COURSES, sessions=SESSIONS, funds=funds,
        authorities=[Authority(id="top"), Authority(id="o", parent="top"), Authority(id="b", parent="top")],
        places=[Place(id="p"), Place(id="far")],
        units=[Unit(id="u", authority="o", place="p"), Unit(id="v", authority="b", place="far")],
        posts=[Post(id="d", unit="u", level="l"), Post(id="e", unit="v", level="l")],
        cadres=[Cadre(id="a", post="d"), Cadre(id="b", post="e")],
        institutions=[Institution(id="i", authority="o", place="p")],
        travel=[Travel(origin="far", destination="p", cost_yuan=30)], **tables,
    )


def spent(v: View) -> dict[str, int]:
    """Spend of each session."""
    s = 100 * v.classes["s"] + 40 * (v.classes["s"] > 0) + sum(10 + 30 * (c == "b") for c, x in v.attends if x == "s")
    t, q = (70 * v.classes[x] + sum(30 * (c == "b") for c, y in v.attends if y == x) for x in "tq")
    r = 1000 * v.classes["r"] + sum(30 * (c == "b") for c, y in v.attends if y == "r")
    return {"s": s, "t": t, "r": r, "q": q}


@pytest.mark.no_cover
@pytest.mark.parametrize(("ceiling", "charged"), [
    (fund("f", 220), "st"), (fund("f", 219), "st"), (fund("f", 99, earmark=("theory",)), "t"),
    (fund("f", 1029, authority="b"), "r"), (fund("f", 70, 2027), "q"), (fund("f", 290), "st"),
])
def test_rows_allow_what_the_fund_holds(ceiling: Fund, charged: str) -> None:
    limit_holds_where(
        scenario(ceiling), lambda v: sum(spent(v)[s] for s in charged) <= ceiling.ceiling_yuan, classes=True
    )


def test_rows_in_numbers() -> None:
    rows = rows_of(built(scenario(fund("f", 500), fund("none", None))), "ceiling")
    assert rows == {
        ("f",): (
            {
                ("classes", "s"): 100, ("open", "s"): 40, ("headcount", "s"): 10, ("attend", "b", "s"): 30,
                ("classes", "t"): 70, ("attend", "b", "t"): 30,
            },
            None, 500,
        )
    }


def test_open_follows_the_classes_both_ways() -> None:
    rows = rows_of(built(scenario(fund("f", 500))), "open")
    assert rows == {
        ("s", "at most"): ({("classes", "s"): 1, ("open", "s"): -2}, None, 0),
        ("s", "at least"): ({("open", "s"): 1, ("classes", "s"): -1}, None, 0),
    }


def test_settled_spend_beyond_the_ceiling_moves_the_side() -> None:
    s = scenario(fund("f", 100), more=(Commitments(),), commitments=[must("s", "b"), must("t")])
    assert rows_of(built(s), "ceiling")["f",][2] == 100 + 40 + 40 + 70


def test_nothing_may_be_spent_where_the_ceiling_is_nought() -> None:
    assert limit_holds_where(
        scenario(fund("f", 0, 2027)), lambda v: not spent(v)["q"], classes=True
    )
