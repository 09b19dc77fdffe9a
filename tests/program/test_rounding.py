"""Rows that follow by rounding: no whole point is lost, and the relaxation of a row comes down to its whole points."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import linprog

import rotation_planner as rp
from rotation_planner import model
from rotation_planner.compile import compile_candidates
from rotation_planner.program import Builder, Kind
from rotation_planner.program.program import INF
from rotation_planner.program.rounding import Rounded, rounded


def of(coefs: list[list[int]], low: list[int], upper: list[int], lower: list[int] | None = None,
       owner: list[int] | None = None) -> Rounded:
    """What follows from some rows; all columns are one person's unless said otherwise."""
    n = len(upper)
    matrix = sparse.csr_array(np.array(coefs, np.int64).reshape(-1, n))
    return rounded(
        matrix, np.array(low, np.int64), np.array(lower or [0] * n), np.array(upper), np.array(owner or [7] * n)
    )


def dense(found: Rounded, n: int) -> list[tuple[list[int], int, int]]:
    rows = np.zeros((len(found.low), n), np.int64)
    np.add.at(rows, (found.row, found.column), found.coef)
    return [(r.tolist(), int(b), int(s)) for r, b, s in zip(rows, found.low, found.source, strict=True)]


def test_ninety_hours_of_which_sixty_may_be_studied() -> None:
    """Sessions of 52, 37 and 22 hours, shortfall in thousandths of 90 hours, study; 30 hours are to be attended."""
    found = of([[52_000, 37_000, 22_000, 90, 1_000]], [90_000], [1, 1, 1, 1_000, 60])
    assert dense(found, 5) == [([30_000, 30_000, 22_000, 90, 0], 30_000, 0)]


def test_two_sessions_for_fifty_hours() -> None:
    """No study: n is 2 and F is 18; one session of 30 hours leaves 20 missing, two leave none."""
    assert dense(of([[32, 30, 10, 1]], [50], [1, 1, 1, 50]), 4) == [([18, 18, 10, 1], 36, 0)]


@pytest.mark.parametrize(("coefs", "low", "upper", "lower", "owner"), [
    ([4, 4, 1], 8, [1, 1, 9], None, None),  # whole multiples: it says nothing more
    ([4, 3, 1], 6, [1, 1, 1], None, None),  # no column of many values
    ([4, 0, 1], 0, [1, 1, 9], None, None),  # holds in any case
    ([4, 3, 1], 6, [1, 1, 9], None, [1, 2, 1]),  # of two people
    ([4, 3, 1], 6, [1, 1, 9], None, [-1, -1, -1]),  # of nobody
    ([4, 3, 1], 6, [1, 1, 9], [0, 0, 1], None),  # the column of many values begins above 0
    ([-4, -3, 9], 6, [1, 1, 9], None, None),  # no positive coefficient of a 0-1 column
])
def test_where_nothing_follows(
    coefs: list[int], low: int, upper: list[int], lower: list[int] | None, owner: list[int] | None
) -> None:
    assert dense(of([coefs], [low], upper, lower, owner), 3) == []


@st.composite
def rows(draw: st.DrawFn) -> tuple[list[int], int, list[int], list[int]]:
    n = draw(st.integers(2, 6))
    upper = draw(st.lists(st.sampled_from([1, 1, 1, 3, 6]), min_size=n, max_size=n))
    lower = [draw(st.integers(-1, 1)) if u > 1 and draw(st.booleans()) else 0 for u in upper]
    coefs = draw(st.lists(st.integers(-3, 9), min_size=n, max_size=n))
    return coefs, draw(st.integers(-2, 25)), upper, lower


@given(rows())
def test_no_whole_point_is_lost(row: tuple[list[int], int, list[int], list[int]]) -> None:
    coefs, low, upper, lower = row
    new = dense(of([coefs], [low], upper, lower), len(coefs))
    for point in product(*(range(a, b + 1) for a, b in zip(lower, upper, strict=True))):
        if np.dot(coefs, point) >= low:
            for implied, side, _ in new:
                assert np.dot(implied, point) >= side, (implied, side, point)


