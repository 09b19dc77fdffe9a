"""One tiny scenario for every reason, on both sides of its edge; exact counts."""

from __future__ import annotations

from typing import Any

import pytest

from rotation_planner.compile import REASONS, compile_candidates
from rotation_planner.domain.organisation import Authority, Travel, Unit
from rotation_planner.domain.people import Cadre, Post
from rotation_planner.domain.table import Table
from rotation_planner.domain.teaching import Institution, Term
from tests.compile.tiny import course, day, event, leave, may, reasons, record, session, settled, tiny

FAR = {"institutions": [Institution(id="i", authority="city", place="away")],
       "travel": [Travel(origin="home", destination="away", days=2, cost_yuan=70)]}
"""Two days each way."""
WEEKENDS = {"courses": [course(pattern="weekends", days=3)],
            "sessions": [session(start="2026-03-02", end="2026-03-18")]}
"""Takes 7, 8 and 14 March of 2 to 18 March."""


def why(**tables: Any) -> str:
    """Why cadre ``c`` may not attend session ``s``; empty if nothing forbids it."""
    found = compile_candidates(tiny(**tables))
    counts = reasons(found)
    assert len(found) + sum(counts.values()) == 1
    return next(iter(counts), "")


def test_nothing_excludes() -> None:
    found = compile_candidates(tiny())
    assert may(found) == {("c", "s")}
    assert list(found.excluded) == list(REASONS)
    assert not any(count.any() for count in found.excluded.values())
    assert not found.must.any()


