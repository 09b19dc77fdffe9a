"""Half-days: two courses share a day where one takes the morning and the other the afternoon of one place."""

from __future__ import annotations

import pytest

from rotation_planner.check import check
from rotation_planner.domain.calendar import Calendar
from rotation_planner.domain.organisation import Travel
from rotation_planner.domain.policy import CallUps, Commitments, OnePlace, UnitRelease
from rotation_planner.verify import verify
from tests.rules.tiny import (
    Institution,
    Place,
    View,
    built,
    course,
    day,
    limit_holds_where,
    must,
    rows_of,
    session,
    tiny,
    views,
)

HALF = {"day_fraction_per_mille": 500, "days": 3, "validity_months": 1}
COURSES = [
    course("am", pattern="mornings", **HALF), course("pm", pattern="afternoons", **HALF),
    course("eve", pattern="evenings", day_fraction_per_mille=0, days=3, validity_months=1), course("all", days=3),
]
PLACES = [Place(id="p"), Place(id="far")]
SCHOOLS = [
    Institution(id="i", authority="o", place="p"), Institution(id="same", authority="o", place="p"),
    Institution(id="other", authority="o", place="far"), Institution(id="lost", authority="o"),
    Institution(id="lost2", authority="o"),
]
MONDAY = day(3, 2)


def at(id_: str, course_: str, school: str = "i", start=MONDAY):
    return session(id_, start, start.replace(day=start.day + 2), course_, school)


def scenario(sessions, *rules, n: int = 1, **tables):
    usual = {"courses": COURSES, "institutions": SCHOOLS, "places": PLACES}
    return tiny(*(rules or (OnePlace(),)), n=n, sessions=sessions, **{**usual, **tables})


@pytest.mark.parametrize(("one", "other", "clash"), [
    (at("s", "am"), at("t", "pm"), False), (at("s", "am"), at("t", "pm", "same"), False),
    (at("s", "am"), at("t", "eve"), False), (at("s", "pm"), at("t", "eve", "same"), False),
    (at("s", "am"), at("t", "pm", "other"), True), (at("s", "am"), at("t", "pm", "lost"), True),
    (at("s", "am", "lost"), at("t", "pm", "lost"), False), (at("s", "am", "lost"), at("t", "pm", "lost2"), True),
    (at("s", "am"), at("t", "am", "same"), True),
    (at("s", "am"), at("t", "all"), True), (at("s", "eve"), at("t", "all"), True),
    (at("s", "eve"), at("t", "eve"), True), (at("s", "am"), at("t", "all", start=day(3, 5)), False),
    (at("s", "am"), at("t", "pm", "other", day(3, 4)), True), (at("s", "am"), at("t", "pm", "other", day(3, 5)), False),
])
def test_what_shares_a_day(one, other, clash: bool) -> None:
    s = scenario([one, other])
    b = built(s)
    assert bool(rows_of(b, "one_place")) == clash
    for v in views(b):
        said = not (clash and len(v.attends) == 2)
        assert b.program.feasible(v.x) == said
        assert verify(s, v.plan).ok == said


SEVERAL = [
    at("am", "am"), at("pm", "pm"), at("am2", "am", "other"), at("pm2", "pm", "other"), at("all", "all"),
    at("eve", "eve", "same", day(3, 4)),
]


def fits(v: View) -> bool:
    town = {"am": 0, "pm": 0, "eve": 0, "am2": 1, "pm2": 1}
    taken = v.sessions_of("a")
    if "all" in taken:
        return len(taken) == 1
    return len({town[s] for s in taken}) <= 1


def test_rows_allow_what_one_person_can_do() -> None:
    assert limit_holds_where(scenario(SEVERAL), fits) == 1 + 7 + 3 + 1


def test_rows_in_numbers() -> None:
    rows = rows_of(built(scenario(SEVERAL[:5])), "one_place")

    def of(*names: str):
        return {("attend", "a", s): 1 for s in names}, None, 1

    assert rows == {
        ("a", "2026-03-02", "mornings"): of("am", "am2", "all"),
        ("a", "2026-03-02", "afternoons"): of("pm", "pm2", "all"), ("a", "am", "pm2"): of("am", "pm2"),
        ("a", "pm", "am2"): of("pm", "am2"),
    }


