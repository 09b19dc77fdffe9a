"""A body of six with everything a report shows: two units, travel, a busy time, money, hours, and an unmet duty."""

from __future__ import annotations

import datetime as dt

from rotation_planner.domain.checksum import scenario_sha256
from rotation_planner.domain.organisation import Authority, Busy, Place, Travel, Unit
from rotation_planner.domain.people import Cadre, Event, Level, Post
from rotation_planner.domain.plan import Attendance, GoalValue, Opened, Plan, Provenance, Study, gap_of
from rotation_planner.domain.planning import Fund, Horizon
from rotation_planner.domain.policy import Coverage, Hours, Policy, default_rules
from rotation_planner.domain.scenario import Scenario
from rotation_planner.domain.table import Table
from rotation_planner.domain.teaching import Course, Institution, Session
from rotation_planner.result import Result
from rotation_planner.verify import verify

RULES = (*default_rules(), Hours(hours=40, window="horizon", supplement_cap_hours=10))


def scenario() -> Scenario:
    """Six cadres, three sessions of two courses, funds of two years."""
    return Scenario.of(
        name="Small & <b>plain</b>",
        policy=Policy(rules=RULES),
        horizon=[Horizon(start=dt.date(2026, 1, 1), years=2)],
        authorities=[Authority(id="A", name="County")],
        places=[Place(id="near"), Place(id="far")],
        travel=[Travel(origin="far", destination="near", cost_yuan=100, days=1)],
        units=[Unit(id="U1", name="Finance", authority="A", place="near"),
               Unit(id="U2", name="Forestry", authority="A", place="far", release_at_least=2)],
        busy=[Busy(unit="U2", start=dt.date(2026, 3, 9), end=dt.date(2026, 3, 9), release=1)],
        levels=[Level(id="L", name="Section", rank=1)],
        posts=[Post(id="P1", title="Clerk", unit="U1", level="L"), Post(id="P2", title="Ranger", unit="U2", level="L")],
        cadres=[
            Cadre(id="C1", name="=1+1", post="P1"), Cadre(id="C2", name="陈 二", post="P2"),
            Cadre(id="C3", name="'quoted", post="P2"), Cadre(id="C4", post="P1"), Cadre(id="C5", post="P1"),
            Cadre(id="C6", name="Bell\x07", post="P2"),
        ],
        events=[Event(cadre="C4", kind="transfer", date=dt.date(2027, 1, 1), post="P2")],
        courses=[
            Course(id="K", name="Law", days=5, hours=40, max_size=3, max_classes=2, cost_per_class_yuan=1000,
                   cost_per_session_yuan=500, cost_per_trainee_day_yuan=10, validity_months=1),
            Course(id="W", name="Weekends", days=4, hours=30, pattern="weekends", max_size=9, residential=False),
        ],
        institutions=[Institution(id="I", name="School", authority="A", place="near")],
        sessions=[
            Session(id="S1", course="K", institution="I", start=dt.date(2026, 3, 2)),
            Session(id="S2", course="K", institution="I", start=dt.date(2027, 3, 1)),
            Session(id="S3", course="W", institution="I", start=dt.date(2026, 5, 2)),
        ],
        funds=[Fund(id="F26", authority="A", year=2026, floor_yuan=3000, ceiling_yuan=9000),
               Fund(id="F27", authority="A", year=2027, ceiling_yuan=5000)],
    )


def plan() -> Plan:
    """C1, C2, C3 and C6 attend; C3 only on weekends and studies ten hours; C4 next year after moving; C5 nothing."""
    pairs = [("C1", "S1", 1), ("C2", "S1", 1), ("C6", "S1", 2), ("C3", "S3", 1), ("C4", "S2", 1)]
    return Plan(
        Table.of(Attendance, [Attendance(cadre=c, session=s, class_no=k) for c, s, k in pairs]),
        Table.of(Opened, [Opened(session="S1", classes=2), Opened(session="S2", classes=1),
                          Opened(session="S3", classes=1)]),
        Table.of(Study, [Study(cadre="C3", rule="hours", window="horizon", hours=10)]),
        Provenance("1.2.3", "exact", 7, {"time_limit": 60.0, "workers": 2}, scenario_sha256(scenario())),
    )


def result() -> Result:
    """The plan with the numbers that the verifier finds, and invented bounds that do not contradict them."""
    found = verify(scenario(), plan())
    goals = []
    for name in scenario().policy.goals:
        value = found.goals[name]
        bound = {"duties": 0, "cost": value, "floor": 0}.get(name)
        goals.append(GoalValue(name, value, bound, gap_of(value, bound), None if bound is None else "solver"))
    return Result(
        status="feasible", plan=plan(), goals=tuple(goals), unmet=found.unmet, runtime_s=1.25, peak_memory_mb=100.5,
        engine="exact", seed=7, stopped="time", verification=found,
    )


__all__ = ["Coverage", "plan", "result", "scenario"]
