"""Whatever a plan holds, the verifier answers; and what it answers hangs together."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from rotation_planner.domain.organisation import Busy, Place, Team, Travel, Unit
from rotation_planner.domain.people import Cadre, Event, Leave, Need, Post, Record
from rotation_planner.domain.plan import Attendance, Opened, Plan, Study
from rotation_planner.domain.planning import Commitment, Fund
from rotation_planner.domain.policy import Deadline, Hours, default_rules
from rotation_planner.domain.table import Table
from rotation_planner.domain.teaching import Institution, Offer
from rotation_planner.verify import verify
from tests.verify.small import course, day, session, small

RULES = (
    *default_rules(), Hours(hours=100, supplement_cap_hours=30), Hours(name="y", hours=20, window="year"), Deadline(),
)

SCENARIO = small(
    *RULES,
    places=[Place(id="x", latitude=30.0, longitude=110.0), Place(id="y")],
    units=[Unit(id="u", authority="a", place="x"), Unit(id="v", authority="a")],
    posts=[
        Post(id="p", unit="u", level="mid", categories=("red",)), Post(id="key", unit="v", level="high", key=True),
    ],
    cadres=[
        Cadre(id="c0", post="p"), Cadre(id="c1", post="key", entered=day("2027-05-01")), Cadre(id="c2", post="p"),
        Cadre(id="c3", post="p", opening_hours=9),
    ],
    institutions=[Institution(id="i", authority="a", place="y", beds=2, rooms=1, teachers=2, staff=1)],
    courses=[
        course("k", hours=40, min_size=2, max_size=3, teachers_per_class=1, competencies=("law",), validity_months=12),
        course("w", pattern="weekends", days=4, channel="online", hours=10, prerequisites=("k",), equivalents=("e",)),
        course(
            "e", pattern="evenings", days=3, day_fraction_per_mille=200, substitutes=("k",), cost_per_class_yuan=500,
        ),
        course("d", kind="on_appointment", categories=("red",), cost_per_trainee_day_yuan=7, owner="a"),
    ],
    sessions=[
        session("s", "2026-03-02", "2026-03-06"), session("w", "2026-05-04", course="w"),
        session("e", "2026-03-04", course="e"), session("d", "2027-03-01", course="d"),
        session("odd", "2026-03-02", "2026-03-03", course="w"), session("old", "2025-03-03", course="d"),
    ],
    offers=[Offer(course="k", institution="i", months=(9,), every_weeks=52)],
    travel=[Travel(origin="x", destination="y", days=1, cost_yuan=11)],
    events=[
        Event(cadre="c0", kind="promotion", date=day("2026-06-01"), post="key"),
        Event(cadre="c2", kind="retirement", date=day("2027-03-03")),
    ],
    leave=[Leave(cadre="c3", start=day("2026-03-05"), end=day("2026-03-05"))],
    records=[Record(cadre="c3", course="e", date=day("2026-02-01"), hours=5)],
    needs=[Need(cadre="c0", competency="law", source="post", weight=3)],
    busy=[Busy(unit="u", start=day("2026-03-03"), end=day("2026-03-04"), release=0)],
    teams=[Team(id="t", members=("c0", "c1", "c2"), chief="c0", deputies=("c1",), min_present=2)],
    funds=[Fund(id="f", authority="a", year=2026, floor_yuan=1000, ceiling_yuan=2000)],
    commitments=[
        Commitment(cadre="c3", session="s", kind="must"), Commitment(session="d", kind="must"),
        Commitment(cadre="c0", session="e", kind="wish"), Commitment(cadre="c0", session="d", kind="published"),
    ],
)

CADRES = st.sampled_from(["c0", "c1", "c2", "c3", "c9", "", None, 7])
SESSIONS = st.sampled_from(["s", "w", "e", "d", "odd", "old", "x", "", None, "k@i@2026-09-07"])
NUMBERS = st.one_of(st.integers(-2, 4), st.integers(-(2**62), 2**62))
PLANS = st.builds(
    lambda attend, opened, study: Plan(
        Table.of(Attendance, [Attendance.model_construct(cadre=c, session=s, class_no=n) for c, s, n in attend]),
        Table.of(Opened, [Opened.model_construct(session=s, classes=n) for s, n in opened]),
        Table.of(Study, [Study.model_construct(cadre=c, rule=r, window=w, hours=h) for c, r, w, h in study]),
    ),
    st.lists(st.tuples(CADRES, SESSIONS, NUMBERS), max_size=12),
    st.lists(st.tuples(SESSIONS, NUMBERS), max_size=8),
    st.lists(
        st.tuples(CADRES, st.sampled_from(["hours", "y", "coverage", None]),
                  st.sampled_from(["horizon", "2026", "2031", None]), NUMBERS),
        max_size=5,
    ),
)


@settings(max_examples=150)
@given(PLANS)
def test_every_plan_gets_an_answer(plan):
    result = verify(SCENARIO, plan)
    assert all(v.amount > 0 and v.where and v.unit and v.message for v in (*result.violations, *result.inherited))
    assert all(u.shortfall == u.required - u.achieved > 0 for u in result.unmet)
    assert all((u.per_mille - 1) * u.required < 1000 * u.shortfall <= u.per_mille * u.required for u in result.unmet)
    assert result.goals["duties"] == sum(u.weight * u.per_mille for u in result.unmet)
    assert json.loads(json.dumps(result.to_json())) == result.to_json()


PAIRS = [(c, s) for c in ("c0", "c1", "c2", "c3") for s in ("s", "w", "e", "d")]


@settings(max_examples=60)
@given(st.sets(st.sampled_from(PAIRS)), st.sampled_from(PAIRS))
def test_one_more_attendance_never_mends_a_personal_limit_or_adds_a_missed_duty(pairs, extra):
    def of(attend):
        rows = [Attendance(cadre=c, session=s) for c, s in sorted(attend)]
        opened = Table.of(Opened, [Opened(session=s, classes=1) for s in ("s", "w", "e", "d")])
        return verify(SCENARIO, Plan(Table.of(Attendance, rows), opened, Table.of(Study)))

    before, after = of(pairs), of(pairs | {extra})
    for rule in ("eligibility", "one_place", "no_repeat", "call_ups"):
        assert {v.where for v in before.violations if v.rule == rule} <= {
            v.where for v in after.violations if v.rule == rule
        }
    duties = ({u.subject for u in result.unmet if u.weight} for result in (after, before))
    assert next(duties) <= next(duties)
    assert after.goals["need"] >= before.goals["need"]
