"""No second long training within some years."""

from __future__ import annotations

import datetime as dt

import pytest

from rotation_planner.domain.policy import Commitments, CourseSelector, LongTraining, Selector
from rotation_planner.domain.scenario import add_months
from rotation_planner.verify import verify
from tests.rules.tiny import View, built, course, day, limit_holds_where, must, record, rows_of, session, tiny, views

COURSES = [
    course("k", days=30), course("m", days=60, kind="theory"), course("short", days=29), course("old", days=45),
]
SESSIONS = [
    session("s", day(3, 2), day(4, 10)), session("t", day(4, 10, 2027), day(5, 20, 2027), "m"),
    session("u", day(5, 20, 2028), day(6, 30, 2028)), session("w", day(3, 2), day(3, 30), "short"),
    session("x", day(4, 1), day(5, 30), "m"),
]
LONG = {s.id: s for s in SESSIONS if s.id != "w"}


def scenario(rule: LongTraining, **tables):
    return tiny(rule, n=1, years=3, courses=COURSES, sessions=SESSIONS, **tables)


def fits(v: View, years: int, records: list[dt.date] = []) -> bool:  # noqa: B006
    stays = [(LONG[s].start, LONG[s].end, 0) for s in v.sessions_of("a") if s in LONG]
    every = stays + [(d, d, 1) for d in records]
    return all(
        (x[2] and y[2]) or y[0] >= add_months(x[1], 12 * years)
        for x in every for y in every if x is not y and x[0] <= y[0]
    )


@pytest.mark.parametrize(("years", "records"), [
    (1, []), (2, []), (5, []), (1, [day(4, 10, 2025)]), (1, [day(4, 2, 2025)]), (5, [day(5, 20, 2023)]),
    (5, [day(5, 21, 2023)]), (1, [day(6, 1)]), (1, [day(4, 10, 2027)]), (1, [day(6, 30, 2028)]),
])
def test_rows_keep_long_trainings_apart(years: int, records: list[dt.date]) -> None:
    s = scenario(LongTraining(years=years), records=[record("a", "old", d) for d in records])
    limit_holds_where(s, lambda v: fits(v, years, records))


def test_exactly_a_year_is_enough() -> None:
    rows = rows_of(built(scenario(LongTraining(years=1))), "long_training")
    # s ends on 10 April 2026 and t starts on 10 April 2027; x ends later.
    assert {frozenset(k[2] for k in row[0]) for row in rows.values()} == {frozenset("sx"), frozenset("xt")}
    assert all(row[2] == 1 for row in rows.values())


def test_which_and_who() -> None:
    theory = LongTraining(which=CourseSelector(kinds=("theory",)))
    limit_holds_where(scenario(theory), lambda v: not {"t", "x"} <= set(v.sessions_of("a")))
    assert rows_of(built(scenario(LongTraining(who=Selector(key_posts=True)))), "long_training") == {}


@pytest.mark.parametrize(("course_", "result", "blocked"), [
    ("old", "passed", {"s", "x"}), ("old", "failed", set()), ("short", "passed", set()),
])
def test_only_passed_records_of_long_courses(course_: str, result: str, blocked: set[str]) -> None:
    s = scenario(LongTraining(years=1), records=[record("a", course_, day(6, 1, 2025), 0, result)])
    rows = rows_of(built(s), "long_training")
    assert {k[2] for where, row in rows.items() if where[1] == "record" for k in row[0]} == blocked


def test_amounts_and_what_is_settled() -> None:
    rules = (LongTraining(years=2), Commitments())
    s = tiny(
        *rules, n=1, years=3, courses=COURSES, sessions=SESSIONS, commitments=[must("s", "a"), must("t", "a")],
        records=[record("a", "old", day(3, 1, 2025))],
    )
    b = built(s)
    by = {tuple(v.sessions_of("a")): v for v in views(b)}
    settled = verify(s, by["s", "t"].plan)
    assert b.program.feasible(by["s", "t"].x)
    assert [(v.where, v.amount) for v in settled.inherited] == [
        (("a", "record of 2025-03-01", "s"), (day(3, 1, 2027) - day(3, 2)).days),
        (("a", "s", "t"), 366),
    ]
    assert settled.ok
    more = verify(s, by["s", "t", "u"].plan)
    assert not b.program.feasible(by["s", "t", "u"].x)
    assert [(v.where, v.amount, v.unit) for v in more.violations] == [(("a", "t", "u"), 365, "day")]
