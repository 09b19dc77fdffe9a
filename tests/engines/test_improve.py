"""How the search goes on when nothing is gained: larger parts with more time, until patience ends."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

import rotation_planner as rp
from rotation_planner import model
from rotation_planner.compile import compile_candidates
from rotation_planner.engines import improve
from rotation_planner.engines.options import Budget, Options
from rotation_planner.engines.search import FIRST_KEEPS, KEEP, Later, Part, Search


def search(preset: str = "district", cadres: int = 60) -> Search:
    built = model.build(compile_candidates(rp.generate(preset, cadres=cadres, seed=3)))
    empty = model.complete(built, model.committed_point(built), choose_study=True)
    return Search(built.program, empty, Options(seed=1, workers=1), Budget(600), lambda *_: None)


def limits(one: Search, gains: tuple[int, ...] = ()) -> list[float]:
    """Seconds given to each part of the first goal; only parts of these numbers gain, and none is closed."""
    given: list[float] = []

    def solve(part: Part, limit: float) -> bool:
        given.append(limit)
        return False

    def take(_part: Part, _phase: str) -> bool:
        gained = len(given) in gains
        if gained:
            one.value = (one.value[0] - 1, *one.value[1:])
        return gained

    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(1) as pool:
        patch.setattr(one, "solve", solve)
        patch.setattr(one, "take", take)
        filler = improve._Filler(one)
        patch.setattr(filler, "turn", lambda _: None)
        assert not improve._improve_goal(one, 0, lambda: 0.0, pool, filler)
    return given


def test_what_gains_nothing_is_tried_larger_and_longer_until_patience_ends() -> None:
    given = np.array(limits(search()))
    assert len(given) == improve.PATIENCE
    restarts = np.arange(improve.PATIENCE) // improve.STALE
    expected = improve.SLICE_S * 2.0 ** np.maximum(0, restarts - 1)  # first what keeps nothing, as small as before
    assert given == pytest.approx(expected)


def test_a_gain_brings_small_parts_back_at_the_next_new_start() -> None:
    given = limits(search(), gains=(110,))
    assert given[105] == given[155] == pytest.approx(2 * improve.SLICE_S)
    assert given[165] == pytest.approx(2 * improve.SLICE_S)  # doubled from the first size again, not from the last
    assert given[215] == pytest.approx(4 * improve.SLICE_S)


def test_later_goals_are_let_go_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    one = search()
    kept: list[Later] = []
    part = one.part

    def note(columns: np.ndarray, goal: int, better: bool = False, later: Later = Later.HELD) -> Part:
        kept.append(later)
        return part(columns, goal, better, later)

    monkeypatch.setattr(one, "part", note)
    limits(one, gains=(60,))
    stages = [Later.HELD] * improve.STALE + [Later.KEPT] * 60 + [Later.NOTHING] * improve.STALE
    assert kept[: len(stages)] == stages


def test_sizes_follow_the_scale() -> None:
    one = search()
    for small, large in zip(improve._kinds(one), improve._kinds(one, 4.0), strict=True):
        assert large.size == pytest.approx(max(4.0, 4 * (small.size if small.size > 4 else large.size / 4)))
        assert large.limit == pytest.approx(4 * small.limit)
        assert (small.pick, small.stretches) == (large.pick, large.stretches)


def test_a_moved_point_has_the_activity_and_values_of_its_columns() -> None:
    one = search()
    with ThreadPoolExecutor(1) as pool:
        one.budget = Budget(3.0)
        improve._improve_goal(one, 0, lambda: 0.0, pool, improve._Filler(one))
    assert one.value < one.trivial or one.value[0] < 10**9
    assert np.array_equal(one.activity, one.program.matrix @ one.x)
    assert one.value == tuple(int(c @ one.x) for c in one.goals)
    assert one.program.feasible(one.x)


def test_what_breaks_a_row_or_a_bound_is_not_taken() -> None:
    one = search()
    for column in (one.attend[0], one.classes[0]):
        x = one.x.copy()
        x[column] = one.program.upper[column] + 1
        assert not one.offer(x, "improve")
    short = np.flatnonzero(one.goals[0] * one.x > 0)
    x = one.x.copy()
    x[short] = one.program.lower[short]  # better, but the duties' rows are not kept
    assert not one.program.feasible(x)
    assert not one.offer(x, "improve")
    assert not one.offer(x, "improve", one.program.matrix @ x)


def test_fillings_become_seldom_while_they_gain_less_than_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    one = search()
    filler = improve._Filler(one)
    filler.begin()
    monkeypatch.setattr(one, "settled", lambda *_: False)
    waits = []
    for _ in range(2000):
        if not filler.wait:
            filler.turn(0)
            waits.append(filler.wait + 1)
        else:
            filler.turn(0)
    assert waits[:5] == [80, 160, 320, 640, 640]
    monkeypatch.undo()
    filler.begin()
    filler.turn(0)  # from nothing there is much to take
    assert filler.wait == improve.FILL_EVERY - 1


class _Prices:
    """Guidance that knows a gap, and when it was asked to look for prices: seconds that were left then."""

    def __init__(self, one: Search, gap: float | None) -> None:
        self.one, self.known, self.asked = one, gap, list[float]()

    def begin(self, _goal: int, _x: np.ndarray, _left: float) -> None:
        self.asked.append(self.one.budget.remaining())

    def end(self) -> None:
        """Nothing is under way."""

    def gap(self, _goal: int, _x: np.ndarray, _value: int) -> float | None:
        return self.known


def tried(one: Search, goal: int, enough: float, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many parts are tried in a goal, none of which gains; each takes a hundredth of the time."""
    parts: list[Part] = []

    def solve(part: Part, _: float) -> bool:
        parts.append(part)
        one.budget.time_limit -= 6.0
        return False

    with ThreadPoolExecutor(1) as pool, monkeypatch.context() as patch:
        patch.setattr(one, "solve", solve)
        patch.setattr(one, "take", lambda *_: False)
        filler = improve._Filler(one)
        patch.setattr(filler, "turn", lambda _: None)
        improve._improve_goal(one, goal, lambda: 0.0, pool, filler, enough)
    return len(parts)


