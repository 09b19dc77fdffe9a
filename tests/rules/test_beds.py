"""Beds."""

from __future__ import annotations

import pytest

from rotation_planner.domain.policy import Beds
from tests.rules.tiny import Institution, View, built, course, day, limit_holds_where, rows_of, session, tiny

RULE = Beds()
LODGED = course("k", residential=True)
SESSIONS = [
    session("s", day(3, 2), day(3, 6)), session("t", day(3, 5), day(3, 9)), session("r", day(3, 6), day(3, 10)),
]


def scenario(beds: int | None = 2, sessions=SESSIONS, courses=(LODGED,), n: int = 3):
    house = Institution(id="i", authority="o", place="p", beds=beds)
    return tiny(RULE, n=n, courses=courses, institutions=[house], sessions=sessions)


def test_rows_allow_what_the_house_holds() -> None:
    def fits(v: View) -> bool:
        heads = {s.id: v.heads(s.id) for s in SESSIONS}
        return all(
            sum(heads[s.id] for s in SESSIONS if s.start <= day(3, night) < s.end) <= 2 for night in range(1, 12)
        )

    limit_holds_where(scenario(), fits)


def test_the_last_day_takes_no_bed() -> None:
    rows = rows_of(built(scenario()), "beds")
    # s leaves on the day r comes: two nights say it all.
    assert rows == {
        ("i", "2026-03-05"): ({("headcount", "s"): 1, ("headcount", "t"): 1}, None, 2),
        ("i", "2026-03-06"): ({("headcount", "t"): 1, ("headcount", "r"): 1}, None, 2),
    }


@pytest.mark.parametrize(("beds", "rows"), [(5, 2), (6, 0), (None, 0), (0, 2)])
def test_no_row_that_cannot_bind(beds: int | None, rows: int) -> None:
    assert len(rows_of(built(scenario(beds)), "beds")) == rows


@pytest.mark.parametrize("fields", [{"residential": False}, {"pattern": "weekly", "residential": True}])
def test_who_goes_home_takes_no_bed(fields) -> None:
    assert rows_of(built(scenario(0, courses=[course(**fields)])), "beds") == {}


def test_a_single_day_takes_no_bed() -> None:
    assert rows_of(built(scenario(0, sessions=[session("s", day(3, 2))])), "beds") == {}
