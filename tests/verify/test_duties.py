"""Coverage, hours, deadlines: exact shortfalls, exemptions, weights."""

from __future__ import annotations

import pytest

from rotation_planner.domain.people import Cadre, Event, Record
from rotation_planner.domain.planning import Horizon
from rotation_planner.domain.policy import Coverage, Deadline, Hours, Selector
from rotation_planner.verify import verify
from tests.verify.small import course, day, plan_of, session, short, small

ONE = {"people": 1}


def record(date, course_="k", **changes):
    return Record(**({"cadre": "c0", "course": course_, "date": day(date)} | changes))


def event(kind, date, **changes):
    return Event(cadre="c0", kind=kind, date=day(date), **changes)


def test_coverage_needs_one_covering_session():
    scenario = small(
        Coverage(), people=2, courses=[course(), course("x", covers=False)],
        sessions=[session("s", "2026-03-02"), session("t", "2026-03-02", course="x")],
    )
    result = verify(scenario, plan_of({"s": ["c0"], "t": ["c1"]}))
    assert short(result) == [(("c1", "horizon"), 1, 0, 1, 1000)]
    assert result.goals["duties"] == 4000
    assert result.ok


@pytest.mark.parametrize(("key_factor", "value"), [(3, 12000), (1, 4000)])
def test_key_posts_weigh_more(key_factor, value):
    scenario = small(Coverage(key_factor=key_factor), cadres=[Cadre(id="c0", post="key")])
    result = verify(scenario, plan_of({}))
    assert result.goals["duties"] == value
    assert result.unmet[0].weight * 1000 == value


@pytest.mark.parametrize(
    ("months", "records", "met"),
    [
        (12, [record("2025-01-01")], True),
        (12, [record("2024-12-31")], False),
        (0, [record("2025-12-31")], False),
        (0, [record("2026-01-01")], True),
        (0, [record("2027-03-01", result="failed")], False),
        (12, [record("2025-06-01", result="withdrawn")], False),
        (12, [record("2025-06-01", "x")], False),
    ],
)
def test_coverage_by_the_record(months, records, met):
    scenario = small(
        Coverage(history_months=months), courses=[course(), course("x", covers=False)], records=records, **ONE
    )
    assert (short(verify(scenario, plan_of({}))) == []) is met


@pytest.mark.parametrize(
    ("events", "months", "why"),
    [
        ([event("retirement", "2026-12-27")], 12, None),  # 360 days
        ([event("retirement", "2026-12-26")], 12, "not served long enough"),
        ([event("retirement", "2026-12-26")], 11, None),
        ([event("entry", "2026-01-02")], 12, "joined late: not yet due"),
        ([event("entry", "2026-01-01")], 12, None),
        ([event("entry", "2030-02-01")], 12, "not served long enough"),
        ([event("retirement", "2030-12-31")], 60, None),
        ([event("retirement", "2030-12-31")], 120, "not served long enough"),
        ([], 120, None),  # the whole window is enough
    ],
)
def test_who_is_exempt_from_coverage(events, months, why):
    result = verify(small(Coverage(min_service_months=months), events=events, **ONE), plan_of({}))
    assert result.exempt == (() if why is None else (("coverage", "c0", why),))
    assert len(result.unmet) == (why is None)


def test_coverage_is_done_before_service_ends():
    sessions = [session("s", "2028-03-06", "2028-03-10")]
    for last_day, met in (("2028-03-11", True), ("2028-03-10", False)):
        scenario = small(Coverage(), sessions=sessions, events=[event("retirement", last_day)], **ONE)
        result = verify(scenario, plan_of({"s": ["c0"]}))
        assert (result.unmet == ()) is met
        assert result.ok is met


def test_only_selected_cadres_owe():
    scenario = small(Coverage(name="keys", who=Selector(key_posts=True)), cadres=[Cadre(id="c0", post="p")])
    assert verify(scenario, plan_of({})).unmet == ()
    scenario = small(Coverage(name="keys", who=Selector(key_posts=False)), cadres=[Cadre(id="c0", post="p")])
    assert [u.duty for u in verify(scenario, plan_of({})).unmet] == ["keys"]


def hours(*, courses=None, sessions=None, plan=None, records=(), cadre=None, events=(), study=(), **rule):
    scenario = small(
        Hours(**({"hours": 90} | rule)), courses=courses or [course(hours=40)],
        sessions=sessions or [session("s", "2026-03-02", "2026-03-06")], records=records, events=events,
        cadres=[cadre or Cadre(id="c0", post="p")],
    )
    return verify(scenario, plan_of({"s": ["c0"]} if plan is None else plan, study=study))


