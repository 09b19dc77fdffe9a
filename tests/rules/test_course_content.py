"""Share of content in a course."""

from __future__ import annotations

from typing import Any

import pytest

from rotation_planner.check import check
from rotation_planner.domain.policy import Commitments, CourseContent, CourseSelector, Selector
from rotation_planner.domain.teaching import Subject
from rotation_planner.verify import verify
from tests.rules.tiny import built, course, day, limit_holds_where, must, rows_of, session, tiny, views

SUBJECTS = [Subject(id="m", kind="theory"), Subject(id="d", kind="theory"), Subject(id="p", kind="party_spirit"),
            Subject(id="z")]
COURSES = [
    course("k", subjects={"m": 300, "p": 200, "z": 500}, interactive_per_mille=300, max_classes=2),
    course("t", subjects={"m": 300, "d": 199, "z": 501}, interactive_per_mille=299, leaders_per_mille=200),
    course("n", leaders_per_mille=199),
]
SESSIONS = [session("s", day(3, 2)), session("u", day(4, 1), course="t"), session("w", day(5, 4), course="n")]


def rule(**fields: Any) -> CourseContent:
    return CourseContent(**fields)


@pytest.mark.parametrize(("r", "shut"), [
    (rule(subject_kinds=("theory", "party_spirit"), per_mille=500), {"u", "w"}),
    (rule(subject_kinds=("theory", "party_spirit"), per_mille=499), {"w"}),
    (rule(subject_kinds=("theory",), per_mille=301), {"s", "w"}),
    (rule(subjects=("z",), subject_kinds=("party_spirit",), per_mille=501), {"w"}),
    (rule(subjects=("m",), subject_kinds=("theory",), per_mille=301), {"s", "w"}),
    (rule(part="interactive", per_mille=300), {"u", "w"}),
    (rule(part="leaders", per_mille=200), {"s", "w"}),
    (rule(part="leaders", per_mille=200, which=CourseSelector(courses=("k", "t"))), {"s"}),
])
def test_what_misses_the_share_does_not_run(r: CourseContent, shut: set[str]) -> None:
    s = tiny(r, n=1, subjects=SUBJECTS, courses=COURSES, sessions=SESSIONS)
    limit_holds_where(s, lambda v: not any(v.classes[i] for i in shut), classes=True)
    assert rows_of(built(s), "course_content") == {(i,): ({("classes", i): 1}, None, 0) for i in shut}
    reported = {(d.code, d.table, d.row, d.column) for d in check(s) if d.code == "content_missing"}
    number = {"s": 2, "u": 3, "w": 4}
    assert reported == {("content_missing", "courses", number[i], r.part) for i in shut}


def test_what_is_settled_runs_and_no_more() -> None:
    s = tiny(
        rule(part="leaders", per_mille=200), Commitments(), n=2, subjects=SUBJECTS, courses=COURSES, sessions=SESSIONS,
        commitments=[must("s", "a"), must("w")],
    )
    b = built(s)
    feasible = 0
    for v in views(b, classes=True):
        found = verify(s, v.plan)
        feasible += b.program.feasible(v.x)
        beyond = [(x.where, x.amount, x.unit) for x in found.violations if x.rule == "course_content"]
        assert (not beyond) == (v.classes["s"] <= 1)
        if v.classes["s"] == 2:
            assert beyond == [(("s",), 1, "class")]
        if b.program.feasible(v.x):
            assert {(x.where, x.amount) for x in found.inherited if x.rule == "course_content"} == {
                (("s",), 1), (("w",), 1)
            }
    assert feasible


@pytest.mark.parametrize(("r", "columns"), [
    (rule(per_mille=1), {"part"}), (rule(part="leaders", subjects=("m",), per_mille=1), {"part"}),
    (rule(part="interactive", subject_kinds=("theory",), per_mille=1), {"part"}),
    (rule(subjects=("nowhere",), per_mille=1), {"subjects"}),
    (rule(part="leaders", per_mille=1, who=Selector(key_posts=True)), {"who"}),
    (rule(subjects=("m",), per_mille=1), set()),
])
def test_what_does_not_apply_is_refused(r: CourseContent, columns: set[str]) -> None:
    s = tiny(r, n=1, subjects=SUBJECTS, courses=COURSES, sessions=SESSIONS)
    assert {d.column for d in check(s) if d.table == "policy" and d.severity == "error"} == columns
