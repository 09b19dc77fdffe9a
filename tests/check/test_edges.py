"""The last figure that is right and the first that is wrong, for every check that compares."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from rotation_planner.check import check
from rotation_planner.domain.organisation import Authority, Team
from rotation_planner.domain.people import Cadre, Event, Leave, Record
from rotation_planner.domain.planning import CalendarDay, Commitment, Fund, Horizon
from rotation_planner.domain.policy import (
    Beds,
    CallUps,
    Ceiling,
    ClassSize,
    Commitments,
    Coverage,
    Hours,
    NoRepeat,
    OnePlace,
    Policy,
    Prerequisites,
    Selector,
    TeamCover,
    UnitRelease,
)
from rotation_planner.domain.scenario import MODELS, Scenario
from rotation_planner.domain.table import Table
from rotation_planner.domain.teaching import Course, Offer, Session, Term
from tests.damage import day, office

Found = list[tuple[str, str, int | None, str, str]]


def found(scenario: Scenario) -> Found:
    """Code, table, row, column and severity of every defect."""
    return [(d.code, d.table, d.row, d.column, d.severity) for d in check(scenario)]


def with_rows(table: str, *rows: Any) -> Scenario:
    """The office with other rows of a table."""
    return office().with_tables(**{table: Table.of(MODELS[table], rows)})


def changed(table: str, i: int, **values: Any) -> Scenario:
    """The office with other values in one row of a table."""
    rows = list(office()[table])
    rows[i] = rows[i].model_copy(update=values)
    return with_rows(table, *rows)


def fund(year: int, **figures: Any) -> Fund:
    """A fund of the city."""
    return Fund(**({"id": f"f{year}", "authority": "city", "year": year} | figures))


def session(start: str, end: str | None, course: str = "k") -> Session:
    """A given session."""
    return Session(id="x", course=course, institution="i", start=day(start), end=day(end) if end else None)


def term(start: str, end: str, open_: bool = True) -> Term:
    """A term or closure."""
    return Term(institution="i", start=day(start), end=day(end), open=open_)


def given(*rows: Session) -> Scenario:
    """The office with these sessions and no commitment."""
    return with_rows("sessions", *rows).with_tables(commitments=Table.of(Commitment))


def ruled(*rules: Any) -> Scenario:
    """The office under these rules and that of its commitment."""
    return office().with_policy(Policy(rules=(Commitments(), *rules)))


def holidays(kept: int) -> Scenario:
    """Only so many working days are left in the two years after the horizon."""
    days = [day("2031-01-01") + dt.timedelta(days=k) for k in range(731)]
    working = [d for d in days if d.weekday() < 5]
    return with_rows("calendar", *(CalendarDay(date=d) for d in working[kept:]))


PAIRS: dict[str, tuple[Scenario, Scenario, Found]] = {
    "levels of a course may be equal, not reversed": (
        changed("courses", 1, level_low="mid", level_high="mid"),
        changed("courses", 1, level_low="high", level_high="mid"),
        [("levels_reversed", "courses", 3, "level_low", "error")],
    ),
    "smallest class may be the largest": (
        changed("courses", 0, min_size=30), changed("courses", 0, min_size=31),
        [("min_above_max", "courses", 2, "min_size", "error")],
    ),
    "shares up to the whole": (
        changed("courses", 0, subjects={"law": 1000}), changed("courses", 0, subjects={"law": 1000, "history": 1}),
        [("shares", "courses", 2, "subjects", "error")],
    ),
    "shares not negative": (
        changed("courses", 0, subjects={"law": 0}), changed("courses", 0, subjects={"law": -1}),
        [("shares", "courses", 2, "subjects", "error")],
    ),
    "months from 1 to 12": (
        with_rows("offers", Offer(course="w", institution="i", months=(1, 12))),
        with_rows("offers", Offer(course="w", institution="i", months=(0, 12))),
        [("month", "offers", 2, "months", "error")],
    ),
    "mastery from 1 to 5": (
        changed("posts", 0, requires={"drafting": 1}), changed("posts", 0, requires={"drafting": 0}),
        [("mastery", "posts", 2, "requires", "error")],
    ),
    "all members present": (
        changed("teams", 0, min_present=2), changed("teams", 0, min_present=3),
        [("above_size", "teams", 2, "min_present", "error")],
    ),
    "members named": (
        with_rows("teams", Team(id="t", members=("a", "b"), never_together=("a", "b"), stand_ins=("b",))),
        with_rows("teams", Team(id="t", members=("a", "b"), never_together=("a", "c"), stand_ins=("c",))),
        [("not_a_member", "teams", 2, "stand_ins", "error"), ("not_a_member", "teams", 2, "never_together", "error")],
    ),
    "leaves may touch": (
        with_rows("leave", Leave(cadre="a", start=day("2026-07-06"), end=day("2026-07-09")),
                  Leave(cadre="a", start=day("2026-07-01"), end=day("2026-07-05"))),
        with_rows("leave", Leave(cadre="a", start=day("2026-07-05"), end=day("2026-07-09")),
                  Leave(cadre="a", start=day("2026-07-01"), end=day("2026-07-05"))),
        [("overlap", "leave", 2, "start", "error")],
    ),
    "leaves of two people may overlap": (
        with_rows("leave", Leave(cadre="a", start=day("2026-07-01"), end=day("2026-07-05")),
                  Leave(cadre="b", start=day("2026-07-01"), end=day("2026-07-05"))),
        with_rows("leave", Leave(cadre="b", start=day("2026-07-01"), end=day("2026-07-31")),
                  Leave(cadre="b", start=day("2026-07-02"), end=day("2026-07-03")),
                  Leave(cadre="b", start=day("2026-07-31"), end=day("2026-07-31"))),
        [("overlap", "leave", 3, "start", "error"), ("overlap", "leave", 4, "start", "error")],
    ),
    "a leave of one day": (
        with_rows("leave", Leave(cadre="a", start=day("2026-07-01"), end=day("2026-07-01"))),
        with_rows("leave", Leave(cadre="a", start=day("2026-07-01"), end=day("2026-06-30"))),
        [("end_before_start", "leave", 2, "end", "error")],
    ),
    "a closure may lie in a term": (
        with_rows("terms", term("2026-01-01", "2030-12-31"), term("2026-07-01", "2026-08-31", open_=False)),
        with_rows("terms", term("2026-01-01", "2030-12-31"), term("2026-07-01", "2026-08-31")),
        [("overlap", "terms", 3, "start", "error")],
    ),
    "the horizon's first and last day": (
        given(session("2026-01-01", "2026-01-09"), session("2030-12-23", "2030-12-31").model_copy(update={"id": "y"})),
        given(session("2025-12-31", "2026-01-09"), session("2030-12-23", "2031-01-01").model_copy(update={"id": "y"})),
        [("outside_horizon", "sessions", 2, "start", "error"), ("outside_horizon", "sessions", 3, "end", "error")],
    ),
    "an end that follows from the days": (
        given(session("2030-12-25", None)), given(session("2030-12-26", None)),
        [("outside_horizon", "sessions", 2, "end", "error")],
    ),
    "five working days": (
        given(session("2026-03-02", "2026-03-06")), given(session("2026-03-02", "2026-03-05")),
        [("session_short", "sessions", 2, "end", "warning")],
    ),
    "a weekend is two days": (
        given(session("2026-03-07", "2026-03-08", "w"), session("2026-03-02", None).model_copy(update={"id": "y"})),
        given(session("2026-03-08", "2026-03-13", "w"), session("2026-03-02", None).model_copy(update={"id": "y"})),
        [("session_short", "sessions", 2, "end", "warning")],
    ),
    "a Saturday in the dates": (
        given(session("2026-03-06", "2026-03-08", "w"), session("2026-03-02", None).model_copy(update={"id": "y"})),
        given(session("2026-03-02", "2026-03-06", "w"), session("2026-03-02", None).model_copy(update={"id": "y"})),
        [("no_day_of_pattern", "sessions", 2, "start", "error")],
    ),
    "entry in the year of the sixteenth birthday": (
        changed("cadres", 0, entered=day("1996-01-01")), changed("cadres", 0, entered=day("1995-12-31")),
        [("entry_before_age", "cadres", 2, "entered", "error")],
    ),
    "born on the last day before the horizon": (
        changed("cadres", 1, birth_date=day("2025-12-31")), changed("cadres", 1, birth_date=day("2026-01-01")),
        [("born_late", "cadres", 3, "birth_date", "error")],
    ),
    "an event on the day of retirement": (
        with_rows("events", Event(cadre="b", kind="retirement", date=day("2029-05-01")),
                  Event(cadre="b", kind="transfer", date=day("2029-05-01"), post="q")),
        with_rows("events", Event(cadre="b", kind="retirement", date=day("2029-05-01")),
                  Event(cadre="b", kind="transfer", date=day("2029-05-02"), post="q")),
        [("after_retirement", "events", 3, "date", "error")],
    ),
    "one post from a day on": (
        with_rows("events", Event(cadre="a", kind="appointment", date=day("2026-05-01"), post="q"),
                  Event(cadre="a", kind="promotion", date=day("2026-05-01"), post="q"),
                  Event(cadre="a", kind="transfer", date=day("2026-05-02"), post="p"),
                  Event(cadre="b", kind="transfer", date=day("2026-05-01"), post="p")),
        with_rows("events", Event(cadre="a", kind="appointment", date=day("2026-05-01"), post="q"),
                  Event(cadre="a", kind="promotion", date=day("2026-05-01"), post="p")),
        [("two_posts", "events", 3, "post", "error")],
    ),
    "the same entry twice": (
        with_rows("events", Event(cadre="a", kind="entry", date=day("2005-07-01"))),
        with_rows("events", Event(cadre="a", kind="entry", date=day("2005-07-02"))),
        [("two_entries", "events", 2, "date", "error")],
    ),
    "dates of a life up to 2200": (
        with_rows("events", Event(cadre="a", kind="promotion", date=day("2200-12-31"))),
        with_rows("events", Event(cadre="a", kind="promotion", date=day("2201-01-01"))),
        [("date_far", "events", 2, "date", "error")],
    ),
    "records from 1900 to the last day before the horizon": (
        with_rows("records", Record(cadre="a", course="w", date=day("1900-01-01")),
                  Record(cadre="a", course="w", date=day("2025-12-31"))),
        with_rows("records", Record(cadre="a", course="w", date=day("1899-12-31")),
                  Record(cadre="a", course="w", date=day("2026-01-01"))),
        [("date_far", "records", 2, "date", "error"), ("record_in_horizon", "records", 3, "date", "warning")],
    ),
    "working days enough for the longest course": (
        holidays(5), holidays(4), [("too_few_working_days", "calendar", None, "working", "error")],
    ),
    "a floor may be the ceiling": (
        with_rows("funds", fund(2026, floor_yuan=7, ceiling_yuan=7)),
        with_rows("funds", fund(2026, floor_yuan=8, ceiling_yuan=7)),
        [("floor_above_ceiling", "funds", 2, "floor_yuan", "error")],
    ),
    "a grown floor is rounded up": (
        with_rows("funds", fund(2026, floor_yuan=1001), fund(2027, index_per_mille=1050, ceiling_yuan=1052)),
        with_rows("funds", fund(2026, floor_yuan=1001), fund(2027, index_per_mille=1050, ceiling_yuan=1051)),
        [("floor_above_ceiling", "funds", 3, "floor_yuan", "error")],
    ),
    "an index grows from the year before, in any order": (
        with_rows("funds", fund(2027, index_per_mille=1050), fund(2026, floor_yuan=1)),
        with_rows("funds", fund(2028, index_per_mille=1050), fund(2026, floor_yuan=1)),
        [("index_without_base", "funds", 2, "index_per_mille", "error")],
    ),
    "an index grows from the same earmark": (
        with_rows("funds", fund(2026, floor_yuan=1, earmark=("theory", "rotation")),
                  fund(2027, index_per_mille=1050, earmark=("rotation", "theory"))),
        with_rows("funds", fund(2026, floor_yuan=1, earmark=("theory",)), fund(2027, index_per_mille=1050)),
        [("index_without_base", "funds", 3, "index_per_mille", "error")],
    ),
    "years of the horizon": (
        with_rows("funds", fund(2026), fund(2030)), with_rows("funds", fund(2025), fund(2031)),
        [("year_outside", "funds", 2, "year", "warning"), ("year_outside", "funds", 3, "year", "warning")],
    ),
    "must and must_not of different sessions": (
        with_rows("commitments", Commitment(cadre="a", session="s", kind="must"),
                  Commitment(cadre="a", session="t", kind="must_not"), Commitment(session="s", kind="must_not")),
        with_rows("commitments", Commitment(cadre="a", session="s", kind="must"),
                  Commitment(cadre="a", session="s", kind="must_not")),
        [("contradiction", "commitments", 3, "kind", "error")],
    ),
    "a derived session may be settled": (
        with_rows("commitments", Commitment(cadre="a", session="w@i@2026-03-28", kind="must")),
        with_rows("commitments", Commitment(cadre="a", session="w@i@2026-03-29", kind="must")),
        [("unknown_reference", "commitments", 2, "session", "error")],
    ),
    "a unit shared by levels": (
        with_rows("authorities", Authority(id="top", units=("u",), levels=("high",)),
                  Authority(id="city", parent="top", units=("u", "v"), levels=("low", "mid"))),
        with_rows("authorities", Authority(id="top", units=("u",), levels=("high", "mid")),
                  Authority(id="city", parent="top", units=("u", "v"), levels=("low", "mid"))),
        [("two_managers", "authorities", 3, "units", "error")],
    ),
    "a unit shared with one for all levels": (
        with_rows("authorities", Authority(id="top", units=("v",)), Authority(id="city", parent="top", units=("u",))),
        with_rows("authorities", Authority(id="top", units=("u",)),
                  Authority(id="city", parent="top", units=("u",), levels=("low",))),
        [("two_managers", "authorities", 3, "units", "error")],
    ),
    "seats for all": (
        given(session("2026-03-02", None)).with_tables(
            courses=Table.of(Course, [Course(id="k", days=5, max_size=3), Course(id="w", covers=False)])),
        given(session("2026-03-02", None)).with_tables(
            courses=Table.of(Course, [Course(id="k", days=5, max_size=2), Course(id="w", covers=False)])),
        [("too_few_seats", "sessions", None, "", "warning")],
    ),
    "parallel classes are seats": (
        given(session("2026-03-02", None).model_copy(update={"max_classes": 3})).with_tables(
            courses=Table.of(Course, [Course(id="k", days=5, max_size=1), Course(id="w", covers=False)])),
        given(session("2026-03-02", None)).with_tables(
            courses=Table.of(Course, [Course(id="k", days=5, max_size=1, max_classes=2), Course(id="w", covers=False)])
        ),
        [("too_few_seats", "sessions", None, "", "warning")],
    ),
    "hours from supplements alone": (
        ruled(Hours(hours=10, supplement_cap_hours=10)), ruled(Hours(hours=10, supplement_cap_hours=11)),
        [("cap_above_hours", "policy", None, "supplement_cap_hours", "error")],
    ),
    "rules of a kind with names": (
        ruled(Coverage(), Coverage(name="again")), ruled(Coverage(name="again"), Beds(name="again")),
        [("duplicate_rule", "policy", None, "name", "error")],
    ),
    "a rule for one level": (
        ruled(Coverage(who=Selector(level_low="mid", level_high="mid"))),
        ruled(Coverage(who=Selector(level_low="high", level_high="mid"))),
        [("levels_reversed", "policy", None, "who.level_low", "error")],
    ),
    "must needs its rule, wishes do not": (
        with_rows("commitments", Commitment(cadre="a", session="s", kind="wish")).with_policy(Policy(rules=(Beds(),))),
        with_rows("commitments", Commitment(session="s", kind="must")).with_policy(Policy(rules=(Beds(),))),
        [("no_commitments_rule", "policy", None, "rules", "error")],
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_last_that_is_right(name: str) -> None:
    assert found(PAIRS[name][0]) == []


@pytest.mark.parametrize("name", PAIRS)
def test_first_that_is_wrong(name: str) -> None:
    assert found(PAIRS[name][1]) == PAIRS[name][2]


CHOSEN = Selector(key_posts=False)


@pytest.mark.parametrize("rule", [OnePlace, NoRepeat, CallUps, UnitRelease, TeamCover, Prerequisites, Coverage])
def test_rules_about_people_may_choose(rule: Any) -> None:
    assert found(ruled(rule(who=CHOSEN))) == []


@pytest.mark.parametrize("rule", [ClassSize, Beds, Ceiling])
def test_rules_about_things_may_not(rule: Any) -> None:
    assert found(ruled(rule(who=CHOSEN))) == [("selector_not_applicable", "policy", None, "who", "error")]


@pytest.mark.parametrize(
    ("start", "errors"), [("1949-12-31", 1), ("1950-01-01", 0), ("2150-12-31", 0), ("2151-01-01", 1)]
)
def test_years_of_a_horizon(start: str, errors: int) -> None:
    empty = {name: Table.of(MODELS[name]) for name in ("sessions", "commitments", "funds", "events", "leave")}
    people = Table.of(Cadre, [Cadre(id=c.id, post=c.post) for c in office()["cadres"]])
    scenario = office().with_tables(
        **empty, cadres=people, teams=Table.of(Team), horizon=Table.of(Horizon, [Horizon(start=day(start))]),
    )
    assert [d.code for d in check(scenario) if d.severity == "error"] == ["date_far"] * errors