@pytest.mark.parametrize(
    ("due", "shortfall", "per_mille"), [(40, 0, 0), (41, 1, 25), (90, 50, 556), (1000, 960, 960), (10_000, 9960, 996)]
)
def test_hours_over_the_horizon(due, shortfall, per_mille):
    result = hours(hours=due)
    assert short(result) == ([(("c0", "horizon"), due, 40, shortfall, per_mille)] if shortfall else [])
    assert result.goals["duties"] == per_mille


def test_per_mille_is_rounded_up():
    assert short(hours(hours=3, courses=[course(hours=2)])) == [(("c0", "horizon"), 3, 2, 1, 334)]
    assert short(hours(hours=10_000, courses=[course(hours=9999)])) == [(("c0", "horizon"), 10_000, 9999, 1, 1)]


def test_hours_of_each_year_by_the_end_of_the_session():
    result = hours(window="year", hours=40, sessions=[session("s", "2026-12-28", "2027-01-01")])
    assert [u.subject[1] for u in result.unmet] == ["2026", "2028", "2029", "2030"]


def test_opening_hours_count_in_the_first_window():
    cadre = Cadre(id="c0", post="p", opening_hours=15)
    assert short(hours(hours=60, cadre=cadre)) == [(("c0", "horizon"), 60, 55, 5, 84)]
    assert [u.shortfall for u in hours(hours=60, window="year", cadre=cadre).unmet] == [5, 60, 60, 60, 60]
    assert [u.shortfall for u in hours(hours=60, cadre=cadre, carry_opening=False).unmet] == [20]


def test_records_inside_the_window_count():
    failed = record("2030-12-31", hours=3, result="failed")
    past = [record("2026-01-01", hours=10), record("2025-12-31", hours=10), failed]
    assert [u.shortfall for u in hours(hours=60, records=past).unmet] == [10]
    past = [record("2030-12-31", hours=8), record("2031-01-01", hours=4)]
    assert [u.shortfall for u in hours(hours=60, records=past).unmet] == [12]


@pytest.mark.parametrize(
    ("start", "end", "counts"),
    [("2025-12-29", "2025-12-31", False), ("2025-12-29", "2026-01-01", True), ("2030-12-30", "2030-12-31", True),
     ("2030-12-30", "2031-01-01", False)],
)
def test_sessions_count_that_end_in_the_horizon(start, end, counts):
    result = hours(hours=60, sessions=[session("s", start, end)])
    assert [u.shortfall for u in result.unmet] == [20 if counts else 60]


def test_supplements_count_up_to_the_cap():
    courses = [course(hours=40), course("o", hours=30, channel="online"), course("g", hours=7, channel="self_study")]
    sessions = [
        session("s", "2026-03-02"), session("t", "2026-04-06", course="o"), session("v", "2027-04-05", course="g"),
    ]
    past = [record("2026-02-01", "o", hours=6)]
    every = {"s": ["c0"], "t": ["c0"], "v": ["c0"]}

    def missing(cap, study=(), **rule):
        result = hours(
            courses=courses, sessions=sessions, records=past, plan=every, hours=200, supplement_cap_hours=cap,
            study=study, **rule,
        )
        return result.unmet[0].shortfall

    assert missing(0) == 160
    assert missing(42) == 118
    assert missing(43) == 117
    assert missing(44) == 117
    assert missing(50, [("c0", "hours", "horizon", 6)]) == 111
    assert missing(50, [("c0", "hours", "horizon", 50)]) == 110
    assert missing(50, [("c0", "hours", "horizon", 6)], free_study=False) == 117
    assert missing(50, supplements=("online",)) == 200 - 47 - 36


