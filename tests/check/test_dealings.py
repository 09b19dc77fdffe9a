"""What check says of approvals, seat quotas, and the rules that read them."""

from __future__ import annotations

from typing import Any

import pytest

from rotation_planner.check import check
from rotation_planner.domain.dealings import Decision, Quota
from rotation_planner.domain.organisation import Authority, Unit
from rotation_planner.domain.people import Cadre, Post
from rotation_planner.domain.planning import Horizon
from rotation_planner.domain.policy import Approval, Commitments, CourseSelector, Precedence, SeatQuota, Selector
from rotation_planner.domain.scenario import Scenario
from rotation_planner.domain.teaching import Institution, Offer
from tests.rules.tiny import course, day, session, tiny

EVERY = (Approval(), SeatQuota(), Precedence())


def office(*rules: Any, **tables: Any) -> Scenario:
    """top > mid > low, and side beside mid; courses of top and of mid."""
    rows: dict[str, Any] = {
        "authorities": [Authority(id="top"), Authority(id="mid", parent="top"), Authority(id="side", parent="top"),
                        Authority(id="low", parent="mid")],
        "units": [Unit(id="u", authority="low")], "posts": [Post(id="key", unit="u", level="l", key=True)],
        "cadres": [Cadre(id="a", post="key")], "institutions": [Institution(id="i", authority="side")],
        "courses": [course("T", owner="top"), course("M", owner="mid"), course("free")],
        "sessions": [session("t", day(3, 2), course="T"), session("m", day(4, 1), course="M")],
    }
    return tiny(*(rules or EVERY), Commitments(), **{**rows, **tables})


def decision(by: str = "top", **about: Any) -> Decision:
    given: dict[str, Any] = {"date": day(1, 5), **about}
    if not {"target", "cadre"} & set(given):
        given["target"] = "low"
    return Decision(authority=by, **given)


def quota(authority: str = "low", **changes: Any) -> Quota:
    return Quota(**{"course": "T", "year": 2026, "authority": authority, "asked": 5, "granted": 5, **changes})


def found(scenario: Scenario) -> list[tuple[str, str, str, str]]:
    return sorted((d.code, d.table, d.column, d.severity) for d in check(scenario))


SOUND = (
    decision(course="T"), decision(session="t", target="top"), decision(course="M", cadre="a"),
    decision("top", session="m"),
)


def test_nothing_is_wrong() -> None:
    offers = [Offer(course="T", institution="i", every_weeks=40)]
    derived = decision(session="T@i@2026-10-05", date=day(12, 1, 2025))
    quotas = [quota(), quota("mid", returned=5, granted=10, asked=10)]
    assert found(office(approvals=[*SOUND, derived], seat_quotas=quotas, offers=offers)) == []


@pytest.mark.parametrize(("row", "defect"), [
    (decision(), ("one_of_two", "approvals", "course", "error")),
    (decision(course="T", session="t"), ("one_of_two", "approvals", "course", "error")),
    (decision(course="T", cadre="a", target="low"), ("one_of_two", "approvals", "target", "error")),
    (decision(course="T", target=None), ("one_of_two", "approvals", "target", "error")),
    (decision("mid", course="T"), ("wrong_authority", "approvals", "authority", "error")),
    (decision("low", session="m"), ("wrong_authority", "approvals", "authority", "error")),
    (decision(course="M", target="side"), ("not_below", "approvals", "target", "warning")),
    (decision(course="T", date=day(3, 3)), ("too_late", "approvals", "date", "warning")),
    (decision("nobody", course="T"), ("unknown_reference", "approvals", "authority", "error")),
    (decision(course="X"), ("unknown_reference", "approvals", "course", "error")),
    (decision(session="X"), ("unknown_reference", "approvals", "session", "error")),
    (decision(course="T", target="X"), ("unknown_reference", "approvals", "target", "error")),
    (decision(course="T", cadre="X"), ("unknown_reference", "approvals", "cadre", "error")),
])
def test_approvals(row: Decision, defect: tuple[str, str, str, str]) -> None:
    assert found(office(approvals=[row])) == [defect]


