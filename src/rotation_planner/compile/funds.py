"""Funds: their floors, and which sessions are charged to them."""

from __future__ import annotations

import numpy as np

from rotation_planner.compile.candidates import Sessions
from rotation_planner.compile.career import index_of
from rotation_planner.domain.planning import Fund
from rotation_planner.domain.scenario import Scenario
from rotation_planner.domain.teaching import Course


def floors(scenario: Scenario) -> np.ndarray:
    """Floor of each fund in yuan; -1 where there is none.

    Without a figure it is the floor of the same authority and earmark the year before times the index, rounded up; of
    several such funds the first counts.
    """
    funds: list[Fund] = list(scenario["funds"])
    out = np.full(len(funds), -1, np.int64)
    known: dict[tuple[str, frozenset[str], int], int] = {}
    for i in sorted(range(len(funds)), key=lambda i: funds[i].year):
        f = funds[i]
        line = (f.authority, frozenset(f.earmark))
        floor = f.floor_yuan
        if floor is None and f.index_per_mille is not None and (*line, f.year - 1) in known:
            floor = -(-known[(*line, f.year - 1)] * f.index_per_mille // 1000)
        if floor is not None:
            out[i] = floor
            known.setdefault((*line, f.year), floor)
    return out


def charged(sessions: Sessions, courses: list[Course], scenario: Scenario) -> tuple[np.ndarray, np.ndarray]:
    """Pairs (fund index, session index): the session's spend is charged to the fund."""
    authority = index_of(scenario["authorities"].tolist("id"))
    kind = np.array([courses[c].kind for c in sessions.course.tolist()], dtype=object)
    fund_of: list[np.ndarray] = [np.zeros(0, np.int64)]
    session_of: list[np.ndarray] = [np.zeros(0, np.int64)]
    for i, f in enumerate(scenario["funds"]):
        fits = (sessions.payer == authority[f.authority]) & (sessions.year == f.year)
        if f.earmark:
            fits &= np.isin(kind, list(f.earmark))
        found = np.flatnonzero(fits)
        fund_of.append(np.full(len(found), i))
        session_of.append(found)
    return np.concatenate(fund_of), np.concatenate(session_of)