@pytest.mark.parametrize(
    ("last_day", "due"), [("2027-07-02", 90 * 182 // 365), ("2028-01-01", 90), ("2027-12-31", 90 * 364 // 365)]
)
def test_yearly_hours_by_days_of_service(last_day, due):
    result = hours(window="year", min_service_months=1, events=[event("retirement", last_day)])
    assert [u.required for u in result.unmet if u.subject[1] == "2027"] == [due]


def test_the_cap_on_supplements_is_by_days_of_service_too():
    result = hours(
        window="year", min_service_months=1, events=[event("retirement", "2027-07-02")], supplement_cap_hours=40,
        study=[("c0", "hours", "2027", 30)],
    )
    assert [u.achieved for u in result.unmet if u.subject[1] == "2027"] == [40 * 182 // 365]


def test_exempt_from_a_year_below_twelve_months():
    for last_day, owed in (("2027-12-27", ["2026", "2027"]), ("2027-12-26", ["2026"])):
        result = hours(window="year", min_service_months=60, events=[event("retirement", last_day)])
        assert [u.subject[1] for u in result.unmet] == owed
        assert result.exempt == (("hours", "c0", "not served long enough"),)


def test_a_year_that_is_partly_in_the_horizon():
    scenario = small(
        Hours(hours=90, window="year"), horizon=[Horizon(start=day("2026-07-01"), years=1)], sessions=[], people=2,
        events=[event("entry", "2026-07-02")],
    )
    result = verify(scenario, plan_of({}))
    # nobody can serve 360 of 184 days: the whole window is enough, and due in full
    assert {
        (u.subject, u.required) for u in result.unmet
    } == {(("c1", "2026"), 90), (("c1", "2027"), 90), (("c0", "2027"), 90)}
    assert result.exempt == (("hours", "c0", "not served long enough"),)


def test_late_joiners_owe_years_but_no_horizon():
    events = [event("entry", "2027-01-01")]
    assert hours(plan={}, events=events).exempt == (("hours", "c0", "joined late: not yet due"),)
    yearly = hours(plan={}, window="year", events=events)
    assert [u.subject[1] for u in yearly.unmet] == ["2027", "2028", "2029", "2030"]


def deadline(start, end, *, kind="on_appointment", records=(), events=None, attend=True, **rule):
    scenario = small(
        Deadline(**rule), courses=[course(kind=kind)], sessions=[session("s", start, end)], records=records,
        events=events or [event("promotion", "2026-06-15")], **ONE,
    )
    return verify(scenario, plan_of({"s": ["c0"]} if attend else {}))


@pytest.mark.parametrize(
    ("start", "end", "changes", "met"),
    [
        ("2026-06-15", "2026-06-19", {}, True),
        ("2026-06-14", "2026-06-19", {}, False),
        ("2026-06-14", "2026-06-19", {"months_before": 1}, True),
        ("2026-05-15", "2026-05-19", {"months_before": 1}, True),
        ("2026-05-14", "2026-05-19", {"months_before": 1}, False),
        ("2027-06-10", "2027-06-15", {}, True),
        ("2027-06-10", "2027-06-16", {}, False),
        ("2026-09-10", "2026-09-15", {"months_after": 3}, True),
        ("2026-09-10", "2026-09-16", {"months_after": 3}, False),
        ("2026-06-15", "2026-06-19", {"min_days": 5}, True),
        ("2026-06-15", "2026-06-19", {"min_days": 6}, False),
        ("2026-06-15", "2026-06-19", {"kind": "theory"}, False),
        ("2026-06-15", "2026-06-19", {"kind": "theory", "course_kinds": ("theory",)}, True),
    ],
)
def test_deadline_to_the_day(start, end, changes, met):
    result = deadline(start, end, **changes)
    assert short(result) == ([] if met else [(("c0", "promotion", "2026-06-15"), 1, 0, 1, 1000)])


@pytest.mark.parametrize(
    ("date", "met"), [("2026-06-15", True), ("2026-06-14", False), ("2027-06-15", True), ("2027-06-16", False)]
)
def test_deadline_met_by_the_record(date, met):
    result = deadline("2028-03-06", "2028-03-10", records=[record(date)], attend=False)
    assert (result.unmet == ()) is met


@pytest.mark.parametrize(
    ("events", "unmet", "exempt"),
    [
        ([event("transfer", "2026-06-15")], 0, 0),
        ([event("appointment", "2025-01-01")], 1, 0),  # due on the first day
        ([event("appointment", "2024-12-31")], 0, 0),
        ([event("appointment", "2029-12-31")], 1, 0),  # due on the last day
        ([event("appointment", "2030-01-01")], 0, 1),
        ([event("appointment", "2026-02-01"), event("retirement", "2027-02-01")], 0, 0),
        ([event("appointment", "2026-02-01"), event("retirement", "2027-02-02")], 1, 0),
        ([event("appointment", "2026-02-01"), event("promotion", "2026-03-01")], 2, 0),
    ],
)
def test_which_events_start_the_clock(events, unmet, exempt):
    result = deadline("2028-03-06", "2028-03-10", events=events, attend=False)
    assert (len(result.unmet), len(result.exempt)) == (unmet, exempt)


def test_deadline_asks_for_the_post_on_the_day_of_the_event():
    events = [event("promotion", "2026-06-15", post="key"), event("appointment", "2026-06-14")]
    result = deadline("2028-03-06", "2028-03-10", events=events, attend=False, who=Selector(key_posts=True))
    assert [u.subject for u in result.unmet] == [("c0", "promotion", "2026-06-15")]
    assert result.unmet[0].weight == 1  # the key post was not held on the first day of service
