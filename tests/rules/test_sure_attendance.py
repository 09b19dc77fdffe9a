"""Key posts are sure to attend."""

from __future__ import annotations

import datetime as dt

import pytest

import rotation_planner as rp
from rotation_planner.check import check
from rotation_planner.domain.policy import ClassSize, CourseSelector, Coverage, Selector, SureAttendance
from rotation_planner.verify import verify
from tests.rules.tiny import (
    Cadre,
    Event,
    Post,
    View,
    built,
    course,
    day,
    duty_misses,
    label_of,
    must,
    record,
    rows_of,
    session,
    tiny,
    views,
)

CHIEF = CourseSelector(courses=("chief",))
COURSES = [
    course("chief", validity_months=12), course("same", equivalents=("chief",), validity_months=6),
    course("more", substitutes=("chief",)), course("less"), course("k"),
]
SESSIONS = [
    session("in", day(6, 29), day(6, 30), "chief"), session("late", day(6, 30), day(7, 1), "chief"),
    session("same", day(3, 2), None, "same"), session("more", day(3, 9), None, "more"),
    session("less", day(3, 16), None, "less"),
]
KEY = [Cadre(id="a", post="key"), Cadre(id="b", post="d")]


def scenario(rule: SureAttendance | None = None, **tables):
    rule = rule or SureAttendance(which=CHIEF, by=day(6, 30))
    return tiny(rule, **{"courses": COURSES, "sessions": SESSIONS, "cadres": KEY, **tables})


def owed(s) -> set[tuple[str, ...]]:
    b = built(s)
    columns = b.program.columns_of("sure_attendance.short")
    empty = next(iter(views(b)))
    unmet = {u.subject for u in verify(s, empty.plan).unmet if u.duty == "sure_attendance"}
    assert {label_of(b, int(k)) for k in columns} == unmet
    return unmet


def test_who_attends_nothing_that_fits_in_time_is_missed() -> None:
    def missing(v: View) -> dict[tuple[str, ...], int]:
        return {("a", "2026-06-30"): 1000 * (not set(v.sessions_of("a")) & {"in", "same", "more"})}

    duty_misses(scenario(cadres=KEY[:1]), missing)


def test_rows_in_numbers() -> None:
    b = built(scenario())
    place = ("a", "2026-06-30")
    row = {("sure_attendance.short", *place): 1, **{("attend", "a", s): 1 for s in ("in", "same", "more")}}
    assert rows_of(b, "sure_attendance") == {place: (row, 1, None)}
    assert b.program.goals[0].coefs.tolist() == [60_000]
    sessions = b.model.candidates.sessions.ids
    useful = {(int(b.model.candidates.cadre[i]), sessions[b.model.candidates.session[i]])
              for i in b.model.useful.nonzero()[0]}
    assert useful == {(0, "in"), (0, "same"), (0, "more")}


@pytest.mark.parametrize(("rule", "last"), [
    (SureAttendance(which=CHIEF), "2026-12-31"), (SureAttendance(which=CHIEF, months=6), "2026-06-30"),
    (SureAttendance(which=CHIEF, months=12), "2026-12-31"), (SureAttendance(which=CHIEF, by=day(7, 1)), "2026-07-01"),
])
def test_the_last_day(rule: SureAttendance, last: str) -> None:
    s = scenario(rule)
    assert owed(s) == {("a", last)}
    late = ("attend", "a", "late") in rows_of(built(s), "sure_attendance")["a", last][0]
    assert late == (last >= "2026-07-01")


@pytest.mark.parametrize(("course_", "date", "result", "due"), [
    ("chief", day(1, 1, 2025), "passed", True), ("chief", day(1, 2, 2025), "passed", False),
    ("chief", day(1, 2, 2025), "failed", True), ("same", day(7, 1, 2025), "passed", True),
    ("same", day(7, 2, 2025), "passed", False), ("more", day(1, 1, 2021), "passed", False),
    ("more", day(12, 31, 2020), "passed", True), ("less", day(5, 1, 2025), "passed", True),
    ("chief", day(6, 30), "passed", False), ("chief", day(7, 1), "passed", True),
])
def test_records(course_: str, date: dt.date, result: str, due: bool) -> None:
    assert bool(owed(scenario(records=[record("a", course_, date, 0, result)]))) == due


