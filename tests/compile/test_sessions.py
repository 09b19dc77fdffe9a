"""Sessions as arrays: given and derived ones, and whose they are."""

from __future__ import annotations

import datetime as dt

from rotation_planner.compile import compile_candidates
from rotation_planner.compile.sessions import compile_sessions
from rotation_planner.domain.planning import CalendarDay, Horizon
from rotation_planner.domain.teaching import Institution, Offer, Term
from tests.compile.tiny import course, day, may, session, settled, tiny


def test_figures_come_from_the_session_else_the_course() -> None:
    own = course(min_size=3, max_size=9, max_classes=4, cost_per_class_yuan=50, cost_per_session_yuan=7)
    scenario = tiny(
        courses=[course("x"), own, course("o", owner="other")],
        sessions=[session(), session("t", "2027-03-01", None, max_classes=2, cost_per_session_yuan=0),
                  session("u", course="o")],
        commitments=[settled("must", None, "t"), settled("must", "c", "u"), settled("published", None, "s")],
    )
    s, closed = compile_sessions(scenario, list(scenario["courses"]))
    assert s.ids == ["s", "t", "u"]
    assert (s.course.tolist(), s.institution.tolist()) == ([1, 1, 2], [0, 0, 0])
    assert [dt.date.fromordinal(d) for d in s.end.tolist()] == [day("2026-03-06"), day("2027-03-05"), day("2026-03-06")]
    assert s.year.tolist() == [2026, 2027, 2026]
    assert s.max_classes.tolist() == [4, 2, 1]
    assert (s.min_size.tolist(), s.max_size.tolist()) == ([3, 3, 1], [9, 9, 50])
    assert (s.cost_class_yuan.tolist(), s.cost_session_yuan.tolist()) == ([50, 50, 0], [7, 0, 0])
    assert s.payer.tolist() == [1, 1, 2]
    assert s.must_run.tolist() == [False, True, False]
    assert not closed.any()


def test_derived_from_offers() -> None:
    """Monday 5 January 2026 is in the second ISO week; 1 January, a holiday, in the first."""
    scenario = tiny(
        horizon=[Horizon(start=day("2026-01-01"), years=1)], sessions=[session("k@i@2026-02-02", "2026-02-02", None)],
        calendar=[CalendarDay(date=day("2026-01-01")), CalendarDay(date=day("2026-01-02"))],
        terms=[Term(institution="i", start=day("2026-03-04"), end=day("2026-03-04"), open=False)],
        offers=[Offer(course="k", institution="i", months=(1, 2, 3, 12), every_weeks=2, offset_weeks=1)],
        commitments=[settled("must_not", "c", "k@i@2026-02-16")],
    )
    found = compile_candidates(scenario)
    dates = [
        "02-02", "01-05", "01-19", "02-16", "03-16", "03-30", "12-07", "12-21",
    ]  # 2 March lies in the closure, 2 February is given already
    assert found.sessions.ids == [f"k@i@2026-{d}" for d in dates]
    assert may(found) == {("c", name) for name in found.sessions.ids if not name.endswith("02-16")}
    assert found.sessions.start[found.session].tolist() == sorted(found.sessions.start[found.session].tolist())


def test_a_derived_start_moves_to_the_first_working_day_and_ends_inside_the_horizon() -> None:
    scenario = tiny(
        horizon=[Horizon(start=day("2026-01-05"), years=1)], sessions=[],
        calendar=[CalendarDay(date=day("2026-01-05")), CalendarDay(date=day("2026-01-10"), working=True)],
        offers=[Offer(course="k", institution="i", every_weeks=52)],
    )
    s = compile_candidates(scenario).sessions
    assert s.ids == ["k@i@2026-01-06"]  # 4 January 2027 is the next, whose week ends beyond the horizon
    assert [dt.date.fromordinal(d) for d in (*s.run_start.tolist(), *s.run_end.tolist())] == [
        day("2026-01-06"), day("2026-01-10"),
    ]


def test_weekly_runs_and_a_channel_not_offered() -> None:
    scenario = tiny(
        courses=[course(pattern="weekly", days=3, channel="online"), course("e", pattern="evenings", days=3)],
        institutions=[Institution(id="i", authority="city", channels=("online",))],
        sessions=[session("w", "2026-03-04", None), session("e", "2026-03-05", None, course="e")],
    )
    s, closed = compile_sessions(scenario, list(scenario["courses"]))
    base = day("2026-03-01").toordinal()
    runs = zip(s.run_session.tolist(), (s.run_start - base).tolist(), (s.run_end - base).tolist(), strict=True)
    assert list(runs) == [(0, 3, 3), (0, 10, 10), (0, 17, 17), (1, 4, 5), (1, 8, 8)]
    assert closed.tolist() == [False, True]


def test_a_session_that_takes_no_day_is_judged_by_its_dates() -> None:
    found = compile_candidates(tiny(courses=[course(pattern="weekends")]))
    assert may(found) == {("c", "s")}
    assert [side.tolist() for side in found.runs()] == [[], [], []]
