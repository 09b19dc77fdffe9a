"""Plans that speak of what does not exist, or say a thing twice; and plans tampered with."""

from __future__ import annotations

import numpy as np
import pytest

from rotation_planner.domain.organisation import Team
from rotation_planner.domain.people import Cadre, Post
from rotation_planner.domain.plan import Attendance, Opened, Plan, Study
from rotation_planner.domain.policy import ClassSize, Coverage, Hours, OnePlace, TeamCover, UnitRelease
from rotation_planner.domain.table import Table
from rotation_planner.verify import verify
from tests.verify.small import course, found, people, plan_of, session, small

HOURS = [
    Hours(hours=100, supplement_cap_hours=50), Hours(name="yearly", hours=10, window="year", supplement_cap_hours=3),
]


def plan_with(attendances=(), opened=(("s", 1),), study=()):
    return Plan(
        Table.of(Attendance, [Attendance.model_construct(cadre=c, session=s, class_no=n) for c, s, n in attendances]),
        Table.of(Opened, [Opened.model_construct(session=s, classes=n) for s, n in opened]),
        Table.of(Study, [Study.model_construct(cadre=c, rule=r, window=w, hours=h) for c, r, w, h in study]),
    )


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"attendances": [("c9", "s", 1)]}, [(("attendances", "c9", "s"), 1)]),
        ({"attendances": [("c0", "x", 1)]}, [(("attendances", "c0", "x"), 1)]),
        ({"attendances": [("c0", "s", 1), ("c0", "s", 1), ("c0", "s", 1)]}, [(("attendances", "c0", "s"), 2)]),
        ({"attendances": [("c0", "s", 1), ("c1", "s", 1)], "opened": []}, [(("attendances", "s"), 2)]),
        ({"attendances": [("c0", "s", 4)], "opened": [("s", 2)]}, [(("attendances", "c0", "s"), 2)]),
        ({"attendances": [("c0", "s", 2)], "opened": [("s", 2)]}, []),
        ({"attendances": [("c0", "s", 0)]}, [(("attendances", "c0", "s"), 1)]),
        ({"attendances": [("c0", "s", -3)]}, [(("attendances", "c0", "s"), 4)]),
        ({"attendances": [(None, 7, 1)]}, [(("attendances", "None", "7"), 1), (("attendances", "None", "7"), 1)]),
        ({"attendances": [([], {}, 1)]}, [(("attendances", "[]", "{}"), 1), (("attendances", "[]", "{}"), 1)]),
        ({"opened": [("x", 1)]}, [(("opened", "x"), 1)]),
        ({"opened": [("s", 0)]}, [(("opened", "s"), 1)]),
        ({"opened": [("s", -1)]}, [(("opened", "s"), 2)]),
        ({"opened": [("s", 1), ("s", 1)]}, [(("opened", "s"), 1)]),
        ({"study": [("c0", "hours", "horizon", 50), ("c0", "yearly", "2027", 3)]}, []),
        ({"study": [("c0", "hours", "horizon", 51)]}, [(("study", "c0", "hours", "horizon"), 1)]),
        ({"study": [("c0", "yearly", "2027", 5)]}, [(("study", "c0", "yearly", "2027"), 2)]),
        ({"study": [("c0", "hours", "horizon", -5)]}, [(("study", "c0", "hours", "horizon"), 5)]),
        ({"study": [("c0", "hours", "2027", 1)]}, [(("study", "c0", "hours", "2027"), 1)]),
        ({"study": [("c0", "yearly", "2031", 1)]}, [(("study", "c0", "yearly", "2031"), 1)]),
        ({"study": [("c0", "coverage", "horizon", 1)]}, [(("study", "c0", "coverage", "horizon"), 1)]),
        ({"study": [("c9", "hours", "horizon", 1)]}, [(("study", "c9", "hours", "horizon"), 1)]),
        ({"study": [(None, "hours", "horizon", 1)]}, [(("study", "None", "hours", "horizon"), 1)]),
        ({"study": [("c0", "hours", "horizon", 9)] * 2}, [(("study", "c0", "hours", "horizon"), 1)]),
    ],
)
def test_structure(parts, expected):
    scenario = small(Coverage(), *HOURS)
    assert found(scenario, plan_with(**parts)) == [("structure", where, amount) for where, amount in expected]


@pytest.mark.parametrize(
    ("rule", "amount"),
    [({"free_study": False}, 7), ({"supplement_cap_hours": 0}, 7), ({"min_service_months": 120}, 0)],
)
def test_study_where_none_is_allowed(rule, amount):
    scenario = small(Hours(**({"hours": 100, "supplement_cap_hours": 50} | rule)))
    violations = found(scenario, plan_with(study=[("c0", "hours", "horizon", 7)]))
    assert violations == ([("structure", ("study", "c0", "hours", "horizon"), amount)] if amount else [])


def test_a_repeated_attendance_is_charged_and_counted_once():
    scenario = small(courses=[course(cost_per_trainee_day_yuan=3)])
    once, twice = (verify(scenario, plan_with([("c0", "s", 1)] * n)) for n in (1, 2))
    assert once.goals == twice.goals


def test_less_than_no_study_counts_as_none():
    none, less = (verify(small(*HOURS), plan_with(study=rows)) for rows in ([], [("c0", "hours", "horizon", -5)]))
    assert none.goals == less.goals


