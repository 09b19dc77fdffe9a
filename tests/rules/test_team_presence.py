"""Team cover over time: leave, leavers, transfers, joiners, named stand-ins, presence as a share."""

from __future__ import annotations

import pytest

from rotation_planner.check import check
from rotation_planner.domain.organisation import StandIn, Team
from rotation_planner.domain.people import Leave
from rotation_planner.domain.policy import Commitments, Coverage, OnePlace, Selector, TeamCover
from rotation_planner.verify import verify
from tests.rules.tiny import (
    Cadre,
    Event,
    Post,
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

# 2 March 2026 is a Monday.
SESSIONS = [session("s", day(3, 2), day(3, 6)), session("t", day(3, 9), day(3, 13)), session("r", day(3, 5), day(3, 9))]
SPANS = {s.id: range(s.start.day, (s.end or s.start).day + 1) for s in SESSIONS}
COURSES = [course("k", validity_months=1)]
WEEK, NEXT = (2, 3, 4, 5, 6), (9, 10, 11, 12, 13)
UNITS = [Unit(id="u", authority="o"), Unit(id="v", authority="o")]
POSTS = [
    Post(id="d", unit="u", level="l"), Post(id="e", unit="v", level="l"), Post(id="key", unit="u", level="l", key=True),
]


def scenario(*rules, n: int = 3, sessions=SESSIONS[:2], **tables):
    usual = {"courses": COURSES, "sessions": sessions, "units": UNITS, "posts": POSTS}
    return tiny(*(rules or (TeamCover(),)), n=n, **{**usual, **tables})


def away(v: View, number: int) -> set[str]:
    return {c for c, s in v.attends if number in SPANS[s]}


def team(**fields) -> Team:
    return Team(**{"id": "m", "members": ("a", "b", "c"), **fields})


def leave(cadre: str, first: int, last: int) -> Leave:
    return Leave(cadre=cadre, start=day(3, first), end=day(3, last))


def moves(cadre: str, number: int, post: str | None = None) -> Event:
    return Event(cadre=cadre, kind="transfer" if post else "retirement", date=day(3, number), post=post)


# Leave before a session's first day or after its last does not keep anybody from it.
@pytest.mark.parametrize(("on_leave", "fits"), [
    # The only deputy is on leave in the second week: the chief may go in the first only.
    ([("b", 9, 9)], {"s"}), ([("b", 13, 20)], {"s"}), ([("b", 14, 20)], {"s", "t"}), ([("b", 1, 6)], {"t"}),
    ([("b", 7, 8)], {"s", "t"}), ([("c", 1, 20)], {"s", "t"}),
])
def test_a_stand_in_on_leave_does_not_stand_in(on_leave, fits: set[str]) -> None:
    s = scenario(teams=[team(chief="a", deputies=("b",))], leave=[leave(*x) for x in on_leave])
    gone = {c: set(range(first, last + 1)) for c, first, last in on_leave}

    def allowed(v: View) -> bool:
        for number in (*WEEK, *NEXT):
            out = away(v, number)
            if "a" in out and ("b" in out or number in gone.get("b", ())):
                return False
        return True

    limit_holds_where(s, allowed)
    alone = {x for v in views(built(s)) if built(s).program.feasible(v.x) and len(v.attends) == 1
             for c, x in v.attends if c == "a"}
    assert alone == fits


THREE = [Cadre(id=c, post="d") for c in "abc"]


def test_the_chief_on_leave_needs_a_stand_in() -> None:
    s = scenario(teams=[team(chief="a", deputies=("b", "c"))], leave=[leave("a", 5, 6)], sessions=SESSIONS[:1])
    # On those days not both deputies are away.
    limit_holds_where(s, lambda v: not {"b", "c"} <= away(v, 5))


def test_leave_uses_up_what_may_be_away() -> None:
    s = scenario(teams=[team(never_together=("a", "b"))], leave=[leave("a", 6, 6)])
    limit_holds_where(s, lambda v: "b" not in away(v, 2) and not {"a", "b"} <= away(v, 9))
    ignored = scenario(TeamCover(leave_counts=False), teams=[team(never_together=("a", "b"))], leave=[leave("a", 6, 6)])
    limit_holds_where(ignored, lambda v: not {"a", "b"} <= away(v, 2) and not {"a", "b"} <= away(v, 9))


def test_two_on_leave_are_nobodys_fault() -> None:
    s = scenario(teams=[team(never_together=("a", "b"), min_present=2)], leave=[leave("a", 2, 6), leave("b", 2, 6)])
    limit_holds_where(s, lambda v: "c" not in away(v, 2) and len(away(v, 9)) < 2)
    for v in views(built(s)):
        if not v.attends:
            assert verify(s, v.plan).inherited == ()
        if v.attends == {("c", "s")}:
            assert [f.amount for f in verify(s, v.plan).violations] == [1]


def test_no_more_is_inherited_than_whoever_must_go() -> None:
    s = scenario(
        TeamCover(), Commitments(), teams=[team(min_present=2)], leave=[leave("a", 2, 6), leave("b", 2, 6)],
        commitments=[must("s", "c")], sessions=SESSIONS[:1],
    )
    assert rows_of(built(s), "team_cover")["m", "min_present", "2026-03-02"][2] == 1
    for v in views(built(s)):
        if v.attends:
            assert [f.amount for f in verify(s, v.plan).inherited] == [1]


def test_leave_of_others_than_the_selected_does_not_count() -> None:
    cadres = [Cadre(id="a", post="key"), Cadre(id="b", post="key"), Cadre(id="c", post="d")]
    rule = TeamCover(who=Selector(key_posts=True))
    s = scenario(rule, cadres=cadres, teams=[team(min_present=2)], leave=[leave("c", 2, 6)])
    limit_holds_where(s, lambda v: all(len(away(v, n) & {"a", "b"}) < 2 for n in (2, 9)))


@pytest.mark.parametrize(("leavers", "weeks"), [("gone", (9,)), ("replaced", ())])
@pytest.mark.parametrize("event", [moves("b", 9), moves("b", 13), moves("b", 9, "e")])
def test_a_stand_in_who_leaves(leavers, weeks, event: Event) -> None:
    s = scenario(
        TeamCover(leavers=leavers), teams=[team(unit="u", chief="a", deputies=("b",))], events=[event],
    )
    # In the second week nobody is there who could stand in: the chief stays.
    moved = event.post is not None

    def allowed(v: View) -> bool:
        if {"a", "b"} <= away(v, 2):
            return False
        if leavers == "replaced":
            return not (moved and {"a", "b"} <= away(v, 9))
        return "a" not in away(v, 13)

    limit_holds_where(s, allowed)


def test_without_a_unit_only_the_service_counts() -> None:
    s = scenario(teams=[team(chief="a", deputies=("b",))], events=[moves("b", 9, "e")])
    limit_holds_where(s, lambda v: all(not {"a", "b"} <= away(v, n) for n in (2, 9)))


def test_who_moves_in_the_middle_of_a_session_is_no_longer_away_from_the_team() -> None:
    s = scenario(
        sessions=[SESSIONS[0], SESSIONS[2]], teams=[team(unit="u", never_together=("a", "b"))],
        events=[moves("a", 5, "e")],
    )
    # a is a member on the 2nd to the 4th only.
    limit_holds_where(
        s, lambda v: not ({("a", "s"), ("b", "s")} <= v.attends),
    )


def test_a_chief_who_has_left_needs_no_stand_in() -> None:
    s = scenario(teams=[team(unit="u", chief="a", deputies=("b", "c"))], events=[moves("a", 9, "e")])
    limit_holds_where(s, lambda v: away(v, 2) != {"a", "b", "c"})


def test_who_joins_counts_from_then_on() -> None:
    cadres = [Cadre(id="a", post="d"), Cadre(id="b", post="d", entered=day(3, 9)), Cadre(id="c", post="e")]
    s = scenario(
        cadres=cadres, teams=[team(unit="u", chief="a", deputies=("b", "c"))], events=[moves("c", 12, "d")],
    )
    # In the first week nobody stands in; in the second b, from the 12th on c too.
    limit_holds_where(s, lambda v: "a" not in away(v, 2) and not {"a", "b"} <= away(v, 9))


@pytest.mark.parametrize(("count", "share", "events", "most"), [
    (0, 1, [], (2, 2)), (0, 333, [], (2, 2)), (0, 334, [], (1, 1)), (0, 666, [], (1, 1)), (0, 667, [], (0, 0)),
    (2, 1, [], (1, 1)), (0, 500, [moves("c", 9)], (1, 1)), (0, 501, [moves("c", 9)], (1, 0)),
    (1, 0, [moves("c", 9)], (2, 1)), (2, 0, [moves("c", 9, "e")], (1, 0)), (3, 0, [moves("c", 9)], (0, 0)),
])
def test_presence_by_count_and_share(count: int, share: int, events, most: tuple[int, int]) -> None:
    s = scenario(
        teams=[team(unit="u", min_present=count, min_present_per_mille=share)], events=events, sessions=SESSIONS[:2],
    )
    left = {e.cadre for e in events}
    limit_holds_where(
        s, lambda v: len(away(v, 2)) <= most[0] and len(away(v, 9) - left) <= most[1],
    )


def stand_ins(*pairs: str) -> list[StandIn]:
    return [StandIn(cadre=p[0], stand_in=p[1]) for p in pairs]


@pytest.mark.parametrize(("pairs", "fits"), [
    ("ab", lambda out: not {"a", "b"} <= out),
    ("ab ac", lambda out: not {"a", "b", "c"} <= out),
    ("ab bc", lambda out: not {"a", "b"} <= out and not {"b", "c"} <= out),
    ("ab ba ca", lambda out: not {"a", "b"} <= out and not {"a", "c"} <= out),
])
def test_whoever_stands_in_is_free(pairs: str, fits) -> None:
    """Who is away carries no duties: on every day of every plan somebody present carries them."""
    s = scenario(stand_ins=stand_ins(*pairs.split()))
    limit_holds_where(s, lambda v: all(fits(away(v, n)) for n in (*WEEK, *NEXT)))
    b = built(s)
    named: dict[str, set[str]] = {}
    for cadre, other in pairs.split():
        named.setdefault(cadre, set()).add(other)
    for v in views(b):
        free = all(named[c] - away(v, n) for n in (*WEEK, *NEXT) for c in away(v, n) if c in named)
        assert b.program.feasible(v.x) == free


def test_the_solver_leaves_somebody_to_stand_in() -> None:
    import rotation_planner as rp

    s = scenario(
        OnePlace(), TeamCover(), Coverage(min_service_months=0), stand_ins=stand_ins("ab", "ba"), n=2,
        sessions=SESSIONS[:2],
    )
    plan = rp.solve(s, time_limit=20, seed=1).require_plan()
    assert sorted(plan.attendances.tolist("session")) == ["s", "t"]


def test_a_named_stand_in_works_in_the_same_unit() -> None:
    # c works elsewhere; b moves away in the second week.
    cadres = [Cadre(id="a", post="d"), Cadre(id="b", post="d"), Cadre(id="c", post="e")]
    s = scenario(cadres=cadres, stand_ins=stand_ins("ab", "ac"), events=[moves("b", 9, "e")])
    limit_holds_where(s, lambda v: not {"a", "b"} <= away(v, 2) and "a" not in away(v, 9))
    # Once a has moved nobody needs to stand in any more.
    free = scenario(cadres=cadres, stand_ins=stand_ins("ab"), events=[moves("a", 9, "e")])
    limit_holds_where(free, lambda v: not {"a", "b"} <= away(v, 2))


def test_places_and_amounts() -> None:
    s = scenario(stand_ins=stand_ins("ab"), teams=[team(min_present_per_mille=667)], n=3, sessions=SESSIONS[:1])
    rows = rows_of(built(s), "team_cover")
    assert rows == {
        ("a", "stand_ins", "2026-03-02"): ({("attend", c, "s"): 1 for c in "ab"}, None, 1),
        ("m", "min_present", "2026-03-02"): ({("attend", c, "s"): 1 for c in "abc"}, None, 0),
    }
    for v in views(built(s)):
        if v.attends == {("a", "s"), ("b", "s")}:
            found = {(f.where, f.amount) for f in verify(s, v.plan).violations}
            assert found == {
                (("a", "stand_ins", "2026-03-02", "2026-03-06"), 1),
                (("m", "min_present", "2026-03-02", "2026-03-06"), 2),
            }


def test_what_is_settled_is_inherited() -> None:
    s = scenario(
        TeamCover(), Commitments(), stand_ins=stand_ins("ab"), leave=[leave("b", 4, 4)], commitments=[must("s", "a")],
    )
    b = built(s)
    for v in views(b):
        result = verify(s, v.plan)
        assert b.program.feasible(v.x) == result.ok, v.attends
        if v.attends == {("a", "s")}:
            assert [(f.where[2:], f.amount) for f in result.inherited] == [(("2026-03-04", "2026-03-04"), 1)]


def test_half_days_of_one_person_are_one_absence() -> None:
    half: dict[str, object] = {"day_fraction_per_mille": 500, "days": 5}
    courses = [course("am", pattern="mornings", **half), course("pm", pattern="afternoons", **half)]
    sessions = [session("am", day(3, 2), day(3, 6), "am"), session("pm", day(3, 2), day(3, 6), "pm")]
    s = scenario(TeamCover(), OnePlace(), courses=courses, sessions=sessions, teams=[team(min_present=2)])
    limit_holds_where(s, lambda v: len({c for c, _ in v.attends}) <= 1)


def test_nobody_and_nothing() -> None:
    for tables in ({}, {"teams": [team()]}, {"teams": [team(min_present=3)], "sessions": []}):
        assert rows_of(built(scenario(**tables)), "team_cover") == {}


@pytest.mark.parametrize(("tables", "codes"), [
    ({"stand_ins": stand_ins("aa")}, ["self_reference"]), ({"stand_ins": stand_ins("az")}, ["unknown_reference"]),
    ({"stand_ins": stand_ins("ab", "ab")}, ["duplicate_key"]), ({"stand_ins": stand_ins("ab")}, []),
    ({"stand_ins": stand_ins("ad")}, ["never_there"]), ({"teams": [team(unit="v")]}, ["never_there"] * 3),
    ({"stand_ins": stand_ins("ad"), "events": [Event(cadre="d", kind="transfer", date=day(3, 9), post="d")]}, []),
    ({"teams": [team(unit="v")], "rules": (TeamCover(leavers="replaced"),)}, []),
    ({"stand_ins": stand_ins("ab"), "rules": ()}, ["not_enforced"]),
])
def test_what_is_checked(tables, codes) -> None:
    cadres = [*THREE, Cadre(id="d", post="e")]
    rules = tables.get("rules", (TeamCover(),))
    s = scenario(OnePlace(), *rules, cadres=cadres, **{k: v for k, v in tables.items() if k != "rules"})
    assert [d.code for d in check(s) if d.table in {"teams", "stand_ins"}] == codes
