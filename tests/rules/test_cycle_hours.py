"""Hours in each cycle of fixed dates."""

from __future__ import annotations

import datetime as dt
import math

import pytest

from rotation_planner.domain.plan import Plan
from rotation_planner.domain.policy import CourseSelector, CycleHours, Selector
from rotation_planner.verify import verify
from rotation_planner.verify.cycle_hours import NO_ORIGIN
from rotation_planner.verify.dues import BEYOND
from tests.rules.tiny import Cadre, Event, View, built, course, day, duty_misses, record, rows_of, session, tiny

COURSES = [course("k", hours=7), course("long", hours=21), course("brief", hours=6), course("z", hours=30),
           course("card", hours=0), course("old", hours=0)]
SESSIONS = [
    session("in", day(3, 10), day(3, 11)), session("edge", day(6, 14), None, "long"),
    session("over", day(6, 14), day(6, 15), "long"), session("next", day(6, 15)),
    session("brief", day(4, 1), None, "brief"), session("other", day(5, 1), None, "z"),
]
HOURS = {"in": 7, "edge": 21, "over": 21, "next": 7}
INSIDE = {"2026-06-14": {"in", "edge"}, "2026-12-14": {"next"}}
RULE = CycleHours(
    which=CourseSelector(courses=("k", "long", "brief", "old")), months=6, hours=35, min_block_hours=7,
    min_service_months=3,
    origin=CourseSelector(courses=("card",)),
)
CARD = [record("a", "card", day(12, 15, 2024)), record("a", "card", day(1, 20))]


def scenario(rule: CycleHours = RULE, records=CARD, **tables):
    return tiny(rule, **{"n": 1, "courses": COURSES, "sessions": SESSIONS, "records": records, **tables})


def missing(**on_record: int):
    def said(v: View) -> dict[tuple[str, ...], int]:
        found = {}
        for last, inside in INSIDE.items():
            got = sum(HOURS[s] for s in inside & set(v.sessions_of("a"))) + on_record.get(f"to_{last[5:7]}", 0)
            found["a", last] = math.ceil(1000 * max(0, 35 - got) / 35)
        return found

    return said


def test_hours_inside_each_cycle() -> None:
    duty_misses(scenario(), missing())


def test_records_on_their_day() -> None:
    rows = [
        record("a", "old", day(12, 15, 2025), 8), record("a", "old", day(12, 14, 2025), 50),
        record("a", "old", day(6, 14), 7), record("a", "old", day(6, 16), 40, "failed"),
        record("a", "old", day(6, 15), 9),
        record("a", "old", day(12, 14), 10), record("a", "old", day(12, 15), 35), record("a", "old", day(7, 1), 6),
        record("a", "z", day(3, 3), 35),
    ]
    duty_misses(scenario(records=[*CARD, *rows]), missing(to_06=15, to_12=19))
    met = built(scenario(records=[*CARD, *rows, record("a", "old", day(1, 9), 20)]))
    assert set(rows_of(met, "cycle_hours")) == {("a", "2026-12-14")}


def test_rows_in_numbers() -> None:
    b = built(scenario(records=[*CARD, record("a", "old", day(1, 2), 20)], cadres=[Cadre(id="a", post="key")]))
    june, december = (("cycle_hours.short", "a", d) for d in INSIDE)
    assert rows_of(b, "cycle_hours") == {
        june[1:]: ({june: 35, ("attend", "a", "in"): 7000, ("attend", "a", "edge"): 15_000}, 15_000, None),
        december[1:]: ({december: 35, ("attend", "a", "next"): 7000}, 35_000, None),
    }
    assert b.program.goals[0].coefs.tolist() == [3, 3]
    short = b.program.columns_of("cycle_hours.short")
    assert (b.program.lower[short].tolist(), b.program.upper[short].tolist()) == ([0, 800], [429, 1000])
    useful = {b.model.candidates.sessions.ids[s] for s in b.model.candidates.session[b.model.useful]}
    assert useful == {"in", "edge", "next"}


