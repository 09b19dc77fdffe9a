"""When prices are looked for, and which of two bounds counts."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest

from rotation_planner import proof
from rotation_planner.certify import Prices, state
from rotation_planner.checkpoint import Origin
from rotation_planner.engines.options import Options
from rotation_planner.proof import SHORTEST_S, prove, proven_goals
from tests.certify.programs import FREE, program

ORIGIN = Origin("0" * 64, "1")
SEAT = [([1, 1], -FREE, 1)]
P = program([0, 0], [1, 1], SEAT, [([0, 1], False), ([5, 3], True)])
GOOD = Prices(np.array([0]), np.array([-5]), np.array([0]))
NAMED = replace(P, goals=(replace(P.goals[0], name="duties"), P.goals[1]))
WEAK = Prices(np.array([0]), np.array([-6]), np.array([0]))


def test_the_best_of_several_prices_is_stated() -> None:
    for candidates in ((GOOD, WEAK), (WEAK, GOOD)):
        first, second = state(P, "", "", (1, 4), [(), candidates]).statements
        assert (first.bound, first.prices.rows.tolist()) == (0, [])
        assert (second.bound, second.caps, second.prices) == (5, (1,), GOOD)
    assert state(P, "", "", (1, 4), [(), ()]).statements[1].bound == 8


@pytest.mark.parametrize(("said", "bound", "source", "certified"), [
    (None, 5, "certificate", None), (8, 5, "certificate", None), (5, 5, "certificate", None), (4, 4, "solver", 5),
])
def test_the_better_bound_of_a_goal_to_be_maximised_counts(said, bound, source, certified) -> None:
    goal = proven_goals(P, (1, 4), (0, said), state(P, "", "", (1, 4), [(), (GOOD,)]))[1]
    assert (goal.bound, goal.bound_source, goal.certified_bound) == (bound, source, certified)
    assert goal.gap == abs(4 - bound) / max(4, bound)


@pytest.mark.parametrize(("said", "bound", "source", "certified"), [
    (None, 0, "certificate", None), (-1, 0, "certificate", None), (0, 0, "certificate", None), (1, 1, "solver", 0),
])
def test_the_better_bound_of_a_goal_to_be_minimised_counts(said, bound, source, certified) -> None:
    goal = proven_goals(P, (1, 4), (said, 8), state(P, "", "", (1, 4), [(), ()]))[0]
    assert (goal.bound, goal.bound_source, goal.certified_bound) == (bound, source, certified)


@pytest.mark.parametrize(("limits", "asked", "bounds", "goals"), [
    (Options(time_limit=2 * SHORTEST_S), False, (0, 8), [0, 1]),
    (Options(time_limit=2 * SHORTEST_S), False, (1, None), [1]),
    (Options(time_limit=2 * SHORTEST_S), False, (1, 4), None),
    (Options(time_limit=2 * SHORTEST_S), True, (0, 8), None),
    (Options(time_limit=SHORTEST_S), False, (0, 8), None),
    (Options(time_limit=SHORTEST_S, work_limit=0.1), False, (0, 8), [0, 1]),
    (None, False, (0, 8), None),
])
def test_prices_are_looked_for_where_something_is_open_and_there_is_time(
    limits: Options | None, asked: bool, bounds: tuple[int | None, ...], goals: list[int] | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked: list[list[int]] = []

    def price(program, values, goals, options, stop, known, near):
        looked.append(list(goals))
        return [(), (GOOD,)]

    monkeypatch.setattr(proof, "price_goals", price)
    stop = threading.Event()
    if asked:
        stop.set()
    certificate = prove(P, (1, 4), bounds, ORIGIN, limits, stop)
    assert looked == ([] if goals is None else [goals])
    assert certificate.statements[1].bound == (8 if goals is None else 5)
    assert (certificate.scenario_sha256, certificate.version) == ("0" * 64, "1")


def test_what_was_known_before_proves_what_it_proves() -> None:
    near = np.zeros(P.n_columns, np.int64)
    stop = threading.Event()
    stop.set()
    certificate = prove(P, (1, 4), (0, 8), ORIGIN, None, stop, (None, GOOD), near)
    assert certificate.statements[1].bound == 5


@pytest.mark.parametrize(("bounds", "known", "weights"), [
    ((0, None), None, {0: 0.1, 1: 0.1}),  # nothing at all is known of the second
    ((0, 8), None, {0: 0.1, 1: 0.05}),
    ((1, 8), GOOD, {1: 0.02}),  # prices prove 5
    ((1, 5), WEAK, {1: 0.02}),  # they prove 6, less than what is said
    ((1, None), WEAK, {1: 0.1 / 3}),
    ((1, 4), WEAK, {}),
    ((0, 8), GOOD, {0: 0.01, 1: 0.02}),  # of the first nothing was found
])
def test_the_farther_a_bound_is_the_more_of_the_time_it_gets(
    bounds: tuple[int | None, ...], known: Prices | None, weights: dict[int, float]
) -> None:
    assert proof._open_goals(NAMED, (1, 4), bounds, (None, known)) == pytest.approx(weights)


def test_what_the_search_did_not_come_to_is_not_in_vain() -> None:
    no_prices = Prices(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64))
    assert proof._open_goals(NAMED, (1, 4), (0, 8), (no_prices, None)) == pytest.approx({0: 0.1, 1: 0.05})
