"""Unit release per week and per month: different people, and days away together."""

from __future__ import annotations

import datetime as dt

import pytest

from rotation_planner.check import check
from rotation_planner.domain.organisation import Busy
from rotation_planner.domain.planning import CalendarDay
from rotation_planner.domain.policy import Commitments, OnePlace, Selector, UnitRelease
from rotation_planner.verify import verify
from tests.rules.tiny import (
    Cadre,
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
    views,
)

COURSES = [
    course("k"), course("half", day_fraction_per_mille=500), course("less", day_fraction_per_mille=499),
    course("eve", day_fraction_per_mille=250, pattern="evenings", days=4),
]
# 2 March 2026 is a Monday.
SESSIONS = [
    session("mon", day(3, 2)), session("fri", day(3, 6), None, "half"), session("next", day(3, 6), day(3, 10)),
]
SPANS = {s.id: (s.start, s.end) for s in SESSIONS}
PARTS = {"mon": 1000, "fri": 500, "next": 1000}
WEEKS = {"2026-W10": range(2, 9), "2026-W11": range(9, 16)}


def rule(measure: str = "people", release: int = 1, per: str = "week", **fields) -> UnitRelease:
    return UnitRelease(per=per, measure=measure, per_mille=0, at_least=release, **fields)


def scenario(r: UnitRelease, *more, n: int = 2, **tables):
    return tiny(r, *more, n=n, **{"courses": COURSES, "sessions": SESSIONS, **tables})


def away(v: View, days) -> set[tuple[str, str, dt.date]]:
    """Cadre, session and working day of every absence in some days of March."""
    dates = [d for d in (day(3, n) for n in days) if d.weekday() < 5]
    return {(c, s, d) for c, s in v.attends for d in dates if SPANS[s][0] <= d <= SPANS[s][1]}


@pytest.mark.parametrize("more", [(), (OnePlace(),)])
def test_different_people_in_a_week(more) -> None:
    # Whoever goes on Monday and again on Friday counts once.
    s = scenario(rule(), *more)
    b = built(s)
    outcomes = set()
    for v in views(b):
        said = all(len({c for c, _, _ in away(v, w)}) <= 1 for w in WEEKS.values())
        alone = all(not {"fri", "next"} <= set(v.sessions_of(c)) for c in "ab") or not more
        assert b.program.feasible(v.x) == (said and alone), v.attends
        assert (not [f for f in verify(s, v.plan).violations if f.rule == "unit_release"]) == said
        outcomes.add(said)
    assert outcomes == {True, False}


def test_days_away_together_in_a_week() -> None:
    # Five working days at one person each: 5,000 thousandths.
    s = scenario(rule("person_days"), n=3, sessions=[session("long", day(3, 2), day(3, 4)), SESSIONS[1]])
    limit_holds_where(
        s, lambda v: sum({"long": 3000, "fri": 500}[x] for _, x in v.attends) <= 5000,
    )


def test_rows_of_people_in_numbers() -> None:
    rows = rows_of(built(scenario(rule(), OnePlace())), "unit_release")
    both = {("attend", c, s): 1 for c in "ab" for s in SPANS}
    back = {("unit_release.repeats", "u", "2026-W10", "1", c): -1 for c in "ab"}
    # In the second week each can attend one session only: nothing is to be taken back.
    assert rows == {
        ("u", "2026-W10", "1"): ({**both, **back}, None, 1),
        ("u", "2026-W11", "1"): ({("attend", c, "next"): 1 for c in "ab"}, None, 1),
    }
    links = rows_of(built(scenario(rule(), OnePlace())), "unit_release.repeats")
    place = ("u", "2026-W10", "1", "a")
    helper = {("unit_release.repeats", *place): 1}
    assert links[(*place, "mon")] == ({**helper, ("attend", "a", "fri"): -1, ("attend", "a", "next"): -1}, None, 0)
    assert len(links) == 6


def test_rows_of_days_in_numbers() -> None:
    rows = rows_of(built(scenario(rule("person_days"), n=3)), "unit_release")
    # Friday, then Monday and Tuesday.
    assert rows["u", "2026-W11"] == ({("attend", c, "next"): 2000 for c in "abc"}, None, 5000)
    assert set(rows_of(built(scenario(rule("person_days"))), "unit_release")) == set()  # 2 x 2,500 are not too many
    less = rows_of(built(scenario(rule("person_days", 0))), "unit_release")["u", "2026-W10"]
    parts = {"mon": 1000, "fri": 500, "next": 1000}
    assert less == ({("attend", c, s): w for c in "ab" for s, w in parts.items()}, None, 0)


def test_no_row_where_all_may_be_away() -> None:
    assert rows_of(built(scenario(rule(), n=1)), "unit_release") == {}
    assert rows_of(built(scenario(rule("person_days"), n=1)), "unit_release") == {}


