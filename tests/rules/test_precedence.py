"""Which of two call-ups that clash stands."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rotation_planner.domain.dealings import Decision
from rotation_planner.domain.organisation import Authority, Travel
from rotation_planner.domain.people import Cadre, Event, Post
from rotation_planner.domain.policy import (
    Approval,
    CallUps,
    Commitments,
    NoRepeat,
    OnePlace,
    Precedence,
    Selector,
)
from rotation_planner.domain.teaching import Institution
from rotation_planner.model import complete, to_plan
from rotation_planner.verify import verify
from rotation_planner.verify.facts import Facts
from rotation_planner.verify.precedence import pairs
from tests.rules.tiny import (
    Place,
    Unit,
    View,
    built,
    course,
    day,
    limit_holds_where,
    must,
    record,
    rows_of,
    session,
    tiny,
    views,
)

# top > mid > low; a works under low; mid and low hold courses, so does side, beside mid.
AUTHORITIES = [
    Authority(id="top"), Authority(id="mid", parent="top"), Authority(id="side", parent="top"),
    Authority(id="low", parent="mid"),
]
COURSES = [
    course("T", owner="top", days=3), course("M", owner="mid", days=3), course("L", owner="low", days=3),
    course("N", owner="mid", days=3, kind="theory"), course("W", owner="top", days=3, pattern="weekly"),
]


def of(owner: str, id_: str, first: Any, last: Any) -> Any:
    return session(id_, first, last, owner)


DAYS = (OnePlace(), Commitments())
CALLS = CallUps(max_per_year=9, spacing_days=10)


def scenario(*promised: str, rules: tuple[Any, ...] = DAYS, rule: Precedence | None = None, bound: str = "",
             **tables: Any) -> Any:
    """a is promised to some sessions; those in ``bound`` bind."""
    rows: dict[str, Any] = {
        "authorities": AUTHORITIES, "units": [Unit(id="u", authority="low", place="p")],
        "places": [Place(id="p"), Place(id="r")],
        "posts": [Post(id="d", unit="u", level="l"), Post(id="key", unit="u", level="l", key=True)],
        "courses": COURSES, "institutions": [Institution(id="i", authority="mid", place="p"),
                                             Institution(id="j", authority="side", place="r")],
        "commitments": [must(s, "a", "must" if s in bound else "published") for s in promised],
        "cadres": [Cadre(id="a", post="d")],
    }
    return tiny(rule or Precedence(), *rules, years=2, **{**rows, **tables})


def settled(s: Any) -> tuple[set[str], list[tuple[str, str, tuple[str, ...], str]]]:
    """Sessions that rows forbid a, and (stands, yields, why, criterion) of each clash; check and rows agree."""
    b = built(s)
    rows = rows_of(b, "precedence")
    lost = {where[1] for where in rows}
    assert rows == {("a", x): ({("attend", "a", x): 1}, None, 0) for x in lost}
    checked = verify(s, to_plan(b, complete(b, np.ones(b.program.n_columns, np.int64))))
    wrong = {v.where: v.amount for v in checked.violations if v.rule == "precedence"}
    assert wrong == {("a", x): 1 for x in lost}
    found = pairs(s.policy.rules[0], Facts(s, to_plan(b, np.zeros(b.program.n_columns, np.int64))))
    return lost, [(p.stands.run.id, p.yields.run.id, p.reasons, p.criterion) for p in found]


MARCH = {"t": of("T", "t", day(3, 2), day(3, 4)), "m": of("M", "m", day(3, 4), day(3, 6)),
         "l": of("L", "l", day(3, 6), day(3, 9)), "n": of("N", "n", day(3, 1), day(3, 3))}


def test_the_authority_nearest_to_the_top_stands() -> None:
    s = scenario("t", "m", sessions=[MARCH["t"], MARCH["m"]])
    limit_holds_where(s, lambda v: "m" not in v.sessions_of("a"))
    assert settled(s) == ({"m"}, [("t", "m", ("days",), "authority")])


@pytest.mark.parametrize(("rule", "lost", "criterion"), [
    (Precedence(authorities=("mid",)), "t", "authority"),
    (Precedence(authorities=("side", "mid", "top")), "t", "authority"),
    (Precedence(authorities=("top", "mid")), "m", "authority"),
    (Precedence(authorities=("low",)), "m", "authority"),
])
def test_the_order_of_authorities(rule: Precedence, lost: str, criterion: str) -> None:
    found, clashes = settled(scenario("m", "t", sessions=[MARCH["t"], MARCH["m"]], rule=rule))
    assert found == {lost}
    assert [c[3] for c in clashes] == [criterion]


@pytest.mark.parametrize(("mine", "other", "rule", "lost", "criterion"), [
    # M is of mid; the courses without an owner are called up by side (institution j), as near to the top as mid.
    ({"kind": "theory"}, {"kind": "rotation"}, Precedence(), "o", "kind"),
    ({"kind": "rotation"}, {"kind": "theory"}, Precedence(), "m", "kind"),
    ({"kind": "rotation"}, {"kind": "theory"}, Precedence(kinds=("rotation",)), "o", "kind"),
    ({"kind": "rotation"}, {"kind": "theory"}, Precedence(kinds=()), "o", "date"),
    ({}, {}, Precedence(), "o", "date"),
])
def test_kind_and_date(mine: Any, other: Any, rule: Precedence, lost: str, criterion: str) -> None:
    courses = [course("M", owner="mid", days=3, **mine), course("O", days=3, **other)]
    sessions = [of("M", "m", day(3, 2), day(3, 4)), session("o", day(3, 3), day(3, 5), "O", "j")]
    found, clashes = settled(scenario("m", "o", courses=courses, sessions=sessions, rule=rule))
    assert (found, [c[3] for c in clashes]) == ({lost}, [criterion])


def test_the_id_decides_at_last() -> None:
    sessions = [session("o", day(3, 2), day(3, 4), "O", "j"), of("M", "z", day(3, 2), day(3, 4))]
    s = scenario("z", "o", courses=[COURSES[1], course("O", days=3)], sessions=sessions)
    assert settled(s) == ({"z"}, [("o", "z", ("days",), "id")])


def test_what_yields_stands_in_nobodys_way() -> None:
    # t stands, m yields to it, and l, which clashes with m only, stands.
    s = scenario("t", "m", "l", sessions=[MARCH[x] for x in "tml"])
    limit_holds_where(s, lambda v: "m" not in v.sessions_of("a"))
    assert settled(s) == ({"m"}, [("t", "m", ("days",), "authority")])


def test_one_caller_is_free_to_settle_it_with_itself() -> None:
    s = scenario("m", "n", sessions=[MARCH["n"], of("M", "m", day(3, 2), day(3, 4))])
    assert settled(s) == (set(), [])


def test_a_must_stands_and_is_kept_even_where_it_yields() -> None:
    sessions = [MARCH[x] for x in "tml"]
    s = scenario("t", "m", sessions=sessions, bound="m")
    assert settled(s) == ({"t"}, [("m", "t", ("days",), "binding")])
    # Both bind: m yields by rank but is kept, so l has to yield to it.
    both = scenario("t", "m", "l", sessions=sessions, bound="tm")
    assert settled(both) == ({"l"}, [("t", "m", ("days",), "authority"), ("m", "l", ("days",), "binding")])
    b = built(both)
    for view in views(b):
        found = verify(both, view.plan)
        assert b.program.feasible(view.x) == found.ok
        if found.ok:
            assert [v.where for v in found.inherited if v.rule == "precedence"] == [("a", "m")]
    # Among those that bind only what stands counts.
    three = scenario("t", "m", "l", sessions=sessions, bound="tml")
    assert settled(three) == (set(), [("t", "m", ("days",), "authority")])


def test_only_what_may_be_kept_takes_part() -> None:
    two = [MARCH["t"], MARCH["m"]]
    retired = scenario("t", "m", sessions=two, events=[Event(cadre="a", kind="retirement", date=day(3, 4))])
    assert settled(retired) == (set(), [])
    held = scenario("t", "m", sessions=two, records=[record("a", "T", day(1, 5))])
    assert settled(held) == (set(), [])
    barred = (*DAYS, Approval(who=Selector()))
    assert settled(scenario("t", "l", rules=barred, sessions=[MARCH["t"], of("L", "l", day(3, 4), day(3, 6))])) == (
        set(), []
    )
    granted = [Decision(authority="top", course="T", target="low", date=day(1, 5))]
    assert settled(
        scenario("t", "l", rules=barred, sessions=[MARCH["t"], of("L", "l", day(3, 4), day(3, 6))], approvals=granted)
    ) == ({"l"}, [("t", "l", ("days",), "authority")])


def test_who_and_which_rules_are_in_force() -> None:
    two = [MARCH["t"], MARCH["m"]]
    assert settled(scenario("t", "m", rules=(), sessions=two)) == (set(), [])
    assert settled(scenario("t", "m", rule=Precedence(who=Selector(key_posts=True)), sessions=two)) == (set(), [])
    others = (OnePlace(who=Selector(key_posts=True)),)
    assert settled(scenario("t", "m", rules=others, sessions=two)) == (set(), [])
    wished = scenario(sessions=two, commitments=[must("t", "a", "wish"), must("m", "a", "published")])
    assert settled(wished) == (set(), [])


@pytest.mark.parametrize(("start", "clash"), [(day(3, 14), True), (day(3, 15), False)])
def test_days_between(start: Any, clash: bool) -> None:
    # From 5 to 14 March there are ten days.
    for first, second in (("T", "M"), ("M", "T")):
        sessions = [of(first, "x", day(3, 2), day(3, 4)), of(second, "y", start, start)]
        s = scenario("x", "y", rules=(CALLS,), sessions=sessions)
        yields = "x" if first == "M" else "y"
        assert settled(s)[0] == ({yields} if clash else set())
        assert [c[2] for c in settled(s)[1]] == ([("spacing",)] if clash else [])
    weekly = [of("M", "x", day(3, 2), day(3, 4)), of("W", "w", day(3, 5), None)]
    assert settled(scenario("x", "w", rules=(CALLS,), sessions=weekly)) == (set(), [])  # calls nobody up


def test_travel_and_days_off_are_looked_at() -> None:
    way = [Travel(origin="p", destination="r", days=1)]
    sessions = [of("M", "m", day(3, 2), day(3, 4)), session("o", day(3, 6), day(3, 8), "O", "j")]
    courses = [COURSES[1], COURSES[4], course("O", days=3)]
    assert settled(scenario("m", "o", courses=courses, sessions=sessions, travel=way)) == (set(), [])
    way = [Travel(origin="p", destination="r", days=2)]
    assert settled(scenario("m", "o", courses=courses, sessions=sessions, travel=way))[0] == {"o"}
    # Weekly on Mondays 2, 9 and 16 March: a session from Tuesday to Sunday fits between.
    between = [of("W", "w", day(3, 2), day(3, 16)), of("M", "m", day(3, 3), day(3, 8))]
    assert settled(scenario("w", "m", courses=courses, sessions=between)) == (set(), [])
    touching = [of("W", "w", day(3, 2), day(3, 16)), of("M", "m", day(3, 3), day(3, 9))]
    assert settled(scenario("w", "m", courses=courses, sessions=touching))[0] == {"m"}


def test_content_either_way() -> None:
    courses = [course("T", owner="top", substitutes=("M",), validity_months=2), course("M", owner="mid"),
               course("E", owner="low", equivalents=("M",))]
    rules = (NoRepeat(),)

    def found(*sessions: Any) -> Any:
        return settled(scenario(*(x.id for x in sessions), rules=rules, courses=courses, sessions=list(sessions)))

    t = session("t", day(3, 2), course="T")
    assert found(t, session("m", day(5, 1), course="M")) == ({"m"}, [("t", "m", ("content",), "authority")])
    assert found(t, session("m", day(5, 2), course="M")) == (set(), [])
    assert found(t, session("m", day(3, 1), course="M")) == (set(), [])  # M does not stand for T
    assert found(t, session("m", day(3, 2), course="M"))[0] == {"m"}
    assert found(session("e", day(3, 1), course="E"), session("m", day(9, 1), course="M"))[0] == {"e"}


@pytest.mark.parametrize(("most", "passed", "lost"), [
    (3, [], set()), (2, [], {"l"}), (1, [], {"m", "l"}), (3, [day(1, 5)], {"l"}), (3, [day(12, 31, 2025)], set()),
    (0, [], {"m", "l"}),
])
def test_number_in_a_year(most: int, passed: list[Any], lost: set[str]) -> None:
    sessions = [of("T", "t", day(3, 2), day(3, 4)), of("M", "m", day(6, 2), day(6, 4)),
                of("L", "l", day(9, 2), day(9, 4)), of("M", "later", day(9, 2, 2027), day(9, 4, 2027))]
    courses = [*COURSES, course("old", days=3, owner="low")]
    s = scenario(
        "t", "m", "l", "later", rules=(CallUps(max_per_year=most, spacing_days=0),), sessions=sessions, courses=courses,
        records=[record("a", "old", d) for d in passed],
    )
    assert settled(s)[0] == lost
    assert [c[2] for c in settled(s)[1]] == [("year",)] * len(lost)


def test_several_reasons_are_named_together() -> None:
    rules = (OnePlace(), CallUps(max_per_year=1, spacing_days=5))
    s = scenario("t", "m", rules=rules, sessions=[MARCH["t"], MARCH["m"]])
    assert settled(s) == ({"m"}, [("t", "m", ("days", "spacing", "year"), "authority")])


def test_no_promises() -> None:
    for tables in ({"commitments": []}, {"sessions": [], "commitments": []}, {"cadres": [], "commitments": []}):
        b = built(scenario(sessions=tables.pop("sessions", [MARCH["t"]]), **tables))
        assert rows_of(b, "precedence") == {}


def test_all_together() -> None:
    s = scenario("t", "m", "l", "n", rules=(OnePlace(), CALLS), sessions=list(MARCH.values()))
    lost = settled(s)[0]

    def allowed(v: View) -> bool:
        return lost.isdisjoint(v.sessions_of("a"))

    assert lost == {"m", "l", "n"}
    limit_holds_where(s, allowed)
