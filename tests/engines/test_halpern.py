"""The first-order method comes to the optimum of linear programs, whatever the pieces and threads."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import linprog

from rotation_planner.engines import halpern
from rotation_planner.engines.halpern import Halpern, scales
from rotation_planner.engines.linear import Linear


def linear(seed: int, m: int = 12, n: int = 20) -> Linear:
    """Feasible, bounded, with rows of all kinds: upper sides, lower sides, both, equalities."""
    rng = np.random.default_rng(seed)
    matrix = rng.integers(-3, 6, (m, n)) * (rng.random((m, n)) < 0.4)
    inside = rng.integers(0, 3, n)
    reached = matrix @ inside
    low, high = (reached + sign * rng.integers(0, 3, m).astype(float) for sign in (-1, 1))
    kind = rng.integers(0, 4, m)
    low[kind == 0], high[kind == 1] = -np.inf, np.inf
    low[kind == 2] = high[kind == 2] = reached[kind == 2]
    cost = rng.integers(-9, 10, n)
    return Linear(cost, sparse.csc_array(matrix), low, high, np.zeros(n, np.int64), np.full(n, 2, np.int64))


def optimum(one: Linear) -> float:
    rows = one.matrix.toarray()
    below, above = np.isfinite(one.low), np.isfinite(one.high)
    answer = linprog(
        one.cost, np.vstack([rows[above], -rows[below]]), np.concatenate([one.high[above], -one.low[below]]),
        bounds=(0, 1),
    )
    assert answer.status == 0
    return one.offset + float(answer.fun)


def solved(one: Linear, iterations: int = 4_000, threads: int = 1) -> Halpern:
    method = Halpern(one, np.zeros(len(one.low)), np.zeros(len(one.cost)), threads)
    for _ in method.restarts(lambda done: done >= iterations):
        pass
    assert method.iterations == iterations
    return method


@given(seed=st.integers(0, 10**6))
def test_prices_and_point_come_to_the_optimum(seed: int) -> None:
    one = linear(seed)
    best, method = optimum(one), solved(one)
    near = 1e-2 * (1 + abs(best))
    assert best - near <= one.bound(method.prices()) <= best + 1e-5 * (1 + abs(best))
    z = method.point()
    assert one.offset + one.cost @ z == pytest.approx(best, abs=near)
    assert (z >= 0).all()
    assert (z <= 1 + 1e-6).all()
    reached = one.matrix @ z
    assert np.abs(reached - np.clip(reached, one.low, one.high)).max(initial=0) < 1e-2


@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize("piece", [3, 7, 1_000])
def test_pieces_and_threads_change_nothing(threads: int, piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    one = linear(5)
    expected = solved(one, 300)
    monkeypatch.setattr(halpern, "PIECE", piece)
    found = solved(one, 300, threads)
    # What is added up in another order differs in the last digits, and these decide when a restart comes.
    assert one.bound(found.prices()) == pytest.approx(one.bound(expected.prices()), rel=1e-3)
    for shares, count in ((found._rows, len(one.low)), (found._columns, len(one.cost))):
        covered = [i for share in shares for here, _ in share for i in range(here.start, here.stop)]
        assert covered == list(range(count))
        assert all(here.stop - here.start <= piece for share in shares for here, _ in share)


def test_a_good_start_is_kept() -> None:
    one = linear(8)
    method = solved(one)
    again = Halpern(one, method.prices(), method.point())
    after = [one.bound(again.prices()) for _ in again.restarts(lambda done: done >= 200)]
    best = optimum(one)
    assert min(after) >= best - 1e-2 * (1 + abs(best))
    cold = Halpern(one, np.zeros(len(one.low)), np.zeros(len(one.cost)))
    first = [one.bound(cold.prices()) for _ in cold.restarts(lambda done: done >= 200)]
    assert min(first) < min(after)


def test_the_same_is_done_again() -> None:
    one = linear(9)
    assert np.array_equal(solved(one, 500).prices(), solved(one, 500).prices())


@given(seed=st.integers(0, 10**6))
def test_the_scaled_matrix_has_a_norm_of_at_most_one(seed: int) -> None:
    one = linear(seed, 6, 9)
    rows, columns = scales(one.matrix.tocsr())
    assert np.linalg.norm(rows[:, None] * one.matrix.toarray() * columns, 2) <= 1 + 1e-6


def test_rows_and_columns_of_nothing_are_no_harm() -> None:
    matrix = sparse.csc_array(np.array([[1, 0, 1], [0, 0, 0]]))
    one = Linear(
        np.array([-1, -2, -1]), matrix, np.array([-np.inf, -1.0]), np.array([1.0, 1.0]), np.zeros(3, np.int64),
        np.ones(3, np.int64),
    )
    assert one.bound(solved(one, 300).prices()) == pytest.approx(-3, abs=1e-3)
