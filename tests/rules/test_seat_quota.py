"""Seats granted downward by quota."""

from __future__ import annotations

from typing import Any

import pytest

from rotation_planner.domain.dealings import Quota
from rotation_planner.domain.organisation import Authority
from rotation_planner.domain.people import Cadre, Event, Post
from rotation_planner.domain.policy import Commitments, SeatQuota
from rotation_planner.domain.teaching import Institution
from rotation_planner.verify import verify
from tests.rules.tiny import (
    Unit,
    View,
    built,
    course,
    day,
    limit_holds_where,
    must,
    record,
    rows_of,
    session,
    tiny,
    views,
)

# top > mid > low; a and b work under low, c under mid, d under top.
AUTHORITIES = [Authority(id="top"), Authority(id="mid", parent="top"), Authority(id="low", parent="mid")]
OF = {"a": "low", "b": "low", "c": "mid", "d": "top", "e": "low"}
UNDER = {"low": set("abe"), "mid": set("abce"), "top": set("abcde")}
SESSIONS = [session("s", day(3, 2)), session("t", day(12, 31)), session("n", day(1, 1, 2027)), session("m", day(4, 1),
            course="m")]


def scenario(*quotas: Quota, rule: SeatQuota | None = None, who: str = "abc", extra: tuple[Any, ...] = (),
             **tables: Any) -> Any:
    rows: dict[str, Any] = {
        "authorities": AUTHORITIES,
        "units": [Unit(id=a.id, authority=a.id) for a in AUTHORITIES],
        "posts": [Post(id=a.id, unit=a.id, level="l") for a in AUTHORITIES],
        "cadres": [Cadre(id=c, post=OF[c]) for c in who],
        "courses": [course("k", validity_months=1), course("m")], "sessions": SESSIONS, "seat_quotas": quotas,
        "institutions": [Institution(id="i", authority="top")],
    }
    return tiny(rule or SeatQuota(), *extra, years=2, **{**rows, **tables})


def quota(authority: str, granted: int, year: int = 2026, returned: int = 0, course_: str = "k") -> Quota:
    return Quota(course=course_, year=year, authority=authority, granted=granted, returned=returned)


def used(v: View, authority: str, sessions: str = "st") -> int:
    return sum(c in UNDER[authority] and s in sessions for c, s in v.attends)


@pytest.mark.parametrize(("quotas", "seats"), [
    ((quota("low", 1),), {"low": 1}),
    ((quota("low", 3),), {"low": 3}),
    ((quota("mid", 2), quota("low", 1)), {"mid": 2, "low": 1}),
    ((quota("mid", 4, returned=3), quota("top", 9)), {"mid": 1}),
    ((quota("low", 0),), {"low": 0}),
])
def test_nobody_uses_more_than_was_granted(quotas: tuple[Quota, ...], seats: dict[str, int]) -> None:
    s = scenario(*quotas, sessions=SESSIONS[:2])
    limit_holds_where(s, lambda v: all(used(v, a) <= n for a, n in seats.items()))


def test_rows_in_numbers() -> None:
    rows = rows_of(built(scenario(quota("low", 3), quota("mid", 5, returned=1), quota("top", 6))), "seat_quota")
    assert rows == {
        ("k", "2026", "low"): ({("attend", c, s): 1 for c in "ab" for s in "st"}, None, 3),
        ("k", "2026", "mid"): ({("attend", c, s): 1 for c in "abc" for s in "st"}, None, 4),
        # six people of top cannot use more than six seats
    }
    other = rows_of(built(scenario(quota("low", 1, 2027), quota("low", 1, course_="m"))), "seat_quota")
    assert {where: set(coefs) for where, (coefs, _, _) in other.items()} == {
        ("k", "2027", "low"): {("attend", c, "n") for c in "ab"},
        ("m", "2026", "low"): {("attend", c, "m") for c in "ab"},
    }


def test_people_without_a_quota_only_where_the_rule_lets_them() -> None:
    quotas = (quota("low", 2), quota("low", 9, course_="m"))
    s = scenario(*quotas, rule=SeatQuota(only_granted=True), who="acd", sessions=[SESSIONS[0], SESSIONS[2]])
    limit_holds_where(s, lambda v: not {("c", "s"), ("d", "s")} & v.attends)  # nothing is granted for 2027
    rows = rows_of(built(s), "seat_quota")
    assert rows == {("k", "2026", "others"): ({("attend", c, "s"): 1 for c in "cd"}, None, 0)}


