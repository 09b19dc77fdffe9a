"""Share of content in what a cadre attends."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from rotation_planner.domain.people import Cadre
from rotation_planner.domain.policy import CadreContent, CourseSelector, Selector
from rotation_planner.domain.scenario import Scenario
from rotation_planner.domain.teaching import Subject
from rotation_planner.verify import verify
from tests.rules.tiny import View, built, course, day, duty_misses, record, rows_of, session, tiny, views

SUBJECTS = [Subject(id="m", kind="theory"), Subject(id="p", kind="party_spirit"), Subject(id="z")]
COURSES = [
    course("k", hours=30, subjects={"m": 600, "p": 200, "z": 200}), course("z", hours=20, subjects={"z": 1000}),
    course("h", hours=7, subjects={"p": 700}), course("none", subjects={"z": 1000}),
]
SESSIONS = [
    session("s", day(3, 2)), session("t", day(4, 1), course="z"), session("u", day(5, 4, 2027), course="h"),
    session("x", day(6, 1), course="none"),
]
HOURS = {"s": 30, "t": 20, "u": 7, "x": 0}
BOTH = {"k": 800, "s": 800, "z": 0, "t": 0, "h": 700, "u": 700, "x": 0}
EITHER = ("theory", "party_spirit")
Rows = list[tuple[str, str, dt.date, int]]


def scenario(rule: CadreContent, records: Rows = [], **tables: Any) -> Scenario:  # noqa: B006
    return tiny(
        rule, **{"n": 1, "years": 2, **tables}, subjects=SUBJECTS, courses=COURSES, sessions=SESSIONS,
        records=[record(*r) for r in records],
    )


def short(rule: CadreContent, v: View, cadre: str, before: int = 0, share: dict[str, int] = BOTH) -> int:
    """Per mille missing; ``before``: thousandths of an hour that the records lack."""
    missing = before + sum(HOURS[s] * (rule.per_mille - share[s]) for s in v.sessions_of(cadre))
    return max(0, -(-1000 * missing // (rule.per_mille * rule.per_hours)))


@pytest.mark.parametrize("rule", [
    CadreContent(subject_kinds=EITHER, per_mille=700), CadreContent(subject_kinds=EITHER, per_mille=480, per_hours=50),
    CadreContent(subject_kinds=EITHER, per_mille=481, per_hours=3), CadreContent(subjects=("m", "p"), per_mille=701),
])
def test_shortfalls_are_exact(rule: CadreContent) -> None:
    duty_misses(scenario(rule), lambda v: {("a", "horizon"): short(rule, v, "a")})


@pytest.mark.parametrize(("records", "before", "history"), [
    ([("a", "z", day(2, 1), 10)], 7000, 0), ([("a", "k", day(2, 1), 10)], -1000, 0),
    ([("a", "z", day(12, 31, 2025), 10)], 0, 0), ([("a", "z", day(12, 31, 2025), 10)], 7000, 1),
    ([("a", "z", day(12, 1, 2025), 10)], 7000, 1), ([("a", "z", day(11, 30, 2025), 10)], 0, 1),
    ([("a", "z", day(2, 1), 10, "failed")], 0, 0), ([("a", "z", day(2, 1), 50), ("a", "k", day(3, 1), 1)], 34900, 0),
])
def test_records_count(records: Rows, before: int, history: int) -> None:
    rule = CadreContent(subject_kinds=EITHER, per_mille=700, per_hours=40, history_months=history)
    s = scenario(rule, records)
    held = {c for _, c, d, *rest in records if "failed" not in rest}
    duty_misses(s, lambda v: {("a", "horizon"): short(rule, v, "a", before)})
    b = built(s)
    useful = {b.model.candidates.sessions.ids[i] for i in b.model.candidates.session[b.model.useful]}
    # 800 is above the share; 700 only reaches it.
    assert useful == ({"s"} if before > 0 and "k" not in held else set())


def test_other_courses_do_not_count() -> None:
    rule = CadreContent(subject_kinds=EITHER, per_mille=700, which=CourseSelector(courses=("k", "h")))
    assert rows_of(built(scenario(rule)), "cadre_content") == {}
    rule = rule.model_copy(update={"per_mille": 701})
    duty_misses(
        scenario(rule, [("a", "z", day(2, 1), 90)]),
        lambda v: {("a", "horizon"): short(rule, v, "a", share={**BOTH, "t": 701, "x": 701})},
    )


def test_rows_in_numbers() -> None:
    rule = CadreContent(subject_kinds=("party_spirit",), per_mille=250, per_hours=550)
    rows = rows_of(built(scenario(rule, [("a", "none", day(2, 1), 2)])), "cadre_content")
    # 1000 x hours x (share - 250) against 137,500 x short, both divided by 500.
    assert rows == {
        ("a", "horizon"): ({("attend", "a", "s"): -3000, ("attend", "a", "t"): -10000, ("attend", "a", "u"): 6300,
                            ("cadre_content.short", "a", "horizon"): 275}, 1000, None),
    }


def test_key_posts_weigh_more_and_short_service_is_exempt() -> None:
    cadres = [
        Cadre(id="a", post="key"), Cadre(id="b", post="d"), Cadre(id="c", post="d", entered=day(1, 6, 2027)),
        Cadre(id="e", post="d", entered=day(1, 7, 2027)),
    ]
    rule = CadreContent(subject_kinds=EITHER, per_mille=500, per_hours=10, weight=2, key_factor=5)
    s = scenario(rule, cadres=cadres, n=0)
    s = s.with_tables(sessions=tiny(sessions=[session("t", day(4, 1, 2027), course="z")])["sessions"])
    b = built(s)
    (v,) = [v for v in views(b) if len(v.attends) == 4]
    found = verify(s, v.plan)
    # Twenty hours without, where ten hours ask for five: twice as much is missing as these require.
    assert {(u.subject[0], u.required, u.achieved, u.shortfall, u.per_mille, u.weight) for u in found.unmet} == {
        ("a", 10, 0, 10, 2000, 10), ("b", 10, 0, 10, 2000, 2), ("c", 10, 0, 10, 2000, 2)
    }
    assert [e[:2] for e in found.exempt] == [("cadre_content", "e")]
    assert found.goals["duties"] == 28_000
    assert b.program.goal_values(v.x)[0] == 28_000


def test_selected_cadres_only() -> None:
    rule = CadreContent(subject_kinds=EITHER, per_mille=700, who=Selector(key_posts=True))
    assert rows_of(built(scenario(rule)), "cadre_content") == {}
