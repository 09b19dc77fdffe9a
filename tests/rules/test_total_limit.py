"""Limits on totals in windows."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from rotation_planner.domain.plan import Plan
from rotation_planner.domain.policy import Commitments, CourseSelector, Selector, TotalLimit
from rotation_planner.domain.scenario import add_months
from rotation_planner.domain.teaching import Subject
from rotation_planner.verify import verify
from tests.rules.tiny import View, built, course, day, limit_holds_where, must, record, rows_of, session, tiny, views

COURSES = [
    course("k", hours=30, days=4, validity_months=1, subjects={"law": 250}),
    course("z", hours=50, days=7, subjects={"law": 333}, validity_months=1),
    course("web", hours=16, days=2, channel="online", validity_months=1), course("old", days=3),
]
SESSIONS = [
    session("s", day(3, 2)), session("t", day(9, 1), None, "z"), session("w", day(5, 4), None, "web"),
    session("y", day(12, 30), day(1, 5, 2027), "z"), session("v", day(6, 1, 2027), None, "web"),
    session("q", day(8, 31, 2027)),
]
END = {s.id: s.end for s in SESSIONS}
COURSE_OF = {s.id: s.course for s in SESSIONS}
WORTH: dict[str, dict[str, int]] = {
    "hours": {"s": 30, "t": 50, "w": 16, "y": 50, "v": 16, "q": 30},
    "days": {"s": 4, "t": 7, "w": 2, "y": 7, "v": 2, "q": 4},
    "sessions": dict.fromkeys("stwyvq", 1),
    "subject_hours": {"s": 7500, "t": 16_650, "w": 0, "y": 16_650, "v": 0, "q": 7500},
}


def scenario(rule: TotalLimit, *rules: Any, **tables: Any):
    given = {"n": 1, "years": 2, "courses": COURSES, "sessions": SESSIONS, "subjects": [Subject(id="law")], **tables}
    return tiny(rule, *rules, **given)


def holds(done: list[tuple[dt.date, int]], planned: list[dt.date], limit: int, months: int) -> bool:
    """In no window of so many months is there more; records alone do not matter."""
    for last, _ in done:  # a window that ends later and holds no more is no fuller
        inside = [(d, n) for d, n in done if d <= last < add_months(d, months)]
        if any(d in planned for d, _ in inside) and sum(n for _, n in inside) > limit:
            return False
    return True


@pytest.mark.parametrize(("measure", "amount"), [
    ("hours", 80), ("hours", 79), ("days", 9), ("days", 8), ("sessions", 2), ("sessions", 1),
    ("subject_hours", 24), ("subject_hours", 33),
])
@pytest.mark.parametrize("months", [6, 12])
def test_any_months_in_a_row(measure: Any, amount: int, months: int) -> None:
    subjects = ("law",) if measure == "subject_hours" else ()
    rule = TotalLimit(measure=measure, amount=amount, months=months, subjects=subjects)
    limit = 1000 * amount if subjects else amount

    def allowed(v: View) -> bool:
        planned = [s for s in v.sessions_of("a") if WORTH[measure][s]]
        return holds([(END[s], WORTH[measure][s]) for s in planned], [END[s] for s in planned], limit, months)

    limit_holds_where(scenario(rule), allowed)


@pytest.mark.parametrize("months", [5, 12])
@pytest.mark.parametrize("past", [
    [(day(3, 2, 2025), 60)], [(day(3, 3, 2025), 60)],  # a year to the day before session s: no longer inside
    [(day(10, 2, 2025), 60)], [(day(10, 3, 2025), 60)],  # five months before it
    [(day(7, 1), 40), (day(12, 30), 10)], [(day(11, 1, 2025), 90)], [(day(11, 1, 2025), 20), (day(2, 1), 20)],
])
def test_records_count_from_before_the_horizon_too(past: list[tuple[dt.date, int]], months: int) -> None:
    rule = TotalLimit(amount=80, months=months)
    records = [record("a", "old", d, n) for d, n in past]

    def allowed(v: View) -> bool:
        mine = v.sessions_of("a")
        return holds(past + [(END[s], WORTH["hours"][s]) for s in mine], [END[s] for s in mine], 80, months)

    limit_holds_where(scenario(rule, records=records), allowed)


@pytest.mark.parametrize(("first", "second", "together"), [
    (day(1, 31), day(2, 27), True), (day(1, 31), day(2, 28), False), (day(2, 28), day(3, 27), True),
    (day(2, 28), day(3, 28), False), (day(5, 4), day(6, 3), True), (day(5, 4), day(6, 4), False),
])
def test_the_last_day_of_so_many_months(first: dt.date, second: dt.date, together: bool) -> None:
    sessions = [session("s", first), session("t", second)]
    s = scenario(TotalLimit(measure="sessions", amount=1, months=1), sessions=sessions)
    assert len(rows_of(built(s), "total_limit")) == together
    (both,) = (v for v in views(built(s)) if len(v.attends) == 2)
    assert verify(s, both.plan).ok == (not together)


def test_rows_in_numbers() -> None:
    rows = rows_of(built(scenario(TotalLimit(amount=80, months=12))), "total_limit")

    def sum_of(*sessions: str) -> dict[tuple[str, ...], int]:
        return {("attend", "a", s): WORTH["hours"][s] for s in sessions}

    assert rows == {
        ("a", "2027-01-05"): (sum_of("s", "w", "t", "y"), None, 80),
        ("a", "2027-08-31"): (sum_of("t", "y", "v", "q"), None, 80),  # t: until 31 August 2027
    }


@pytest.mark.parametrize(("window", "first", "last"), [
    ({"window": "horizon"}, day(1, 1), day(12, 31, 2027)),
    ({"window": "dates", "first": day(3, 2), "last": day(1, 4, 2027)}, day(3, 2), day(1, 4, 2027)),
    ({"window": "dates", "first": day(3, 3), "last": day(1, 5, 2027)}, day(3, 3), day(1, 5, 2027)),
])
@pytest.mark.parametrize("amount", [95, 80, 79, 73, 72])
def test_one_window(window: dict[str, Any], first: dt.date, last: dt.date, amount: int) -> None:
    past = [(day(1, 1), 3), (day(12, 31, 2027), 5), (day(3, 2), 0), (day(1, 5, 2027), 7)]
    records = [record("a", "old", d, n) for d, n in past if n]
    rule = TotalLimit(amount=amount, **window)

    def allowed(v: View) -> bool:
        got = sum(n for d, n in past if first <= d <= last)
        return got + sum(WORTH["hours"][s] for s in v.sessions_of("a") if first <= END[s] <= last) <= amount

    limit_holds_where(scenario(rule, records=records), allowed)


def test_each_year_for_chosen_courses_and_cadres() -> None:
    rule = TotalLimit(
        amount=56, window="year", which=CourseSelector(channels=("centre",)), who=Selector(key_posts=False)
    )
    s = scenario(rule, records=[record("a", "old", day(12, 31), 6), record("a", "old", day(12, 31, 2025), 60)])

    def allowed(v: View) -> bool:
        mine = v.sessions_of("a")
        years = {2026: 6, 2027: 0}
        for x in mine:
            if COURSE_OF[x] != "web":
                years[END[x].year] += WORTH["hours"][x]
        return max(years.values()) <= 56

    limit_holds_where(s, allowed)
    nobody = scenario(rule.model_copy(update={"who": Selector(key_posts=True)}))
    assert rows_of(built(nobody), "total_limit") == {}


def test_what_is_settled_is_inherited_and_leaves_nothing_more() -> None:
    s = scenario(
        TotalLimit(amount=80, months=12), Commitments(), commitments=[must("t", "a"), must("y", "a")],
        records=[record("a", "old", day(10, 1), 5)],
    )
    b = built(s)
    assert rows_of(b, "total_limit")["a", "2027-01-05"][2] == 100  # 80 - 5 hours, moved to what is settled
    for view in views(b):
        if {"t", "y"} <= set(view.sessions_of("a")):
            said = view.sessions_of("a") == ["t", "y"]
            assert b.program.feasible(view.x) == verify(s, view.plan).ok == said, view.attends


def test_amounts_of_violations() -> None:
    from tests.verify.small import plan_of

    s = scenario(TotalLimit(amount=80, months=12), Commitments(), commitments=[must("t", "a")],
                 records=[record("a", "old", day(9, 2), 40)])
    found = verify(s, plan_of({"t": ["a"], "y": ["a"]}))
    assert [(v.where, v.amount, v.unit) for v in found.violations] == [
        (("a", "2026-09-01/2027-01-05"), 50, "hour")
    ]
    assert [(v.where, v.amount) for v in found.inherited] == [
        (("a", "2026-09-01/2026-09-02"), 10), (("a", "2026-09-01/2027-01-05"), 10)
    ]
    alone = scenario(TotalLimit(amount=30, window="year"), records=[record("a", "old", day(9, 2), 40)])
    assert [(v.where, v.amount) for v in verify(alone, Plan.empty()).inherited] == [(("a", "2026"), 10)]
    assert rows_of(built(alone), "total_limit")["a", "2026"][2] == 0
