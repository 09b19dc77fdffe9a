"""Who is meant: the compiler's masks, the verifier's word for each cadre, and days counted by hand."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rotation_planner.compile.career import careers
from rotation_planner.compile.selector import selected, whole_years
from rotation_planner.domain.organisation import Authority, Unit
from rotation_planner.domain.people import Cadre, Event, Level, Post
from rotation_planner.domain.planning import Horizon
from rotation_planner.domain.policy import Conditions, NamedSelector, Selector
from rotation_planner.domain.scenario import Scenario, add_months
from rotation_planner.verify.people import People
from rotation_planner.verify.selected import anniversary
from tests.compile.selectors import DRAWN, body, selector

DAY = dt.date(2028, 2, 29)


def both(scenario: Scenario, who: Selector, day: dt.date | None = None) -> list[str]:
    """Ids of the cadres that compiler and verifier mean."""
    people = People(scenario)
    start = careers(scenario).service_start
    days = start if day is None else np.full(len(start), day.toordinal())
    ids = scenario["cadres"].tolist("id")
    mask = selected(scenario, who, days)
    told = [id_ for id_ in ids if people.selected(who, people.of[id_], None if day is None else day.toordinal())]
    assert told == [id_ for id_, meant in zip(ids, mask.tolist(), strict=True) if meant]
    return told


@pytest.mark.parametrize("field", sorted(DRAWN))
def test_every_field_alone(field: str) -> None:
    found, whole = 0, 0
    for seed in range(60):
        scenario = body(seed)
        told = both(scenario, selector(seed, field))
        found, whole = found + len(told), whole + len(scenario["cadres"])
    assert 0 < found < whole


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 10**6), st.dates(dt.date(2026, 12, 1), dt.date(2031, 3, 31)))
def test_any_selector_on_any_day(seed: int, drawn: int, day: dt.date) -> None:
    scenario, who = body(seed), selector(drawn)
    both(scenario, who)
    both(scenario, who, day)


def test_every_condition_is_drawn() -> None:
    fields = Selector.model_fields
    seen = {name for seed in range(300) for name, value in selector(seed) if value != fields[name].default}
    assert seen == set(Selector.model_fields)
    assert set(Selector.model_fields) - {"named"} == set(Conditions.model_fields)
    assert set(NamedSelector.model_fields) == {"id", "name", *Conditions.model_fields}


def test_conditions_hold_together_and_items_of_one_apart() -> None:
    """And between conditions, or within one: by sets of what each finds alone."""
    for seed in range(40):
        scenario = body(seed)
        u, v, red = Selector(units=("u",)), Selector(units=("v",)), Selector(categories=("red",))
        first, second, third = (set(both(scenario, who)) for who in (u, v, red))
        assert set(both(scenario, Selector(units=("u", "v")))) == first | second
        assert set(both(scenario, Selector(units=("u",), categories=("red",)))) == first & third
        x, y = (set(both(scenario, Selector(named=(name,)))) for name in "xy")
        assert set(both(scenario, Selector(named=("x", "y"), units=("u",)))) == (x | y) & first


@given(st.dates(dt.date(1950, 1, 1), dt.date(2030, 1, 1)), st.integers(0, 30_000))
def test_years_are_counted_by_the_calendar(since: dt.date, after: int) -> None:
    day = since.toordinal() + after
    (years,) = whole_years(np.array([since.toordinal()]), np.array([day])).tolist()
    assert add_months(since, 12 * years).toordinal() <= day < add_months(since, 12 * (years + 1)).toordinal()
    assert anniversary(since.toordinal(), years) == add_months(since, 12 * years).toordinal()


def person(events: list[Event] | None = None, **of: dt.date) -> Scenario:
    """One cadre."""
    return Scenario.of(
        horizon=[Horizon(start=DAY, years=2)], authorities=[Authority(id="a")], units=[Unit(id="u", authority="a")],
        levels=[Level(id="l", rank=1)], posts=[Post(id="p", unit="u", level="l"), Post(id="q", unit="u", level="l")],
        cadres=[Cadre(id="c", post="p", **of)], events=events or [],
    )


def meant(scenario: Scenario, day: str = "", **conditions: object) -> bool:
    """Whether the one cadre is meant."""
    return bool(both(scenario, Selector(**conditions), dt.date.fromisoformat(day) if day else None))  # type: ignore[arg-type]


AGES = [
    ("1988-03-01", "2028-02-29", 39), ("1988-02-29", "2028-02-29", 40), ("1988-02-28", "2028-02-29", 40),
    ("1988-02-29", "2027-02-27", 38), ("1988-02-29", "2027-02-28", 39), ("1988-02-29", "2027-03-01", 39),
    ("1988-02-29", "2028-02-28", 39), ("1987-02-28", "2028-02-28", 41), ("1987-12-31", "2028-01-01", 40),
    ("1988-07-15", "2028-07-14", 39), ("1988-07-15", "2028-07-15", 40), ("1988-07-15", "2028-07-16", 40),
    ("1988-07-15", "1988-07-15", 0),
]


@pytest.mark.parametrize(("born", "day", "years"), AGES)
def test_birthdays(born: str, day: str, years: int) -> None:
    """Each of age, service and time in the post turns on the same days."""
    since = dt.date.fromisoformat(born)
    lives = {
        "age": person(birth_date=since), "service_years": person(entered=since),
        "post_years": person([Event(cadre="c", kind="transfer", date=since, post="p")]),
    }
    for what, scenario in lives.items():
        assert meant(scenario, day, **{f"{what}_low": years, f"{what}_high": years})
        assert not meant(scenario, day, **{f"{what}_low": years + 1})
        assert years == 0 or not meant(scenario, day, **{f"{what}_high": years - 1})
        on = dt.date.fromisoformat(day)
        assert meant(scenario, "2040-01-01", **{f"{what}_low": years, f"{what}_high": years, "on": on})


@pytest.mark.parametrize("what", ["age", "service_years", "post_years"])
def test_whoever_has_no_date_is_not_meant(what: str) -> None:
    for bound in ("low", "high"):
        assert not meant(person(), **{f"{what}_{bound}": 0 if bound == "low" else 80})


def test_not_before_entry_however_high_the_bound() -> None:
    scenario = person(entered=dt.date(2029, 5, 1))
    for what in ("service_years", "post_years"):
        assert not meant(scenario, "2029-04-30", **{f"{what}_high": 80})
        assert meant(scenario, "2029-05-01", **{f"{what}_high": 0})
        assert meant(scenario, **{f"{what}_high": 0})  # the first day of service


def test_years_in_post_begin_with_the_last_event_that_gave_one() -> None:
    def event(kind: str, day: str, post: str | None = None) -> Event:
        return Event(cadre="c", kind=kind, date=dt.date.fromisoformat(day), post=post)  # type: ignore[arg-type]

    entered = dt.date(2010, 2, 28)
    assert meant(person(entered=entered), post_years_low=18, post_years_high=18)
    # An event into the post held is a beginning too; one without a post, or yet to come, is none.
    lives = [
        (2, [event("appointment", "2026-02-28", "p")]),
        (2, [event("appointment", "2026-02-28", "p"), event("promotion", "2027-02-28")]),
        (2, [event("transfer", "2026-02-28", "q"), event("transfer", "2028-03-01", "p")]),
        (1, [event("transfer", "2020-01-01", "q"), event("transfer", "2027-02-28", "p")]),
        (0, [event("transfer", "2028-02-29", "q")]),
        (18, [event("retirement", "2028-02-29", "q")]),
    ]
    for years, events in lives:
        assert meant(person(events, entered=entered), post_years_low=years, post_years_high=years), events
    # Service goes on through all of them; an entry event counts like a date of entry.
    assert meant(person(lives[0][1], entered=entered), service_years_low=18, service_years_high=18)
    assert meant(person([event("entry", "2018-02-28")]), service_years_low=10, service_years_high=10)
    assert meant(person([event("entry", "2018-02-28")]), post_years_low=10, post_years_high=10)
    assert meant(person([event("entry", "2018-02-28", "q")]), post_years_low=10, post_years_high=10)


@pytest.mark.parametrize("on", [dt.date.min, dt.date(1967, 12, 31), dt.date(2200, 12, 31), dt.date.max])
def test_days_far_away(on: dt.date) -> None:
    for seed in range(20):
        for field in ("age", "service_years", "post_years", "level_low", "authorities"):
            both(body(seed), selector(seed, field).model_copy(update={"on": on}))


def test_nobody_at_all() -> None:
    scenario = body(0)
    empty = {name: scenario[name].take([]) for name in ("cadres", "events", "holdings", "teams")}
    for field in DRAWN:
        assert both(scenario.with_tables(**empty), selector(1, field)) == []


def test_events_by_kind_and_day() -> None:
    promoted = person([Event(cadre="c", kind="promotion", date=dt.date(2029, 6, 1))])
    day = dt.date(2029, 6, 1)
    one = dt.timedelta(days=1)
    assert meant(promoted, events=("promotion",), event_from=day, event_to=day)
    assert meant(promoted, event_from=day)
    assert meant(promoted, event_to=day)
    assert not meant(promoted, events=("promotion",), event_from=day + one)
    assert not meant(promoted, events=("promotion",), event_to=day - one)
    assert not meant(promoted, events=("transfer",))
    assert meant(promoted, events=("transfer", "promotion"))
    # One event must fit kind and days together.
    two = person([
        Event(cadre="c", kind="promotion", date=dt.date(2029, 6, 1)),
        Event(cadre="c", kind="transfer", date=dt.date(2030, 1, 1)),
    ])
    assert not meant(two, events=("promotion",), event_from=dt.date(2029, 12, 1))
    assert not meant(two, event_from=day + one, event_to=dt.date(2029, 12, 31))
    joiner = person(entered=day)
    assert meant(joiner, events=("entry",), event_from=day, event_to=day)
    assert meant(joiner, event_from=day, event_to=day)
    assert not meant(joiner, events=("promotion",), event_from=day, event_to=day)


def test_a_row_keeps_its_own_day_and_borrows_another() -> None:
    born = dt.date(1988, 7, 1)
    scenario = person(birth_date=born)
    fixed, free = (NamedSelector(id=i, age_low=40, on=on) for i, on in (("fixed", dt.date(2028, 7, 1)), ("free", None)))
    scenario = Scenario.of(
        **{name: table for name, table in scenario.tables.items() if name != "selectors"}, selectors=[fixed, free],
    )
    assert meant(scenario, named=("fixed",))
    assert not meant(scenario, named=("free",))
    assert meant(scenario, named=("free",), on=dt.date(2028, 7, 1))
    assert meant(scenario, named=("fixed",), on=dt.date(2028, 6, 30))
    assert not meant(scenario, named=("free",), on=dt.date(2028, 6, 30))
