"""The guided first plan: feasible, never made worse, the same every time, and content with no time at all."""

from __future__ import annotations

import time
from functools import cache

import numpy as np

import rotation_planner as rp
from rotation_planner import model
from rotation_planner.compile import compile_candidates
from rotation_planner.engines import Guide, construct


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
