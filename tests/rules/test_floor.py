"""Budget floors."""

from __future__ import annotations

import pytest

from rotation_planner.domain.people import Need
from rotation_planner.domain.policy import BudgetFloor, ClassSize, Coverage
from rotation_planner.rules.floor import floors
from tests.rules.tiny import Fund, View, built, course, day, duty_misses, must, rows_of, session, tiny, views

RULE = BudgetFloor()


def fund(id_: str, floor: int | None = None, year: int = 2026, index: int | None = None, **fields) -> Fund:
    return Fund(id=id_, authority="o", year=year, floor_yuan=floor, index_per_mille=index, **fields)


def scenario(*rules, funds=(), n: int = 3, commitments=(), **fields):
    fields = {
        "competencies": ("x",), "min_size": 2, "max_size": 2, "max_classes": 2, "cost_per_class_yuan": 100,
        "cost_per_session_yuan": 30, "cost_per_trainee_day_yuan": 7, **fields,
    }
    return tiny(
        *(rules or (RULE,)), n=n, courses=[course(**fields)], sessions=[session("s", day(3, 2))], funds=funds,
        needs=[Need(cadre=c, competency="x", source="post") for c in "ab"], commitments=commitments,
    )


def spent(v: View, session_: str = "s") -> int:
    k = v.classes[session_]
    return 100 * k + 30 * (k > 0) + 7 * v.heads(session_)


@pytest.mark.parametrize("classes", [1, 2])
@pytest.mark.parametrize("floor", [1, 120, 151, 500])
def test_spend_counts_with_enough_useful_attendances(classes: int, floor: int) -> None:
    s = scenario(funds=[fund("f", floor)], max_classes=classes)

    def missing(v: View) -> dict[tuple[str, ...], int]:
        useful = len(v.attends & {("a", "s"), ("b", "s")})
        return {("f",): max(0, floor - (spent(v) if useful >= 2 * v.classes["s"] else 0))}

    duty_misses(s, missing)


def test_every_number_of_classes() -> None:
    s = scenario(funds=[fund("f", 500)], n=4)
    b = built(s)
    column = b.program.columns_of("floor.short")
    for v in views(b, classes=True):
        useful = len(v.attends & {("a", "s"), ("b", "s")})
        assert b.program.feasible(v.x)
        assert v.x[column] == 500 - (spent(v) if useful >= 2 * v.classes["s"] else 0), (v.attends, v.classes)
        less = v.x.copy()
        less[column] -= 1
        # Whatever the helpers, a smaller shortfall breaks a row: counting spend that is not useful is impossible.
        for met in (0, 1):
            for counted in (v.x[b.program.columns_of("floor.counted")], 260 + 28, spent(v)):
                less[b.program.columns_of("floor.met")] = met
                less[b.program.columns_of("floor.counted")] = counted
                assert not b.program.feasible(less)


def test_rows_in_numbers() -> None:
    b = built(scenario(funds=[fund("f", 500)]))
    assert rows_of(b, "floor") == {("f",): ({("floor.short", "f"): 1, ("floor.counted", "s"): 1}, 500, None)}
    assert rows_of(b, "floor.met") == {
        ("s",): ({("attend", "a", "s"): 1, ("attend", "b", "s"): 1, ("classes", "s"): -2, ("floor.met", "s"): -4},
                 -4, None)
    }
    assert b.program.upper[b.program.columns_of("floor.counted")].tolist() == [200 + 30 + 21]
    single = built(scenario(funds=[fund("f", 500)], max_classes=1))
    assert rows_of(single, "floor.met") == {
        ("s",): ({("attend", "a", "s"): 1, ("attend", "b", "s"): 1, ("floor.met", "s"): -2}, 0, None)
    }


def test_where_everybody_is_useful_spend_counts_as_it_is() -> None:
    b = built(scenario(RULE, ClassSize(), Coverage(), funds=[fund("f", 500)]))
    assert rows_of(b, "floor") == {
        ("f",): (
            {("floor.short", "f"): 1, ("classes", "s"): 100, ("open", "s"): 30, ("headcount", "s"): 7}, 500, None
        )
    }
    settled = built(scenario(RULE, ClassSize(), Coverage(), funds=[fund("f", 500)], commitments=[must("s")]))
    assert len(settled.program.columns_of("floor.met")) == 1, "a committed session may run half empty"


def test_where_too_few_are_useful_nothing_counts() -> None:
    b = built(scenario(funds=[fund("f", 500)], min_size=3, max_size=3))
    assert rows_of(b, "floor") == {("f",): ({("floor.short", "f"): 1}, 500, None)}


def test_floors_grow_with_the_index_rounded_up() -> None:
    s = scenario(funds=[
        fund("c", None, 2028, 1000), fund("a", 1001, 2026), fund("b", None, 2027, 1050), fund("d", None, 2030, 1050),
        fund("e", None, 2027, 900, earmark=("theory",)), fund("z", 0),
    ])
    assert floors(s) == {"a": 1001, "b": 1052, "c": 1052, "z": 0}
    assert set(rows_of(built(s), "floor")) == {("a",), ("b",), ("c",)}


def test_where_somebody_is_not_useful_spend_counts_on_condition() -> None:
    b = built(scenario(RULE, ClassSize(), funds=[fund("f", 500)]))
    assert len(b.program.columns_of("floor.met")) == 1, "c needs nothing, and may fill a class"