@pytest.mark.parametrize(
    ("expected", "tables"),
    [
        # closed
        ("closed", {"sessions": [session(start="2025-12-31", end="2026-01-06")]}),
        ("", {"sessions": [session(start="2026-01-01", end="2026-01-06")]}),
        ("", {"sessions": [session(start="2030-12-30", end="2030-12-31")]}),
        ("closed", {"sessions": [session(start="2030-12-30", end="2031-01-01")]}),
        ("", {"terms": [Term(institution="i", start=day("2026-03-02"), end=day("2026-03-06"))]}),
        ("closed", {"terms": [Term(institution="i", start=day("2026-03-03"), end=day("2026-12-31"))]}),
        ("closed", {"terms": [Term(institution="i", start=day("2026-01-01"), end=day("2026-03-05"))]}),
        ("closed", {"terms": [  # two terms that touch are not one
            Term(institution="i", start=day("2026-01-01"), end=day("2026-03-04")),
            Term(institution="i", start=day("2026-03-05"), end=day("2026-12-31"))]}),
        ("closed", {"terms": [Term(institution="i", start=day("2026-03-06"), end=day("2026-03-09"), open=False)]}),
        ("", {"terms": [Term(institution="i", start=day("2026-03-07"), end=day("2026-03-09"), open=False)]}),
        ("closed", {"institutions": [Institution(id="i", authority="city", channels=("online",))]}),
        ("", {"institutions": [Institution(id="i", authority="city", channels=("online", "centre"))]}),
        # the session itself must not run
        ("session_must_not", {"commitments": [settled("must_not", None)]}),
        ("", {"commitments": [settled("must", None)]}),
        # service
        ("not_serving", {"cadres": [Cadre(id="c", post="p", entered=day("2026-03-03"))]}),
        ("", {"cadres": [Cadre(id="c", post="p", entered=day("2026-03-02"))]}),
        ("not_serving", {"events": [event("entry", "2026-03-03")]}),
        ("", {"events": [event("entry", "2026-03-02")]}),
        ("not_serving", {"events": [event("entry", "2026-03-01")], **FAR}),
        ("", {"events": [event("entry", "2026-02-28")], **FAR}),
        ("not_serving", {"sessions": [session(start="2026-01-02", end="2026-01-06")], **FAR}),
        ("", {"events": [event("entry", "2026-03-07")], **WEEKENDS}),
        ("not_serving", {"events": [event("entry", "2026-03-08")], **WEEKENDS}),
        # retirement
        ("retired", {"events": [event("retirement", "2026-03-06")]}),
        ("", {"events": [event("retirement", "2026-03-07")]}),
        ("retired", {"events": [event("retirement", "2026-03-08")], **FAR}),
        ("", {"events": [event("retirement", "2026-03-09")], **FAR}),
        ("retired", {"events": [event("retirement", "2025-06-01")]}),
        ("", {"events": [event("retirement", "2026-03-15")], **WEEKENDS}),
        ("retired", {"events": [event("retirement", "2026-03-14")], **WEEKENDS}),
        # the way home from the horizon's last day is nobody's retirement
        ("", {"sessions": [session(start="2030-12-30", end="2030-12-31")], **FAR}),
        # level
        ("", {"courses": [course(level_low="mid", level_high="mid")]}),
        ("level", {"courses": [course(level_low="high")]}),
        ("level", {"courses": [course(level_high="low")]}),
        # category: of the post or of one's own
        ("category", {"courses": [course(categories=("blue",))]}),
        ("", {"courses": [course(categories=("blue", "red"))]}),
        ("", {"courses": [course(categories=("blue",))], "cadres": [Cadre(id="c", post="p", categories=("blue",))]}),
        # duties
        ("duties", {"courses": [course(duties=("tax",))]}),
        ("", {"courses": [course(duties=("tax", "law"))]}),
        # authority
        ("", {"courses": [course(owner="city")]}),
        ("", {"courses": [course(owner="top")]}),
        ("authority", {"courses": [course(owner="other")]}),
        ("authority", {"courses": [course(owner="city")], "authorities": [  # the highest claim counts
            Authority(id="top", levels=("mid",)), Authority(id="city", parent="top", levels=("mid",)),
            Authority(id="other", parent="top")]}),
        # leave
        ("leave", {"leave": [leave("2026-02-01", "2026-03-02")]}),
        ("", {"leave": [leave("2026-02-01", "2026-03-01")]}),
        ("leave", {"leave": [leave("2026-03-06", "2026-03-20")]}),
        ("", {"leave": [leave("2026-03-07", "2026-03-20")]}),
        ("leave", {"leave": [leave("2026-03-04", "2026-03-04")]}),
        ("leave", {"leave": [leave("2026-02-20", "2026-02-28")], **FAR}),
        ("", {"leave": [leave("2026-02-20", "2026-02-27")], **FAR}),
        ("leave", {"leave": [leave("2026-03-08", "2026-03-08")], **FAR}),
        ("", {"leave": [leave("2026-03-09", "2026-03-09")], **FAR}),
        ("", {"leave": [leave("2026-03-09", "2026-03-13")], **WEEKENDS}),
        ("leave", {"leave": [leave("2026-03-09", "2026-03-14")], **WEEKENDS}),
        # held: validity 0 looks back five years, others to the day
        ("held", {"records": [record("2021-01-01")]}),
        ("", {"records": [record("2020-12-31")]}),
        ("", {"records": [record("2021-01-01", result="failed")]}),
        ("", {"records": [record("2021-01-01", result="withdrawn")]}),
        ("held", {"courses": [course(validity_months=12)], "records": [record("2025-03-03")]}),
        ("", {"courses": [course(validity_months=12)], "records": [record("2025-03-02")]}),
        ("", {"courses": [course(validity_months=6)], "records": [record("2025-08-31")],
              "sessions": [session(start="2026-02-28", end="2026-03-01")]}),  # six months after 31 August
        ("held", {"courses": [course(validity_months=6)], "records": [record("2025-08-31")],
                  "sessions": [session(start="2026-02-27", end="2026-03-01")]}),
        # prerequisite
        ("prerequisite", {"courses": [course(prerequisites=("q",)), course("q")]}),
        ("", {"courses": [course(prerequisites=("q",)), course("q")], "records": [record("1999-01-01", "q")]}),
        ("prerequisite", {"courses": [course(prerequisites=("q",)), course("q")],
                          "records": [record("1999-01-01", "q", "failed")]}),
        ("", {"courses": [course(prerequisites=("q",)), course("q"), course("r", substitutes=("q",))],
              "records": [record("1999-01-01", "r")]}),
        # this cadre, this session
        ("must_not", {"commitments": [settled("must_not")]}),
        ("", {"commitments": [settled("published"), settled("wish"), settled("avoid")]}),
    ],
)
def test_both_sides_of_the_edge(expected: str, tables: dict[str, Any]) -> None:
    assert why(**tables) == expected


def test_prerequisite_must_end_the_day_before() -> None:
    courses = [course(prerequisites=("q",)), course("q")]
    early = session("e", "2026-02-23", "2026-03-01", course="q")
    assert reasons(compile_candidates(tiny(courses=courses, sessions=[session(), early]))) == {}
    late = session("e", "2026-02-23", "2026-03-02", course="q")
    assert reasons(compile_candidates(tiny(courses=courses, sessions=[session(), late]))) == {"prerequisite": 1}


def test_first_reason_counts() -> None:
    tables: dict[str, Any] = {
        "commitments": [settled("must_not"), settled("must_not", None)], "events": [event("entry", "2026-03-03")],
        "leave": [leave("2026-03-02", "2026-03-02")], "records": [record("2025-01-01")],
        "courses": [
            course(level_low="high", categories=("blue",), duties=("tax",), owner="other", prerequisites=("q",)),
            course("q"),
        ],
        "terms": [Term(institution="i", start=day("2027-01-01"), end=day("2027-12-31"))],
    }
    order = []
    for take_away in (
        {"terms": []}, {"commitments": [settled("must_not")]},
        {"courses": [course(categories=("blue",), duties=("tax",), owner="other", prerequisites=("q",)), course("q")]},
        {"courses": [course(duties=("tax",), owner="other", prerequisites=("q",)), course("q")]},
        {"courses": [course(owner="other", prerequisites=("q",)), course("q")]},
        {"courses": [course(prerequisites=("q",)), course("q")]}, {"events": [event("retirement", "2026-03-02")]},
        {"events": []}, {"leave": []}, {"records": []},
        {"courses": [course()]}, {"commitments": []},
    ):
        order.append(why(**tables))
        tables |= take_away
    assert tuple(order) == REASONS
    assert why(**tables) == ""


