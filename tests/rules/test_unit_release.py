"""Unit release."""

from __future__ import annotations

import datetime as dt

import pytest

from rotation_planner.domain.organisation import Busy
from rotation_planner.domain.planning import CalendarDay
from rotation_planner.domain.policy import Commitments, OnePlace, Selector, UnitRelease
from tests.rules.tiny import (
    Cadre,
    Event,
    Post,
    Unit,
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

ONE = UnitRelease(per_mille=0, at_least=1)
COURSES = [course("k"), course("half", day_fraction_per_mille=500), course("free", day_fraction_per_mille=0)]
# 2 March 2026 is a Monday.
SESSIONS = [
    session("s", day(3, 2), day(3, 6)), session("t", day(3, 5), day(3, 11), "half"),
    session("f", day(3, 2), None, "free"), session("r", day(3, 7), day(3, 8)),
]


def scenario(rule: UnitRelease, *more, n: int = 2, **tables):
    return tiny(rule, *more, n=n, **{"courses": COURSES, "sessions": SESSIONS, **tables})


def load(v: View, d: dt.date) -> int:
    part = {"s": 1000, "t": 500, "f": 0, "r": 1000}
    span = {s.id: (s.start, s.end) for s in SESSIONS}
    return sum(part[s] for _, s in v.attends if span[s][0] <= d <= span[s][1])


WORKING = [d for d in (day(3, n) for n in range(1, 32)) if d.weekday() < 5]


def test_rows_allow_what_the_unit_can_spare() -> None:
    limit_holds_where(scenario(ONE), lambda v: all(load(v, d) <= 1000 for d in WORKING))


def test_rows_in_numbers() -> None:
    # The weekend session r takes no working day; the start of t says all that the start of s says.
    both = {("attend", c, s): w for c in "ab" for s, w in (("s", 1000), ("t", 500))}
    assert rows_of(built(scenario(ONE)), "unit_release") == {("u", "2026-03-05"): (both, None, 1000)}


def test_weekends_worked_count() -> None:
    s = scenario(ONE, calendar=[CalendarDay(date=day(3, 7), working=True)])
    assert set(rows_of(built(s), "unit_release")) == {("u", "2026-03-05"), ("u", "2026-03-07")}


@pytest.mark.parametrize(("strength", "per_mille", "at_least", "release"), [
    (9, 100, 0, 0), (10, 100, 0, 1), (10, 100, 2, 2), (3, 333, 0, 0), (3, 334, 0, 1), (3, 667, 1, 2),
])
def test_release_by_share_and_count(strength: int, per_mille: int, at_least: int, release: int) -> None:
    cadres = [Cadre(id=f"c{i}", post="d") for i in range(strength)]
    s = scenario(UnitRelease(per_mille=per_mille, at_least=at_least), cadres=cadres)
    assert {r[2] for r in rows_of(built(s), "unit_release").values()} == {1000 * release}


def test_the_units_own_figures_count() -> None:
    units = [Unit(id="u", authority="o", place="p", release_per_mille=500, release_at_least=0)]
    rows = rows_of(built(scenario(UnitRelease(per_mille=0, at_least=0), n=4, units=units)), "unit_release")
    assert {r[2] for r in rows.values()} == {2000}


@pytest.mark.parametrize("busy", [
    [(day(3, 6), day(3, 6), 0)], [(day(3, 1), day(3, 5), 0)], [(day(3, 2), day(3, 11), 0)],
    [(day(3, 6), day(3, 9), 2), (day(3, 9), day(3, 20), 0)], [(day(3, 7), day(3, 8), 0)], [(day(2, 2), day(3, 4), 2)],
    [(day(3, 4), day(3, 20), 3)],
])
def test_busy_periods(busy: list[tuple[dt.date, dt.date, int]]) -> None:
    periods = [Busy(unit="u", start=a, end=b, release=n) for a, b, n in busy]

    def release(d: dt.date) -> int:
        return min([n for a, b, n in busy if a <= d <= b], default=1)

    limit_holds_where(
        scenario(ONE, n=3, busy=periods, sessions=SESSIONS[:2]),
        lambda v: all(load(v, d) <= 1000 * release(d) for d in WORKING),
    )


def test_the_unit_is_that_of_the_post_on_the_first_day() -> None:
    s = scenario(
        ONE, n=3, units=[Unit(id="u", authority="o"), Unit(id="v", authority="o")],
        posts=[Post(id="d", unit="u", level="l"), Post(id="e", unit="v", level="l")],
        events=[Event(cadre="a", kind="transfer", date=day(3, 3), post="e")], sessions=SESSIONS[:2],
    )
    rows = rows_of(built(s), "unit_release")
    assert ("attend", "a", "s") in rows["u", "2026-03-05"][0]
    assert ("attend", "a", "t") not in rows["u", "2026-03-05"][0]


def test_one_person_alone_needs_no_row_where_places_exclude_one_another() -> None:
    assert rows_of(built(scenario(ONE, n=1)), "unit_release") != {}
    assert rows_of(built(scenario(ONE, OnePlace(), n=1)), "unit_release") == {}


def test_selected_people_only() -> None:
    cadres = [Cadre(id="a", post="d"), Cadre(id="b", post="key"), Cadre(id="c", post="key")]
    rule = UnitRelease(per_mille=500, at_least=0, who=Selector(key_posts=True))
    rows = rows_of(built(scenario(rule, cadres=cadres)), "unit_release")
    assert {k[1] for r in rows.values() for k in r[0]} == {"b", "c"}
    assert {r[2] for r in rows.values()} == {1000}


def test_settled_absences_beyond_the_limit_move_the_side() -> None:
    s = scenario(ONE, Commitments(), n=3, commitments=[must("s", "a"), must("s", "b"), must("t", "c")])
    assert rows_of(built(s), "unit_release")["u", "2026-03-05"][2] == 2500


