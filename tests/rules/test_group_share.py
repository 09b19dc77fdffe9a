"""A share of a group each year."""

from __future__ import annotations

import math

import pytest

from rotation_planner.domain.organisation import Team
from rotation_planner.domain.plan import Plan
from rotation_planner.domain.planning import Horizon
from rotation_planner.domain.policy import CourseSelector, GroupShare, Selector
from rotation_planner.verify import verify
from tests.rules.tiny import (
    Authority,
    Cadre,
    Event,
    Post,
    Unit,
    View,
    built,
    course,
    day,
    duty_misses,
    must,
    record,
    rows_of,
    session,
    tiny,
)

WHICH = CourseSelector(courses=("k", "old"))
COURSES = [course(validity_months=1), course("z"), course("old", validity_months=1)]
SESSIONS = [session("s", day(3, 2)), session("t", day(12, 30), day(1, 2, 2027)), session("u", day(9, 1))]
YEAR = {"s": "2026", "t": "2027", "u": "2026"}


def rule(share: int = 500, **fields) -> GroupShare:
    return GroupShare(**{"which": WHICH, "share_per_mille": share, "weight": 2, **fields})


def scenario(of: GroupShare, **tables):
    return tiny(of, **{"n": 3, "years": 2, "courses": COURSES, "sessions": SESSIONS, **tables})


def trained(v: View, cadre: str, past: dict[str, list[str]], once: bool) -> set[str]:
    years = {YEAR[s] for s in v.sessions_of(cadre) if s in YEAR} | set(past.get(cadre, []))
    return {min(years)} if once and years else years


def missing(groups: dict[tuple[str, str], tuple[str, int]], past=None, once: bool = False):
    """Group and year to its people (a letter each) and how many of them are needed."""

    def said(v: View) -> dict[tuple[str, ...], int]:
        return {
            (name, year): math.ceil(
                1000 * max(0, needed - sum(year in trained(v, c, past or {}, once) for c in people)) / needed
            )
            for (name, year), (people, needed) in groups.items()
        }

    return said


@pytest.mark.parametrize(("share", "needed"), [(1, 1), (333, 1), (334, 2), (500, 2), (666, 2), (667, 3), (1000, 3)])
def test_a_share_of_all_rounded_up(share: int, needed: int) -> None:
    s = scenario(rule(share), sessions=SESSIONS[:2])
    duty_misses(s, missing({("all", "2026"): ("abc", needed), ("all", "2027"): ("abc", needed)}))


@pytest.mark.parametrize("once", [False, True])
def test_several_sessions_count_once_and_records_on_their_day(once: bool) -> None:
    rows = [record("a", "old", day(1, 1)), record("b", "old", day(12, 31, 2027)), record("b", "old", day(12, 31, 2025))]
    rows += [record("c", "old", day(5, 5), 0, "failed"), record("c", "z", day(5, 5))]
    s = scenario(rule(600, once=once), records=rows)
    past = {"a": ["2026"], "b": ["2027"]}
    duty_misses(s, missing({("all", "2026"): ("abc", 2), ("all", "2027"): ("abc", 2)}, past, once))


def test_each_person_counts_in_the_first_year_only() -> None:
    three = [*SESSIONS[:2], session("v", day(5, 5, 2028))]
    s = scenario(rule(1000, once=True), n=2, years=3, sessions=three, records=[record("b", "old", day(8, 1, 2027))])
    when = {**YEAR, "v": "2028"}

    def said(v: View) -> dict[tuple[str, ...], int]:
        first = []
        for c, past in (("a", []), ("b", ["2027"])):
            first.append(min([when[s] for s in v.sessions_of(c)] + past, default=""))
        return {("all", y): 500 * (2 - first.count(y)) for y in ("2026", "2027", "2028")}

    duty_misses(s, said)


