"""Need, cost, comfort: coefficients, and values equal to the check's."""

from __future__ import annotations

import datetime as dt

import pytest

from rotation_planner.domain.people import Need
from rotation_planner.domain.policy import ClassSize, ComfortWeights, Coverage, Hours, NeedWeights, StudyPrice
from rotation_planner.domain.scenario import Scenario
from rotation_planner.verify import verify
from tests.rules.tiny import built, course, day, label_of, must, record, rows_of, session, tiny, views

COURSES = [
    course("k", days=2, competencies=("x",), max_classes=2, cost_per_class_yuan=100, cost_per_session_yuan=30,
           cost_per_trainee_day_yuan=5),
    course("both", competencies=("x", "y")), course("old", competencies=("y",)),
]
SESSIONS = [
    session("s", day(3, 2), day(3, 3)), session("t", day(3, 2, 2027), None, "both"), session("r", day(5, 4, 2027)),
]


def need(cadre: str, competency: str, source: str = "post", weight: int = 1) -> Need:
    return Need(cadre=cadre, competency=competency, source=source, weight=weight)


def scenario(**tables) -> Scenario:
    rules = tables.pop("rules", ())
    return tiny(*rules, years=2, courses=COURSES, sessions=SESSIONS, **tables)


def coefficients(s: Scenario, goal: str) -> dict[tuple[str, ...], int]:
    b = built(s)
    (row,) = [g for g in b.program.goals if g.name == goal]
    names = [b.program.families[f].name for f in b.program.column_family]
    return {(names[k], *label_of(b, int(k))): int(c) for k, c in enumerate(row.dense(b.program.n_columns)) if c}


def test_values_are_those_of_the_check() -> None:
    s = scenario(
        rules=(Coverage(), Hours(hours=9, supplement_cap_hours=2)),
        needs=[need("a", "x"), need("a", "y", "personal", 7), need("b", "x", "organisation", 2), need("b", "x")],
        commitments=[must("s", "a", "wish"), must("t", "b", "avoid"), must("r", "b", "published")],
        policy={
            "comfort": ComfortWeights(late=2, wish=11, change=53, evenness=3), "study": StudyPrice(yuan_per_hour=9),
        },
    )
    b = built(s)
    for v in views(b, classes=True):
        values = dict(zip([g.name for g in b.program.goals], b.program.goal_values(v.x), strict=True))
        assert values == verify(s, v.plan).goals, (v.attends, v.classes)


def test_need_counts_sources_together_and_history_not_at_all() -> None:
    s = scenario(
        needs=[need("a", "x", "organisation", 2), need("a", "x", "personal", 5), need("a", "y"), need("b", "y")],
        records=[record("b", "old", day(1, 1, 2000))],
        policy={"need": NeedWeights(organisation=30, post=20, personal=10)},
    )
    # Only t teaches y, so attending it earns the points itself; any of three teaches x.
    assert coefficients(s, "need") == {("need.met", "a", "x"): 110, ("attend", "a", "t"): 20}
    assert rows_of(built(s), "need") == {
        ("a", "x"): (
            {("need.met", "a", "x"): 1, ("attend", "a", "s"): -1, ("attend", "a", "t"): -1, ("attend", "a", "r"): -1},
            None, 0,
        )
    }
    useful = built(s).model.useful
    assert useful.tolist() == [True, True, True, False, False, False]


def test_a_source_without_weight_earns_nothing() -> None:
    s = scenario(needs=[need("a", "x", "personal")], policy={"need": NeedWeights(personal=0)})
    assert coefficients(s, "need") == {}
    assert rows_of(built(s), "need") == {}


def test_cost_in_numbers() -> None:
    assert coefficients(scenario(), "cost") == {
        ("classes", "s"): 100, ("classes", "r"): 100, ("open", "s"): 30, ("open", "r"): 30,
        ("attend", "a", "s"): 10, ("attend", "b", "s"): 10, ("attend", "a", "r"): 10, ("attend", "b", "r"): 10,
    }


def test_study_is_paid() -> None:
    s = scenario(rules=(Hours(hours=9, supplement_cap_hours=2),), policy={"study": StudyPrice(yuan_per_hour=9)})
    assert coefficients(s, "cost")["hours.study", "a", "horizon"] == 9


def test_comfort_in_numbers() -> None:
    s = scenario(
        policy={"comfort": ComfortWeights(late=2, wish=11, change=53, evenness=3)},
        commitments=[must("s", "a", "wish"), must("t", "b", "avoid"), must("r", "b", "published")],
    )
    assert coefficients(s, "comfort") == {
        ("attend", "a", "t"): 2, ("attend", "b", "t"): 13, ("attend", "a", "r"): 2, ("attend", "b", "r"): 2,
        ("comfort.dropped", "b", "r"): 53, ("comfort.refused", "a", "s"): 11, ("comfort.peak", "fullest year"): 3,
    }
    b = built(s)
    assert b.program.goals[-1].scale == 4
    rows = rows_of(b, "comfort")
    assert rows["2026",] == ({("headcount", "s"): 1, ("comfort.peak", "fullest year"): -1}, None, 0)
    assert rows["b", "r"] == ({("comfort.dropped", "b", "r"): 1, ("attend", "b", "r"): 1}, 1, 1)


@pytest.mark.parametrize(("kind", "column", "bounds"), [
    ("published", "comfort.dropped", [(1, 1)]), ("wish", "comfort.refused", []), ("avoid", "comfort.dropped", []),
])
def test_a_pair_that_is_no_candidate(kind: str, column: str, bounds: list[tuple[int, int]]) -> None:
    gone = dt.date(2020, 1, 1)
    s = scenario(commitments=[must("s", "a", kind)], records=[record("a", "k", gone.replace(year=2024))])
    b = built(s)
    columns = b.program.columns_of(column)
    assert list(zip(b.program.lower[columns].tolist(), b.program.upper[columns].tolist(), strict=True)) == bounds


def test_goals_left_out_add_nothing_and_useful_stays() -> None:
    s = scenario(rules=(ClassSize(),), needs=[need("a", "x")], policy={"goals": ("duties", "cost")})
    b = built(s)
    assert [g.name for g in b.program.goals] == ["duties", "cost"]
    assert not len(b.program.columns_of("need.met")) + len(b.program.columns_of("comfort.peak"))
    assert b.model.useful.any()


def test_a_scale_of_its_own() -> None:
    s = scenario(policy={"comfort": ComfortWeights(scale=77)})
    assert built(s).program.goals[-1].scale == 77
