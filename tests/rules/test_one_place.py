"""One place at a time."""

from __future__ import annotations

from rotation_planner.domain.organisation import Travel
from rotation_planner.domain.policy import Commitments, OnePlace, Selector
from tests.rules.tiny import (
    Cadre,
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
)

RULE = OnePlace()
COURSES = [course("k", validity_months=1), course("w", pattern="weekly", days=3), course("z")]
SESSIONS = [
    session("s", day(3, 2), day(3, 6)), session("t", day(3, 6), day(3, 10)),
    session("w", day(3, 8), day(3, 22), course="w"), session("r", day(3, 11), day(3, 14)),
    session("q", day(3, 15), day(3, 16), course="z"),
]
DAYS = {"s": {2, 3, 4, 5, 6}, "t": {6, 7, 8, 9, 10}, "w": {8, 15, 22}, "r": {11, 12, 13, 14}, "q": {15, 16}}


def apart(v: View, days: dict[str, set[int]]) -> bool:
    return not any(
        days[x] & days[y] for c in "ab" for x in v.sessions_of(c) for y in v.sessions_of(c) if x < y
    )


def test_rows_forbid_two_places_on_a_day() -> None:
    assert limit_holds_where(tiny(RULE, n=1, courses=COURSES, sessions=SESSIONS), lambda v: apart(v, DAYS)) == 16


def test_rows_in_numbers() -> None:
    rows = rows_of(built(tiny(RULE, n=1, courses=COURSES, sessions=SESSIONS)), "one_place")
    assert rows == {
        ("a", "2026-03-06"): ({("attend", "a", "s"): 1, ("attend", "a", "t"): 1}, None, 1),
        ("a", "2026-03-08"): ({("attend", "a", "t"): 1, ("attend", "a", "w"): 1}, None, 1),
        ("a", "2026-03-15"): ({("attend", "a", "q"): 1, ("attend", "a", "w"): 1}, None, 1),
    }


def test_the_way_takes_days_too() -> None:
    far = tiny(
        RULE, n=1, courses=COURSES, sessions=SESSIONS[:1] + SESSIONS[3:4],
        places=[Place(id="p"), Place(id="far")], institutions=[Institution(id="i", authority="o", place="far")],
        travel=[Travel(origin="p", destination="far", days=2)],
    )
    # s is over on the 6th, back on the 8th; r starts on the 11th, leaving on the 9th.
    assert rows_of(built(far), "one_place") == {}
    farther = far.with_tables(travel=tiny(travel=[Travel(origin="p", destination="far", days=3)])["travel"])
    assert set(rows_of(built(farther), "one_place")) == {("a", "2026-03-08")}
    longer = {"s": set(range(-1, 10)), "r": set(range(8, 18))}
    limit_holds_where(farther, lambda v: apart(v, longer))


def test_long_overlaps_are_one_row() -> None:
    long = [session(f"s{i}", day(3, 2 + i), day(3, 20)) for i in range(5)]
    rows = rows_of(built(tiny(RULE, n=1, sessions=long)), "one_place")
    assert list(rows) == [("a", "2026-03-06")]
    assert len(rows["a", "2026-03-06"][0]) == 5


def test_settled_clashes_are_kept_and_no_more() -> None:
    s = tiny(
        RULE, Commitments(), n=1, courses=COURSES, sessions=SESSIONS, commitments=[must("s", "a"), must("t", "a")]
    )
    rows = rows_of(built(s), "one_place")
    assert [r[2] for r in rows.values()] == [2, 1, 1]


def test_each_cadre_apart_and_only_who_is_selected() -> None:
    two = {"n": 2, "courses": COURSES, "sessions": SESSIONS[:2]}
    assert limit_holds_where(tiny(RULE, **two), lambda v: apart(v, DAYS)) == 9
    chosen = tiny(OnePlace(who=Selector(key_posts=True)), **two, cadres=[
        Cadre(id="a", post="key"), Cadre(id="b", post="d"),
    ])
    assert limit_holds_where(chosen, lambda v: v.sessions_of("a") != ["s", "t"]) == 12
