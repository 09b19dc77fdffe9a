"""Attachments and field practice: long absences with credit, without bed, room or call-up."""

from __future__ import annotations

import pytest

from rotation_planner.domain.policy import Beds, CallUps, ClassSize, Hours, OnePlace, Rooms, UnitRelease
from rotation_planner.verify import verify
from tests.rules.tiny import Institution, built, course, day, limit_holds_where, rows_of, session, tiny, views

COURSES = [
    course("post", channel="attachment", days=120, hours=300, residential=True, teachers_per_class=1),
    course("field", channel="field_practice", days=60, hours=100, residential=True, staff_per_class=1),
    course("k", days=5, residential=True, hours=40),
]
SESSIONS = [
    session("post", day(3, 2), day(8, 14), "post"), session("field", day(9, 1), day(11, 30), "field"),
    session("k", day(5, 4), day(5, 8)),
]


def scenario(*rules, n: int = 1, school=None, **tables):
    institutions = [Institution(id="i", authority="o", place="p", **(school or {}))]
    return tiny(
        *rules, n=n, courses=COURSES, institutions=institutions, **{"sessions": SESSIONS, **tables}
    )


def test_no_bed() -> None:
    s = scenario(Beds(), n=2, school={"beds": 0})
    limit_holds_where(s, lambda v: v.heads("k") == 0)


@pytest.mark.parametrize(("school", "allowed"), [
    ({"rooms": 0}, {"post", "field"}), ({"teachers": 0}, {"field", "k"}), ({"staff": 0}, {"post", "k"}),
])
def test_no_room_but_whoever_is_said_to_look_after_them(school, allowed: set[str]) -> None:
    s = scenario(Rooms(), school=school)
    limit_holds_where(s, lambda v: {x for x, k in v.classes.items() if k} <= allowed)


def test_away_all_the_time() -> None:
    s = scenario(OnePlace())
    limit_holds_where(s, lambda v: not {"post", "k"} <= set(v.sessions_of("a")))
    one = scenario(UnitRelease(per_mille=0, at_least=1), OnePlace(), n=2, sessions=[SESSIONS[0], SESSIONS[2]])
    days = {where[1] for where in rows_of(built(one), "unit_release")}
    assert days == {"2026-05-04"}
    month = UnitRelease(per="month", measure="person_days", per_mille=0, at_least=0)
    rows = rows_of(built(scenario(month, sessions=SESSIONS[:1])), "unit_release")
    assert {k[1]: row[0]["attend", "a", "post"] for k, row in rows.items()} == {
        "2026-03": 22_000, "2026-04": 22_000, "2026-05": 21_000, "2026-06": 22_000, "2026-07": 23_000,
        "2026-08": 10_000,
    }


def test_no_call_up() -> None:
    rows = rows_of(built(scenario(CallUps(max_per_year=0))), "call_ups")
    assert rows == {("a", "2026"): ({("attend", "a", "k"): 1}, None, 0)}


def test_hours_are_credited() -> None:
    s = scenario(ClassSize(), Hours(hours=400, min_service_months=0))
    short = {v.attends: sum(u.shortfall for u in verify(s, v.plan).unmet) for v in views(built(s))}
    assert {len(k): x for k, x in short.items() if k <= {("a", "post"), ("a", "field")}}[2] == 0
    assert short[frozenset({("a", "post")})] == 100
    assert short[frozenset({("a", "field")})] == 300
