"""Groups for relaxations: their parts add up, and what they do together is possible for all."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

import rotation_planner as rp
from rotation_planner import model
from rotation_planner.compile import compile_candidates
from rotation_planner.engines import Guide
from rotation_planner.engines import guide as guides
from rotation_planner.engines.groups import divided, shares_of
from rotation_planner.engines.mip import solve_mip
from rotation_planner.engines.options import Budget
from rotation_planner.engines.search import Search
from tests.engines.test_guide import guide


@cache
def county() -> model.Built:
    return model.build(compile_candidates(rp.generate("county", cadres=400, seed=4)))


def searched() -> Search:
    built = county()
    empty = model.complete(built, model.committed_point(built), choose_study=True)
    return Guide(built.program, empty, np.inf, lambda x: x).search


def test_shares_are_of_what_is_offered() -> None:
    search, program = searched(), county().program
    group = np.arange(len(program.hint_group)) % 3
    rows, every = shares_of(program, search.csc, search.attend, group, 3)
    assert rows.sum(axis=0) == pytest.approx(np.ones(program.n_rows))
    assert every.sum() == pytest.approx(1)
    for k in range(3):
        one = np.flatnonzero(group == k)[0]
        own = search.owned.columns(np.array([one]))
        own = own[search.session_of[own] >= 0]
        mine = np.unique(search.csc[:, own].indices)
        owners = [set(program.owner[program.matrix[[r]].indices]) - {-1} for r in mine]
        alone = [r for r, who in zip(mine, owners, strict=True) if who == {one}]
        assert len(alone) > 0
        assert (rows[k, alone] == 1).all()


def test_what_the_groups_do_together_is_possible_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guides, "GROUP_ATTEND", 2_000)
    one = guide(600)
    program, search = one.program, one.search
    search.move(one.empty)
    parts = one._parts(np.ones(len(one.sessions), bool))
    assert len(parts) > 1
    x = search.x.astype(float)
    for part in parts:
        found = solve_mip(
            part, one.objective[part.columns], [], Budget(60.0), 60.0, whole=np.zeros(len(part.columns), bool)
        ).x
        assert found is not None
        x[part.columns] += found - part.start
    activity = program.matrix @ x
    slack = 1e-6 * (1 + np.abs(activity))
    assert (activity >= program.low - slack).all()
    assert (activity <= program.high + slack).all()
    assert (x[search.classes] <= program.upper[search.classes] + 1e-6).all()
    assert float(search.goals[0] @ x) < 0.5 * float(search.goals[0] @ one.empty)


def test_divided_sides_add_up() -> None:
    search, program = searched(), county().program
    group = np.arange(len(program.hint_group)) % 3
    rows, every = shares_of(program, search.csc, search.attend, group, 3)
    some = [divided(program, search.x, search.activity, rows[k], search.classes, every[k]) for k in range(3)]
    finite = program.high < 2**52
    left = sum(p.high[finite] - search.activity[finite] for p in some)
    assert left == pytest.approx((program.high - search.activity)[finite].astype(float))
    assert all((p.high[~finite] == program.high[~finite]).all() for p in some)
    assert sum(p.upper[search.classes] for p in some) == pytest.approx(program.upper[search.classes].astype(float))
