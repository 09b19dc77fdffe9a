"""Unit release and team cover."""

from __future__ import annotations

import pytest

from rotation_planner.domain.organisation import Busy, Place, Team, Travel, Unit
from rotation_planner.domain.people import Event, Post
from rotation_planner.domain.planning import CalendarDay
from rotation_planner.domain.policy import Selector, TeamCover, UnitRelease
from rotation_planner.domain.teaching import Institution
from rotation_planner.verify import verify
from tests.verify.small import brief, course, day, found, must, people, plan_of, session, small

ALL_WEEK = ("u", "2026-03-02", "2026-03-06")


@pytest.mark.parametrize(
    ("strength", "per_mille", "at_least", "away", "over"),
    [(10, 200, 1, 2, 0), (10, 200, 1, 3, 1), (9, 200, 1, 1, 0), (9, 200, 1, 2, 1), (9, 0, 1, 1, 0), (9, 0, 0, 1, 1),
     (9, 200, 4, 4, 0)],
)
def test_release_by_share_and_number(strength, per_mille, at_least, away, over):
    scenario = small(UnitRelease(per_mille=per_mille, at_least=at_least), people=strength)
    expected = [("unit_release", ALL_WEEK, 1000 * over)] if over else []
    assert found(scenario, plan_of({"s": people(away)})) == expected


def test_the_unit_has_figures_of_its_own():
    units = [Unit(id="u", authority="a", release_per_mille=500, release_at_least=0)]
    scenario = small(UnitRelease(per_mille=0, at_least=4), units=units)
    assert found(scenario, plan_of({"s": people(2)})) == []
    assert found(scenario, plan_of({"s": people(3)})) == [("unit_release", ALL_WEEK, 1000)]


def test_busy_periods_and_working_days():
    busy = [
        Busy(unit="u", start=day("2026-03-05"), end=day("2026-03-10"), release=1),
        Busy(unit="u", start=day("2026-03-06"), end=day("2026-03-06"), release=0),
    ]
    scenario = small(UnitRelease(at_least=2), busy=busy, sessions=[session("s", "2026-03-02", "2026-03-08")])
    assert found(scenario, plan_of({"s": people(2)})) == [
        ("unit_release", ("u", "2026-03-05", "2026-03-05"), 1000),
        ("unit_release", ("u", "2026-03-06", "2026-03-06"), 2000),
    ]
    moved = [CalendarDay(date=day("2026-03-07"), working=True), CalendarDay(date=day("2026-03-05"))]
    works_on_saturday = scenario.with_tables(calendar=small(calendar=moved)["calendar"])
    assert found(works_on_saturday, plan_of({"s": people(2)})) == [
        ("unit_release", ("u", "2026-03-06", "2026-03-06"), 2000),
        ("unit_release", ("u", "2026-03-07", "2026-03-07"), 1000),
    ]


def test_an_excess_over_a_weekend_is_one_violation():
    scenario = small(UnitRelease(per_mille=0), sessions=[session("s", "2026-03-05", "2026-03-10")])
    assert found(scenario, plan_of({"s": people(2)})) == [("unit_release", ("u", "2026-03-05", "2026-03-10"), 1000)]


def test_parts_of_days_add_up():
    sessions = [session("s", "2026-03-02", "2026-03-06", course="half")]
    scenario = small(
        UnitRelease(at_least=1), courses=[course("half", day_fraction_per_mille=400)], sessions=sessions
    )
    assert found(scenario, plan_of({"s": people(2)})) == []
    assert found(scenario, plan_of({"s": people(3)})) == [("unit_release", ALL_WEEK, 200)]


def test_the_way_is_time_away():
    scenario = small(
        UnitRelease(at_least=0, per_mille=0), places=[Place(id="x"), Place(id="y")],
        units=[Unit(id="u", authority="a", place="x")], institutions=[Institution(id="i", authority="a", place="y")],
        travel=[Travel(origin="x", destination="y", days=3)],
    )
    assert found(scenario, plan_of({"s": ["c0"]})) == [("unit_release", ("u", "2026-02-27", "2026-03-09"), 1000)]


def test_the_unit_left_is_that_of_the_first_day_and_strength_that_of_the_start():
    scenario = small(
        UnitRelease(at_least=0, per_mille=250),
        units=[Unit(id="u", authority="a"), Unit(id="v", authority="a")],
        posts=[Post(id="p", unit="u", level="mid"), Post(id="q", unit="v", level="mid")],
        events=[Event(cadre="c0", kind="transfer", date=day("2026-03-02"), post="q")],
    )
    assert found(scenario, plan_of({"s": ["c0"]})) == [("unit_release", ("v", "2026-03-02", "2026-03-06"), 1000)]
    assert found(scenario, plan_of({"s": ["c1"]})) == []