UNITS = {
    "authorities": [Authority(id="o"), Authority(id="p", parent="o")],
    "units": [Unit(id="u", authority="p", place="p"), Unit(id="v", authority="o", place="p")],
    "posts": [Post(id="d", unit="u", level="l"), Post(id="e", unit="v", level="l"),
              Post(id="key", unit="v", level="l", key=True)],
    "cadres": [Cadre(id="a", post="d"), Cadre(id="b", post="d"), Cadre(id="c", post="e")],
    "teams": [Team(id="t", members=("a", "c")), Team(id="w", members=("c", "b")), Team(id="none", members=("c",))],
    "sessions": SESSIONS[:2],
}
TURN = [Event(cadre="b", kind="transfer", date=day(1, 1, 2027), post="e")]


@pytest.mark.parametrize(("per", "groups"), [
    ("unit", {("u", "2026"): "ab", ("v", "2026"): "c", ("u", "2027"): "a", ("v", "2027"): "bc"}),
    ("authority", {("p", "2026"): "ab", ("o", "2026"): "c", ("p", "2027"): "a", ("o", "2027"): "bc"}),
    ("team", {(t, y): p for t, p in (("t", "ac"), ("w", "bc"), ("none", "c")) for y in ("2026", "2027")}),
])
@pytest.mark.parametrize("once", [False, True])
def test_each_group_apart(per: str, groups: dict, once: bool) -> None:
    s = scenario(rule(600, per=per, once=once), **UNITS, events=TURN)
    duty_misses(s, missing({g: (people, math.ceil(0.6 * len(people))) for g, people in groups.items()}, once=once))


def test_rows_in_numbers() -> None:
    s = scenario(rule(500), records=[record("c", "old", day(4, 4))])
    b = built(s)
    short = {y: ("group_share.short", "all", y) for y in ("2026", "2027")}
    at = {(c, x): ("attend", c, x) for c in "abc" for x in "stu"}
    one, two = (("group_share.counted", x, "2026") for x in "ab")
    assert rows_of(b, "group_share.counted") == {
        x[1:]: ({x: 1, at[x[1], "s"]: -1, at[x[1], "u"]: -1}, None, 0) for x in (one, two)
    }
    assert rows_of(b, "group_share.share") == {
        ("all", "2026"): ({short["2026"]: 2, one: 1000, two: 1000}, 1000, None),
        ("all", "2027"): ({short["2027"]: 2, **{at[x, "t"]: 1000 for x in "abc"}}, 2000, None),
    }
    assert rows_of(b, "group_share") == {
        ("all", "2026"): ({short["2026"]: 2, **{at[x, y]: 1000 for x in "ab" for y in "su"}}, 1000, None),
        ("all", "2027"): ({short["2027"]: 2, **{at[x, "t"]: 1000 for x in "abc"}}, 2000, None),
    }
    assert b.program.goals[0].coefs.tolist() == [2, 2]
    columns = b.program.columns_of("group_share.short")
    assert b.program.upper[columns].tolist() == [500, 1000]
    c = b.model.candidates
    useful = {(c.cadres.ids[c.cadre[i]], c.sessions.ids[c.session[i]]) for i in b.model.useful.nonzero()[0]}
    assert useful == {(x, y) for x in "abc" for y in "stu"} - {("c", "s"), ("c", "u")}


