"""What one block alone uses of the shared columns and rows."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from scipy import sparse

import rotation_planner as rp
from rotation_planner.partition import Serial
from rotation_planner.partition.alone import NOBODY, SEVERAL, _joined, alone
from rotation_planner.partition.rounds import Rounds
from rotation_planner.slices import Parts, blocks


@pytest.fixture(scope="module")
def rounds() -> Rounds:
    scenario = rp.generate("province", cadres=400, seed=1)
    found = Rounds(Parts(scenario, blocks(scenario, 100)), Serial(), 1, 0, None, lambda _: None, threading.Event())
    found.prepare()
    assert found.parts.n == 2  # an authority each
    return found


def test_nobody_else_is_in_what_a_block_has_alone(rounds: Rounds) -> None:
    shared, used = rounds.shared, rounds.needs.use.toarray() > 0
    found = alone(shared, rounds.needs)
    both = [np.concatenate([getattr(one, name) for one in found]) for name in ("columns", "rows")]
    assert all(len(np.unique(one)) == len(one) for one in both)
    for b, one in enumerate(found):
        others = np.delete(used, b, axis=0)
        assert not others[:, one.rows].any()
        inside = np.unique(shared.matrix[one.rows].tocsr().indices)
        assert np.isin(inside, one.columns).all()
        # Columns that are defined together stay together.
        assert np.isin(np.flatnonzero(np.isin(shared.group, shared.group[one.columns])), one.columns).all()


def test_what_authorities_have_for_themselves_is_theirs(rounds: Rounds) -> None:
    shared = rounds.shared
    found = alone(shared, rounds.needs)
    rows = np.concatenate([one.rows for one in found])
    columns = np.concatenate([one.columns for one in found])
    sizes = shared.row_name == "class_size"
    assert np.isin(np.flatnonzero(sizes), rows).mean() > 0.5
    assert np.isin(np.flatnonzero(shared.row_name == "floor"), rows).any()
    assert np.isin(np.flatnonzero(shared.column_name == "floor.short"), columns).any()
    served = (rounds.needs.use.toarray() > 0).sum(axis=0)
    heads = np.flatnonzero(shared.row_name == "headcount")
    theirs = np.isin(heads, rows)
    assert (served[heads][theirs] == 1).all()
    assert theirs.sum() > 0.9 * (served[heads] == 1).sum()  # not where rooms tie a session to one that others share
    assert not np.isin(np.flatnonzero(shared.row_name == "comfort"), rows).any()


def test_owners_are_joined() -> None:
    entries = sparse.coo_array(np.array([[1, 1, 0], [0, 1, 1], [0, 0, 1], [1, 0, 0]]))
    owner, own = np.array([0, 1, NOBODY]), np.array([NOBODY, NOBODY, NOBODY, 0])
    assert _joined(entries.row, owner[entries.col], own).tolist() == [SEVERAL, 1, NOBODY, 0]
    assert _joined(entries.row, owner[entries.col], np.array([0, 0, 1, SEVERAL])).tolist() == [
        SEVERAL, SEVERAL, 1, SEVERAL
    ]