@pytest.mark.parametrize(("date", "result", "left"), [
    (day(1, 1), "passed", 1), (day(12, 31), "failed", 1), (day(2, 1), "withdrawn", 1),
    (day(12, 31, 2025), "passed", 2), (day(1, 1, 2027), "passed", 2),
])
def test_records_of_the_year_have_used_a_seat(date: Any, result: str, left: int) -> None:
    s = scenario(
        quota("low", 2), who="abe", records=[record("e", "k", date, 0, result)], sessions=SESSIONS[:2],
    )
    assert rows_of(built(s), "seat_quota")["k", "2026", "low"][2] == left
    limit_holds_where(s, lambda v: used(v, "low") <= left)


def test_the_manager_of_the_first_day_uses_the_seat() -> None:
    moves = [Event(cadre="c", kind="transfer", date=day(12, 31), post="low")]
    s = scenario(quota("low", 0), who="c", events=moves)
    assert rows_of(built(s), "seat_quota") == {("k", "2026", "low"): ({("attend", "c", "t"): 1}, None, 0)}
    late = scenario(quota("low", 0), who="c", events=[moves[0].model_copy(update={"date": day(1, 1, 2027)})])
    assert rows_of(built(late), "seat_quota") == {}
    # A record stays with the authority that managed the cadre on its day.
    kept = scenario(quota("mid", 1), who="cd", events=[*moves, Event(cadre="d", kind="transfer", date=day(6, 1),
                    post="mid")], records=[record("d", "m", day(5, 31)), record("d", "k", day(5, 31))])
    row = rows_of(built(kept), "seat_quota")["k", "2026", "mid"]
    assert row[2] == 1


def test_the_check_looks_at_the_same_day() -> None:
    s = scenario(
        quota("low", 1), who="ac", sessions=[SESSIONS[0], session("t", day(5, 1))],
        events=[Event(cadre="c", kind="transfer", date=day(5, 1), post="low")],
        records=[record("c", "m", day(4, 1))], courses=[course("k", validity_months=1), course("m")],
    )
    limit_holds_where(s, lambda v: used(v, "low") + (("c", "t") in v.attends) <= 1)


def test_more_records_than_seats_are_settled() -> None:
    s = scenario(
        quota("low", 1), who="abe", records=[record("b", "k", day(1, 5)), record("e", "k", day(1, 6))],
        sessions=SESSIONS[:1],
    )
    limit_holds_where(s, lambda v: not v.attends)
    empty = next(v for v in views(built(s)) if not v.attends)
    found = verify(s, empty.plan)
    assert found.ok
    assert [(v.where, v.amount) for v in found.inherited] == [(("k", "2026", "low"), 1)]


def test_exact_amounts_and_what_is_settled() -> None:
    s = scenario(
        quota("low", 1), rule=SeatQuota(only_granted=True), extra=(Commitments(),), sessions=SESSIONS[:1],
        commitments=[must("s", "a"), must("s", "b"), must("s", "c")], who="abcd",
    )
    b = built(s)
    seen = set()
    for view in views(b):
        found = verify(s, view.plan)
        assert b.program.feasible(view.x) == found.ok
        if {("a", "s"), ("b", "s"), ("c", "s")} <= view.attends:
            excess = {v.where[2]: v.amount for v in found.inherited if v.rule == "seat_quota"}
            assert excess == {"low": 1, "others": 1}
            more = {v.where[2]: v.amount for v in found.violations if v.rule == "seat_quota"}
            assert more == ({"others": 1} if ("d", "s") in view.attends else {})
            seen.add(found.ok)
    assert seen == {True, False}
    free = scenario(quota("low", 1), who="ab", sessions=SESSIONS[:2], records=[record("a", "k", day(1, 5))])
    every = max(views(built(free)), key=lambda v: len(v.attends))
    over = [(v.where, v.amount) for v in verify(free, every.plan).violations]
    assert over == [(("k", "2026", "low"), 4)]  # the one seat was used before the plan


def test_no_quotas_no_rows() -> None:
    for tables in ({"cadres": []}, {"sessions": []}, {}):
        assert rows_of(built(scenario(*([quota("low", 1)] if tables else []), **tables)), "seat_quota") == {}