@pytest.mark.parametrize(("gap", "some"), [(0.0019, False), (0.002, False), (0.0021, True), (None, True)])
def test_a_goal_that_is_nearly_done_leaves_its_time(
    gap: float | None, some: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = search()
    one.guidance = _Prices(one, gap)  # type: ignore[assignment]
    monkeypatch.setattr(improve, "_choose", lambda _, kinds: kinds[0])
    assert bool(tried(one, 2, 0.002, monkeypatch)) is some


def test_prices_of_the_first_goal_are_asked_for_late(monkeypatch: pytest.MonkeyPatch) -> None:
    for goal, part in ((0, improve.ASK_LATE), (1, 1.0)):
        one = search()
        one.guidance = _Prices(one, None)  # type: ignore[assignment]
        tried(one, goal, 0.0, monkeypatch)
        (left,) = one.guidance.asked  # type: ignore[union-attr]
        assert part * 600 - 40 < left <= part * 600


def test_each_round_asks_for_more(monkeypatch: pytest.MonkeyPatch) -> None:
    one = search()
    asked: list[tuple[int, float]] = []

    def goal(
        search_: Search, g: int, _until: Callable[[], float], _pool: object, _filler: object, enough: float
    ) -> bool:
        asked.append((g, enough))
        search_.value = (*search_.value[:-1], search_.value[-1] - 1)
        return len(asked) == 10

    monkeypatch.setattr(improve, "_ahead", lambda *_: None)
    monkeypatch.setattr(improve, "_improve_goal", goal)
    improve.improve(one, 0.0)
    assert [enough for g, enough in asked if g == 0] == [0.0, 0.0]
    assert [enough for g, enough in asked if g == 2] == [improve.ENOUGH, improve.ENOUGH / 2]


def test_time_is_kept_for_another_pass_over_goals_that_were_left_early(monkeypatch: pytest.MonkeyPatch) -> None:
    """Though nothing was gained in the first; in the end nothing is left early, and the search ends."""
    one = search()
    one.guidance = _Prices(one, 0.0)  # type: ignore[assignment]
    given: dict[int, list[float]] = {}

    def goal(_: Search, g: int, until: Callable[[], float], *__: object) -> bool:
        given.setdefault(g, []).append(one.budget.remaining() - until())
        return False

    monkeypatch.setattr(improve, "_ahead", lambda *_: None)
    monkeypatch.setattr(improve, "_improve_goal", goal)
    improve.improve(one, 0.0)
    last, passes = len(one.goals) - 1, len(given[0])
    assert 2 < passes < 20
    assert given[last][0] < 0.1 * 600
    assert given[last][-1] == pytest.approx(600, rel=0.05)  # no goal left early: all that is left


def test_a_goal_has_the_time_of_later_ones_that_are_at_their_best() -> None:
    one = search()
    weights = {0: 1.0, 1: 0.6, 2: 0.4}
    until = improve._share(one, weights, 0, [1, 2], [], 100.0)
    best = one.trivial
    for value, others in ((1, 1.0), (0, 0.4)):
        one.value = (best[0] + 1, best[1] + value, best[2] + 1, *best[3:])
        assert until() == pytest.approx(100 + 500 * others / (1 + others), abs=1)
    one.value = best
    assert until() == 100.0


def test_goals_nearer_to_their_bounds_have_less_of_the_time() -> None:
    one = search()
    gaps: dict[int, float | None] = {1: 0.02, 2: 0.002}
    one.gap = gaps.get  # type: ignore[method-assign, assignment]
    one.value = tuple(best + 1 for best in one.trivial)
    until = improve._share(one, {1: 0.1, 2: 0.1}, 1, [2], [], 0.0)
    for near, part in ((0.002, 0.1), (0.02, 1.0), (0.2, 1.0), (None, 1.0), (0.0, 0.0)):
        gaps[2] = near
        assert until() == pytest.approx(600 * part / (1 + part), abs=1)
    gaps.update({1: 0.0, 2: 0.02})
    assert until() == pytest.approx(300, abs=1)


def test_goals_left_early_wait_until_the_one_in_hand_is_as_near() -> None:
    one = search()
    gaps: dict[int, float | None] = {1: 0.002, 2: 0.02}
    one.gap = gaps.get  # type: ignore[method-assign, assignment]
    one.value = tuple(best + 1 for best in one.trivial)
    until = improve._share(one, {1: 0.1, 2: 0.1}, 2, [], [1], 0.0)
    for gap, part in ((0.02, 0.0), (0.0021, 0.0), (0.002, 0.5), (0.001, 0.5), (None, 0.5)):
        gaps[2] = gap
        assert until() == pytest.approx(600 * part, abs=1)
    gaps[2] = 0.02
    assert improve._share(one, {1: 0.1, 2: 0.01}, 2, [], [1], 0.0)() == pytest.approx(600 / 1.1, abs=1)  # heavier


@pytest.mark.parametrize(("cadres", "mixed"), [(60, False), (200, True)])
def test_parts_keep_something_of_later_goals(cadres: int, mixed: bool) -> None:
    """The first goal nothing of money that is spent on people and sessions alike: it serves nobody sooner."""
    one = search(cadres=cadres)
    program = one.program
    assert [goal.name for goal in program.goals] == ["duties", "floor", "need", "cost", "comfort"]
    columns = np.arange(program.n_columns)
    ends = [(c * program.lower, c * program.upper) for c in one.goals]
    spans = [int((np.maximum(*both) - np.minimum(*both)).sum()) for both in ends]
    needs, cost = one.goals[2:4]
    assert (program.owner[needs != 0] >= 0).all()
    assert (program.owner[cost != 0] < 0).any() == mixed
    assert (program.owner[one.goals[4] != 0] < 0).any()

    def kept(goal: int, later: Later) -> np.ndarray:
        found: np.ndarray = one.part(columns, goal, later=later).objective - one.goals[goal]
        return found

    def tie(goal: int, later: int) -> float:
        smallest = np.abs(one.goals[goal][one.goals[goal] != 0]).min()
        return 0.5 * float(smallest / np.abs(one.goals[later]).max())

    first = FIRST_KEEPS * spans[0]
    assert first / spans[2] > tie(0, 2)
    money = {} if mixed else {3: tie(0, 3)}
    for goal, later, weights in (
        (0, Later.KEPT, {1: first / spans[1], 2: first / spans[2]} | (money and {3: max(tie(0, 3), first / spans[3])})),
        (0, Later.NOTHING, {2: tie(0, 2)} | money),
        (1, Later.HELD, {2: KEEP * spans[1] / spans[2], 3: KEEP**2 * spans[1] / spans[3]}),
        (1, Later.NOTHING, {2: KEEP * spans[1] / spans[2], 3: KEEP**2 * spans[1] / spans[3]}),
        (2, Later.HELD, {3: KEEP * spans[2] / spans[3]}),
        (3, Later.HELD, {}),
        (4, Later.HELD, {}),
    ):
        expected = sum((one.goals[g] * w for g, w in weights.items()), np.zeros(len(columns)))
        assert kept(goal, later) == pytest.approx(expected)


@pytest.mark.parametrize(("goal", "later", "met", "capped"), [
    (0, Later.HELD, True, [1]), (0, Later.HELD, False, []), (0, Later.KEPT, True, []), (0, Later.NOTHING, True, []),
    (2, Later.HELD, True, [0, 1]), (3, Later.NOTHING, False, [0, 1, 2]),
])
def test_floors_that_are_met_stay_so_in_parts_for_duties(goal: int, later: Later, met: bool, capped: list[int]) -> None:
    one = search()
    one.value = (one.value[0], one.trivial[1] + (0 if met else 1), *one.value[2:])
    columns = np.arange(one.program.n_columns)
    caps = one.part(columns, goal, later=later).caps
    assert len(caps) == len(capped)
    for (coefs, side), e in zip(caps, capped, strict=True):
        assert (coefs == one.goals[e]).all()
        assert side == one.goals[e] @ one.x


def test_floors_go_before_duties_for_a_little_of_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    one = search(cadres=200)
    one.budget = Budget(50)
    seen: list[tuple[int, float]] = []
    before, improve_goal = one.value, improve._improve_goal

    def goal(search: Search, g: int, until: Callable[[], float], *rest: Any, **more: Any) -> bool:
        seen.append((g, search.budget.remaining() - until()))
        if len(seen) == 1:
            improve_goal(search, g, until, *rest, **more)
        return len(seen) == 3

    monkeypatch.setattr(improve, "_improve_goal", goal)
    one.guidance = _Prices(one, None)  # type: ignore[assignment]
    improve.improve(one, 0.0)
    assert [g for g, _ in seen] == [1, 0, 1]
    assert seen[0][1] == pytest.approx(improve.AHEAD * 50, abs=0.1)
    assert one.value[0] <= before[0]
    assert one.value[1] < before[1]
    assert not one.guidance.asked  # type: ignore[union-attr]


@pytest.mark.parametrize(("timed", "order"), [(True, [1, 2, 0]), (False, [0, 1, 2])])
def test_parts_are_taken_as_they_are_done_unless_nothing_may_hang_on_that(timed: bool, order: list[int]) -> None:
    part: Any = None
    flights = [improve._Flight(part, np.zeros(0), part, False, 0.0, Future()) for _ in range(3)]
    flying = deque(flights)
    for done, taken in zip((1, 2, 0), order, strict=True):
        flights[done].closed.set_result(True)
        assert improve._next(flying, timed) is flights[taken]
    assert not flying


def test_late_in_a_run_goals_that_are_near_wait_for_later_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    one = search()
    gaps: dict[int, float] = {2: 0.002, 3: 0.0021}
    monkeypatch.setattr(one, "gap", gaps.get)
    for left, waits in ((599.0, False), (301.0, False), (299.0, True), (1.0, True)):
        one.budget = Budget(600, started=time.monotonic() - 600 + left)
        assert improve._waits(one, 2, [3, 4]) is waits
        assert not improve._waits(one, 3, [4])
    gaps[3] = 0.002
    assert not improve._waits(one, 2, [3, 4])


def test_only_further_passes_pass_over_goals(monkeypatch: pytest.MonkeyPatch) -> None:
    one = search()
    seen: list[int] = []

    def goal(_: Search, g: int, *__: object) -> bool:
        seen.append(g)
        one.value = (one.value[0] - 1, *one.value[1:])
        return len(seen) == 9

    monkeypatch.setattr(improve, "_ahead", lambda *_: None)
    monkeypatch.setattr(improve, "_improve_goal", goal)
    monkeypatch.setattr(improve, "_waits", lambda _, g, __: g == 2)
    improve.improve(one, 0.0)
    assert seen == [0, 1, 2, 3, 4, 0, 1, 3, 4]
