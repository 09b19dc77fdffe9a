"""Class sizes, beds, rooms: on the limit and one over."""

from __future__ import annotations

import pytest

from rotation_planner.domain.policy import Beds, ClassSize, Rooms
from rotation_planner.domain.teaching import Institution
from rotation_planner.verify import verify
from tests.verify.small import brief, course, found, must, people, plan_of, session, small

SIZES = small(ClassSize(), people=9, courses=[course(min_size=2, max_size=3, max_classes=2)])


@pytest.mark.parametrize(
    ("heads", "classes", "expected"),
    [
        (2, 1, []),
        (3, 1, []),
        (4, 2, []),
        (6, 2, []),
        (1, 1, [("class_size", ("s", "smallest"), 1)]),
        (0, 1, [("class_size", ("s", "smallest"), 2)]),
        (4, 1, [("class_size", ("s", "largest"), 1)]),
        (3, 2, [("class_size", ("s", "smallest"), 1)]),
        (8, 2, [("class_size", ("s", "largest"), 2)]),
        (6, 3, [("class_size", ("s", "classes"), 1)]),
    ],
)
def test_class_size_counts_heads_against_classes(heads, classes, expected):
    assert found(SIZES, plan_of({"s": people(heads)}, {"s": classes})) == expected


def test_class_size_of_the_session_overrides_the_course():
    scenario = small(ClassSize(), sessions=[session("s", "2026-03-02", max_classes=1)])
    assert found(scenario, plan_of({"s": people(2)}, {"s": 2})) == [("class_size", ("s", "classes"), 1)]


def test_a_lopsided_roster_is_found_though_the_session_fits():
    plan = plan_of({"s": people(5)}, {"s": 2})
    rows = [row.model_copy(update={"class_no": 1 if n < 4 else 2}) for n, row in enumerate(plan.attendances)]
    lopsided = type(plan)(type(plan.attendances).of(plan.attendances.model, rows), plan.opened, plan.study)
    assert found(SIZES, plan) == []
    assert found(SIZES, lopsided) == [
        ("class_size", ("s", "class 1"), 1),
        ("class_size", ("s", "class 2"), 1),
    ]


def test_a_committed_session_runs_below_the_minimum_of_its_first_class_only():
    courses = [course(min_size=2, max_size=3, max_classes=2)]
    scenario = small(ClassSize(), courses=courses, commitments=[must("s")])
    alone = verify(scenario, plan_of({"s": []}, {"s": 1}))
    assert alone.ok
    assert brief(alone.inherited) == [("class_size", ("s", "smallest"), 2)]
    assert verify(scenario, plan_of({"s": people(2)}, {"s": 2})).ok
    assert found(scenario, plan_of({"s": people(1)}, {"s": 2})) == [("class_size", ("s", "smallest"), 1)]


def test_settled_seats_beyond_the_largest_class_are_inherited():
    courses = [course(max_size=2, max_classes=1)]
    settled = [must("s", cadre) for cadre in people(3)]
    scenario = small(ClassSize(), courses=courses, commitments=settled)
    three = verify(scenario, plan_of({"s": people(3)}))
    assert three.ok
    assert brief(three.inherited) == [("class_size", ("s", "largest"), 1)]
    four = verify(scenario, plan_of({"s": people(4)}))
    assert brief(four.violations) == [("class_size", ("s", "largest"), 1)]
    assert brief(four.inherited) == [("class_size", ("s", "largest"), 1)]


def test_settled_seats_below_the_smallest_class_are_inherited():
    scenario = small(ClassSize(), courses=[course(min_size=3)], commitments=[must("s", "c0")])
    result = verify(scenario, plan_of({"s": ["c0"]}))
    assert result.ok
    assert brief(result.inherited) == [("class_size", ("s", "smallest"), 2)]


def with_beds(beds, **course_changes):
    return small(
        Beds(), courses=[course(**course_changes)], institutions=[Institution(id="i", authority="a", beds=beds)],
        sessions=[session("s", "2026-03-02", "2026-03-06"), session("t", "2026-03-06", "2026-03-09")],
    )


def test_beds_on_the_limit_and_one_over():
    assert found(with_beds(2), plan_of({"s": people(2)})) == []
    assert found(with_beds(2), plan_of({"s": people(3)})) == [("beds", ("i", "2026-03-02", "2026-03-05"), 1)]


