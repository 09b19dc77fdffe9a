"""Yearly hours with carry-over."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from typing import Any

import numpy as np
import pytest

import rotation_planner as rp
from rotation_planner.domain.plan import Plan
from rotation_planner.domain.planning import Horizon
from rotation_planner.domain.policy import CallUps, CarryOver, ClassSize, CourseSelector, Selector, Total, TotalLimit
from rotation_planner.explain import explain
from rotation_planner.verify import carry_over, verify
from rotation_planner.verify.facts import Facts
from rotation_planner.verify.findings import Findings
from tests.rules.tiny import (
    Cadre,
    Event,
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
    views,
)

COURSES = [
    course("k", hours=30, validity_months=1), course("z", hours=70, validity_months=1),
    course("web", hours=16, channel="online", validity_months=1), course("old"), course("oldweb", channel="online"),
]
SESSIONS = [
    session("s", day(1, 1)), session("t", day(12, 31), None, "z"), session("u", day(12, 30), day(1, 1, 2027), "web"),
    session("v", day(6, 1, 2027), None, "z"), session("w", day(5, 4, 2028), None, "web"), session("x", day(6, 1, 2028)),
]
YEAR_OF = {s.id: s.end.year for s in SESSIONS}
WORTH = {"s": 30, "t": 70, "u": 16, "v": 70, "w": 16, "x": 30}
YEARS = (2026, 2027, 2028)


def scenario(rule: CarryOver, **tables: Any):
    return tiny(rule, **{"n": 1, "years": 3, "courses": COURSES, "sessions": SESSIONS, **tables})


def shortfalls(
    v: View, due: dict[int, int], cap: int, opening: int = 0, past: dict[int, int] | None = None
) -> dict[tuple[str, ...], int]:
    """Balance by balance, as an office would reckon."""
    found, balance = {}, min(cap, opening)
    for year in YEARS:
        balance += (past or {}).get(year, 0) + sum(WORTH[s] for s in v.sessions_of("a") if YEAR_OF[s] == year)
        if balance < due[year]:
            found["a", str(year)] = math.ceil(1000 * (due[year] - balance) / due[year])
            balance = 0
        else:
            balance = min(cap, balance - due[year])
    return found


@pytest.mark.parametrize("cap", [0, 1, 20, 29, 30, 31, 60, 500])
@pytest.mark.parametrize("hours", [30, 40])
def test_what_is_over_counts_in_the_next_year_up_to_the_cap(cap: int, hours: int) -> None:
    rule = CarryOver(hours=hours, cap_hours=cap)
    duty_misses(scenario(rule), lambda v: shortfalls(v, dict.fromkeys(YEARS, hours), cap))


@pytest.mark.parametrize(("cap", "opening"), [(20, 20), (20, 35), (0, 35), (50, 35), (200, 90)])
def test_opening_balance_and_records(cap: int, opening: int) -> None:
    rule = CarryOver(hours=40, cap_hours=cap, weight=2, name="yearly")
    records = [
        record("a", "old", day(1, 1), 7), record("a", "old", day(12, 31), 6),
        record("a", "oldweb", day(3, 3, 2027), 45), record("a", "old", day(12, 31, 2025), 99),
        record("a", "old", day(2, 1), 99, "failed"),
    ]
    s = scenario(rule, cadres=[Cadre(id="a", post="key", opening_hours=opening)], records=records)
    past = {2026: 13, 2027: 45}
    duty_misses(s, lambda v: shortfalls(v, dict.fromkeys(YEARS, 40), cap, opening, past))


def test_only_chosen_courses() -> None:
    rule = CarryOver(hours=40, cap_hours=25, which=CourseSelector(channels=("centre",)))
    records = [record("a", "old", day(1, 1), 7), record("a", "oldweb", day(1, 2), 50)]

    def missing(v: View) -> dict[tuple[str, ...], int]:
        mine = View(frozenset(p for p in v.attends if p[1] not in "uw"), v.classes, v.study, v.x, v.plan)
        return shortfalls(mine, dict.fromkeys(YEARS, 40), 25, past={2026: 7})

    duty_misses(scenario(rule, records=records), missing)


@pytest.mark.parametrize(("part", "months", "due"), [
    ("pro_rata", 0, {2026: 26, 2027: 40, 2028: 20}), ("full", 0, {2026: 40, 2027: 40, 2028: 40}),
    ("exempt", 0, {2026: 0, 2027: 40, 2028: 0}), ("pro_rata", 12, {2026: 0, 2027: 40, 2028: 0}),
    ("pro_rata", 7, {2026: 26, 2027: 40, 2028: 0}),
])
def test_joiners_and_leavers(part: Any, months: int, due: dict[int, int]) -> None:
    # 245 days of 365 in 2026; 188 days of 366 in 2028. Where nothing is due, everything is over.
    rule = CarryOver(hours=40, cap_hours=45, part_service=part, min_service_months=months)
    s = scenario(
        rule, cadres=[Cadre(id="a", post="d", entered=day(5, 1), opening_hours=5)],
        events=[Event(cadre="a", kind="retirement", date=day(7, 7, 2028))],
    )
    duty_misses(s, lambda v: shortfalls(v, due, 45, 5))
    exempt = list(verify(s, Plan.empty()).exempt)
    assert exempt == ([("carry_over", "a", "not served long enough")] if 0 in due.values() else [])


def test_rows_in_numbers() -> None:
    b = built(scenario(CarryOver(hours=40, cap_hours=25), sessions=[SESSIONS[0], SESSIONS[1], SESSIONS[3]],
                       records=[record("a", "old", day(3, 3), 4)]))
    one, two = ("a", "2026"), ("a", "2027")
    a, short, carried, over = (("attend", "a"), "carry_over.short", "carry_over.carried", "carry_over.over")
    assert rows_of(b, "carry_over") == {
        one: ({(*a, "s"): 30_000, (*a, "t"): 36_000, (short, *one): 40}, 36_000, None),
        two: ({(*a, "v"): 40_000, (short, *two): 40, (carried, *two): 1000}, 40_000, None),
        ("a", "2028"): ({(short, "a", "2028"): 40, (carried, "a", "2028"): 1000}, 40_000, None),
    }
    assert rows_of(b, "carry_over.carried") == {
        two: ({(*a, "s"): 30, (*a, "t"): 61, (carried, *two): -1, (over, *one): -36}, 0, None),
        ("a", "2028"): (
            {(*a, "v"): 65, (carried, *two): 1, (carried, "a", "2028"): -1, (over, *two): -40}, 0, None
        ),
    }
    assert rows_of(b, "carry_over.over") == {
        where: ({(carried, *where): 1, (over, *before): -25}, None, 0)
        for where, before in ((two, one), (("a", "2028"), two))
    }
    bounds = {label_of(b, int(k))[1]: (int(b.program.lower[k]), int(b.program.upper[k]))
              for k in b.program.columns_of(short)}
    assert bounds == {"2026": (0, 900), "2027": (0, 1000), "2028": (375, 1000)}


def test_where_nothing_can_be_missing_no_choice_is_left() -> None:
    b = built(scenario(CarryOver(hours=40, cap_hours=25), records=[record("a", "old", day(3, 3), 50)]))
    assert [label_of(b, int(k)) for k in b.program.columns_of("carry_over.over")] == [("a", "2027")]
    assert rows_of(b, "carry_over.carried")["a", "2027"][1] == -10
    assert b.program.lower[b.program.columns_of("carry_over.carried")].tolist() == [10, 0]


@pytest.mark.parametrize("retires", [None, day(3, 1, 2027)])
def test_no_choice_of_the_helpers_does_better(retires: dt.date | None) -> None:
    # Less is due of a leaver in the last year, so that an hour there would be worth a shortfall before.
    rule = CarryOver(hours=9, cap_hours=3, min_service_months=0)
    events = [Event(cadre="a", kind="retirement", date=retires)] if retires else []
    courses = [course("k", hours=7, validity_months=1), course("z", hours=3, validity_months=1)]
    sessions = [session("s", day(3, 2)), session("t", day(9, 1), None, "z"), session("v", day(2, 1, 2027), None, "z")]
    s = tiny(rule, n=1, years=2, courses=courses, sessions=sessions, events=events,
             cadres=[Cadre(id="a", post="d", opening_hours=2)])
    b = built(s)
    program, short = b.program, b.program.columns_of("carry_over.short")
    helpers = np.concatenate([program.columns_of(f"carry_over.{n}") for n in ("carried", "over")])
    ranges = [range(int(program.lower[k]), int(program.upper[k]) + 1) for k in helpers]
    assert 1 < math.prod(map(len, ranges)) < 100
    for view in views(b):
        assert program.feasible(view.x)
        found = []
        for values in itertools.product(*ranges):
            x = view.x.copy()
            x[helpers], x[short] = values, 0
            # Each shortfall stands in one row alone: what is missing there tells the least that it can be.
            for k in short:
                row = int(np.flatnonzero(program.matrix[:, [k]].toarray())[0])
                gap = int(program.low[row] - (program.matrix @ x)[row])
                x[k] = max(int(program.lower[k]), -(-gap // int(program.matrix[row, k])))
            if program.feasible(x):
                found.append(program.goal_values(x)[0])
        assert min(found) == program.goal_values(view.x)[0], view.attends


def useful(rule: CarryOver, **tables: Any) -> str:
    """Sessions useful to the cadre, by the rows; the check says the same."""
    s = scenario(rule, **tables)
    b, facts = built(s), Facts(s, Plan.empty())
    marked = {b.model.candidates.sessions.ids[s] for s in b.model.candidates.session[b.model.useful]}
    dues = [due for due in carry_over.check(rule, facts, Findings()) if due.open]
    assert marked == {r.id for r in facts.teaching.runs.values() if any(carry_over.serves(rule, d, r) for d in dues)}
    return "".join(sorted(marked))


def test_useful_is_what_ends_in_an_open_year_or_before_one() -> None:
    rest = [record("a", "old", day(5, 5, 2028), 40)]
    assert useful(CarryOver(hours=40, cap_hours=5)) == "stuvwx"
    assert useful(CarryOver(hours=40, cap_hours=5), records=rest) == "stuv"
    assert useful(CarryOver(hours=40, cap_hours=0), records=rest) == "stuv"
    first = [*rest, record("a", "old", day(5, 5), 40)]
    assert useful(CarryOver(hours=40, cap_hours=5), records=first) == "stuv"
    assert useful(CarryOver(hours=40, cap_hours=0), records=first) == "uv"
    assert useful(CarryOver(hours=40, cap_hours=40), records=[record("a", "old", day(5, 5), 120)]) == "stuvwx"
    assert useful(CarryOver(hours=40, cap_hours=80), records=[record("a", "old", day(5, 5), 120)]) == ""


def test_a_year_that_ends_later_is_booked_or_not_yet_due() -> None:
    rule = CarryOver(hours=40, cap_hours=25)
    summer = [Horizon(start=day(7, 1), years=1)]
    s = scenario(rule, horizon=summer, sessions=[SESSIONS[1]])
    assert list(rows_of(built(s), "carry_over")) == [("a", "2026")]
    assert verify(s, Plan.empty()).exempt == (("carry_over", "a", "due after the horizon: not yet due"),)
    early = scenario(rule, horizon=summer, sessions=[], records=[record("a", "old", day(2, 2), 65),
                                                                record("a", "old", day(1, 1, 2027), 15)])
    assert verify(early, Plan.empty()).exempt == (("carry_over", "a", "due after the horizon: booked"),)
    assert not verify(early, Plan.empty()).unmet


def test_only_who_is_selected() -> None:
    rule = CarryOver(hours=40, cap_hours=25, who=Selector(key_posts=True))
    s = scenario(rule, cadres=[Cadre(id="a", post="d"), Cadre(id="b", post="key")])
    assert {w[0] for w in rows_of(built(s), "carry_over")} == {"b"}
    assert {u.subject[0] for u in verify(s, Plan.empty()).unmet} == {"b"}


@pytest.mark.parametrize(("sessions", "reason"), [("", "no_candidate"), ("s", "blocked"), ("w", "blocked")])
def test_a_session_of_an_earlier_year_serves_through_what_it_carries(sessions: str, reason: str) -> None:
    rule = CarryOver(hours=10, cap_hours=25)
    s = tiny(rule, TotalLimit(amount=0, window="horizon"), n=1, years=3, courses=COURSES,
             sessions=[x for x in SESSIONS if x.id in sessions])
    b = built(s)
    (view,) = (v for v in views(b) if not v.attends)
    unmet = explain(b.model.candidates, b.program, view.x, verify(s, view.plan).unmet)
    assert {u.subject[1]: u.reason for u in unmet}["2028"] == reason


def test_together_with_a_total_over_the_horizon_the_best_plan_is_found() -> None:
    rule = CarryOver(hours=75, cap_hours=10, weight=2)
    total = Total(amount=180, which=CourseSelector(channels=("centre",)), weight=3)
    s = tiny(rule, total, ClassSize(), CallUps(max_per_year=1, spacing_days=0), n=1, years=3, courses=COURSES,
             sessions=SESSIONS)
    b = built(s)
    least = min(
        (b.program.goal_values(v.x)[0], verify(s, v.plan).goals["duties"]) for v in views(b) if b.program.feasible(v.x)
    )
    assert least[0] == least[1] > 0
    result = rp.solve(s, time_limit=8.0)
    assert result.status == "optimal"
    assert result.goals[0].value == least[0]