def test_whole_days_are_named_once() -> None:
    courses = [*COURSES, course("k", validity_months=1)]
    sessions = [session("x", MONDAY), session("y", MONDAY), at("am", "am", start=day(3, 9)), at("pm", "pm")]
    rows = rows_of(built(scenario(sessions, courses=courses)), "one_place")
    assert set(rows) == {("a", "2026-03-02", "afternoons")}
    later = rows_of(built(scenario(sessions[:3], courses=courses)), "one_place")
    assert set(later) == {("a", "2026-03-02")}


def test_the_way_takes_whole_days() -> None:
    # Both go to the same place; a third course begins on the day of the way back.
    sessions = [at("am", "am", "other"), at("pm", "pm", "other"), at("all", "all", start=day(3, 5))]
    s = scenario(sessions, travel=[Travel(origin="p", destination="far", days=1)])
    limit_holds_where(s, lambda v: "all" not in v.sessions_of("a") or len(v.attends) == 1)


def test_settled_clashes_are_inherited() -> None:
    sessions = [at("am", "am"), at("pm2", "pm", "other")]
    s = scenario(sessions, OnePlace(), Commitments(), commitments=[must("am", "a"), must("pm2", "a")])
    for v in views(built(s)):
        if len(v.attends) == 2:
            assert built(s).program.feasible(v.x)
            (found,) = verify(s, v.plan).inherited
            assert (found.where, found.amount) == (("a", "am", "pm2"), 3)


def test_two_halves_are_a_day_away() -> None:
    # With one place at a time the two halves of one person still add up.
    sessions = [at("am", "am"), at("pm", "pm")]
    s = scenario(sessions, UnitRelease(per_mille=0, at_least=1), OnePlace(), n=2)
    limit_holds_where(s, lambda v: len(v.attends) <= 2)
    none = scenario(sessions, UnitRelease(per_mille=0, at_least=0), OnePlace())
    assert [r[0] for r in rows_of(built(none), "unit_release").values()] == [
        {("attend", "a", "am"): 500, ("attend", "a", "pm"): 500}
    ]


def test_two_halves_of_one_person_are_one_person() -> None:
    rule = UnitRelease(per="week", per_mille=0, at_least=1)
    s = scenario([at("am", "am"), at("pm", "pm")], rule, OnePlace(), n=2)
    limit_holds_where(s, lambda v: len({c for c, _ in v.attends}) <= 1)


@pytest.mark.parametrize(("other", "helpers"), [("pm", 1), ("pm2", 0), ("all", 0)])
def test_only_who_can_attend_both_needs_a_helper(other: str, helpers: int) -> None:
    sessions = [at("am", "am"), *(s for s in SEVERAL if s.id == other)]
    rule = UnitRelease(per="week", per_mille=0, at_least=0)
    b = built(scenario(sessions, rule, OnePlace()))
    assert len(b.program.columns_of("unit_release.repeats")) == helpers


def test_half_days_are_working_days_and_no_call_ups() -> None:
    s = scenario([at("am", "am")])
    runs = Calendar(s).stretches(COURSES[0].model_copy(update={"days": 6}), day(3, 5))
    assert runs == [(day(3, 5), day(3, 6)), (day(3, 9), day(3, 12))]
    calls = scenario([at("am", "am"), at("all", "all", start=day(3, 9))], CallUps(max_per_year=0))
    assert set(rows_of(built(calls), "call_ups")) == {("a", "2026")}
    assert rows_of(built(calls), "call_ups")["a", "2026"][0] == {("attend", "a", "all"): 1}


@pytest.mark.parametrize(("fields", "code", "severity"), [
    ({"pattern": "mornings", "day_fraction_per_mille": 501}, "half_day", "error"),
    ({"pattern": "afternoons"}, "half_day", "error"),
    ({"pattern": "mornings", "day_fraction_per_mille": 500}, None, None),
    ({"pattern": "evenings"}, "evening_at_work", "warning"),
    ({"pattern": "evenings", "day_fraction_per_mille": 500}, None, None),
])
def test_parts_of_days_are_checked(fields, code, severity) -> None:
    found = [(d.code, d.severity) for d in check(tiny(OnePlace(), courses=[course(**fields)])) if d.table == "courses"]
    assert found == ([(code, severity)] if code else [])
