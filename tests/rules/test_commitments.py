"""Commitments."""

from __future__ import annotations

from rotation_planner.domain.policy import Commitments
from tests.rules.tiny import View, built, day, limit_holds_where, must, rows_of, session, tiny

RULE = Commitments()
SESSIONS = [session("s", day(3, 2)), session("t", day(4, 1)), session("r", day(5, 4))]
SETTLED = [must("s", "a"), must("s", "b", "must_not"), must("t"), must("r", kind="must_not")]


def test_rows_allow_what_is_settled() -> None:
    s = tiny(RULE, sessions=SESSIONS, commitments=SETTLED)

    def fits(v: View) -> bool:
        return ("a", "s") in v.attends and v.classes["t"] == 1 and v.classes["r"] == 0

    assert limit_holds_where(s, lambda v: fits(v), classes=False) == 3


def test_rows_in_numbers() -> None:
    rows = rows_of(built(tiny(RULE, sessions=SESSIONS, commitments=SETTLED)), "commitments")
    assert rows == {
        ("a", "s", "must"): ({("attend", "a", "s"): 1}, 1, None),
        ("t", "must"): ({("classes", "t"): 1}, 1, None),
        ("r", "must_not"): ({("classes", "r"): 1}, None, 0),
    }


def test_must_overrides_must_not() -> None:
    both = [must("s"), must("s", kind="must_not"), must("t", "a"), must("t", kind="must_not")]
    rows = rows_of(built(tiny(RULE, sessions=SESSIONS, commitments=both)), "commitments")
    assert ("s", "must_not") not in rows
    assert rows["t", "must_not"][2] == 1, "somebody must attend it, so it runs"


def test_published_wish_and_avoid_do_not_bind() -> None:
    soft = [must("s", "a", "published"), must("s", "b", "wish"), must("t", "a", "avoid")]
    assert rows_of(built(tiny(RULE, sessions=SESSIONS, commitments=soft)), "commitments") == {}
