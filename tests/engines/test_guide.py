"""The guided first plan: feasible, never made worse, the same every time, and content with no time at all."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np
import pytest

import rotation_planner as rp
from rotation_planner import model
from rotation_planner.compile import compile_candidates
from rotation_planner.engines import Guide, construct
from rotation_planner.engines import guide as guides
from rotation_planner.engines.subproblem import Sub


@cache
def small() -> tuple[model.Built, np.ndarray]:
    built = model.build(compile_candidates(rp.generate("district", cadres=200, seed=1)))
    return built, model.complete(built, model.committed_point(built), choose_study=True)


def guide(seconds: float) -> Guide:
    built, empty = small()
    return Guide(
        built.program, empty, time.monotonic() + seconds, lambda x: model.complete(built, x, choose_study=True)
    )


def test_the_guided_plan_is_feasible_and_better_than_a_single_pass() -> None:
    built, empty = small()
    x = guide(60).first()
    once = model.complete(built, construct(built.program, empty, time.monotonic() + 60), choose_study=True)
    assert built.program.feasible(x)
    assert built.program.goals[0].value(x) < built.program.goals[0].value(once) < built.program.goals[0].value(empty)


def test_without_time_nothing_is_planned_and_nothing_is_lost() -> None:
    _, empty = small()
    assert np.array_equal(guide(-1).first(), empty)


def test_floors_and_needs_are_seen_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    built, _ = small()
    names = [goal.name for goal in built.program.goals]
    seen = built.program.goal_values(guide(60).first())
    monkeypatch.setattr(guides, "LATER", 0.0)
    unseen = built.program.goal_values(guide(60).first())
    assert 1.5 * seen[names.index("floor")] < unseen[names.index("floor")]
    assert seen[names.index("need")] > 1.1 * unseen[names.index("need")]


def test_who_is_late_leaves_floors_out() -> None:
    one = guide(60)
    floor = one.search.goals[1] != 0
    assert (one.objective[floor] > 0).all()
    window = one.year[: len(one.sessions)] == 0
    with ThreadPoolExecutor(1) as pool:
        one._plan(one.empty, window, 600.0, pool)
        assert (one.objective[floor] > 0).all()
        one._plan(one.empty, window, 0.0, pool)
    assert not one.objective[floor].any()
    assert np.array_equal(one.objective[~floor], guide(60).objective[~floor])


@pytest.mark.parametrize(("seconds", "late"), [(5.1, False), (4.9, True)])
def test_late_is_who_takes_twice_its_share(seconds: float, late: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    one, clock = guide(60), [0.0]
    relaxed = one._relaxed

    def slow(parts: list[Sub], pool: ThreadPoolExecutor) -> list[np.ndarray] | None:
        clock[0] += 10.0
        return relaxed(parts, pool)

    one._relaxed = slow  # type: ignore[method-assign]
    monkeypatch.setattr(guides.time, "monotonic", lambda: clock[0])
    with ThreadPoolExecutor(1) as pool:
        one._plan(one.empty, one.year == 0, seconds, pool)
    assert (one.objective is one.plain) == late


def test_thin_classes_are_given_up_where_there_is_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guides, "GROUP_ATTEND", 1_000)
    one = guide(60)
    solved: list[list[Sub]] = []
    found: list[list[np.ndarray]] = []
    relaxed = one._relaxed

    def note(parts: list[Sub], pool: ThreadPoolExecutor) -> list[np.ndarray] | None:
        solved.append(parts)
        found.append(relaxed(parts, pool) or [])
        return found[-1]

    one._relaxed = note  # type: ignore[method-assign]
    window = np.ones(len(one.sessions), bool)
    with ThreadPoolExecutor(2) as pool:
        one._plan(one.empty, window, 0.0, pool)
        assert len(solved) == 1
        one._plan(one.empty, window, 600.0, pool)
    assert len(solved) == 3
    first, second = solved[1:]
    assert len(first) == one.group.max() + 1 > 1
    before, after = np.zeros((2, one.program.n_columns))
    for a, b, z in zip(first, second, found[1], strict=True):
        before[a.columns] += z
        after[b.columns] += b.upper
        others = ~np.isin(a.columns, one.search.classes)
        assert np.array_equal(a.upper[others], b.upper[others])
    classes = one.search.classes[before[one.search.classes] > 0]
    assert (after[classes] <= np.floor(before[classes] + 0.5) + 1e-9).all()
    thin = classes[before[classes] < 0.5]
    assert len(thin) > 0
    assert not after[thin].any()


def test_when_time_has_run_out_the_rest_comes_as_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    built, empty = small()
    one = guide(60)
    plan, years = one._plan, one.year
    monkeypatch.setattr(one, "_plan", lambda x, w, *rest: plan(x, w, *rest) if w[years == 0].any() else None)
    x = one.first()
    assert built.program.feasible(x)
    held = x[one.search.classes] > 0
    assert set(years[held]) == set(years)
    assert built.program.goals[0].value(x) < built.program.goals[0].value(empty) / 2