def test_rows_in_numbers_where_each_counts_once() -> None:
    s = scenario(rule(1000, once=True), n=2, records=[record("b", "old", day(8, 1, 2027))])
    b = built(s)
    at = {(c, x): ("attend", c, x) for c in "ab" for x in "stu"}
    done = {(c, y): ("group_share.done", c, y) for c, y in (("a", "2026"), ("a", "2027"), ("b", "2026"))}
    first = {(c, "2026"): (done[c, "2026"], at[c, "s"], at[c, "u"]) for c in "ab"}
    ahead, later = done["a", "2026"], done["a", "2027"]
    assert rows_of(b, "group_share.done") == {
        **{k: ({d: 1, x: -1, y: -1}, None, 0) for k, (d, x, y) in first.items()},
        ("a", "2027"): ({later: 1, ahead: -1, at["a", "t"]: -1}, None, 0),
    }
    assert rows_of(b, "group_share.kept") == {("a", "2027"): ({later: 1, ahead: -1}, 0, None)}
    assert rows_of(b, "group_share.noted") == {
        **{k: ({d: 2, x: -1, y: -1}, 0, None) for k, (d, x, y) in first.items()},
        ("a", "2027"): ({later: 1, at["a", "t"]: -1}, 0, None),
    }
    short = {y: ("group_share.short", "all", y) for y in ("2026", "2027")}
    assert rows_of(b, "group_share.share") == {
        ("all", "2026"): ({short["2026"]: 2, ahead: 1000, done["b", "2026"]: 1000}, 2000, None),
        # b counts in 2027 by record, but for a training in 2026.
        ("all", "2027"): ({short["2027"]: 2, later: 1000, ahead: -1000, done["b", "2026"]: -1000}, 1000, None),
    }
    c = b.model.candidates
    useful = {(c.cadres.ids[c.cadre[i]], c.sessions.ids[c.session[i]]) for i in b.model.useful.nonzero()[0]}
    assert useful == set(at) - {("b", "t")}


@pytest.mark.parametrize(("leaves", "people"), [(day(6, 30), 2), (day(6, 29), 1)])
def test_members_serve_long_enough_in_the_year(leaves, people: int) -> None:
    # 180 days are six months: 1 January to 29 June.
    gone = [Event(cadre="b", kind="retirement", date=leaves)]
    s = scenario(rule(1000, min_service_months=6), n=2, events=gone, years=1)
    found = verify(s, Plan.empty())
    assert [u.required for u in found.unmet] == [people]
    assert found.exempt == (("group_share", "b", "not served long enough"),) * (2 - people)
    assert rows_of(built(s), "group_share")["all", "2026"][1] == 1000 * people
    assert rows_of(built(s), "group_share.share")["all", "2026"][0]["group_share.short", "all", "2026"] == people


def test_joiners_leavers_and_who_comes_after_leaving() -> None:
    events = [Event(cadre="b", kind="retirement", date=day(8, 1)), Event(cadre="c", kind="entry", date=day(2, 1, 2027))]
    s = scenario(
        rule(1000, min_service_months=0), events=events, commitments=[must("u", "b")],
        sessions=[SESSIONS[0], SESSIONS[1], SESSIONS[2]],
    )

    def said(v: View) -> dict[tuple[str, ...], int]:
        first = {c for c in "ab" if "s" in v.sessions_of(c) or (c == "a" and "u" in v.sessions_of(c))}
        second = {c for c in "ac" if "t" in v.sessions_of(c)}
        return {("all", "2026"): 500 * (2 - len(first)), ("all", "2027"): 500 * (2 - len(second))}

    duty_misses(s, said)


def test_selected_in_the_year() -> None:
    s = scenario(rule(1000, who=Selector(units=("v",))), **UNITS, events=TURN)
    duty_misses(s, missing({("all", "2026"): ("c", 1), ("all", "2027"): ("bc", 2)}))


def test_a_group_without_people_owes_nothing() -> None:
    s = scenario(rule(1000, per="team", who=Selector(key_posts=True)), **UNITS)
    assert not verify(s, Plan.empty()).unmet
    assert not len(built(s).program.columns_of("group_share.short"))
    assert not len(built(tiny(rule(), n=0, courses=COURSES)).program.columns_of("group_share.short"))
    none = built(scenario(rule(), sessions=[]))
    assert none.program.lower[none.program.columns_of("group_share.short")].tolist() == [1000, 1000]


def test_what_is_committed_before_the_horizon_does_not_count() -> None:
    early = [session("e", day(6, 30)), session("f", day(7, 1))]
    s = scenario(
        rule(1000), n=1, horizon=[Horizon(start=day(7, 1), years=1)], sessions=early,
        commitments=[must("e", "a"), must("f", kind="must_not")],
    )
    duty_misses(s, lambda _: {("all", "2026"): 1000, ("all", "2027"): 1000})
