"""Team cover."""

from __future__ import annotations

import pytest

from rotation_planner.domain.organisation import Team
from rotation_planner.domain.policy import Commitments, OnePlace, TeamCover
from tests.rules.tiny import View, built, course, day, limit_holds_where, must, rows_of, session, tiny

RULE = TeamCover()
COURSES = [course("k"), course("half", day_fraction_per_mille=500), course("less", day_fraction_per_mille=499)]
SESSIONS = [
    session("s", day(3, 2), day(3, 6)), session("t", day(3, 5), day(3, 11), "half"),
    session("x", day(3, 2), day(3, 20), "less"),
]


def scenario(team: Team, *more, n: int = 3, sessions=SESSIONS[:2], **tables):
    return tiny(RULE, *more, n=n, courses=COURSES, sessions=sessions, teams=[team], **tables)


def away(v: View, d: int) -> set[str]:
    spans = {"s": range(2, 7), "t": range(5, 12)}
    return {c for c, s in v.attends if d in spans[s]}


WORKING = [2, 3, 4, 5, 6, 9, 10, 11]


def clash_free(v: View) -> bool:
    """Nobody at two places: such plans count a person twice here, which one place at a time forbids anyway."""
    return all(len(v.sessions_of(c)) < 2 for c in "abc")


@pytest.mark.parametrize(("fields", "fits"), [
    ({"never_together": ("a", "b")}, lambda gone: not {"a", "b"} <= gone),
    ({"chief": "a", "deputies": ("b", "c")}, lambda gone: not {"a", "b", "c"} <= gone),
    ({"chief": "a", "deputies": ("b", "c"), "stand_ins": ("c",)}, lambda gone: not {"a", "c"} <= gone),
    ({"min_present": 2}, lambda gone: len(gone) <= 1),
    ({"min_present": 3}, lambda gone: not gone),
    ({"min_present": 1, "never_together": ("b", "c")}, lambda gone: len(gone) <= 2 and not {"b", "c"} <= gone),
])
def test_rows_allow_what_leaves_the_team_covered(fields, fits) -> None:
    b = built(scenario(Team(id="m", members=("a", "b", "c"), **fields)))
    from tests.rules.tiny import views

    outcomes = set()
    for v in views(b):
        if clash_free(v):
            said = all(fits(away(v, d)) for d in WORKING)
            assert b.program.feasible(v.x) == said, v.attends
            outcomes.add(said)
    assert outcomes == {True, False}


def test_the_check_agrees_session_by_session() -> None:
    team = Team(id="m", members=("a", "b", "c"), never_together=("a", "b"), min_present=1)
    s = scenario(team, sessions=SESSIONS[:1])
    limit_holds_where(s, lambda v: not {"a", "b"} <= away(v, 2) and len(away(v, 2)) <= 2)


def test_rows_in_numbers() -> None:
    team = Team(id="m", members=("a", "b", "c"), chief="a", deputies=("b", "c"))
    full = {("attend", c, s): 1 for c in "abc" for s in "st"}
    assert rows_of(built(scenario(team, OnePlace())), "team_cover") == {("m", "chief", "2026-03-05"): (full, None, 2)}


def test_less_than_half_a_day_is_not_away() -> None:
    team = Team(id="m", members=("a", "b", "c"), never_together=("a", "b"))
    assert rows_of(built(scenario(team, sessions=SESSIONS[2:])), "team_cover") == {}


@pytest.mark.parametrize("fields", [
    {}, {"chief": "a"}, {"chief": "a", "stand_ins": ("a",)}, {"never_together": ("a",)}, {"deputies": ("b",)},
])
def test_no_row_that_says_nothing(fields) -> None:
    assert rows_of(built(scenario(Team(id="m", members=("a", "b", "c"), **fields))), "team_cover") == {}


def test_more_present_than_there_are_means_that_nobody_goes() -> None:
    s = scenario(Team(id="m", members=("a", "b"), min_present=5), sessions=SESSIONS[:1])
    limit_holds_where(s, lambda v: not away(v, 2) & {"a", "b"})


def test_settled_absences_beyond_the_limit_move_the_side() -> None:
    team = Team(id="m", members=("a", "b", "c"), never_together=("a", "b"))
    s = scenario(team, OnePlace(), Commitments(), commitments=[must("s", "a"), must("s", "b")])
    assert rows_of(built(s), "team_cover")["m", "never_together", "2026-03-05"][2] == 2
