"""Hours in a window."""

from __future__ import annotations

import math

import pytest

from rotation_planner.domain.policy import Hours, StudyPrice
from tests.rules.tiny import Cadre, Event, View, built, course, day, duty_misses, record, rows_of, session, tiny

COURSES = [
    course("k", hours=30), course("z", hours=50), course("web", hours=16, channel="online"),
    course("old", hours=0), course("oldweb", channel="online"),
]
SESSIONS = [
    session("s", day(3, 2)), session("t", day(9, 1), None, "z"), session("w", day(5, 4), None, "web"),
    session("y", day(12, 30), day(1, 5, 2027), "z"), session("v", day(6, 1, 2027), None, "web"),
]
HOURS = {"s": 30, "t": 50, "w": 16, "y": 50, "v": 16}
ENDS = {"s": 2026, "t": 2026, "w": 2026, "y": 2027, "v": 2027}
WEB = {"w", "v"}


def per_mille(missing: int, due: int) -> int:
    return math.ceil(1000 * max(0, missing) / due)


def scenario(rule: Hours, **tables):
    return tiny(rule, **{"n": 1, "years": 2, "courses": COURSES, "sessions": SESSIONS, **tables})


@pytest.mark.parametrize("cap", [0, 10, 16, 20, 200])
@pytest.mark.parametrize("free", [True, False])
def test_a_total_over_the_horizon(cap: int, free: bool) -> None:
    rule = Hours(hours=90, supplement_cap_hours=cap, free_study=free)

    def missing(v: View) -> dict[tuple[str, ...], int]:
        mine = v.sessions_of("a")
        full = sum(HOURS[s] for s in mine if s not in WEB)
        extra = sum(HOURS[s] for s in mine if s in WEB) + v.study.get(("a", "horizon"), 0)
        return {("a", "horizon"): per_mille(90 - full - min(cap, extra), 90)}

    duty_misses(scenario(rule, policy={"study": StudyPrice(yuan_per_hour=7)}), missing, study=(0, 3, 10, 20))


def test_each_year_with_opening_balance_and_records() -> None:
    rule = Hours(window="year", hours=80, supplement_cap_hours=20, weight=2, name="yearly")
    rows = [
        record("a", "old", day(1, 1), 7), record("a", "oldweb", day(12, 31), 13),
        record("a", "old", day(1, 1, 2027), 5),
        record("a", "oldweb", day(12, 31, 2025), 99), record("a", "old", day(2, 1), 99, "failed"),
    ]
    s = scenario(rule, cadres=[Cadre(id="a", post="key", opening_hours=4)], records=rows)

    def missing(v: View) -> dict[tuple[str, ...], int]:
        found = {}
        for year, fixed, passed in ((2026, 11, 13), (2027, 5, 0)):
            mine = [x for x in v.sessions_of("a") if ENDS[x] == year]
            full = fixed + sum(HOURS[x] for x in mine if x not in WEB)
            extra = passed + sum(HOURS[x] for x in mine if x in WEB) + v.study.get(("a", str(year)), 0)
            found["a", str(year)] = per_mille(80 - full - min(20, extra), 80)
        return found

    duty_misses(s, missing, study=(0, 7))


def test_rows_in_numbers() -> None:
    b = built(scenario(Hours(hours=90, supplement_cap_hours=20), records=[record("a", "oldweb", day(2, 2), 8)]))
    # 8 of the 20 supplement hours are on record: 82 are missing, 12 more may count.
    a = ("a", "horizon")
    assert rows_of(b, "hours") == {
        a: (
            {
                ("attend", "a", "s"): 30_000, ("attend", "a", "t"): 50_000, ("attend", "a", "y"): 50_000,
                ("hours.counted", *a): 1000, ("hours.short", *a): 90,
            },
            82_000, None,
        )
    }
    assert rows_of(b, "hours.counted") == {
        a: ({("hours.counted", *a): 1, ("hours.study", *a): -1, ("attend", "a", "w"): -12, ("attend", "a", "v"): -12},
            None, 0)
    }
    for name, most in (("hours.counted", 12), ("hours.study", 12), ("hours.short", 912)):
        assert b.program.upper[b.program.columns_of(name)].tolist() == [most], name


