"""Whatever the prices, the bound holds; good prices prove the value of the linear relaxation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from rotation_planner.certify import Prices, proved_bound
from rotation_planner.program.exact import dot, reduced
from rotation_planner.program.implied import implied_bounds
from rotation_planner.program.program import INF
from tests.certify.programs import FREE, best, points, prices, program, programs


def given_prices(rows: list[int], values: list[int], caps: list[int] | None = None, denominator: int = 1) -> Prices:
    return Prices(np.array(rows, np.int64), np.array(values, np.int64), np.array(caps or [], np.int64), denominator)


@given(st.data(), programs())
def test_any_prices_give_a_valid_bound(data: st.DataObject, p) -> None:
    goal = data.draw(st.integers(0, 2))
    found = points(p)
    caps = tuple(data.draw(st.sampled_from(sorted({g.value(x) for x in found} or {0}))) for g in p.goals[:goal])
    truth = best(p, goal, caps)
    y = data.draw(prices(p, goal))
    if truth is None:
        return  # nothing can be said about no points that is false
    bound = proved_bound(p, goal, caps, y)
    assert bound >= truth if p.goals[goal].maximise else bound <= truth


@settings(max_examples=40)
@given(st.data(), programs(), st.sampled_from([2**20, 2**55, 2**61, 2**62]))
def test_sizes_that_overflow_change_nothing(data: st.DataObject, p, factor: int) -> None:
    y = data.draw(prices(p, 0, largest=1))
    some = data.draw(st.integers(1, 3))
    large = replace(y, values=y.values * factor, denominator=some * factor if some * factor < 2**63 else factor)
    small = replace(y, denominator=large.denominator // factor)
    assert proved_bound(p, 0, (), large) == proved_bound(p, 0, (), small)


def test_a_denominator_may_have_any_size() -> None:
    p = program([0, 1], [3, 3], [], [([2, 5], False)])
    assert proved_bound(p, 0, (), replace(Prices.none(0), denominator=2**70)) == 5


def test_worked_example() -> None:
    # Two sessions of 3 seats for 2 and 5 points; money for 4 places in all.
    p = program([0, 0], [3, 3], [([1, 1], -FREE, 4)], [([2, 5], True)])
    assert proved_bound(p, 0, (), Prices.none(0)) == 21
    assert proved_bound(p, 0, (), given_prices([0], [-2])) == 17 == best(p, 0, ())
    assert proved_bound(p, 0, (), given_prices([0], [-7], denominator=2)) == 18  # 18.5, and points are whole
    assert proved_bound(p, 0, (), given_prices([0], [-3])) == 18
    assert proved_bound(p, 0, (), given_prices([0], [-6])) == 24


def test_bound_is_rounded_to_what_divides_the_goal() -> None:
    p = program([0], [1], [([2], 1, FREE)], [([6], False)])
    assert proved_bound(p, 0, (), given_prices([0], [1])) == 6  # 1/2 of 6 is 3, and no point lies between 0 and 6


def test_goals_to_be_minimised_and_maximised_mirror_each_other() -> None:
    rows = [([2, 3], 1, 7), ([1, -1], -FREE, 1)]
    low = program([-1, 0], [2, 3], rows, [([3, -2], False)])
    high = program([-1, 0], [2, 3], rows, [([-3, 2], True)])
    for values in ([0, 0], [1, -1], [-2, 0], [3, -5]):
        y = given_prices([0, 1], values, denominator=2)
        assert proved_bound(low, 0, (), y) == -proved_bound(high, 0, (), y)


@settings(max_examples=40)
@given(programs(), st.integers(0, 2))
def test_prices_of_the_linear_relaxation_prove_its_value(p, goal: int) -> None:
    sign = -1 if p.goals[goal].maximise else 1
    matrix = p.matrix.toarray()
    upper, lower = p.high < INF, p.low > -INF
    answer = linprog(
        sign * p.goals[goal].dense(p.n_columns), np.vstack([matrix[upper], -matrix[lower]]),
        np.concatenate([p.high[upper], -p.low[lower]]), bounds=np.stack([p.lower, p.upper], axis=1),
    ) if p.n_rows else None
    if answer is None or answer.status != 0:
        return
    y = np.zeros(p.n_rows)
    y[upper] += answer.ineqlin.marginals[: upper.sum()]
    y[lower] -= answer.ineqlin.marginals[upper.sum():]
    denominator = 2**40
    values = np.rint(y * denominator).astype(np.int64)
    proven = sign * proved_bound(
        p, goal, best_caps(p, goal), given_prices(list(range(p.n_rows)), values.tolist(), [0] * goal, denominator)
    )
    step = int(np.gcd.reduce(p.goals[goal].coefs)) or 1
    assert proven >= answer.fun - 1e-6
    assert proven <= answer.fun + step + 1e-6 or goal > 0


def best_caps(p, goal: int) -> tuple[int, ...]:
    """Caps that bind nobody."""
    def worst(g) -> int:
        ends = g.dense(p.n_columns) * p.lower, g.dense(p.n_columns) * p.upper
        return int((np.minimum(*ends) if g.maximise else np.maximum(*ends)).sum())

    return tuple(worst(g) for g in p.goals[:goal])


def test_caps_of_earlier_goals_are_priced() -> None:
    # One point of the first goal (to be kept small) buys three of the second.
    p = program([0, 0], [9, 9], [([1, -3], -FREE, 0)], [([0, 1], False), ([1, 0], True)])
    for cap in range(4):
        proven = proved_bound(p, 1, (cap,), given_prices([0], [-1], [3]))
        assert proven == 3 * cap == best(p, 1, (cap,))
    assert proved_bound(p, 1, (2,), given_prices([0], [-1], [0])) == 6  # the second column has at most 2
    assert proved_bound(p, 1, (2,), given_prices([0], [-1], [4])) == 8


def test_caps_of_goals_to_be_maximised_are_priced() -> None:
    p = program([0], [9], [], [([2], True), ([1], False)])
    for cap, least in ((0, 0), (7, 4), (8, 4), (18, 9)):
        assert proved_bound(p, 1, (cap,), Prices.none(1)) == least == best(p, 1, (cap,))
    q = program([0, 0], [9, 9], [], [([2, 1], True), ([1, 1], False)])
    assert proved_bound(q, 1, (20,), Prices.none(1)) == 8  # at least 6 and 2
    assert proved_bound(q, 1, (20,), given_prices([], [], [1], 2)) == 11 == best(q, 1, (20,))


@given(programs(), st.data())
def test_implied_bounds_lose_no_point(p, data: st.DataObject) -> None:
    found = points(p)
    if not found:
        return
    x = data.draw(st.sampled_from(found))
    lower, upper = implied_bounds(p, p.goal_values(x))
    assert (lower <= x).all()
    assert (x <= upper).all()
    assert (lower >= p.lower).all()
    assert (upper <= p.upper).all()


def test_implied_bounds_are_as_tight_as_the_cap_says() -> None:
    p = program([0, -3, 0], [9, 5, 9], [], [([2, -3, 0], False)])
    lower, upper = implied_bounds(p, (-8,))
    assert lower.tolist() == [0, 3, 0]  # the goal is at least -15; 7 to spare
    assert upper.tolist() == [3, 5, 9]
    with pytest.raises(ValueError, match="no point has a goal first as good as -16"):
        implied_bounds(p, (-16,))


@pytest.mark.parametrize(("y", "message"), [
    (given_prices([0], [1]), "1 prices on a side that does not exist, the first on row 0"),
    (given_prices([1], [-1]), "1 prices on a side that does not exist, the first on row 1"),
    (given_prices([2], [1]), "priced rows do not ascend within 0 to 1"),
    (given_prices([-1], [1]), "priced rows do not ascend"),
    (given_prices([1, 1], [1, 1]), "priced rows do not ascend"),
    (given_prices([0], [-1], denominator=0), "denominator 0"),
    (given_prices([0, 1], [-1]), "2 priced rows, but 1 prices"),
    (given_prices([], [], [1]), "0 goals come before it, 0 caps and 1 prices"),
    (Prices(np.array([0]), np.array([-1.0]), np.zeros(0, np.int64)), "float64"),
])
def test_prices_that_do_not_fit_are_refused(y: Prices, message: str) -> None:
    p = program([0], [1], [([1], -FREE, 1), ([1], 0, FREE)], [([1], False)])
    with pytest.raises(ValueError, match=message):
        proved_bound(p, 0, (), y)


def test_negative_price_of_an_earlier_goal_is_refused() -> None:
    p = program([0], [1], [], [([1], False), ([1], True)])
    with pytest.raises(ValueError, match="negative price on an earlier goal"):
        proved_bound(p, 1, (1,), given_prices([], [], [-1]))


WHOLE = st.integers(-(2**63), 2**63 - 1)


@given(st.lists(st.tuples(WHOLE, WHOLE), max_size=5))
def test_sums_of_products_are_exact(pairs: list[tuple[int, int]]) -> None:
    a, b = (np.array([p[i] for p in pairs], np.int64) for i in (0, 1))
    assert dot(a, b) == sum(x * y for x, y in pairs)


def test_many_products_that_fit_one_by_one_add_up() -> None:
    a = np.full(1000, 2**31, np.int64)
    assert dot(a, a - 1) == 1000 * 2**31 * (2**31 - 1)
    assert dot(-a, a - 1) == -1000 * 2**31 * (2**31 - 1)


@given(st.data(), programs())
def test_reduced_costs_are_exact(data: st.DataObject, p) -> None:
    y = np.array(data.draw(st.lists(WHOLE, min_size=p.n_rows, max_size=p.n_rows)), np.int64)
    factor = data.draw(WHOLE)
    values, large = reduced(p.matrix, y, [(p.goals[0].dense(p.n_columns), factor)])
    a, c = p.matrix.toarray().tolist(), p.goals[0].dense(p.n_columns).tolist()
    for j in range(p.n_columns):
        true = factor * c[j] - sum(int(y[r]) * a[r][j] for r in range(p.n_rows))
        assert large.get(j, int(values[j])) == true
        assert j not in large or values[j] == 0