def test_only_selected_people_count():
    scenario = small(
        UnitRelease(at_least=0, per_mille=1000, who=Selector(key_posts=True)), people=3,
        cadres=[c.model_copy(update={"post": "key"}) if c.id == "c0" else c for c in small(people=3)["cadres"]],
    )
    assert found(scenario, plan_of({"s": people(3)})) == []
    none = scenario.with_policy(small(UnitRelease(at_least=0, per_mille=0, who=Selector(key_posts=True))).policy)
    assert found(none, plan_of({"s": people(3)})) == [("unit_release", ALL_WEEK, 1000)]


def test_settled_absences_are_inherited():
    scenario = small(UnitRelease(per_mille=0), commitments=[must("s", c) for c in people(3)])
    result = verify(scenario, plan_of({"s": people(3)}))
    assert result.ok
    assert brief(result.inherited) == [("unit_release", ALL_WEEK, 2000)]
    assert found(scenario, plan_of({"s": people(4)})) == [("unit_release", ALL_WEEK, 1000)]


def team(**changes):
    return Team(**({"id": "t", "members": tuple(people(4))} | changes))


@pytest.mark.parametrize(
    ("changes", "away", "expected"),
    [
        ({"never_together": ("c0", "c1", "c2")}, ["c0", "c3"], []),
        ({"never_together": ("c0", "c1", "c2")}, ["c0", "c1"], [("never_together", 1)]),
        ({"never_together": ("c0", "c1", "c2")}, ["c0", "c1", "c2"], [("never_together", 2)]),
        ({"chief": "c0", "deputies": ("c1", "c2")}, ["c0", "c1", "c3"], []),
        ({"chief": "c0", "deputies": ("c1", "c2")}, ["c1", "c2", "c3"], []),
        ({"chief": "c0", "deputies": ("c1", "c2")}, ["c0", "c1", "c2"], [("chief", 1)]),
        ({"chief": "c0", "deputies": ("c1", "c2"), "stand_ins": ("c3",)}, ["c0", "c1", "c2"], []),
        ({"chief": "c0", "deputies": ("c1", "c2"), "stand_ins": ("c3",)}, ["c0", "c3"], [("chief", 1)]),
        ({"chief": "c0"}, ["c0", "c1", "c2", "c3"], []),
        ({"min_present": 2}, ["c0", "c1"], []),
        ({"min_present": 2}, ["c0", "c1", "c2"], [("min_present", 1)]),
        ({"min_present": 4}, ["c0", "c1", "c2"], [("min_present", 3)]),
    ],
)
def test_team_cover(changes, away, expected):
    scenario = small(TeamCover(), teams=[team(**changes)])
    assert found(scenario, plan_of({"s": away})) == [
        ("team_cover", ("t", what, "2026-03-02", "2026-03-06"), amount) for what, amount in expected
    ]


@pytest.mark.parametrize(("fraction", "broken"), [(499, False), (500, True)])
def test_team_cover_from_half_a_day_on(fraction, broken):
    scenario = small(TeamCover(), teams=[team(min_present=4)], courses=[course(day_fraction_per_mille=fraction)])
    assert bool(found(scenario, plan_of({"s": ["c0"]}))) is broken


def test_team_cover_on_working_days_only():
    weekend = [course(pattern="weekends", days=2)]
    scenario = small(TeamCover(), teams=[team(min_present=4)], courses=weekend, sessions=[session("s", "2026-03-07")])
    assert found(scenario, plan_of({"s": ["c0"]})) == []


def test_team_cover_counts_a_person_once():
    scenario = small(
        TeamCover(), teams=[team(min_present=3)],
        sessions=[session("s", "2026-03-02", "2026-03-06"), session("t", "2026-03-02", "2026-03-06")],
    )
    assert found(scenario, plan_of({"s": ["c0"], "t": ["c0"]})) == []


def test_team_cover_inherited():
    scenario = small(TeamCover(), teams=[team(min_present=3)], commitments=[must("s", "c0"), must("s", "c1")])
    result = verify(scenario, plan_of({"s": ["c0", "c1"]}))
    assert result.ok
    assert brief(result.inherited) == [("team_cover", ("t", "min_present", "2026-03-02", "2026-03-06"), 1)]
    assert found(scenario, plan_of({"s": people(3)})) == [
        ("team_cover", ("t", "min_present", "2026-03-02", "2026-03-06"), 1)
    ]


def test_more_present_than_there_are_means_that_nobody_goes():
    scenario = small(TeamCover(), teams=[team(min_present=9)])
    assert found(scenario, plan_of({})) == []
    assert found(scenario, plan_of({"s": ["c0"]})) == [
        ("team_cover", ("t", "min_present", "2026-03-02", "2026-03-06"), 1)
    ]