@given(st.integers(1, 30), st.integers(1, 40), st.lists(st.floats(0, 2), min_size=1, max_size=4))
def test_sessions_of_equal_hours_are_relaxed_without_loss(h: int, due: int, costs: list[float]) -> None:
    """The row and the rounded one are all there is to say."""
    n = len(costs)
    new = dense(of([[h] * n + [1]], [due], [1] * n + [40]), n + 1)
    c = np.array([*costs, 1.0])
    a = np.array([[h] * n + [1]] + [r for r, _, _ in new], float)
    b = np.array([due] + [s for _, s, _ in new], float)
    relaxed = linprog(c, A_ub=-a, b_ub=-b, bounds=[(0, 1)] * n + [(0, 40)]).fun
    best = min(np.dot(costs, p) + max(0, due - h * sum(p)) for p in product((0, 1), repeat=n))
    assert relaxed == pytest.approx(best, abs=1e-6)


def test_rows_of_several_people_and_columns_of_many_values_are_told_apart() -> None:
    found = of(
        [[4, 3, 1, 0, 0], [0, 0, 0, 0, 0], [0, 0, 0, 5, 2]], [6, 0, 7], [1, 1, 9, 1, 9], owner=[1, 1, 1, 2, 2]
    )
    assert dense(found, 5) == [([2, 2, 1, 0, 0], 4, 0), ([0, 0, 0, 2, 2], 4, 2)]
    both = of([[5, 1, 2]], [12], [1, 4, 3])
    assert dense(both, 3) == [([1, 1, 0], 2, 0), ([3, 0, 2], 6, 0)]


def test_what_the_bounds_of_the_rest_say_already_is_not_said_again() -> None:
    """With the last column at its most exactly two sessions are missing: the row itself says so, with fractions too."""
    assert dense(of([[4, 4, 1, 1]], [11], [1, 1, 9, 3]), 4) == [([2, 2, 0, 1], 2, 0)]


def test_the_builder_adds_them_with_words_of_their_own() -> None:
    builder = Builder()
    attend = builder.add_columns("attend", 0, 1, lambda i: (str(i),), owner=np.array([0, 0, 1, 1]))
    short = builder.add_columns("short", 0, 9, lambda i: (str(i),), owner=np.array([0, 1]))
    builder.add_rows("least", Kind.LIMIT, 1, [(0, attend, 1)], lambda _: ("",), high=3)
    who = ("Li", "Yu")
    builder.add_rows(
        "hours", Kind.DUTY, 2, [(np.array([0, 0, 1, 1]), attend, np.array([4, 3, 4, 4])), ([0, 1], short, 1)],
        lambda i: (who[i],), low=np.array([8, 7]),
    )
    program = builder.build(("duties",), np.zeros(2, np.int32), np.zeros(0, np.int64))
    assert [program.row_label(r) for r in range(3, program.n_rows)] == [("hours.rounded", ("Yu",))]
    assert program.families[program.row_family[3]].kind is Kind.IMPLIED
    assert program.matrix.toarray()[3].tolist() == [0, 0, 3, 3, 0, 1]
    assert (program.low[3], program.high[3]) == (6, INF)


def test_nothing_follows_from_limits_since_commitments_may_move_them() -> None:
    builder = Builder()
    attend = builder.add_columns("attend", 0, 1, lambda i: (str(i),), owner=0, size=2)
    short = builder.add_columns("short", 0, 9, lambda i: (str(i),), owner=0, size=1)
    for name, kind in (("least", Kind.LIMIT), ("hours", Kind.DUTY)):
        builder.add_rows(name, kind, 1, [(0, attend, 4), (0, short, 1)], lambda _: ("Li",), low=7)
    program = builder.build(("duties",), np.zeros(1, np.int32), np.zeros(0, np.int64))
    assert [program.row_label(r)[0] for r in range(program.n_rows)] == ["least", "hours", "hours.rounded"]


def test_the_programs_of_the_library_have_them() -> None:
    program = model.build(compile_candidates(rp.generate("district", cadres=60, seed=1))).program
    implied = {f.name for f in program.families if f.kind is Kind.IMPLIED}
    assert "hours_year.rounded" in implied
