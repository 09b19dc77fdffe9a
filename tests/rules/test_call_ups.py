"""Call-ups in a year, and the days between them."""

from __future__ import annotations

import datetime as dt

import pytest

from rotation_planner.domain.policy import CallUps, Commitments
from tests.rules.tiny import View, built, course, day, limit_holds_where, must, record, rows_of, session, tiny

COURSES = [
    course("k", days=3, validity_months=1), course("short", days=2), course("web", days=3, channel="online"),
    course("out", days=3, channel="going_out"), course("eve", days=3, pattern="evenings"),
    course("old", days=3),
]
SESSIONS = [
    session("s", day(3, 2), day(3, 4)), session("t", day(3, 15), day(3, 17), "out"), session("r", day(4, 1), day(4, 3)),
    session("q", day(11, 2), day(11, 4)), session("x", day(3, 8), day(3, 9), "short"),
    session("y", day(3, 9), day(3, 11), "web"), session("z", day(1, 4, 2027), day(1, 6, 2027)),
]
CALLS = {s.id: s for s in SESSIONS if s.id in "strqz"}


def scenario(rule: CallUps, **tables):
    return tiny(rule, n=1, years=2, courses=COURSES, sessions=SESSIONS, **tables)


def fits(rule: CallUps, v: View, records: list[dt.date]) -> bool:
    stays = [(CALLS[s].start, CALLS[s].end) for s in v.sessions_of("a") if s in CALLS]
    for year in (2026, 2027):
        here = sum(a.year == year for a, _ in stays)
        if here and here + sum(r.year == year for r in records) > rule.max_per_year:
            return False
    every = [(a, b, 0) for a, b in stays] + [(r, r, 1) for r in records]
    return all(
        (x[2] and y[2]) or (y[0] - x[1]).days - 1 >= rule.spacing_days
        for x in every for y in every if x is not y and x[0] <= y[0]
    )


@pytest.mark.parametrize(("rule", "passed"), [
    (CallUps(max_per_year=2, spacing_days=0, min_days=3), []),
    (CallUps(max_per_year=9, spacing_days=11, min_days=3), []),
    (CallUps(max_per_year=9, spacing_days=13, min_days=3), []),
    (CallUps(max_per_year=9, spacing_days=14, min_days=3), []),
    (CallUps(max_per_year=2, spacing_days=5, min_days=3), [day(6, 1)]),
    (CallUps(max_per_year=9, spacing_days=20, min_days=3), [day(2, 10)]),
    (CallUps(max_per_year=9, spacing_days=20, min_days=3), [day(4, 10)]),
])
def test_rows_allow_so_many_so_far_apart(rule: CallUps, passed: list[dt.date]) -> None:
    s = scenario(rule, records=[record("a", "old", d) for d in passed])
    limit_holds_where(s, lambda v: fits(rule, v, passed))


def test_exactly_the_days_asked_for_are_enough() -> None:
    # From 5 to 14 March there are ten days.
    assert rows_of(built(scenario(CallUps(max_per_year=9, spacing_days=10, min_days=3))), "call_ups") == {}


def test_rows_in_numbers() -> None:
    rule = CallUps(max_per_year=2, spacing_days=11, min_days=3)
    rows = rows_of(built(scenario(rule, records=[record("a", "old", day(6, 1))])), "call_ups")
    # The record of 1 June counts in 2026, so that one more is left.
    assert rows == {
        ("a", "2026"): ({("attend", "a", s): 1 for s in "strq"}, None, 1),
        ("a", "2026-03-15"): ({("attend", "a", "s"): 1, ("attend", "a", "t"): 1}, None, 1),
    }


@pytest.mark.parametrize(("date", "result", "blocked"), [
    (day(2, 10), "passed", {"s"}), (day(2, 9), "passed", set()), (day(2, 10), "failed", set()),
    (day(3, 25), "passed", {"r"}), (day(3, 24), "passed", {"s", "r"}), (day(3, 3), "passed", {"s"}),
])
def test_records_keep_their_distance(date: dt.date, result: str, blocked: set[str]) -> None:
    courses = [course("k", days=3, validity_months=1), course("old", days=3)]
    sessions = [session("s", day(3, 2), day(3, 4)), session("r", day(4, 5), day(4, 7))]
    s = tiny(
        CallUps(spacing_days=20), n=1, courses=courses, sessions=sessions, records=[record("a", "old", date, 0, result)]
    )
    spaced = {k[2] for where, row in rows_of(built(s), "call_ups").items() if where[1] == "record" for k in row[0]}
    assert spaced == blocked


def test_records_beyond_the_limit_leave_nothing_but_what_is_settled() -> None:
    passed = [record("a", "old", day(1, d)) for d in (5, 6, 7)]
    s = tiny(
        CallUps(max_per_year=2, spacing_days=0), Commitments(), n=1, courses=COURSES, sessions=SESSIONS, records=passed,
        commitments=[must("q", "a")],
    )
    assert rows_of(built(s), "call_ups")["a", "2026"][2] == 1
    free = s.with_tables(commitments=tiny()["commitments"])
    assert rows_of(built(free), "call_ups")["a", "2026"][2] == 0
