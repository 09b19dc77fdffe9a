"""Prerequisites in order."""

from __future__ import annotations

import pytest

from rotation_planner.domain.policy import Commitments, Prerequisites
from tests.rules.tiny import View, built, course, day, limit_holds_where, must, record, rows_of, session, tiny

RULE = Prerequisites()
COURSES = [
    course("base"), course("like", equivalents=("base",)), course("more", substitutes=("base",)),
    course("k", prerequisites=("base",)), course("side"), course("top", prerequisites=("base", "side")),
]
SESSIONS = [
    session("b1", day(2, 2), day(2, 4), "base"), session("l1", day(2, 9), day(2, 11), "like"),
    session("m1", day(3, 9), day(3, 12), "more"), session("s", day(3, 12)),
    session("d1", day(1, 5), None, "side"), session("t", day(3, 13), None, "top"),
]


def test_rows_demand_what_comes_before() -> None:
    def fits(v: View) -> bool:
        mine = set(v.sessions_of("a"))
        base = bool(mine & {"b1", "l1"})
        # m1 ends on the day s starts: too late for s, in time for t.
        return ("s" not in mine or base) and ("t" not in mine or ((base or "m1" in mine) and "d1" in mine))

    limit_holds_where(tiny(RULE, n=1, courses=COURSES, sessions=SESSIONS), fits)


def test_rows_in_numbers() -> None:
    rows = rows_of(built(tiny(RULE, n=1, courses=COURSES, sessions=SESSIONS)), "prerequisites")
    a = "attend", "a"
    assert rows == {
        ("a", "s", "base"): ({(*a, "s"): 1, (*a, "b1"): -1, (*a, "l1"): -1}, None, 0),
        ("a", "t", "base"): ({(*a, "t"): 1, (*a, "b1"): -1, (*a, "l1"): -1, (*a, "m1"): -1}, None, 0),
        ("a", "t", "side"): ({(*a, "t"): 1, (*a, "d1"): -1}, None, 0),
    }


@pytest.mark.parametrize(("passed", "needed"), [
    ("base", {"side"}), ("like", {"side"}), ("more", {"side"}), ("side", {"base"}), ("k", {"base", "side"}),
])
def test_what_is_on_record_need_not_come_again(passed: str, needed: set[str]) -> None:
    s = tiny(RULE, n=1, courses=COURSES, sessions=SESSIONS, records=[record("a", passed, day(1, 5, 2010))])
    assert {w[2] for w in rows_of(built(s), "prerequisites") if w[1] == "t"} == needed


def test_a_failed_record_is_none() -> None:
    s = tiny(RULE, n=1, courses=COURSES, sessions=SESSIONS, records=[record("a", "base", day(1, 5, 2020), 0, "failed")])
    assert ("a", "s", "base") in rows_of(built(s), "prerequisites")


def test_a_settled_attendance_without_it_stands() -> None:
    s = tiny(RULE, Commitments(), n=1, courses=COURSES, sessions=SESSIONS, commitments=[must("s", "a")])
    rows = rows_of(built(s), "prerequisites")
    assert rows["a", "s", "base"][2] == 1
    assert rows["a", "t", "base"][2] == 0
