"""By how much each limit is broken, in which unit, worked out by hand: one plan per kind of limit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from rotation_planner.domain.dealings import Quota
from rotation_planner.domain.organisation import Authority, Team, Unit
from rotation_planner.domain.people import Cadre
from rotation_planner.domain.planning import Fund
from rotation_planner.domain.policy import (
    Approval,
    Beds,
    CallUps,
    Ceiling,
    ClassSize,
    Commitments,
    CourseContent,
    LongTraining,
    NoRepeat,
    OnePlace,
    Precedence,
    Prerequisites,
    Rooms,
    SeatQuota,
    TeamCover,
    TheoryFirst,
    TotalLimit,
    UnitRelease,
)
from rotation_planner.domain.scenario import Scenario
from rotation_planner.domain.teaching import Institution
from rotation_planner.verify import verify
from rotation_planner.verify.verifier import LIMITS
from tests.verify.small import course, day, must, people, plan_of, session, small

WEEK = ("2026-03-02", "2026-03-06")
THREE = {"s": people(3)}
TWICE = {"s": ["c0"], "t": ["c0"]}
Case = tuple[Callable[[], Scenario], dict[str, list[str]], tuple[tuple[str, ...], int, str]]


def twice(rule: Any, start: str, **tables: Any) -> Scenario:
    """Session s from 2 to 6 March, and t of five days."""
    return small(rule, **({"sessions": [session("s", *WEEK), session("t", start)]} | tables))


def of_two_authorities(*rules: Any, **tables: Any) -> Scenario:
    """Units of an authority below the one that runs the institution."""
    return small(
        *rules, authorities=[Authority(id="top"), Authority(id="a", parent="top")],
        institutions=[Institution(id="i", authority="top"), Institution(id="j", authority="a")],
        units=[Unit(id="u", authority="a")], cadres=[Cadre(id="c0", post="key")], **tables,
    )


CASES: dict[str, Case] = {
    # Three in a class of two.
    "class_size": (lambda: small(ClassSize(), courses=[course(max_size=2)]), THREE, (("s", "largest"), 1, "person")),
    # Three in one bed, from Monday to Thursday night.
    "beds": (
        lambda: small(Beds(), institutions=[Institution(id="i", authority="a", beds=1)]), THREE,
        (("i", "2026-03-02", "2026-03-05"), 2, "bed"),
    ),
    # A class that needs four teachers where there is one.
    "rooms": (
        lambda: small(
            Rooms(), courses=[course(teachers_per_class=4)],
            institutions=[Institution(id="i", authority="a", teachers=1)],
        ), THREE, (("i", "teachers", *WEEK), 3, "person"),
    ),
    # Thursday and Friday are shared.
    "one_place": (lambda: twice(OnePlace(), "2026-03-05"), TWICE, (("c0", "s", "t"), 2, "day")),
    "no_repeat": (lambda: twice(NoRepeat(), "2026-05-04"), TWICE, (("c0", "s", "t"), 1, "attendance")),
    # From 7 to 10 March there are four days, of ten.
    "call_ups": (lambda: twice(CallUps(spacing_days=10), "2026-03-11"), TWICE, (("c0", "s", "t"), 6, "day")),
    # Three away where one may be.
    "unit_release": (
        lambda: small(UnitRelease(per_mille=0, at_least=1)), THREE, (("u", *WEEK), 2000, "person/1000"),
    ),
    # One of four is left where all must stay.
    "team_cover": (
        lambda: small(TeamCover(), teams=[Team(id="t", members=tuple(people(4)), min_present=4)]), THREE,
        (("t", "min_present", *WEEK), 3, "person"),
    ),
    # The session of b on 6 April comes too late for s.
    "prerequisites": (
        lambda: twice(
            Prerequisites(), "2026-04-06", courses=[course(prerequisites=("b",)), course("b")],
            sessions=[
                session("s", *WEEK), session("t", "2026-04-06", course="b"), session("x", "2026-01-05", course="b"),
            ],
        ), TWICE, (("c0", "s", "b"), 1, "course"),
    ),
    # 100 yuan a class and 2 yuan a day for three people and five days, of 90.
    "ceiling": (
        lambda: small(
            Ceiling(), courses=[course(cost_per_class_yuan=100, cost_per_trainee_day_yuan=2)],
            funds=[Fund(id="f", authority="a", year=2026, ceiling_yuan=90)],
        ), THREE, (("f", "2026"), 40, "yuan"),
    ),
    # Two years from 6 March 2026 are over on 6 March 2028, two days after the start.
    "long_training": (
        lambda: twice(LongTraining(min_days=5, years=2), "2028-03-04"), TWICE, (("c0", "s", "t"), 2, "day"),
    ),
    # Theory comes only after s, in the year after.
    "theory_first": (
        lambda: twice(
            TheoryFirst(), "2027-03-01", courses=[course(), course("b", kind="theory")],
            sessions=[session("s", *WEEK), session("t", "2027-03-01", course="b")],
        ), TWICE, (("c0", "s"), 1, "attendance"),
    ),
    # A class that should not run.
    "course_content": (
        lambda: small(CourseContent(part="interactive", per_mille=1)), THREE, (("s",), 1, "class"),
    ),
    "commitments": (
        lambda: small(Commitments(), commitments=[must("s", "c3")]), THREE, (("c3", "s", "must"), 1, "commitment"),
    ),
    # Ten days of seven.
    "total_limit": (
        lambda: twice(TotalLimit(measure="days", amount=7, window="year"), "2026-05-04"), TWICE,
        (("c0", "2026"), 3, "day"),
    ),
    "approval": (lambda: of_two_authorities(Approval()), {"s": ["c0"]}, (("c0", "s"), 1, "attendance")),
    # Three seats of one.
    "seat_quota": (
        lambda: small(SeatQuota(), seat_quotas=[Quota(course="k", year=2026, authority="a", granted=2, returned=1)]),
        THREE, (("k", "2026", "a"), 2, "seat"),
    ),
    # Both are promised for one week; that of the upper authority stands.
    "precedence": (
        lambda: of_two_authorities(
            Precedence(), OnePlace(),
            sessions=[session("s", *WEEK), session("t", *WEEK, institution="j")],
            commitments=[must("s", "c0", "published"), must("t", "c0", "published")],
        ), {"t": ["c0"]}, (("c0", "t"), 1, "attendance"),
    ),
}


def test_every_limit_is_here() -> None:
    assert set(CASES) == set(LIMITS)


@pytest.mark.parametrize("kind", CASES)
def test_exactly_so_much(kind: str) -> None:
    scenario, attend, expected = CASES[kind]
    made = scenario()
    assert made.start == day("2026-01-01")
    violations = verify(made, plan_of(attend)).violations
    assert [(v.where, v.amount, v.unit) for v in violations] == [expected]
    assert {v.rule for v in violations} == {kind}