@pytest.mark.parametrize(("fields", "due"), [
    ({}, ["2026-06-14", "2026-12-14"]),
    ({"events": [Event(cadre="a", kind="retirement", date=day(6, 15))]}, ["2026-06-14"]),
    ({"events": [Event(cadre="a", kind="retirement", date=day(6, 14))]}, []),
    ({"cadres": [Cadre(id="a", post="d", entered=day(3, 17))]}, ["2026-06-14", "2026-12-14"]),  # 90 days
    ({"cadres": [Cadre(id="a", post="d", entered=day(3, 18))]}, ["2026-12-14"]),
    ({"cadres": [Cadre(id="a", post="d", entered=day(9, 17))]}, []),
    ({"records": [record("a", "card", day(1, 1))]}, ["2026-06-30", "2026-12-31"]),
    ({"records": [record("a", "card", day(1, 2))]}, ["2026-07-01"]),
    ({"records": [record("a", "card", day(7, 1))]}, ["2026-12-31"]),
    ({"records": [record("a", "card", day(8, 31, 2025))]}, ["2026-02-27", "2026-08-30"]),
    ({"records": [record("a", "card", day(7, 1, 2025))]}, ["2026-06-30", "2026-12-31"]),
    ({"records": [record("a", "card", day(7, 2, 2025))]}, ["2026-01-01", "2026-07-01"]),
])
def test_cycles_that_end_in_the_horizon_and_in_service(fields, due: list[str]) -> None:
    s = scenario(**fields)
    assert [u.subject[1] for u in verify(s, Plan.empty()).unmet] == due
    b = built(s)
    assert [b.program.families[b.program.column_family[k]].where(int(b.program.column_index[k]))[1]
            for k in b.program.columns_of("cycle_hours.short")] == due


def test_from_entry_or_from_an_event() -> None:
    rule = CycleHours(which=RULE.which, months=6, hours=35, min_block_hours=7)
    late = [Cadre(id="a", post="d", entered=day(12, 15, 2025))]
    duty_misses(scenario(rule, cadres=late), missing())
    events = [
        Event(cadre="a", kind="transfer", date=day(9, 15, 2025)),
        Event(cadre="a", kind="promotion", date=day(12, 15, 2025), post="key"),
        Event(cadre="a", kind="promotion", date=day(3, 1)),
    ]
    rule = rule.model_copy(update={"events": ("promotion", "transfer"), "who": Selector(key_posts=True)})
    duty_misses(scenario(rule, events=events), missing())


def test_without_an_origin_or_an_end_nothing_is_due() -> None:
    s = scenario(records=[record("b", "card", day(7, 2))], n=2)
    found = verify(s, Plan.empty())
    assert found.exempt == (("cycle_hours", "a", NO_ORIGIN), ("cycle_hours", "b", BEYOND))
    assert not found.unmet
    assert not len(built(s).program.columns_of("cycle_hours.short"))
    assert not len(built(tiny(RULE, n=0, courses=COURSES)).program.columns_of("cycle_hours.short"))
    other = scenario(RULE.model_copy(update={"who": Selector(key_posts=True)}))
    assert verify(other, Plan.empty()).exempt == ()
    assert not verify(other, Plan.empty()).unmet


def test_leap_days_come_round_again() -> None:
    rule = RULE.model_copy(update={"months": 12})
    s = scenario(rule, [record("a", "card", dt.date(2024, 2, 29))], years=3)
    assert [u.subject[1] for u in verify(s, Plan.empty()).unmet] == ["2026-02-27", "2027-02-27", "2028-02-28"]
    b = built(s)
    assert [b.program.families[b.program.column_family[k]].where(int(b.program.column_index[k]))[1]
            for k in b.program.columns_of("cycle_hours.short")] == ["2026-02-27", "2027-02-27", "2028-02-28"]


def test_a_cycle_that_begins_before_the_horizon_is_served_in_full_within_it() -> None:
    rule = RULE.model_copy(update={"min_service_months": 12})
    assert [u.subject[1] for u in verify(scenario(rule), Plan.empty()).unmet] == ["2026-06-14", "2026-12-14"]
    late = scenario(rule, cadres=[Cadre(id="a", post="d", entered=day(1, 2))])
    found = verify(late, Plan.empty())
    assert [u.subject[1] for u in found.unmet] == ["2026-12-14"]
    assert found.exempt == (("cycle_hours", "a", "not served long enough"),)
    assert set(rows_of(built(late), "cycle_hours")) == {("a", "2026-12-14")}
