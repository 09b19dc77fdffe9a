"""Who may attend what: every reason, its edge, and their order."""

from __future__ import annotations

import pytest

from rotation_planner.domain.organisation import Authority, Place, Travel, Unit
from rotation_planner.domain.people import Cadre, Event, Leave, Post, Record
from rotation_planner.domain.teaching import Institution, Term
from rotation_planner.verify import verify
from tests.verify.small import brief, course, day, must, plan_of, session, small

ALONE = {"people": 1}


def reason(**tables):
    """Why c0 may not attend s; None if he or she may."""
    found = brief(verify(small(**(ALONE | tables)), plan_of({"s": ["c0"]})).violations)
    assert all(rule == "eligibility" and amount == 1 for rule, _, amount in found)
    return found[0][1][2] if found else None


def event(kind, date, **changes):
    return Event(cadre="c0", kind=kind, date=day(date), **changes)


def term(start, end, open_=True):
    return Term(institution="i", start=day(start), end=day(end), open=open_)


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        ({}, None),
        ({"sessions": [session("s", "2026-01-01", "2026-01-05")]}, None),
        ({"sessions": [session("s", "2025-12-31", "2026-01-05")]}, "closed"),
        ({"sessions": [session("s", "2030-12-27", "2030-12-31")]}, None),
        ({"sessions": [session("s", "2030-12-27", "2031-01-01")]}, "closed"),
        ({"terms": [term("2026-03-02", "2026-03-06")]}, None),
        ({"terms": [term("2026-03-03", "2026-03-31")]}, "closed"),
        ({"terms": [term("2026-03-01", "2026-03-04"), term("2026-03-05", "2026-03-31")]}, "closed"),
        ({"terms": [term("2026-03-06", "2026-03-31", False)]}, "closed"),
        ({"terms": [term("2026-03-07", "2026-03-31", False)]}, None),
        ({"institutions": [Institution(id="i", authority="a", channels=("online",))]}, "closed"),
        ({"institutions": [Institution(id="i", authority="a", channels=("centre", "online"))]}, None),
        ({"commitments": [must("s", kind="must_not")]}, "session_must_not"),
        ({"cadres": [Cadre(id="c0", post="p", entered=day("2026-03-02"))]}, None),
        ({"cadres": [Cadre(id="c0", post="p", entered=day("2026-03-03"))]}, "not_serving"),
        ({"events": [event("entry", "2026-03-03")]}, "not_serving"),
        ({"events": [event("retirement", "2026-03-07")]}, None),
        ({"events": [event("retirement", "2026-03-06")]}, "retired"),
        ({"events": [event("retirement", "2020-01-01")]}, "retired"),
        ({"courses": [course(level_low="mid", level_high="mid")]}, None),
        ({"courses": [course(level_low="high")]}, "level"),
        ({"courses": [course(level_high="low")]}, "level"),
        ({"courses": [course(categories=("red",))]}, "category"),
        ({"courses": [course(categories=("red", "blue"))],
          "cadres": [Cadre(id="c0", post="p", categories=("blue",))]}, None),
        ({"courses": [course(duties=("law",))]}, "duties"),
        ({"courses": [course(duties=("law", "tax"))],
          "posts": [Post(id="p", unit="u", level="mid", duties=("tax",))]}, None),
        ({"commitments": [must("s", "c0", "must_not")]}, "must_not"),
        ({"commitments": [must("s", "c0", "avoid")]}, None),
    ],
)
def test_reasons(tables, expected):
    assert reason(**tables) == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [("2026-02-01", "2026-03-01", None), ("2026-02-01", "2026-03-02", "leave"), ("2026-03-06", "2026-03-09", "leave"),
     ("2026-03-07", "2026-03-09", None), ("2026-03-04", "2026-03-04", "leave")],
)
def test_leave(start, end, expected):
    assert reason(leave=[Leave(cadre="c0", start=day(start), end=day(end))]) == expected


def test_leave_between_the_days_of_a_weekly_course_does_not_matter():
    weekly = {"courses": [course(pattern="weekly", days=3)], "sessions": [session("s", "2026-03-02")]}
    assert reason(**weekly, leave=[Leave(cadre="c0", start=day("2026-03-03"), end=day("2026-03-08"))]) is None
    assert reason(**weekly, leave=[Leave(cadre="c0", start=day("2026-03-03"), end=day("2026-03-09"))]) == "leave"


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        ({"leave": [Leave(cadre="c0", start=day("2026-02-28"), end=day("2026-02-28"))]}, "leave"),
        ({"leave": [Leave(cadre="c0", start=day("2026-02-27"), end=day("2026-02-27"))]}, None),
        ({"events": [event("retirement", "2026-03-08")]}, "retired"),
        ({"events": [event("retirement", "2026-03-09")]}, None),
        ({"cadres": [Cadre(id="c0", post="p", entered=day("2026-03-01"))]}, "not_serving"),
        ({"cadres": [Cadre(id="c0", post="p", entered=day("2026-02-28"))]}, None),
        ({"sessions": [session("s", "2026-01-02", "2026-01-05")]}, "not_serving"),
    ],
)
def test_the_way_counts(tables, expected):
    away = {
        "places": [Place(id="x"), Place(id="y")], "units": [Unit(id="u", authority="a", place="x")],
        "institutions": [Institution(id="i", authority="a", place="y")],
        "travel": [Travel(origin="x", destination="y", days=2)],
    }
    assert reason(**(away | tables)) == expected


