"""Totals in one measure or another."""

from __future__ import annotations

import math
from typing import Any

import pytest

from rotation_planner.domain.plan import Plan
from rotation_planner.domain.policy import CourseSelector, Total
from rotation_planner.verify import total, verify
from rotation_planner.verify.facts import Facts
from rotation_planner.verify.findings import Findings
from tests.rules.tiny import (
    Cadre,
    Event,
    View,
    built,
    course,
    day,
    duty_misses,
    record,
    rows_of,
    session,
    tiny,
    views,
)

COURSES = [
    course("k", hours=30, days=3), course("z", hours=10, days=6), course("idle", hours=0, days=2),
    course("web", hours=40, days=9, channel="online"), course("old", hours=5, days=4),
]
SESSIONS = [session("s", day(3, 2)), session("t", day(9, 1), None, "z"), session("i", day(6, 1), None, "idle"),
            session("w", day(5, 4), None, "web")]
HOURS, DAYS = {"s": 30, "t": 10, "i": 0}, {"s": 3, "t": 6, "i": 2}
CENTRE = CourseSelector(channels=("centre",))


def rule(**fields: Any) -> Total:
    return Total(**{"amount": 60, "or_measure": "days", "or_amount": 10, "which": CENTRE, **fields})


def scenario(of: Total, **tables: Any):
    return tiny(of, **{"n": 1, "courses": COURSES, "sessions": SESSIONS, **tables})


@pytest.mark.parametrize("past", [(), (7,), (20, 11)])
@pytest.mark.parametrize("days", [3, 8, 10, 11, 12, 40])
def test_the_nearer_of_two_measures_counts(past: tuple[int, ...], days: int) -> None:
    records = [record("a", "old", day(1, 1 + i), h) for i, h in enumerate(past)]

    def missing(v: View) -> dict[tuple[str, ...], int]:
        mine = [s for s in v.sessions_of("a") if s != "w"]
        hours = 60 - sum(past) - sum(HOURS[s] for s in mine)
        short = days - 4 * len(past) - sum(DAYS[s] for s in mine)
        return {("a", "horizon"): max(0, min(math.ceil(1000 * hours / 60), math.ceil(1000 * short / days)))}

    if days > 4 * len(past):
        duty_misses(scenario(rule(or_amount=days), records=records), missing)
    else:
        s = scenario(rule(or_amount=days), records=records)
        assert not verify(s, Plan.empty()).unmet
        assert not rows_of(built(s), "total")


def test_other_courses_in_the_other_measure() -> None:
    of = rule(or_which=CourseSelector(courses=("z", "web")), or_amount=15)
    worth = {"t": 6, "w": 9}

    def missing(v: View) -> dict[tuple[str, ...], int]:
        hours, days = (sum(of.get(s, 0) for s in v.sessions_of("a")) for of in (HOURS, worth))
        return {("a", "horizon"): min(math.ceil(1000 * (60 - hours) / 60), math.ceil(1000 * (15 - days) / 15))}

    duty_misses(scenario(of), missing)


def test_what_is_missing_is_told_in_the_nearer_measure() -> None:
    for past, told in (((30, 4), (60, 30, 30, 500)), ((24, 4), (60, 24, 36, 600)), ((23, 4), (10, 4, 6, 600))):
        s = scenario(rule(), records=[record("a", "old", day(1, 1), past[0])])
        (u,) = verify(s, Plan.empty()).unmet
        assert (u.required, u.achieved, u.shortfall, u.per_mille) == told


def test_rows_in_numbers() -> None:
    b = built(scenario(rule(weight=2), cadres=[Cadre(id="a", post="key")], records=[record("a", "old", day(1, 1), 50)]))
    a = ("a", "horizon")
    short, by_other = ("total.short", *a), ("total.by_other", *a)
    assert rows_of(b, "total") == {
        a: ({("attend", "a", "s"): 10_000, ("attend", "a", "t"): 10_000, short: 60, by_other: 10_000}, 10_000, None)
    }
    assert rows_of(b, "total.other") == {
        a: ({("attend", "a", "s"): 3000, ("attend", "a", "t"): 6000, ("attend", "a", "i"): 2000, short: 10,
             by_other: -6000}, 0, None)
    }
    assert b.program.goals[0].coefs.tolist() == [6]
    columns = b.program.columns_of("total.short")
    assert (b.program.lower[columns].tolist(), b.program.upper[columns].tolist()) == ([0], [167])
    useful = {b.model.candidates.sessions.ids[s] for s in b.model.candidates.session[b.model.useful]}
    assert useful == {"s", "t", "i"}


@pytest.mark.parametrize(("leaves", "told"), [
    (day(7, 2), [(29, 0)]),  # 182 of 365 days: 29 hours or 4 days; neither is begun, so the first is told
    (day(3, 2), [(9, 0)]),  # 60 days: 9 hours or 1 day
    (day(2, 6), []),  # 36 days: 5 hours, but no day, so nothing is owed
    (day(2, 7), [(6, 0)]),  # 37 days: 6 hours or 1 day
])
def test_part_of_a_window_in_both_measures(leaves: Any, told: list[tuple[int, int]]) -> None:
    gone = [Event(cadre="a", kind="retirement", date=leaves)]
    s = scenario(rule(min_service_months=0), events=gone)
    assert [(u.required, u.achieved) for u in verify(s, Plan.empty()).unmet] == told
    assert len(rows_of(built(s), "total")) == len(rows_of(built(s), "total.other")) == len(told)


def facts_of(s: Any, *attended: str) -> Facts:
    return next(Facts(s, v.plan) for v in views(built(s)) if set(v.sessions_of("a")) == set(attended))


def test_what_the_records_settle_in_either_measure_is_not_open() -> None:
    # Twelve days on record; the plan brings the hours too, which does not open what was settled.
    past = [record("a", "old", day(1, d), 10) for d in (1, 2, 3)]
    s = scenario(rule(), records=past)
    (met,) = total.check(s.policy.rules[0], facts_of(s, "s"), Findings())
    assert (met.required, met.history, met.open) == (10, 12, False)
    s = scenario(rule(), records=past[:2])
    (owed,) = total.check(s.policy.rules[0], facts_of(s, "s"), Findings())
    assert (owed.required, owed.history, owed.achieved, owed.open) == (10, 8, 11, True)


@pytest.mark.parametrize(("fields", "served"), [
    ({}, {"s", "t", "i"}),
    ({"or_which": CourseSelector(courses=("web",))}, {"s", "t", "w"}),
    ({"which": CourseSelector(courses=("k",)), "or_which": CourseSelector(courses=("idle",))}, {"s", "i"}),
])
def test_a_session_serves_in_either_measure(fields: dict[str, Any], served: set[str]) -> None:
    s = scenario(rule(**fields))
    of, b = s.policy.rules[0], built(s)
    facts = facts_of(s, *"stiw")
    (due,) = total.check(of, facts, Findings())
    assert {a.run.id for a in facts.by_cadre["a"] if total.serves(of, due, a.run)} == served
    assert {b.model.candidates.sessions.ids[k] for k in b.model.candidates.session[b.model.useful]} == served


def test_windows_that_end_after_the_horizon_are_booked_in_either() -> None:
    late = rule(window="dates", first=day(1, 1), last=day(6, 30, 2027))
    for records, why in (([], "not yet due"), ([record("a", "old", day(1, d), 1) for d in (1, 2, 3)], "booked")):
        found = verify(scenario(late, records=records), Plan.empty())
        assert [e[2].rpartition(": ")[2] for e in found.exempt] == [why]
        assert not found.unmet
