"""Theory before other training."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from rotation_planner.domain.policy import Commitments, CourseSelector, Selector, TheoryFirst
from rotation_planner.domain.scenario import Scenario, add_months
from rotation_planner.verify import verify
from tests.rules.tiny import View, built, course, day, limit_holds_where, must, record, rows_of, session, tiny, views

COURSES = [
    course("k"), course("th", kind="theory"), course("web", channel="online"), course("old", kind="theory"),
]
SESSIONS = [
    session("a1", day(3, 2)), session("t1", day(3, 1), day(3, 2), "th"), session("a2", day(3, 3)),
    session("t2", day(12, 30), day(1, 4, 2027), "th"), session("a3", day(1, 4, 2027)), session("w1", day(1, 5, 2027),
                                                                                               course="web"),
    session("t3", day(9, 1, 2027), course="th"),
]
OF = {s.id: s for s in SESSIONS}


def scenario(rule: TheoryFirst, **tables: Any) -> Scenario:
    return tiny(rule, **{"n": 1, "years": 2, "courses": COURSES, "sessions": SESSIONS, **tables})


def fits(v: View, same_year: bool, records: list[dt.date], who: str = "a", about: str = "aw") -> bool:
    mine = [OF[s] for s in v.sessions_of(who)]
    theory = [(s.end, s.start.year) for s in mine if s.id[0] == "t"] + [(d, d.year) for d in records]
    return all(
        any(end < s.start or (same_year and year == s.start.year) for end, year in theory)
        for s in mine if s.id[0] in about
    )


@pytest.mark.parametrize("same_year", [True, False])
@pytest.mark.parametrize("records", [
    [], [day(3, 1)], [day(3, 2)], [day(12, 31, 2025)], [day(1, 1, 2027)], [day(1, 4, 2027)], [day(12, 31, 2027)],
])
def test_theory_comes_before_or_in_the_year(same_year: bool, records: list[dt.date]) -> None:
    s = scenario(TheoryFirst(same_year=same_year), records=[record("a", "old", d) for d in records])
    first = min(records, default=day(12, 31, 2027))
    if first < day(3, 2) or (same_year and first.year == 2026):
        assert rows_of(built(s), "theory_first") == {}
        assert all(verify(s, v.plan).ok and fits(v, same_year, records) for v in views(built(s)))
    else:
        limit_holds_where(s, lambda v: fits(v, same_year, records))


@pytest.mark.parametrize(("date", "months", "result", "course_", "free"), [
    (day(1, 1, 2021), 60, "passed", "old", True), (day(12, 31, 2020), 60, "passed", "old", False),
    (day(12, 31, 2020), 61, "passed", "old", True), (day(12, 31, 2025), 0, "passed", "old", False),
    (day(1, 1, 2024), 60, "failed", "old", False), (day(1, 1, 2024), 60, "passed", "k", False),
])
def test_records_count_so_long(date: dt.date, months: int, result: str, course_: str, free: bool) -> None:
    courses = [*COURSES[1:], course("k", validity_months=1)]
    s = scenario(
        TheoryFirst(history_months=months), courses=courses, records=[record("a", course_, date, 0, result)]
    )
    assert (rows_of(built(s), "theory_first") == {}) == free
    assert free == (date >= add_months(day(1, 1), -months) and result == "passed" and course_ == "old")
    if not free:
        limit_holds_where(s, lambda v: fits(v, True, []))
    else:
        assert all(verify(s, v.plan).ok for v in views(built(s)))


def test_rows_in_numbers() -> None:
    b = built(scenario(TheoryFirst(same_year=False)))
    helper = "theory_first.theory"
    assert rows_of(b, helper) == {
        ("a", "2026-03-03"): ({(helper, "a", "2026-03-03"): 1, ("attend", "a", "t1"): -1}, None, 0),
        ("a", "2027-01-05"): ({(helper, "a", "2027-01-05"): 1, ("attend", "a", "t1"): -1, ("attend", "a", "t2"): -1},
                              None, 0),
    }
    assert rows_of(b, "theory_first") == {
        ("a", "none"): ({("attend", "a", "a1"): 1}, None, 0),
        ("a", "a2"): ({("attend", "a", "a2"): 1, (helper, "a", "2026-03-03"): -1}, None, 0),
        ("a", "a3"): ({("attend", "a", "a3"): 1, (helper, "a", "2026-03-03"): -1}, None, 0),
        ("a", "w1"): ({("attend", "a", "w1"): 1, (helper, "a", "2027-01-05"): -1}, None, 0),
    }


def test_only_what_and_whom_it_is_about() -> None:
    rule = TheoryFirst(which=CourseSelector(channels=("online",)), same_year=False)
    limit_holds_where(scenario(rule), lambda v: fits(v, False, [], about="w"))
    rule = TheoryFirst(theory=CourseSelector(courses=("th",)), which=CourseSelector(courses=("web",)))
    s = scenario(rule, records=[record("a", "old", day(1, 1, 2025))])
    limit_holds_where(s, lambda v: fits(v, True, [], about="w"))
    assert rows_of(built(scenario(TheoryFirst(who=Selector(key_posts=True)))), "theory_first") == {}


def test_each_cadre_needs_theory_of_his_own() -> None:
    sessions = [SESSIONS[1], SESSIONS[2], SESSIONS[4]]
    s = scenario(TheoryFirst(same_year=False), n=2, sessions=sessions)
    limit_holds_where(s, lambda v: fits(v, False, []) and fits(v, False, [], "b"))


def test_what_is_settled_stays_and_opens_nothing() -> None:
    s = tiny(
        TheoryFirst(same_year=False), Commitments(), n=1, years=2, courses=COURSES, sessions=SESSIONS,
        commitments=[must("a1", "a"), must("a3", "a")],
    )
    b = built(s)
    for v in views(b):
        if not {"a1", "a3"} <= set(v.sessions_of("a")):
            continue
        found = verify(s, v.plan)
        assert b.program.feasible(v.x) == found.ok
        assert {(x.where, x.amount) for x in found.inherited} == {(("a", "a1"), 1)} | (
            set() if ("a", "t1") in v.attends else {(("a", "a3"), 1)}
        )
        if ("a", "a2") in v.attends and ("a", "t1") not in v.attends:
            assert [(x.where, x.unit) for x in found.violations if x.where[1] == "a2"] == [(("a", "a2"), "attendance")]