def test_two_decisions_of_one_day() -> None:
    rows = [decision(course="T"), decision(course="T", granted=False)]
    assert found(office(approvals=rows)) == [("duplicate_key", "approvals", "authority", "error")]
    rows[1] = decision(course="T", granted=False, date=day(1, 6))
    assert found(office(approvals=rows)) == []


def test_departments() -> None:
    assert found(office(Approval(departments=("X",)))) == [("unknown_reference", "policy", "departments", "error")]
    assert found(office(Approval(departments=("top", "top")))) == [("listed_twice", "policy", "departments", "error")]
    # side may decide for mid, beside it; nobody decides for top.
    side = office(Approval(departments=("side",)), approvals=[decision("side", course="M")])
    assert found(side) == [("nobody_decides", "policy", "departments", "warning")]
    top = office(Approval(departments=("top",)), approvals=[decision(course="T")])
    assert found(top) == [("not_needed", "approvals", "authority", "warning")]
    assert found(office(Approval(which=CourseSelector(courses=("X",))))) == [
        ("unknown_reference", "policy", "which.courses", "error")
    ]


def test_either_of_two_rules_may_take_it() -> None:
    rules = (Approval(), Approval(name="by side", departments=("side",), which=CourseSelector(courses=("M",))))
    rows = [decision("side", course="M"), decision("top", course="M")]
    assert [d for d in found(office(*rules, approvals=rows)) if d[3] == "error"] == []


@pytest.mark.parametrize(("table", "row"), [("approvals", SOUND[0]), ("seat_quotas", quota())])
def test_tables_that_no_rule_reads_are_refused(table: str, row: Any) -> None:
    assert found(office(Precedence(), **{table: [row]})) == [("no_rule", table, "", "error")]


@pytest.mark.parametrize(("row", "defects"), [
    (quota(returned=5), []),
    (quota(returned=6), [("returned_above_granted", "seat_quotas", "returned", "error")]),
    (quota(granted=6), [("granted_above_asked", "seat_quotas", "granted", "warning")]),
    (quota(granted=6, asked=0), []),
    (quota(year=2027), [("year_outside", "seat_quotas", "year", "warning")]),
    (quota("X"), [("unknown_reference", "seat_quotas", "authority", "error")]),
    (quota(course="X"), [("unknown_reference", "seat_quotas", "course", "error")]),
])
def test_quotas(row: Quota, defects: list[tuple[str, str, str, str]]) -> None:
    assert found(office(seat_quotas=[row])) == defects


@pytest.mark.parametrize(("below", "told"), [(5, False), (6, True)])
def test_no_more_is_handed_down_than_was_granted(below: int, told: bool) -> None:
    rows = [quota("top", granted=6, asked=6, returned=1), quota("low", granted=below, asked=below),
            quota("low", course="M", asked=99, granted=99)]
    assert found(office(seat_quotas=rows)) == [("more_handed_down", "seat_quotas", "granted", "warning")] * told


def test_what_is_below_something_below_counts_once() -> None:
    rows = [quota("top", granted=5), quota("mid", granted=5), quota("low", granted=5)]
    assert found(office(seat_quotas=rows)) == []


def test_parameters_that_do_not_apply() -> None:
    assert found(office(SeatQuota(who=Selector(key_posts=True)))) == [
        ("selector_not_applicable", "policy", "who", "error")
    ]
    rule = Precedence(authorities=("top", "X", "top"), kinds=("theory", "theory"))
    assert found(office(rule)) == [
        ("listed_twice", "policy", "authorities", "error"), ("listed_twice", "policy", "kinds", "error"),
        ("unknown_reference", "policy", "authorities", "error"),
    ]


def test_without_a_horizon_or_sessions() -> None:
    assert found(office(approvals=SOUND[:1], sessions=[])) == []
    bad = office(approvals=SOUND, horizon=[Horizon(start=day(1, 1)), Horizon(start=day(1, 2))])
    assert [d[0] for d in found(bad)] == ["horizon_rows"]
