"""Full coverage."""

from __future__ import annotations

import datetime as dt

import pytest

from rotation_planner.domain.policy import Coverage, Selector
from tests.rules.tiny import Cadre, Event, View, built, course, day, duty_misses, must, record, rows_of, session, tiny

COURSES = [course("k"), course("z", covers=False)]
SESSIONS = [session("s", day(3, 2)), session("t", day(9, 1)), session("z", day(5, 4), None, "z")]
CADRES = [Cadre(id="a", post="d"), Cadre(id="b", post="key")]


def scenario(rule: Coverage, **tables):
    return tiny(rule, **{"courses": COURSES, "sessions": SESSIONS, "cadres": CADRES, **tables})


def test_who_attends_nothing_that_counts_is_missed() -> None:
    def missing(v: View) -> dict[tuple[str, ...], int]:
        return {(c, "horizon"): 1000 * (not set(v.sessions_of(c)) & {"s", "t"}) for c in "ab"}

    duty_misses(scenario(Coverage(weight=4, key_factor=3)), missing)


def test_rows_and_goal_in_numbers() -> None:
    b = built(scenario(Coverage(weight=4, key_factor=3)))
    assert rows_of(b, "coverage") == {
        (c, "horizon"): (
            {("coverage.short", c, "horizon"): 1, ("attend", c, "s"): 1, ("attend", c, "t"): 1}, 1, None
        )
        for c in "ab"
    }
    duties = b.program.goals[0]
    assert (duties.name, duties.maximise, duties.coefs.tolist()) == ("duties", False, [4000, 12000])


@pytest.mark.parametrize(("months", "date", "due"), [
    (0, day(12, 31, 2025), True), (0, day(1, 1), False), (0, day(3, 9), False),
    (12, day(1, 1, 2025), False), (12, day(12, 31, 2024), True),
    (60, day(1, 1, 2021), False),
])
def test_a_record_may_count(months: int, date: dt.date, due: bool) -> None:
    courses = [*COURSES, course("old"), course("not", covers=False)]
    rows = [record("a", "old", date), record("b", "not", date), record("b", "old", date, 0, "failed")]
    b = built(scenario(Coverage(history_months=months), courses=courses, records=rows))
    assert {w[0] for w in rows_of(b, "coverage")} == ({"a", "b"} if due else {"b"})
    assert b.model.useful[b.model.candidates.cadre == 0].any() == due


@pytest.mark.parametrize(("fields", "events", "due"), [
    ({"entered": day(1, 1)}, [], True), ({"entered": day(1, 2)}, [], False),
    ({}, [Event(cadre="a", kind="retirement", date=day(6, 30))], True),
    ({}, [Event(cadre="a", kind="retirement", date=day(6, 29))], False),
])
def test_service_must_be_long_enough(fields, events, due: bool) -> None:
    # From 1 January to 29 June there are 180 days.
    cadres = [Cadre(id="a", post="d", **fields)]
    b = built(scenario(Coverage(min_service_months=6), cadres=cadres, events=events))
    assert bool(rows_of(b, "coverage")) == due


def test_the_whole_window_is_enough() -> None:
    assert rows_of(built(scenario(Coverage(min_service_months=120))), "coverage")
    leaver = scenario(Coverage(min_service_months=120), cadres=[Cadre(id="a", post="d")], events=[
        Event(cadre="a", kind="retirement", date=day(12, 31)),
    ])
    assert rows_of(built(leaver), "coverage") == {}, "a day short of it"


def test_a_session_beyond_the_service_does_not_cover() -> None:
    retired = [Event(cadre="a", kind="retirement", date=day(9, 1))]
    s = scenario(
        Coverage(min_service_months=0), cadres=CADRES[:1], events=retired, commitments=[must("t", "a")]
    )
    assert set(rows_of(built(s), "coverage")["a", "horizon"][0]) == {
        ("coverage.short", "a", "horizon"), ("attend", "a", "s"),
    }


def test_what_nothing_can_cover_is_missed_for_sure() -> None:
    b = built(scenario(Coverage(), sessions=SESSIONS[2:]))
    assert rows_of(b, "coverage") == {}
    short = b.program.columns_of("coverage.short")
    assert b.program.lower[short].tolist() == b.program.upper[short].tolist() == [1, 1]


def test_selected_people_and_a_name_of_its_own() -> None:
    rule = Coverage(name="key people", who=Selector(key_posts=True))
    b = built(scenario(rule))
    assert set(rows_of(b, "key people")) == {("b", "horizon")}
    assert len(b.program.columns_of("key people.short")) == 1
