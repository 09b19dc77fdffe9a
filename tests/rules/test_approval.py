"""Approval of call-ups of leading members of a lower level."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest

from rotation_planner.domain.dealings import Decision
from rotation_planner.domain.organisation import Authority
from rotation_planner.domain.people import Cadre, Event, Level, Post
from rotation_planner.domain.policy import Approval, Commitments, CourseSelector, Coverage, Selector
from rotation_planner.domain.teaching import Institution
from rotation_planner.explain import explain
from rotation_planner.model import complete, to_plan
from rotation_planner.verify import verify
from tests.rules.tiny import Unit, View, built, course, day, limit_holds_where, must, rows_of, session, tiny, views

# top > mid > low; a heads a unit of low, b works there, c heads a unit of mid.
AUTHORITIES = [
    Authority(id="top"), Authority(id="side", parent="top"), Authority(id="mid", parent="top"),
    Authority(id="low", parent="mid"),
]
COURSES = [
    course("k", owner="top", validity_months=1), course("m", owner="mid"), course("l", owner="low"), course("free"),
]
SESSIONS = [
    session("s", day(3, 2)), session("t", day(6, 1)), session("r", day(4, 1), course="m"),
    session("q", day(5, 1), course="l"), session("f", day(7, 1), course="free"),
]


def scenario(*decisions: Decision, rule: Approval | None = None, extra: tuple[Any, ...] = (), **tables: Any) -> Any:
    rows: dict[str, Any] = {
        "authorities": AUTHORITIES,
        "units": [Unit(id="u", authority="low"), Unit(id="v", authority="mid")],
        "posts": [Post(id="d", unit="u", level="l"), Post(id="key", unit="u", level="l", key=True),
                  Post(id="upper", unit="v", level="l", key=True)],
        "cadres": [Cadre(id="a", post="key"), Cadre(id="b", post="d")],
        "courses": COURSES, "sessions": SESSIONS, "institutions": [Institution(id="i", authority="mid")],
        "approvals": decisions,
    }
    return tiny(rule or Approval(), *extra, **{**rows, **tables})


EARLY = day(1, 5)


def decided(by: str = "top", granted: bool = True, on: dt.date = EARLY, **about: Any) -> Decision:
    target = {} if "cadre" in about else {"target": "low"}
    return Decision(authority=by, date=on, granted=granted, **{**target, **about})


def barred(s: Any) -> set[tuple[str, str]]:
    """Pairs that the rows forbid; the check forbids the same where everybody attends everything."""
    b = built(s)
    rows = rows_of(b, "approval")
    assert all(high == 0 and low is None for _, low, high in rows.values())
    assert all(where == (k[1],) for where, (coefs, _, _) in rows.items() for k in coefs)
    found = {(k[1], k[2]) for coefs, _, _ in rows.values() for k in coefs}
    x = np.ones(b.program.n_columns, np.int64)
    checked = verify(s, to_plan(b, complete(b, x)))
    assert {v.where: v.amount for v in checked.violations if v.rule == "approval"} == dict.fromkeys(found, 1)
    return found


ALL = {("a", "s"), ("a", "t"), ("a", "r"), ("a", "f")}
"""Without any approval: the head of low is called up by top (s, t) and by mid (r, and f at its institution)."""


def test_no_leading_member_of_a_lower_level_without_approval() -> None:
    def allowed(v: View) -> bool:
        return not v.attends & ALL

    limit_holds_where(scenario(sessions=SESSIONS[:3]), allowed)
    assert barred(scenario(sessions=SESSIONS[:4])) == ALL - {("a", "f")}


@pytest.mark.parametrize(("decision", "freed"), [
    (decided(course="k"), {"s", "t"}),
    (decided(session="s"), {"s"}),
    (decided(course="k", cadre="a"), {"s", "t"}),
    (decided(course="k", cadre="b"), set()),
    (decided(course="k", target="mid"), {"s", "t"}),  # low is below mid
    (decided(course="k", target="side"), set()),
    (decided("mid", course="k"), set()),  # top decides about its own call-ups
    (decided(course="m"), {"r"}),  # and, being above mid, about those of mid
    (decided("mid", course="m"), set()),
    (decided(course="free"), {"f"}),
    (decided(course="k", granted=False), set()),
    (decided(course="k", on=day(3, 2)), {"s", "t"}),
    (decided(course="k", on=day(3, 3)), {"t"}),  # too late for s
    (decided(session="s", on=day(3, 3)), set()),
])
def test_a_decision_frees_what_it_is_about(decision: Decision, freed: set[str]) -> None:
    assert barred(scenario(decision)) == {(c, s) for c, s in ALL if s not in freed}


@pytest.mark.parametrize(("decisions", "freed"), [
    ((decided(course="k"), decided(session="s", granted=False, on=day(1, 6))), {"t"}),
    ((decided(session="s", granted=False), decided(course="k", on=day(1, 6))), {"s", "t"}),
    ((decided(course="k"), decided(course="k", cadre="a", granted=False)), set()),  # of the same day a refusal
    ((decided(course="k", granted=False), decided(course="k", cadre="a")), set()),
    ((decided(course="k"), decided(course="k", granted=False, on=day(4, 1))), {"s"}),  # withdrawn in between
])
def test_the_latest_decision_counts(decisions: tuple[Decision, ...], freed: set[str]) -> None:
    for order in (decisions, decisions[::-1]):
        assert barred(scenario(*order)) == {(c, s) for c, s in ALL if s not in freed}


@pytest.mark.parametrize(("departments", "by", "freed"), [
    (("top",), "top", {"s", "t", "r", "f"}),  # its own call-ups need none; it is the nearest above mid
    (("side",), "side", {"r", "f"}),  # beside mid; nobody decides for top
    (("side", "top"), "top", {"s", "t"}),  # beside comes before above
    (("side", "top"), "side", {"s", "t", "r", "f"}),
    (("mid",), "mid", {"r", "f"}),
    (("low",), "low", set()),
])
def test_departments_in_charge(departments: tuple[str, ...], by: str, freed: set[str]) -> None:
    rule = Approval(departments=departments)
    decisions = [decided(by, course=c) for c in ("m", "free")]
    assert barred(scenario(*decisions, rule=rule)) == {(c, s) for c, s in ALL if s not in freed}


def test_who_leads_and_which_courses() -> None:
    everyone = Approval(who=Selector())
    assert barred(scenario(rule=everyone)) == ALL | {("b", s) for _, s in ALL}
    only = Approval(which=CourseSelector(owners=("mid",)))
    assert barred(scenario(rule=only)) == {("a", "r")}
    levels = [Level(id="l", rank=1), Level(id="h", rank=2)]
    posts = [Post(id="key", unit="u", level="h"), Post(id="d", unit="u", level="l")]
    assert barred(scenario(rule=Approval(who=Selector(level_low="h")), levels=levels, posts=posts)) == ALL


def test_post_and_manager_are_those_of_the_first_day() -> None:
    def event(date: dt.date, post: str, cadre: str = "b") -> Event:
        return Event(cadre=cadre, kind="promotion", date=date, post=post)

    # b becomes a head on the first day of t, but not before the last of s.
    assert barred(scenario(events=[event(day(6, 1), "key")])) == ALL | {("b", "t"), ("b", "f")}
    assert barred(scenario(events=[event(day(6, 2), "key")])) == ALL | {("b", "f")}
    # a moves up to mid: mid's call-ups are those of the own level, top's are not.
    moved = scenario(events=[event(day(4, 1), "upper", "a")])
    assert barred(moved) == {("a", "s"), ("a", "t")}
    # A target named by the authority that managed before does not follow to the new one.
    assert barred(scenario(decided(course="k"), events=[event(day(4, 1), "upper", "a")])) == {("a", "t")}


def test_a_must_overrides_and_is_reported_as_settled() -> None:
    s = scenario(extra=(Commitments(),), commitments=[must("s", "a")],
                 sessions=SESSIONS[:3])
    assert rows_of(built(s), "approval")["a",][0].keys() == {("attend", "a", x) for x in "tr"}
    b = built(s)
    for view in views(b):
        found = verify(s, view.plan)
        assert b.program.feasible(view.x) == found.ok
        settled = {i.where for i in found.inherited if i.rule == "approval"}
        assert settled == ({("a", "s")} if ("a", "s") in view.attends else set())


def test_no_approvals_no_people_no_sessions() -> None:
    flat = [Authority(id="mid"), Authority(id="low"), Authority(id="top")]  # nobody is below anybody
    for tables in ({"cadres": []}, {"sessions": []}, {"authorities": flat}):
        assert rows_of(built(scenario(**tables)), "approval") == {}


def test_reasons_name_the_rule() -> None:
    s = scenario(extra=(Coverage(),), sessions=SESSIONS[:2], cadres=[Cadre(id="a", post="key")])
    b = built(s)
    x = complete(b, b.program.lower.copy())
    unmet = explain(b.model.candidates, b.program, x, verify(s, to_plan(b, x)).unmet)
    assert [(u.reason, u.detail) for u in unmet] == [("blocked", (("approval", 2),))]