def test_who_can_attend_only_one_of_them_needs_no_helper() -> None:
    # They share the Friday and no other day.
    b = built(scenario(rule(), OnePlace(), sessions=SESSIONS[1:]))
    assert rows_of(b, "unit_release.repeats") == {}
    assert len(rows_of(built(scenario(rule(), sessions=SESSIONS[1:])), "unit_release.repeats")) == 4


def test_who_must_be_in_two_places_counts_once() -> None:
    s = scenario(
        rule(release=2), OnePlace(), Commitments(), n=3, sessions=SESSIONS[1:],
        commitments=[must("fri", "a"), must("next", "a")],
    )
    b = built(s)
    for v in views(b):
        assert b.program.feasible(v.x) == verify(s, v.plan).ok, v.attends


def test_sunday_is_the_last_day_of_a_week() -> None:
    works = [CalendarDay(date=day(3, 8), working=True)]
    sessions = [session("sun", day(3, 8)), session("mon", day(3, 9))]
    s = scenario(rule(), sessions=sessions, calendar=works)
    limit_holds_where(s, lambda v: all(len({c for c, x in v.attends if x == y}) <= 1 for y in ("sun", "mon")))
    many = scenario(rule("person_days"), n=7, sessions=sessions, calendar=works)
    assert {k: r[2] for k, r in rows_of(built(many), "unit_release").items()} == {
        ("u", "2026-W10"): 6000, ("u", "2026-W11"): 5000,
    }


def test_parts_of_a_day_count_in_part_on_a_day() -> None:
    s = scenario(UnitRelease(per_mille=0, at_least=0), n=1, sessions=[session("s", day(3, 2), None, "eve")])
    assert [r[0] for r in rows_of(built(s), "unit_release").values()] == [{("attend", "a", "s"): 250}]


def test_more_than_two_sessions_of_one_person() -> None:
    four = [session(f"d{n}", day(3, n)) for n in (2, 3, 4, 5)]
    courses = [course("k", validity_months=1)]
    s = tiny(rule(), n=2, courses=courses, sessions=four)
    limit_holds_where(s, lambda v: not (v.sessions_of("a") and v.sessions_of("b")))


@pytest.mark.parametrize(("part", "counts"), [("half", True), ("less", False)])
def test_people_are_away_for_half_a_day_or_more(part: str, counts: bool) -> None:
    s = scenario(rule(release=0), sessions=[session("s", day(3, 2), None, part)])
    assert bool(rows_of(built(s), "unit_release")) == counts


def test_parts_of_days_count_in_part_where_days_do() -> None:
    s = scenario(rule("person_days", 0), n=1, sessions=[session("s", day(3, 2), day(3, 5), "eve")])
    assert rows_of(built(s), "unit_release") == {("u", "2026-W10"): ({("attend", "a", "s"): 1000}, None, 0)}


@pytest.mark.parametrize("busy", [
    [(5, 6, 0)], [(2, 6, 0)], [(7, 8, 0)], [(5, 10, 2)], [(2, 2, 0), (2, 4, 2)], [(6, 6, 1)],
])
def test_busy_days_of_a_week_count_apart(busy) -> None:
    periods = [Busy(unit="u", start=day(3, a), end=day(3, b), release=n) for a, b, n in busy]

    def release(n: int) -> int:
        return min([r for a, b, r in busy if a <= n <= b], default=1)

    def fits(v: View) -> bool:
        for week in WEEKS.values():
            for number in {release(n) for n in week}:
                if len({c for c, _, _ in away(v, [n for n in week if release(n) == number])}) > number:
                    return False
        return True

    # Two rows of one unit start on one day here: the key is unit and start.
    rows = {(p.unit, p.start): p for p in periods}
    if len(rows) < len(periods):
        periods[0] = Busy(unit="u", start=day(3, 1), end=periods[0].end, release=periods[0].release)
        busy = [(1, *busy[0][1:]), *busy[1:]]
    limit_holds_where(scenario(rule(), busy=periods), fits)


def test_busy_days_of_a_week_give_fewer_days_together() -> None:
    busy = [Busy(unit="u", start=day(3, 4), end=day(3, 9), release=0)]
    rows = rows_of(built(scenario(rule("person_days"), n=4, busy=busy)), "unit_release")
    # Monday and Tuesday before, Tuesday to Friday after.
    assert {where: r[2] for where, r in rows.items()} == {("u", "2026-W10"): 2000, ("u", "2026-W11"): 4000}


def test_holidays_are_no_days_of_work() -> None:
    off = [CalendarDay(date=day(3, 2)), CalendarDay(date=day(3, 7), working=True), CalendarDay(date=day(3, 10))]
    rows = rows_of(built(scenario(rule("person_days"), n=8, calendar=off)), "unit_release")
    first, second = rows["u", "2026-W10"], rows["u", "2026-W11"]
    # Friday and the Saturday that is worked; Monday is free, so `mon` takes nobody away.
    assert {s: w for (_, c, s), w in first[0].items() if c == "a"} == {"fri": 500, "next": 2000}
    assert (first[2], second[2]) == (5000, 4000)
    assert {s: w for (_, c, s), w in second[0].items() if c == "a"} == {"next": 1000}