@pytest.mark.parametrize(("months", "entered", "retires", "last"), [
    (6, day(3, 1), None, "2026-08-31"), (6, day(7, 1), None, "2026-12-31"), (6, day(7, 2), None, None),
    (6, None, day(6, 30), None), (6, None, day(7, 1), "2026-06-30"), (None, day(1, 2), None, None),
])
def test_joiners_and_leavers(
    months: int | None, entered: dt.date | None, retires: dt.date | None, last: str | None
) -> None:
    rule = SureAttendance(which=CHIEF, months=months, by=None if months else day(6, 30))
    events = [Event(cadre="a", kind="retirement", date=retires)] if retires else []
    s = scenario(rule, cadres=[Cadre(id="a", post="key", entered=entered)], events=events)
    assert owed(s) == ({("a", last)} if last else set())
    exempt = {why for label, _, why in verify(s, next(iter(views(built(s)))).plan).exempt if label == rule.label}
    assert len(exempt) == (last is None)


@pytest.mark.parametrize(("least", "due"), [(5, True), (6, False)])
def test_who_serves_long_enough_owes_it(least: int, due: bool) -> None:
    # From 1 February to 30 June there are 150 days.
    rule = SureAttendance(which=CHIEF, by=day(6, 30), min_service_months=least)
    assert bool(owed(scenario(rule, cadres=[Cadre(id="a", post="key", entered=day(2, 1))]))) == due


def test_who_leaves_must_attend_before() -> None:
    rule = SureAttendance(which=CHIEF, min_service_months=1)
    commitment = must("late", "a")
    leaves = [Event(cadre="a", kind="retirement", date=day(7, 1))]
    s = scenario(rule, cadres=KEY[:1], events=leaves, commitments=[commitment])
    # The session that is settled goes on after the service: it does not count.
    (row,) = rows_of(built(s), "sure_attendance").values()
    assert ("attend", "a", "late") not in row[0]
    assert owed(s) == {("a", "2026-12-31")}
    gone = [v for v in views(built(s)) if v.sessions_of("a") == ["late"]]
    assert [len(verify(s, v.plan).unmet) for v in gone] == [1]


POSTS = [
    Post(id="key", unit="u", level="l", key=True), Post(id="d", unit="u", level="h", categories=("g",)),
]


def test_priorities() -> None:
    from rotation_planner.domain.people import Category, Level

    s = tiny(
        SureAttendance(
            who=Selector(), which=CHIEF, weight=2, key_factor=5, level_priority={"h": 3, "l": 2},
            category_priority={"g": 4, "f": 7},
        ),
        courses=COURSES, sessions=SESSIONS, posts=POSTS, levels=[Level(id="l", rank=1), Level(id="h", rank=2)],
        categories=[Category(id="g"), Category(id="f")],
        cadres=[Cadre(id="a", post="key"), Cadre(id="b", post="d"), Cadre(id="c", post="d", categories=("f",))],
    )
    b = built(s)
    assert b.program.goals[0].coefs.tolist() == [2 * 5 * 2 * 1000, 2 * 3 * 4 * 1000, 2 * 3 * 7 * 1000]
    assert {u.subject[0]: u.weight for u in verify(s, next(iter(views(b))).plan).unmet} == {"a": 20, "b": 24, "c": 42}


def test_what_is_hard_comes_before_all_else() -> None:
    # One place, two who want it: the key post against somebody whose coverage weighs as much as it can.
    def plan(hard: bool):
        rules = (
            ClassSize(), SureAttendance(which=CHIEF, by=day(6, 30), hard=hard, weight=1, key_factor=1),
            Coverage(weight=1000, who=Selector(key_posts=False)),
        )
        one = [course("chief", max_size=1)]
        s = tiny(*rules, courses=one, sessions=SESSIONS[:1], cadres=KEY)
        return rp.solve(s, time_limit=20, seed=1).require_plan().attendances.tolist("cadre")

    hard = built(scenario(SureAttendance(which=CHIEF, hard=True, weight=2, key_factor=3)))
    assert hard.program.goals[0].coefs.tolist() == [2 * 3 * 10_000 * 1000]
    assert [u.weight for u in verify(hard.model.candidates.scenario, next(iter(views(hard))).plan).unmet] == [60_000]
    assert plan(hard=True) == ["a"]
    assert plan(hard=False) == ["b"]


@pytest.mark.parametrize(("fields", "code"), [
    ({"by": day(6, 30), "months": 3}, "two_dates"), ({"by": day(1, 1, 2027)}, "outside_horizon"),
    ({"by": day(12, 31, 2025)}, "outside_horizon"), ({"months": 13}, "outside_horizon"),
    ({"level_priority": {"x": 2}}, "unknown_reference"), ({"category_priority": {"x": 2}}, "unknown_reference"),
    ({"which": CourseSelector(courses=("x",))}, "unknown_reference"),
    ({"by": day(12, 31)}, None), ({"by": day(1, 1)}, None), ({"months": 12}, None),
    ({"level_priority": {"l": 2}}, None),
])
def test_what_is_checked(fields, code) -> None:
    found = [d.code for d in check(scenario(SureAttendance(**fields))) if d.severity == "error"]
    assert found == ([code] if code else [])
