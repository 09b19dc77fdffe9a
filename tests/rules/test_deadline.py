"""Deadlines after an event."""

from __future__ import annotations

import datetime as dt

import pytest

from rotation_planner.domain.policy import Deadline, Selector
from tests.rules.tiny import Cadre, Event, View, built, course, day, duty_misses, record, rows_of, session, tiny

RULE = Deadline(months_before=1, months_after=3, min_days=2, weight=5)
COURSES = [
    course("k", kind="on_appointment", days=2), course("brief", kind="on_appointment", days=1), course("z", days=9),
    course("old", kind="on_appointment", days=2),
]
SESSIONS = [
    session("early", day(2, 9), day(2, 10)), session("first", day(2, 10), day(2, 11)),
    session("last", day(6, 9), day(6, 10)), session("late", day(6, 10), day(6, 11)),
    session("brief", day(4, 1), None, "brief"), session("other", day(4, 1), day(4, 9), "z"),
]


SPRING = day(3, 10)


def appointed(cadre: str = "a", date: dt.date = SPRING, kind: str = "appointment") -> Event:
    return Event(cadre=cadre, kind=kind, date=date)


def scenario(rule: Deadline = RULE, events=None, n: int = 1, **tables):
    return tiny(rule, n=n, courses=COURSES, sessions=SESSIONS, events=events or [appointed()], **tables)


def test_who_attends_nothing_that_fits_is_missed() -> None:
    duty_misses(
        scenario(),
        lambda v: {("a", "appointment", "2026-03-10"): 1000 * (not set(v.sessions_of("a")) & {"first", "last"})},
    )


def test_two_events_may_share_a_session() -> None:
    def missing(v: View) -> dict[tuple[str, ...], int]:
        mine = set(v.sessions_of("a"))
        return {
            ("a", "appointment", "2026-03-10"): 1000 * (not mine & {"first", "last"}),
            ("a", "promotion", "2026-03-11"): 1000 * (not mine & {"late", "last"}),
        }

    duty_misses(scenario(events=[appointed(), appointed(date=day(3, 11), kind="promotion")]), missing)


def test_rows_in_numbers() -> None:
    b = built(scenario(cadres=[Cadre(id="a", post="key")]))
    place = ("a", "appointment", "2026-03-10")
    assert rows_of(b, "deadline") == {
        place: ({("deadline.short", *place): 1, ("attend", "a", "first"): 1, ("attend", "a", "last"): 1}, 1, None)
    }
    assert b.program.goals[0].coefs.tolist() == [15_000]
    useful = {b.model.candidates.sessions.ids[s] for s in b.model.candidates.session[b.model.useful]}
    assert useful == {"first", "last"}


@pytest.mark.parametrize(("event", "due"), [
    (appointed(date=day(9, 30)), True), (appointed(date=day(10, 1)), False),  # due on 30 December, 1 January
    (appointed(date=day(10, 1, 2025)), True), (appointed(date=day(9, 30, 2025)), False),  # 1 January, 30 December
    (appointed(kind="transfer"), False), (appointed(kind="entry"), False),
])
def test_due_inside_the_horizon(event: Event, due: bool) -> None:
    b = built(scenario(events=[event]))
    assert len(b.program.columns_of("deadline.short")) == due


@pytest.mark.parametrize(("retires", "due"), [(day(6, 10), False), (day(6, 11), True)])
def test_who_no_longer_serves_owes_nothing(retires: dt.date, due: bool) -> None:
    b = built(scenario(events=[appointed(), Event(cadre="a", kind="retirement", date=retires)]))
    assert len(b.program.columns_of("deadline.short")) == due


@pytest.mark.parametrize(("course_", "date", "result", "due"), [
    ("old", day(2, 10), "passed", False), ("old", day(2, 9), "passed", True), ("old", day(6, 10), "passed", False),
    ("old", day(6, 11), "passed", True), ("brief", day(3, 1), "passed", True), ("old", day(3, 1), "withdrawn", True),
])
def test_a_record_may_fulfil_it(course_: str, date: dt.date, result: str, due: bool) -> None:
    b = built(scenario(records=[record("a", course_, date, 0, result)]))
    assert len(b.program.columns_of("deadline.short")) == due


def test_selected_on_the_day_of_the_event() -> None:
    rule = Deadline(months_before=1, months_after=3, who=Selector(key_posts=True))
    events = [
        Event(cadre="a", kind="appointment", date=day(3, 10), post="key"),
        Event(cadre="a", kind="promotion", date=day(2, 10)), appointed("b"),
    ]
    b = built(scenario(rule, events, n=2))
    assert set(rows_of(b, "deadline")) == {("a", "appointment", "2026-03-10")}
