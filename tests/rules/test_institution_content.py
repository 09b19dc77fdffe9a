"""Share of content in an institution's year."""

from __future__ import annotations

import pytest

from rotation_planner.check import check
from rotation_planner.domain.policy import CourseSelector, InstitutionContent, Selector
from rotation_planner.domain.scenario import Scenario
from rotation_planner.domain.teaching import Institution, Subject
from rotation_planner.verify import verify
from tests.rules.tiny import View, built, course, day, label_of, rows_of, session, tiny, views

SUBJECTS = [Subject(id="m", kind="theory"), Subject(id="z")]
COURSES = [
    course("k", hours=30, subjects={"m": 800}, max_classes=2), course("z", hours=20, subjects={"m": 250, "z": 750}),
    course("n", hours=7, interactive_per_mille=500), course("none", subjects={"z": 1000}),
]
SESSIONS = [
    session("s", day(3, 2)), session("t", day(4, 1), course="z"), session("u", day(12, 31), day(1, 1, 2027), "n"),
    session("v", day(4, 1), course="z", at="j"), session("w", day(4, 1, 2027), course="z"),
    session("x", day(6, 1), course="none"),
]
PLACES = [Institution(id="i", authority="o"), Institution(id="j", authority="o")]
HOURS = {"s": 30, "t": 20, "u": 7, "v": 20, "w": 20, "x": 0}
THEORY = {"s": 800, "t": 250, "u": 0, "v": 250, "w": 250, "x": 0}
PLACE = {"s": ("i", "2026"), "t": ("i", "2026"), "u": ("i", "2026"), "v": ("j", "2026"), "w": ("i", "2027"),
         "x": ("i", "2026")}


def scenario(rule: InstitutionContent) -> Scenario:
    return tiny(rule, n=1, years=2, subjects=SUBJECTS, courses=COURSES, sessions=SESSIONS, institutions=PLACES)


def missing(rule: InstitutionContent, v: View, share: dict[str, int], only: str) -> dict[tuple[str, str], int]:
    """Thousandths of an hour missing, by place."""
    found: dict[tuple[str, str], int] = {}
    for s, classes in v.classes.items():
        if s in only:
            found[PLACE[s]] = found.get(PLACE[s], 0) + HOURS[s] * classes * (rule.per_mille - share[s])
    return {k: m for k, m in found.items() if m > 0}


@pytest.mark.no_cover
@pytest.mark.parametrize(("rule", "share", "only"), [
    (InstitutionContent(subject_kinds=("theory",), per_mille=500), THEORY, "stuvwx"),
    (InstitutionContent(subjects=("m",), per_mille=580, per_hours=50), THEORY, "stuvwx"),
    (InstitutionContent(subject_kinds=("theory",), per_mille=251, per_hours=7, institutions=("i",)), THEORY, "stuwx"),
    (InstitutionContent(subject_kinds=("theory",), per_mille=700, which=CourseSelector(courses=("k", "z"))), THEORY,
     "stvw"),
    (InstitutionContent(part="interactive", per_mille=100, weight=3), {**dict.fromkeys("stvwx", 0), "u": 500},
     "stuvwx"),
])
def test_shortfalls_are_exact(rule: InstitutionContent, share: dict[str, int], only: str) -> None:
    s = scenario(rule)
    b = built(s)
    columns = b.program.columns_of("institution_content.short")
    seen = set()
    for v in views(b, classes=True):
        said = {
            k: -(-1000 * m // (rule.per_mille * rule.per_hours)) for k, m in missing(rule, v, share, only).items()
        }
        seen.add(len(said))
        shown = {label_of(b, int(k)): int(v.x[k]) for k in columns if v.x[k]}
        assert shown == said, v.classes
        assert b.program.feasible(v.x)
        found = verify(s, v.plan)
        assert {u.subject: u.per_mille for u in found.unmet} == said
        assert {u.subject: u.shortfall for u in found.unmet} == {
            k: -(-m // 1000) for k, m in missing(rule, v, share, only).items()
        }
        goals = dict(zip([g.name for g in b.program.goals], b.program.goal_values(v.x), strict=True))
        assert goals == found.goals
        assert goals["duties"] == rule.weight * sum(said.values())
        for k in columns[v.x[columns] > 0]:
            less = v.x.copy()
            less[k] -= 1
            assert b.program.violations(less).any()
    assert len(seen) > 1


def test_rows_in_numbers() -> None:
    rule = InstitutionContent(subject_kinds=("theory",), per_mille=500, per_hours=100)
    rows = rows_of(built(scenario(rule)), "institution_content")
    # 1000 x hours x (share - 500) against 50,000 x short, both divided by 1000.
    assert rows == {
        ("i", "2026"): ({("classes", "s"): 9000, ("classes", "t"): -5000, ("classes", "u"): -3500,
                         ("institution_content.short", "i", "2026"): 50}, 0, None),
        ("j", "2026"): ({("classes", "v"): -5000, ("institution_content.short", "j", "2026"): 50}, 0, None),
        ("i", "2027"): ({("classes", "w"): -5000, ("institution_content.short", "i", "2027"): 50}, 0, None),
    }


def test_exactly_the_share_is_enough() -> None:
    # s and t together have 24 + 5 = 29 of 50 hours: 580 per mille.
    for per_mille, unmet in ((580, set()), (581, {("i", "2026")})):
        s = scenario(InstitutionContent(subject_kinds=("theory",), per_mille=per_mille))
        (v,) = [v for v in views(built(s), classes=True)
                if {k for k, c in v.classes.items() if c} == {"s", "t"} and v.classes["s"] == 1 and not v.attends]
        assert {u.subject for u in verify(s, v.plan).unmet} == unmet


def test_nothing_to_teach_nothing_due() -> None:
    s = tiny(InstitutionContent(part="leaders", per_mille=1))
    assert built(s).program.columns_of("institution_content.short").tolist() == []


def test_unknown_institution_and_who_are_refused() -> None:
    rule = InstitutionContent(part="leaders", per_mille=1, institutions=("q",), who=Selector(key_posts=True))
    assert {d.column for d in check(tiny(rule)) if d.severity == "error"} == {"institutions", "who"}