def test_without_sessions_that_supplement_study_stands_in_the_row() -> None:
    b = built(scenario(Hours(hours=90, supplement_cap_hours=20), sessions=SESSIONS[:2]))
    assert rows_of(b, "hours.counted") == {}
    coefs, low, _ = rows_of(b, "hours")["a", "horizon"]
    assert coefs["hours.study", "a", "horizon"] == 1000
    assert low == 90_000


def test_a_session_longer_than_what_is_missing_counts_for_that() -> None:
    b = built(scenario(Hours(hours=40), sessions=SESSIONS[1:2]))
    assert rows_of(b, "hours")["a", "horizon"][0]["attend", "a", "t"] == 40_000


def test_what_cannot_be_reached_is_missed_for_sure() -> None:
    b = built(scenario(Hours(hours=90, supplement_cap_hours=20, free_study=False), sessions=SESSIONS[1:3]))
    short = b.program.columns_of("hours.short")
    assert b.program.lower[short].tolist() == [per_mille(90 - 50 - 16, 90)]
    none = built(scenario(Hours(hours=90), sessions=[]))
    assert rows_of(none, "hours") == {}
    assert none.program.lower[none.program.columns_of("hours.short")].tolist() == [1000]


@pytest.mark.parametrize(("retires", "due"), [(day(7, 6, 2027), 67), (day(7, 7, 2027), 68), (day(6, 29, 2027), 67)])
def test_hours_by_days_of_service(retires, due: int) -> None:
    # 2026 and 2027 have 730 days; 68 of 90 hours need 552 days of service: 1 January 2026 to 6 July 2027.
    gone = [Event(cadre="a", kind="retirement", date=retires)]
    b = built(scenario(Hours(hours=90), events=gone, sessions=SESSIONS[:1]))
    assert rows_of(b, "hours")["a", "horizon"][1] == 1000 * due
    assert rows_of(b, "hours")["a", "horizon"][0]["hours.short", "a", "horizon"] == due


@pytest.mark.parametrize(("fields", "window", "years"), [
    ({"entered": day(1, 2)}, "horizon", []), ({"entered": day(1, 2)}, "year", ["2026", "2027"]),
    ({"entered": day(1, 6)}, "year", ["2026", "2027"]), ({"entered": day(1, 7)}, "year", ["2027"]),
    ({}, "horizon", ["horizon"]),
])
def test_who_is_exempt(fields, window, years: list[str]) -> None:
    # 360 days are twelve months: entering on 6 January 2026 leaves exactly so many.
    rule = Hours(hours=40, window=window, min_service_months=24)
    b = built(scenario(rule, cadres=[Cadre(id="a", post="d", **fields)]))
    assert [w[1] for w in rows_of(b, "hours")] == years


def test_met_by_history_is_no_duty_and_nothing_useful() -> None:
    b = built(scenario(Hours(hours=40), cadres=[Cadre(id="a", post="d", opening_hours=40)]))
    assert rows_of(b, "hours") == {}
    assert not b.model.useful.any()
    carried = built(scenario(Hours(hours=40, carry_opening=False), cadres=[Cadre(id="a", post="d", opening_hours=40)]))
    assert len(rows_of(carried, "hours")) == 1


def test_study_is_chosen_where_it_helps_and_not_beyond() -> None:
    from rotation_planner.model import complete, to_plan, to_point

    b = built(scenario(Hours(hours=90, supplement_cap_hours=20)))
    x = complete(b, b.program.lower * 0)
    x[b.model.attend[[0, 1]]] = 1  # s and w: 46 hours, of which 16 supplement
    x = complete(b, x, choose_study=True)
    plan = to_plan(b, x)
    assert [(r.cadre, r.rule, r.window, r.hours) for r in plan.study] == [("a", "hours", "horizon", 4)]
    assert (to_point(b, plan) == x).all()