def test_large_numbers_do_not_upset_it():
    scenario = small(ClassSize(), UnitRelease(), *HOURS)
    huge = int(np.iinfo(np.int64).max)
    result = verify(scenario, plan_with([("c0", "s", huge)], [("s", huge)], [("c0", "hours", "horizon", huge)]))
    assert ("class_size", ("s", "classes"), huge - 9) in [(v.rule, v.where, v.amount) for v in result.violations]


def good():
    """Two sessions of two classes, eight cadres, everything tight."""
    scenario = small(
        ClassSize(), UnitRelease(per_mille=500), OnePlace(), TeamCover(), Coverage(),
        cadres=[Cadre(id=c, post="p" if n < 7 else "q", name=f"Secret {c}") for n, c in enumerate(people(9))],
        posts=[Post(id="p", unit="u", level="mid"), Post(id="q", unit="u", level="low")],
        courses=[course(min_size=2, max_size=2, max_classes=2, level_low="mid"), course("easy", min_size=1)],
        sessions=[
            session("s", "2026-03-02", "2026-03-06"), session("t", "2026-04-06", "2026-04-10"),
            session("e", "2026-05-04", "2026-05-08", course="easy"),
            session("x", "2026-03-04", "2026-03-10", course="easy"),
        ],
        teams=[Team(id="pair", members=("c0", "c4"), never_together=("c0", "c4"))],
    )
    return scenario, plan_of({"s": people(4), "t": people(3, 4), "e": ["c7", "c8"]}, {"s": 2, "t": 2})


def rows(plan):
    return [(a.cadre, a.session, a.class_no) for a in plan.attendances], {o.session: o.classes for o in plan.opened}


def test_the_plan_to_tamper_with_is_short_of_one_person():
    scenario, plan = good()
    assert found(scenario, plan) == [("class_size", ("t", "smallest"), 1)]
    assert verify(scenario, fixed(plan)).ok


def fixed(plan, change=lambda *_: None):
    """The plan with one class of ``t`` and one cadre less, after a change."""
    attend, opened = rows(plan)
    attend = [(c, s, 1 if s == "t" else n) for c, s, n in attend if (c, s) != ("c6", "t")]
    opened["t"] = 1
    change(attend, opened)
    return plan_with(attend, opened.items())


def swap(attend, old, new):
    attend[attend.index(old)] = new


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda a, _o: swap(a, ("c1", "s", 2), ("c4", "s", 2)),
         [("team_cover", ("pair", "never_together", "2026-03-02", "2026-03-06"), 1)]),
        (lambda a, _o: swap(a, ("c1", "s", 2), ("c7", "s", 2)), [("eligibility", ("c7", "s", "level"), 1)]),
        (lambda a, _o: swap(a, ("c5", "t", 1), ("c8", "t", 1)), [("eligibility", ("c8", "t", "level"), 1)]),
        (lambda _a, o: o.update(s=1), [
            ("structure", ("attendances", "c1", "s"), 1), ("structure", ("attendances", "c3", "s"), 1),
            ("class_size", ("s", "largest"), 2)]),
        (lambda _a, o: o.update(t=2), [("class_size", ("t", "smallest"), 2)]),
        (lambda _a, o: o.pop("e"), [
            ("structure", ("attendances", "e"), 2), ("class_size", ("e", "largest"), 2)]),
        (lambda _a, o: o.update(x=1), [("class_size", ("x", "smallest"), 1)]),
        (lambda a, _o: a.append(("c0", "s", 1)), [("structure", ("attendances", "c0", "s"), 1)]),
        (lambda a, _o: a.remove(("c0", "s", 1)), [("class_size", ("s", "smallest"), 1)]),
        (lambda a, _o: swap(a, ("c0", "s", 1), ("c0", "s", 2)), [
            ("class_size", ("s", "class 1"), 1), ("class_size", ("s", "class 2"), 1)]),
        (lambda a, o: (a.append(("c0", "x", 1)), o.update(x=1)), [
            ("unit_release", ("u", "2026-03-04", "2026-03-06"), 1000), ("one_place", ("c0", "s", "x"), 3)]),
        (lambda a, _o: a.append(("c6", "t", 1)), [("class_size", ("t", "largest"), 1)]),
    ],
)
def test_a_tampered_plan_is_refuted_with_the_exact_amounts(change, expected):
    scenario, plan = good()
    assert found(scenario, fixed(plan, change)) == expected


def test_names_never_appear():
    scenario, plan = good()
    everything = verify(scenario, fixed(plan, lambda a, o: (o.clear(), a.append(("c9", "s", 9)))))
    assert everything.violations
    assert "Secret" not in repr(everything.to_json())


def test_the_order_of_rows_changes_nothing():
    scenario, plan = good()
    backwards = Plan(*(t.take(np.arange(len(t))[::-1]) for t in (plan.attendances, plan.opened, plan.study)))
    assert sorted(found(scenario, plan)) == sorted(found(scenario, backwards))
    shuffled = scenario.with_tables(
        **{name: table.take(np.arange(len(table))[::-1]) for name, table in scenario.tables.items()}
    )
    assert sorted(found(scenario, plan)) == sorted(found(shuffled, plan))
    assert verify(scenario, plan).goals == verify(shuffled, backwards).goals
