"""Prices beside the search: they account for the whole gap, arrive while the search goes on, and end with it."""

from __future__ import annotations

import json
import time
from pathlib import Path

import numpy as np
import psutil
import pytest

from rotation_planner.engines import improve, run, ship
from rotation_planner.engines.guidance import Guidance, Losses, found_in
from rotation_planner.engines.options import SHARE, SHARES, Budget, Options
from rotation_planner.engines.price_files import SETTINGS
from rotation_planner.engines.prices import find_prices
from rotation_planner.engines.pricing import price_goals
from rotation_planner.engines.relaxation import ROUNDING, Relaxation
from rotation_planner.engines.search import Search
from rotation_planner.program import Program
from rotation_planner.program.prices import Prices
from tests.engines.synthetic import program

NEED, COST = 2, 3


@pytest.fixture(scope="module")
def given() -> tuple[Program, np.ndarray]:
    """A program and a plan of it that is not the best."""
    p, x = program(40, 20, 8, seed=3)
    search = Search(p, x, Options(seed=1, workers=1), Budget(60.0, 0.1), lambda *_: None)
    search.options = Options(work_limit=0.1, workers=1)
    improve.improve(search, 0.0)
    return p, search.x


def priced(p: Program, goal: int, values: tuple[int, ...]) -> tuple[Prices, float]:
    relaxation, found = Relaxation(p, goal, values[:goal]), []
    bound = find_prices(relaxation, 10.0, True, 1, lambda y, _: found.append(relaxation.whole(y)))
    return found[-1], bound


@pytest.mark.parametrize("goal", [NEED, COST])
def test_losses_add_up_to_the_gap(given: tuple[Program, np.ndarray], goal: int) -> None:
    p, x = given if goal == COST else program(40, 20, 8, seed=3)  # the plan has the best need there is
    values = p.goal_values(x)
    prices, bound = priced(p, goal, values)
    losses = Losses.of(p, goal, values[:goal], prices)
    columns, rows = losses.columns(x), losses.rows(p.matrix @ x)
    assert columns.min() >= 0 <= rows.min()
    gap = (-1 if p.goals[goal].maximise else 1) * values[goal] - bound
    assert gap > 1, "nothing is lost"
    assert columns.sum() + rows.sum() == pytest.approx(gap, abs=2 * ROUNDING * abs(bound) + 1e-3)


@pytest.mark.parametrize("goal", [NEED, COST])
def test_known_prices_prove_the_same_again(given: tuple[Program, np.ndarray], goal: int) -> None:
    p, x = given
    values = p.goal_values(x)
    prices, bound = priced(p, goal, values)
    relaxation = Relaxation(p, goal, values[:goal])
    assert relaxation.bound(relaxation.known(prices)) == pytest.approx(bound, rel=2 * ROUNDING)
    inside = relaxation.inside(x)
    assert 0 <= inside.min() <= inside.max() <= 1
    assert np.array_equal(relaxation.point(inside), x)


def test_known_prices_come_back_where_there_is_no_time_to_better_them(given: tuple[Program, np.ndarray]) -> None:
    p, x = given
    values = p.goal_values(x)
    prices, _ = priced(p, COST, values)
    known = [None] * COST + [prices, None]
    (found,) = price_goals(p, values, {COST: 1.0}, Options(time_limit=0.01, workers=1), None, known, x)[COST]
    assert np.array_equal(found.values, prices.values)


def begun(folder: Path, given: tuple[Program, np.ndarray]) -> Guidance:
    nothing = np.zeros(0, np.int64)
    ship.write(folder, given[0], nothing, nothing, nothing)
    return Guidance(folder, given[0], 60.0)


def test_prices_arrive_beside_the_search(given: tuple[Program, np.ndarray], tmp_path: Path) -> None:
    p, x = given
    guidance = begun(tmp_path, given)
    assert guidance.gap(NEED, x, 0) is None
    assert not len(guidance.losing(NEED, x, p.matrix @ x)[0])
    before = set(psutil.Process().children())
    guidance.begin(NEED, x, 30.0)
    until = time.monotonic() + 30
    while found_in(tmp_path, len(p.goals))[COST] is None and time.monotonic() < until:
        time.sleep(0.1)
    assert [prices is not None for prices in found_in(tmp_path, len(p.goals))] == [False, False, True, True, False]
    value = -p.goal_values(x)[NEED]
    gap = guidance.gap(NEED, x, value)
    places, lost = guidance.losing(NEED, x, p.matrix @ x)
    assert gap is not None
    assert (lost > 0).all()
    assert 0 <= places.min() <= places.max() < p.n_columns + p.n_rows
    bound = value - lost.sum()
    assert gap == pytest.approx((value - bound) / max(abs(value), abs(bound)))
    assert guidance.gap(NEED, x, value + 10) > gap
    assert guidance.losing(NEED, x, p.matrix @ x)[0] is places
    guidance.begin(NEED, x, 30.0)
    guidance.end()
    assert not set(psutil.Process().children()) - before
    assert (tmp_path / ship.PROGRAM).exists()
    guidance.begin(COST, x, 0.0)
    assert not set(psutil.Process().children()) - before


def test_a_search_takes_them_up_as_they_come(
    given: tuple[Program, np.ndarray], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    p, x = given
    search = Search(p, x, Options(seed=1, workers=1), Budget(30.0), lambda *_: None)
    search.guidance = begun(tmp_path, given)
    looked = []

    def priced_kind(one: Search, g: int, size: int) -> improve.Neighbourhood:
        looked.append(one.program.goals[g].name)
        one.budget.time_limit = 0.0  # that is all we wait for
        return improve.Neighbourhood(np.arange(min(size, len(p.hint_group))), np.arange(len(one.classes)))

    monkeypatch.setattr(improve, "priced", priced_kind)
    monkeypatch.setattr(improve, "PATIENCE", 10**9)
    monkeypatch.setattr(improve, "FIRST_COLUMNS", {True: 40, False: 40})
    improve.improve(search, 0.0)
    assert looked[0] in ("need", "cost")


def test_prices_outlast_a_search_that_is_killed(given: tuple[Program, np.ndarray], tmp_path: Path) -> None:
    guidance = begun(tmp_path, given)
    guidance.begin(COST, given[1], 60.0)
    asked = json.loads(next(tmp_path.rglob(SETTINGS)).read_text())["goals"]
    assert asked == [[COST, SHARE], [COST + 1, SHARES["comfort"]]]
    until = time.monotonic() + 30
    while found_in(tmp_path, 5)[COST] is None and time.monotonic() < until:
        time.sleep(0.1)
    process = guidance._pricing._process  # type: ignore[union-attr]
    process.stdin.close()  # type: ignore[union-attr]
    process.wait(20)
    assert found_in(tmp_path, 5)[COST] is not None
    guidance.end()


def test_one_worker_has_no_helper(given: tuple[Program, np.ndarray]) -> None:
    outcome = run(given[0], given[1], Options(engine="cohort", time_limit=4.0, workers=1))
    assert outcome.prices == (None,) * 5
