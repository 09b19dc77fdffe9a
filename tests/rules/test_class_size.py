"""Class sizes."""

from __future__ import annotations

import pytest

from rotation_planner.domain.policy import ClassSize, Commitments
from tests.rules.tiny import View, built, course, day, limit_holds_where, must, rows_of, session, tiny

RULE = ClassSize()


def scenario(n: int = 4, *, rules=(RULE,), commitments=(), **fields):
    fields = {"min_size": 2, "max_size": 3, "max_classes": 2, **fields}
    return tiny(
        *rules, n=n, courses=[course(**fields)], sessions=[session("s", day(3, 2))], commitments=commitments
    )


def test_rows_allow_what_fits() -> None:
    def fits(v: View) -> bool:
        return 2 * v.classes["s"] <= v.heads("s") <= 3 * v.classes["s"]

    # Nobody in no class; 2 or 3 in one; 4 in two.
    assert limit_holds_where(scenario(), fits, classes=True) == 1 + 6 + 4 + 1


def test_a_committed_session_may_run_below_its_first_minimum() -> None:
    def fits(v: View) -> bool:
        return 2 * (v.classes["s"] - 1) <= v.heads("s") <= 3 * v.classes["s"]

    assert limit_holds_where(scenario(commitments=[must("s")]), fits, classes=True) == 1 + 15 + 11


@pytest.mark.parametrize(("heads", "classes", "fine"), [
    (1, 1, False), (2, 1, True), (3, 1, True), (4, 1, False), (3, 2, False), (4, 2, True), (0, 1, False), (1, 0, False),
])
def test_on_the_limit_and_one_over(heads: int, classes: int, fine: bool) -> None:
    from rotation_planner.model import complete

    b = built(scenario(7))
    x = complete(b, b.program.lower * 0)
    x[b.model.attend[:heads]] = 1
    x[b.model.classes] = classes
    assert b.program.feasible(complete(b, x)) == fine


def test_rows_in_numbers() -> None:
    rows = rows_of(built(scenario()), "class_size")
    head, classes = ("headcount", "s"), ("classes", "s")
    assert rows == {
        ("s", "largest"): ({head: 1, classes: -3}, None, 0),
        ("s", "smallest"): ({head: 1, classes: -2}, 0, None),
    }


def test_no_row_that_says_nothing() -> None:
    assert set(rows_of(built(scenario(min_size=0)), "class_size")) == {("s", "largest")}
    single = scenario(commitments=[must("s")], max_classes=1)
    assert set(rows_of(built(single), "class_size")) == {("s", "largest")}


def test_commitments_alone_beyond_the_seats_move_the_side() -> None:
    settled = [must("s", c) for c in "abc"]
    s = scenario(rules=(RULE, Commitments()), commitments=settled, max_size=1, min_size=1, max_classes=2)
    rows = rows_of(built(s), "class_size")
    assert rows["s", "largest"][2] == 1, "three people on two seats: one too many, and never more"
    assert rows["s", "smallest"][1] == 0
    few = rows_of(built(scenario(rules=(RULE, Commitments()), commitments=[must("s", "a")])), "class_size")
    assert few["s", "smallest"][1] == -1, "one person in a class of two: one too few, and never more"