def test_must_overrides_every_reason() -> None:
    found = compile_candidates(tiny(
        commitments=[settled("must"), settled("must_not"), settled("must_not", None)], **FAR,
        events=[event("entry", "2026-03-05"), event("retirement", "2026-03-06")],
        leave=[leave("2026-03-02", "2026-03-02")], records=[record("2025-01-01")],
        terms=[Term(institution="i", start=day("2027-01-01"), end=day("2027-12-31"))],
        courses=[course(level_low="high", categories=("blue",), duties=("tax",), owner="other", prerequisites=("k",),
                        cost_per_trainee_day_yuan=10)],
    ))
    assert may(found) == {("c", "s")}
    assert reasons(found) == {}
    assert found.must.tolist() == [True]
    assert found.travel_days.tolist() == [2]
    assert found.cost_yuan.tolist() == [5 * 10 + 70]


@pytest.mark.parametrize("kind", ["published", "wish", "avoid"])
def test_other_commitments_override_nothing(kind: str) -> None:
    assert why(commitments=[settled(kind)], courses=[course(level_low="high")]) == "level"


def test_counts_are_per_cadre() -> None:
    found = compile_candidates(tiny(
        cadres=[Cadre(id="c", post="p"), Cadre(id="d", post="q"), Cadre(id="e", post="p")],
        courses=[course(), course("h", level_low="high")],
        sessions=[session(), session("t", "2026-05-04", "2026-05-08"), session("h1", course="h"),
                  session("h2", course="h")],
        leave=[leave("2026-05-08", "2026-05-08", "e")],
    ))
    assert [reasons(found, i) for i in range(3)] == [{"level": 2}, {}, {"level": 2, "leave": 1}]
    assert may(found) == {("c", "s"), ("c", "t"), ("d", "s"), ("d", "t"), ("d", "h1"), ("d", "h2"), ("e", "s")}


def test_transfer_in_mid_horizon() -> None:
    """The post on the first day decides: level, duties, authority, unit and way."""
    high = course("h", level_low="high", duties=("tax",), owner="other")
    sessions = [session("before", "2026-03-02", "2026-03-06"), session("on", "2026-03-03", "2026-03-06")]
    both = [*sessions, session("h-before", "2026-03-02", course="h"), session("h-on", "2026-03-03", course="h")]
    found = compile_candidates(tiny(
        courses=[course(), high], sessions=both, events=[event("transfer", "2026-03-03", "q")],
        travel=[Travel(origin="home", destination="away", days=1, cost_yuan=40)],
    ))
    assert may(found) == {("c", "before"), ("c", "on"), ("c", "h-on")}
    assert reasons(found) == {"level": 1}
    by_session = dict(zip((found.sessions.ids[s] for s in found.session), found.unit.tolist(), strict=True))
    assert by_session == {"before": 0, "on": 1, "h-on": 1}
    assert found.travel_days.tolist() == [0, 1, 1]
    assert found.cost_yuan.tolist() == [0, 40, 40]


def test_authority_of_the_whole_tree() -> None:
    """The top claims the high level everywhere; a unit may be claimed by another authority."""
    authorities = [Authority(id="top", levels=("high",)), Authority(id="city", parent="top"),
                   Authority(id="other", parent="top", units=("w",), levels=("mid",))]
    units = [Unit(id="u", authority="city"), Unit(id="v", authority="other"), Unit(id="w", authority="city")]
    courses = [course(), course("c1", owner="city"), course("o1", owner="other"), course("t1", owner="top")]
    sessions = [session(c.id, course=c.id) for c in courses]
    posts = [
        ("mid", "u", {"k", "c1", "t1"}), ("high", "u", {"k", "t1"}), ("low", "v", {"k", "o1", "t1"}),
        ("mid", "w", {"k", "o1", "t1"}), ("low", "w", {"k", "c1", "t1"}), ("high", "w", {"k", "t1"}),
    ]
    scenario = tiny(authorities=authorities, units=units, courses=courses, sessions=sessions)
    scenario = scenario.with_tables(
        posts=Table.of(Post, [Post(id=f"p{i}", unit=u, level=lv) for i, (lv, u, _) in enumerate(posts)]),
        cadres=Table.of(Cadre, [Cadre(id=f"c{i}", post=f"p{i}") for i in range(len(posts))]),
    )
    allowed = may(compile_candidates(scenario))
    assert allowed == {(f"c{i}", name) for i, (_, _, names) in enumerate(posts) for name in names}
