"""Deadlines after an event."""

from __future__ import annotations

import datetime as dt

import pytest

from rotation_planner.domain.people import Level
from rotation_planner.domain.plan import Plan
from rotation_planner.domain.policy import Deadline, Selector
from rotation_planner.verify import verify
from tests.rules.tiny import (
    Cadre,
    Event,
    Post,
    View,
    built,
    course,
    day,
    duty_misses,
    label_of,
    record,
    rows_of,
    session,
    tiny,
)

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


INDUCTION = Deadline(events=("entry",), course_kinds=("on_appointment",), months_after=3, min_days=2)


@pytest.mark.parametrize(("fields", "events", "due"), [
    ({"entered": day(3, 10)}, [], ["2026-03-10"]), ({"entered": day(10, 1, 2025)}, [], ["2025-10-01"]),
    ({"entered": day(9, 30, 2025)}, [], []), ({}, [], []),
    ({"entered": day(3, 10)}, [appointed(kind="entry")], ["2026-03-10"]),  # one entry, told twice
    ({}, [appointed(kind="entry"), appointed()], ["2026-03-10"]),
])
def test_the_date_of_entry_is_an_event(fields, events: list[Event], due: list[str]) -> None:
    s = scenario(INDUCTION, events or [appointed(kind="transfer")], cadres=[Cadre(id="a", post="d", **fields)])
    assert [u.subject for u in verify(s, Plan.empty()).unmet] == [("a", "entry", d) for d in due]
    short = built(s).program
    assert [label_of(built(s), int(k)) for k in short.columns_of("deadline.short")] == [("a", "entry", d) for d in due]


LEVELS = [Level(id="low", rank=1), Level(id="section", rank=3), Level(id="county", rank=7), Level(id="city", rank=9)]
POSTS = [Post(id=x, unit="u", level=x) for x in ("low", "section", "county", "city")]
STEPS = Deadline(months_before=1, months_after=3, min_days=1, min_days_by_level={"county": 3, "section": 2})


@pytest.mark.parametrize(("post", "days"), [("low", 1), ("section", 2), ("county", 3), ("city", 3)])
def test_days_by_the_level_on_the_day_of_the_event(post: str, days: int) -> None:
    courses = [course(f"d{n}", kind="on_appointment", days=n) for n in (1, 2, 3)]
    courses += [course(f"r{n}", kind="on_appointment", days=n) for n in (1, 2, 3)]
    sessions = [session(f"s{n}", day(4, 5 * n), day(4, 5 * n + n - 1), f"d{n}") for n in (1, 2, 3)]
    # Promoted to the post on the day; the one before and the one after do not matter.
    events = [
        Event(cadre="a", kind="promotion", date=day(3, 10), post=post),
        Event(cadre="a", kind="transfer", date=day(3, 11), post="city" if post == "low" else "low"),
    ]
    fields = {
        "courses": courses, "sessions": sessions, "levels": LEVELS, "posts": POSTS,
        "cadres": [Cadre(id="a", post="city" if post == "low" else "low")],
    }
    fit = {f"s{n}" for n in (1, 2, 3) if n >= days}
    s = tiny(STEPS, n=1, events=events, **fields)
    duty_misses(s, lambda v: {("a", "promotion", "2026-03-10"): 1000 * (not fit & set(v.sessions_of("a")))})
    for n in (1, 2, 3):
        s = tiny(STEPS, n=1, events=events, **fields, records=[record("a", f"r{n}", day(3, 9))])
        assert len(built(s).program.columns_of("deadline.short")) == (n < days)
        assert len(verify(s, Plan.empty()).unmet) == (n < days)


def test_a_planned_promotion_is_prepared_before() -> None:
    # Planned for 10 July, to be trained in the six months before it.
    rule = Deadline(months_before=6, months_after=0, min_days=2)
    planned = [appointed(date=day(7, 10), kind="promotion")]
    fit = {"early", "first", "last", "late"}
    duty_misses(
        scenario(rule, planned),
        lambda v: {("a", "promotion", "2026-07-10"): 1000 * (not set(v.sessions_of("a")) & fit)},
    )
    done = [record("a", "old", day(1, 9))], [record("a", "old", day(1, 10))]
    assert [len(built(scenario(rule, planned, records=r)).program.columns_of("deadline.short")) for r in done] == [1, 0]