def test_the_last_day_takes_no_bed():
    assert found(with_beds(2), plan_of({"s": people(2), "t": people(2, 2)})) == []


def test_overlapping_sessions_share_the_beds_night_by_night():
    scenario = small(
        Beds(), institutions=[Institution(id="i", authority="a", beds=1)],
        sessions=[session("s", "2026-03-02", "2026-03-06"), session("t", "2026-03-04", "2026-03-10")],
    )
    assert found(scenario, plan_of({"s": ["c0"], "t": ["c1"]})) == [("beds", ("i", "2026-03-04", "2026-03-05"), 1)]


@pytest.mark.parametrize("changes", [{"residential": False}, {"pattern": "weekends"}])
def test_only_residential_full_time_sessions_take_beds(changes):
    assert found(with_beds(0, **changes), plan_of({"s": people(4)})) == []


def test_a_session_whose_dates_hold_no_day_of_its_pattern_takes_none():
    scenario = small(
        Beds(), Rooms(), courses=[course(pattern="weekends")],
        institutions=[Institution(id="i", authority="a", rooms=0, beds=0)],
    )
    assert found(scenario, plan_of({"s": ["c0"]})) == []


def test_no_number_of_beds_is_no_limit_and_zero_is_one():
    assert found(with_beds(None), plan_of({"s": people(4)})) == []
    assert found(with_beds(0), plan_of({"s": ["c0"]})) == [("beds", ("i", "2026-03-02", "2026-03-05"), 1)]


def test_beds_taken_by_settled_seats_are_inherited_and_never_increased():
    scenario = small(
        Beds(), institutions=[Institution(id="i", authority="a", beds=1)],
        commitments=[must("s", "c0"), must("s", "c1"), must("s", "c2")],
    )
    three = verify(scenario, plan_of({"s": people(3)}))
    assert three.ok
    assert brief(three.inherited) == [("beds", ("i", "2026-03-02", "2026-03-05"), 2)]
    assert found(scenario, plan_of({"s": people(4)})) == [("beds", ("i", "2026-03-02", "2026-03-05"), 1)]


@pytest.mark.parametrize(
    ("resource", "limit", "classes", "amount"),
    [("rooms", 2, 2, 0), ("rooms", 2, 3, 1), ("teachers", 4, 2, 0), ("teachers", 4, 3, 2), ("staff", 3, 1, 0),
     ("staff", 3, 2, 3), ("rooms", 0, 1, 1)],
)
def test_rooms_teachers_and_staff(resource, limit, classes, amount):
    scenario = small(
        Rooms(), courses=[course(teachers_per_class=2, staff_per_class=3)],
        institutions=[Institution(id="i", authority="a", **{resource: limit})],
    )
    expected = [("rooms", ("i", resource, "2026-03-02", "2026-03-06"), amount)] if amount else []
    assert found(scenario, plan_of({"s": ["c0"]}, {"s": classes})) == expected


def test_rooms_count_only_the_days_a_pattern_takes():
    weekly = course("w", pattern="weekly", days=2)
    scenario = small(
        Rooms(), courses=[course(), weekly], institutions=[Institution(id="i", authority="a", rooms=1)],
        sessions=[session("s", "2026-03-03", "2026-03-06"), session("t", "2026-03-02", course="w")],
    )
    assert found(scenario, plan_of({"s": ["c0"], "t": ["c1"]})) == []
    clash = scenario.with_tables(sessions=small(sessions=[
        session("s", "2026-03-09", "2026-03-13"), session("t", "2026-03-02", course="w"),
    ])["sessions"])
    assert found(clash, plan_of({"s": ["c0"], "t": ["c1"]})) == [
        ("rooms", ("i", "rooms", "2026-03-09", "2026-03-09"), 1)
    ]


def test_rooms_of_committed_sessions_are_inherited():
    scenario = small(
        Rooms(), institutions=[Institution(id="i", authority="a", rooms=0)], commitments=[must("s")]
    )
    one = verify(scenario, plan_of({"s": []}, {"s": 1}))
    assert one.ok
    assert brief(one.inherited) == [("rooms", ("i", "rooms", "2026-03-02", "2026-03-06"), 1)]
    assert found(scenario, plan_of({"s": []}, {"s": 2})) == [("rooms", ("i", "rooms", "2026-03-02", "2026-03-06"), 1)]
