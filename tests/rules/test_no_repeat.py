"""No repeats."""

from __future__ import annotations

import datetime as dt

import pytest

from rotation_planner.domain.policy import NoRepeat
from rotation_planner.domain.scenario import add_months
from tests.rules.tiny import View, built, course, day, limit_holds_where, rows_of, session, tiny

RULE = NoRepeat()


def test_for_ever_is_one_row_a_cadre() -> None:
    s = tiny(RULE, years=5, sessions=[session(f"s{y}", day(3, 2, y)) for y in range(2026, 2031)])
    rows, ids = rows_of(built(s), "no_repeat"), [f"s{y}" for y in range(2026, 2031)]
    assert set(rows) == {("a", *ids), ("b", *ids)}
    assert rows["a", *ids] == ({("attend", "a", f"s{y}"): 1 for y in range(2026, 2031)}, None, 1)


def test_validity_makes_windows() -> None:
    months = [1, 4, 7, 10]
    s = tiny(
        RULE, n=1, courses=[course(validity_months=6)], sessions=[session(f"s{m:02}", day(m, 5)) for m in months]
    )
    rows = rows_of(built(s), "no_repeat")
    assert set(rows) == {("a", "s01", "s04"), ("a", "s04", "s07"), ("a", "s07", "s10")}
    limit_holds_where(s, lambda v: all(
        int(y[1:]) - int(x[1:]) >= 6 for x in v.sessions_of("a") for y in v.sessions_of("a") if x < y
    ))


@pytest.mark.parametrize(("start", "rows"), [(day(9, 3), 1), (day(9, 4), 0)])
def test_the_last_day_of_validity(start: dt.date, rows: int) -> None:
    s = tiny(
        RULE, n=1, courses=[course(validity_months=6)],
        sessions=[session("s", day(3, 2), day(3, 4)), session("t", start)],
    )
    assert len(rows_of(built(s), "no_repeat")) == rows


def test_equivalents_and_one_way_substitutes() -> None:
    courses = [
        course("k", equivalents=("e",)), course("e"), course("big", substitutes=("k",), validity_months=12),
        course("z"),
    ]
    sessions = [
        session("b1", day(1, 5), course="big"), session("k1", day(2, 2)), session("e1", day(3, 2), course="e"),
        session("b2", day(4, 6), course="big"), session("z1", day(5, 4), course="z"),
        session("k2", day(4, 6)),
    ]
    stands = {("k", "k"), ("k", "e"), ("e", "k"), ("e", "e"), ("big", "k"), ("big", "e"), ("big", "big"), ("z", "z")}
    of = {s.id: s for s in sessions}
    months = {"k": 0, "e": 0, "big": 12, "z": 0}

    def repeats(a: str, b: str) -> bool:
        x, y = of[a], of[b]
        valid = months[x.course] == 0 or y.start < add_months(x.end, months[x.course])
        return x.start <= y.start and (x.course, y.course) in stands and valid

    def fits(v: View) -> bool:
        mine = v.sessions_of("a")
        return not any(repeats(x, y) for x in mine for y in mine if x != y)

    s = tiny(RULE, n=1, courses=courses, sessions=sessions)
    limit_holds_where(s, fits)
    rows = rows_of(built(s), "no_repeat")
    members = [{k[2] for k in r[0]} for r in rows.values()]
    # b1 stands for all after it; b2 only for what starts with it or later.
    assert {"b1", "k1", "e1", "k2"} in members
    assert len(rows) == 2
    assert {"b1", "b2", "k2"} in members