def test_months() -> None:
    sessions = [session("s", day(3, 30), day(4, 2)), session("t", day(4, 30)), session("r", day(5, 1))]
    names = {"2026-03": {"s"}, "2026-04": {"s", "t"}, "2026-05": {"r"}}
    s = scenario(rule(per="month"), sessions=sessions)
    limit_holds_where(
        s, lambda v: all(len({c for c, x in v.attends if x in names[m]}) <= 1 for m in names),
    )
    days = rows_of(built(scenario(rule("person_days", 0, "month"), n=1, sessions=sessions)), "unit_release")
    assert {k[1]: {x[2]: w for x, w in row[0].items()} for k, row in days.items()} == {
        "2026-03": {"s": 2000}, "2026-04": {"s": 2000, "t": 1000}, "2026-05": {"r": 1000},
    }
    # April 2026 has 22 working days.
    many = rows_of(built(scenario(rule("person_days", 1, "month"), n=8, sessions=sessions)), "unit_release")
    assert many["u", "2026-04"][2] == 22_000


def test_the_week_across_new_year_is_one_week() -> None:
    sessions = [session("s", day(12, 31)), session("t", day(1, 1, 2027))]
    s = tiny(rule(), n=2, years=2, courses=[course("k", validity_months=1)], sessions=sessions)
    limit_holds_where(s, lambda v: len({c for c, _ in v.attends}) <= 1)
    assert set(rows_of(built(s), "unit_release")) == {("u", "2026-W53", "1")}


@pytest.mark.parametrize(("own", "high"), [(True, 2), (False, 1)])
def test_the_units_own_figures(own: bool, high: int) -> None:
    units = [Unit(id="u", authority="o", place="p", release_at_least=2)]
    rows = rows_of(built(scenario(rule(own_figures=own), n=3, units=units)), "unit_release")
    assert {r[2] for r in rows.values()} == {high}
    monday = scenario(rule(own_figures=own), n=3, units=units, sessions=SESSIONS[:1])
    limit_holds_where(monday, lambda v: len(v.attends) <= high)
    daily = UnitRelease(per_mille=0, at_least=1, own_figures=own)
    assert {r[2] for r in rows_of(built(scenario(daily, n=3, units=units)), "unit_release").values()} == {1000 * high}


def test_selected_people_only() -> None:
    cadres = [Cadre(id="a", post="d"), Cadre(id="b", post="key"), Cadre(id="c", post="key")]
    s = scenario(rule(who=Selector(key_posts=True)), cadres=cadres, sessions=SESSIONS[:1])
    limit_holds_where(s, lambda v: not {("b", "mon"), ("c", "mon")} <= v.attends)


@pytest.mark.no_cover
@pytest.mark.parametrize("measure", ["people", "person_days"])
def test_what_is_settled_beyond_the_limit_is_inherited(measure: str) -> None:
    settled = [must("mon", "a"), must("mon", "b"), must("next", "a")]
    s = scenario(rule(measure, 0), Commitments(), n=3, commitments=settled)
    b = built(s)
    first = [r for k, r in rows_of(b, "unit_release").items() if k[1] == "2026-W10"]
    assert [r[2] for r in first] == [2 if measure == "people" else 3000]
    for v in views(b):
        result = verify(s, v.plan)
        assert b.program.feasible(v.x) == result.ok, v.attends
        if v.attends == {("a", "mon"), ("b", "mon"), ("a", "next")}:
            found = {f.where[:2]: f.amount for f in result.inherited}
            week = {"people": (2, 1), "person_days": (3000, 2000)}[measure]
            assert found == {("u", "2026-W10"): week[0], ("u", "2026-W11"): week[1]}


@pytest.mark.parametrize(("measure", "amount"), [("people", 1), ("person_days", 1000)])
def test_amounts(measure: str, amount: int) -> None:
    s = scenario(rule(measure, 0, per="week"), n=1)
    for v in views(built(s)):
        if v.attends == {("a", "mon")}:
            (found,) = verify(s, v.plan).violations
            assert (found.where[:2], found.amount) == (("u", "2026-W10"), amount)


@pytest.mark.parametrize("measure", ["people", "person_days"])
@pytest.mark.parametrize("per", ["week", "month"])
def test_nobody_and_nothing(per: str, measure: str) -> None:
    assert rows_of(built(scenario(rule(measure, 0, per), sessions=[])), "unit_release") == {}
    # A weekend takes nobody from work.
    weekend = [session("s", day(3, 7), day(3, 8))]
    assert rows_of(built(scenario(rule(measure, 0, per), sessions=weekend)), "unit_release") == {}


def test_a_measure_that_does_not_apply_is_refused() -> None:
    s = scenario(UnitRelease(measure="person_days"))
    assert [d.code for d in check(s) if d.severity == "error"] == ["measure_not_applicable"]
    assert not [d for d in check(scenario(rule("person_days"))) if d.severity == "error"]
