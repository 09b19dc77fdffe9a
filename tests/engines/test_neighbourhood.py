"""Neighbourhoods of a program that is a slice: what helps may be a session that nobody of the slice can attend."""

from __future__ import annotations

import numpy as np
import pytest

from rotation_planner.engines import neighbourhood
from tests.engines.test_improve import search


def test_a_session_for_nobody_here_is_no_help(monkeypatch: pytest.MonkeyPatch) -> None:
    one = search()
    monkeypatch.setattr(neighbourhood, "_helping", lambda *_: len(one.program.hint_time))
    found = neighbourhood.gather(one, 0, 20)
    assert len(found.cadres) > 0
    assert np.isin(found.cadres, one.program.owner[one.attend]).all()
