"""Rooms, teachers, staff."""

from __future__ import annotations

import pytest

from rotation_planner.domain.policy import Rooms
from tests.rules.tiny import Institution, View, built, course, day, limit_holds_where, rows_of, session, tiny

RULE = Rooms()
COURSES = [
    course("k", max_classes=2, teachers_per_class=2, staff_per_class=1),
    course("w", max_classes=2, teachers_per_class=3, pattern="weekly", days=3),
]
SESSIONS = [
    session("s", day(3, 2), day(3, 6)), session("t", day(3, 6), day(3, 13)),
    session("w", day(3, 6), day(3, 20), course="w"),
]


def scenario(**limits: int):
    return tiny(
        RULE, n=1, courses=COURSES, sessions=SESSIONS,
        institutions=[Institution(id="i", authority="o", place="p", **limits)],
    )


DAYS = {"s": {2, 3, 4, 5, 6}, "t": set(range(6, 14)), "w": {6, 13, 20}}


@pytest.mark.parametrize(("what", "limit", "takes"), [
    ("rooms", 3, {"s": 1, "t": 1, "w": 1}), ("teachers", 7, {"s": 2, "t": 2, "w": 3}),
    ("staff", 2, {"s": 1, "t": 1, "w": 0}), ("staff", 0, {"s": 1, "t": 1, "w": 0}),
])
def test_rows_allow_what_the_house_holds(what: str, limit: int, takes: dict[str, int]) -> None:
    def fits(v: View) -> bool:
        return all(
            sum(takes[s] * v.classes[s] for s in DAYS if d in DAYS[s]) <= limit for d in range(1, 32)
        )

    limit_holds_where(scenario(**{what: limit}), fits, classes=True)


def test_rows_in_numbers() -> None:
    # On the 6th all three meet; the 13th and 20th and all other days are implied.
    assert rows_of(built(scenario(teachers=7)), "rooms") == {
        ("i", "teachers", "2026-03-06"): ({("classes", "s"): 2, ("classes", "t"): 2, ("classes", "w"): 3}, None, 7)
    }


@pytest.mark.parametrize(("limits", "rows"), [
    ({"rooms": 6}, 0), ({"rooms": 5}, 1), ({"teachers": 14}, 0), ({"teachers": 13}, 1), ({"staff": 4}, 0), ({}, 0),
    ({"rooms": 1, "staff": 1}, 2),
])
def test_no_row_that_cannot_bind(limits: dict[str, int], rows: int) -> None:
    assert len(rows_of(built(scenario(**limits)), "rooms")) == rows
