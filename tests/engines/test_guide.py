"""The guided first plan: feasible, never made worse, the same every time, and content with no time at all."""

from __future__ import annotations

import time
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
    built = model.build(compile_candidates(rp.generate("district", cadres=200, seed=3)))
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


def test_needs_are_seen_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    built, _ = small()
    need = [goal.name for goal in built.program.goals].index("need")
    seen = built.program.goals[need].value(guide(60).first())
    monkeypatch.setattr(guides, "LATER", 0.0)
    assert seen > 1.1 * built.program.goals[need].value(guide(60).first())


def test_thin_classes_are_given_up_where_there_is_time() -> None:
    one = guide(60)
    solved: list[Sub] = []
    relaxed = one._relaxed

    def note(sub: Sub) -> np.ndarray | None:
        solved.append(sub)
        return relaxed(sub)

    one._relaxed = note  # type: ignore[method-assign]
    window = np.ones(len(one.sessions), bool)
    one._plan(one.empty, window, seconds=0.0)
    assert len(solved) == 1
    one._plan(one.empty, window, seconds=600.0)
    assert len(solved) == 3
    first, second = solved[1:]
    classes = np.isin(first.columns, one.search.classes)
    fewer = relaxed(first)
    assert fewer is not None
    assert np.array_equal(second.upper[classes], np.floor(fewer[classes] + 0.5))
    assert np.array_equal(second.upper[~classes], first.upper[~classes])
    assert (second.upper < first.upper).any()


def test_stretches_are_years_or_shorter_ones_with_about_equally_many(monkeypatch: pytest.MonkeyPatch) -> None:
    one = guide(60)
    years = one._stretches()
    assert np.array_equal(years, one.day // 365.25 - (one.day // 365.25).min())
    each = len(one.search.attend) // 20
    monkeypatch.setattr(guides, "STRETCH_ATTEND", each)
    short = one._stretches()
    assert set(short) == set(range(short.max() + 1))
    assert short.max() in (19, 20)
    assert (np.diff(short[np.argsort(one.day, kind="stable")]) >= 0).all()
    largest = np.bincount(one.search.session).max()
    assert np.bincount(short[one.search.session]).max() <= each + largest + 1


def test_when_time_has_run_out_the_rest_comes_as_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    built, empty = small()
    one = guide(60)
    plan, years = one._plan, one._stretches()
    monkeypatch.setattr(one, "_plan", lambda x, w, s: plan(x, w, s) if w[years == 0].any() else None)
    x = one.first()
    assert built.program.feasible(x)
    held = x[one.search.classes] > 0
    assert set(years[held]) == set(years)
    assert built.program.goals[0].value(x) < built.program.goals[0].value(empty) / 2