@pytest.mark.parametrize(
    ("months", "date", "result", "expected"),
    [
        (12, "2025-03-03", "passed", "held"), (12, "2025-03-02", "passed", None), (12, "2025-03-03", "failed", None),
        (0, "2021-01-01", "passed", "held"), (0, "2020-12-31", "passed", None), (600, "2000-01-01", "passed", "held"),
    ],
)
def test_held_while_valid(months, date, result, expected):
    record = Record(cadre="c0", course="k", date=day(date), result=result)
    assert reason(courses=[course(validity_months=months)], records=[record]) == expected


@pytest.mark.parametrize(("other", "expected"), [("same", "held"), ("more", "held"), ("less", None)])
def test_held_by_what_stands_for_it(other, expected):
    courses = [course(substitutes=("less",)), course("same", equivalents=("k",)), course("more", substitutes=("same",)),
               course("less")]
    assert reason(courses=courses, records=[Record(cadre="c0", course=other, date=day("2025-01-01"))]) == expected


@pytest.mark.parametrize(
    ("end", "expected"), [("2026-03-01", None), ("2026-03-02", "prerequisite"), (None, "prerequisite")]
)
def test_prerequisite_can_be_had_before(end, expected):
    before = [] if end is None else [session("t", "2026-02-20", end, course="b")]
    courses = [course(prerequisites=("b",)), course("b")]
    assert reason(courses=courses, sessions=[session("s", "2026-03-02", "2026-03-06"), *before]) == expected


def test_the_first_reason_counts():
    tables = {
        "commitments": [must("s", "c0", "must_not"), must("s", kind="must_not")],
        "events": [event("retirement", "2020-01-01"), event("entry", "2029-01-01")],
        "courses": [course(level_low="high", categories=("red",))],
        "terms": [term("2030-01-01", "2030-12-31")],
    }
    order = []
    for table in ("terms", "commitments", "courses", "events"):
        order.append(reason(**tables))
        del tables[table]
    assert order == ["closed", "session_must_not", "level", "not_serving"]


def test_must_overrides_every_reason():
    scenario = small(
        **ALONE, courses=[course(level_low="high")], sessions=[session("s", "2025-03-03", "2025-03-07")],
        commitments=[must("s", "c0")],
    )
    result = verify(scenario, plan_of({"s": ["c0"]}))
    assert result.ok
    assert brief(result.inherited) == [("eligibility", ("c0", "s", "closed"), 1)]


POSTS = [Post(id="p", unit="u", level="low"), Post(id="m", unit="u", level="mid"), Post(id="h", unit="u", level="high")]


@pytest.mark.parametrize(
    ("events", "level"),
    [
        ([], "low"),
        ([event("promotion", "2026-03-02", post="m")], "mid"),
        ([event("promotion", "2026-03-03", post="m")], "low"),
        ([event("transfer", "2025-03-03", post="h"), event("promotion", "2024-03-03", post="m")], "high"),
        ([event("promotion", "2026-03-01")], "low"),
        ([event("entry", "2026-01-20", post="m")], "mid"),
    ],
)
def test_the_post_is_that_of_the_first_day(events, level):
    for low in ("low", "mid", "high"):
        scenario = {"posts": POSTS, "events": events, "courses": [course(level_low=low, level_high=low)]}
        assert (reason(**scenario) is None) is (low == level)


TREE = [
    Authority(id="top", levels=("high",)), Authority(id="a", parent="top", levels=("mid",)),
    Authority(id="b", parent="a"),
    Authority(id="else", units=("v",), levels=("low",)),
]
UNITS = [Unit(id="u", authority="b"), Unit(id="v", authority="b")]


@pytest.mark.parametrize(
    ("unit", "level", "manager"),
    [("u", "high", "top"), ("u", "mid", "a"), ("u", "low", "b"), ("v", "low", "else"), ("v", "mid", "a")],
)
def test_managing_authority(unit, level, manager):
    above = {"top": {"top"}, "a": {"a", "top"}, "b": {"b", "a", "top"}, "else": {"else"}}[manager]
    for owner in ("top", "a", "b", "else"):
        tables = {
            "authorities": TREE, "units": UNITS, "posts": [Post(id="p", unit=unit, level=level)],
            "courses": [course(owner=owner)],
        }
        assert reason(**tables) == (None if owner in above else "authority")
