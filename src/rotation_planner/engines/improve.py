"""Better and better plans: CP-SAT on one neighbourhood after another.

A neighbourhood frees all columns of some cadres and the classes of some sessions. Cadres are chosen where the goal
loses most, together with those who sit in the sessions they could attend; or as all people of a few sessions, so
that a class can be closed or moved; or at random. The size follows what CP-SAT closes in its time slice.
"""

from __future__ import annotations

import numpy as np

from rotation_planner.engines.options import SHARES
from rotation_planner.engines.search import Search

SLICE_S = 3.0
"""Seconds (or deterministic seconds) of one neighbourhood."""
PATIENCE = 40
"""Neighbourhoods without gain after which a goal is left for the next."""


def improve(search: Search, until: float) -> None:
    """Improve goal after goal until so little of the budget is left."""
    names = [g.name for g in search.program.goals]
    weights = np.array([SHARES.get(name, 0.1) for name in names])
    for g in range(len(names)):
        if not search.goals[g].any():
            continue
        left = search.budget.remaining() - until
        share = left * weights[g] / weights[g:].sum()
        _improve_goal(search, g, search.budget.remaining() - share)


def _improve_goal(search: Search, g: int, until: float) -> None:
    size = max(8, 6000 // max(1, search.program.n_columns // max(1, len(search.program.hint_group))))
    idle = 0
    while search.budget.remaining() > until and idle < PATIENCE:
        if search.value[g] <= search.trivial[g]:
            return
        kind = search.rng.choice(3, p=(0.5, 0.35, 0.15))
        cadres, sessions = (_losing, _sharing, _random)[kind](search, g, size)
        whole = len(cadres) >= len(search.program.hint_group)
        columns = search.free_columns(cadres, None if whole else sessions)
        limit = min(SLICE_S, search.budget.remaining() - until)
        answer, better = search.solve_part(columns, g, limit, "improve")
        idle = 0 if better else idle + 1
        if whole and answer.optimal:
            return
        if answer.optimal:
            size = min(int(size * 1.15) + 1, len(search.program.hint_group))
        else:
            size = max(4, int(size * 0.8))


def loss(search: Search, g: int) -> np.ndarray:
    """What each cadre's own columns lose against the best they could be, in the goal's units."""
    program = search.program
    c = search.goals[g]
    lost = c * search.x - np.minimum(c * program.lower, c * program.upper)
    own = program.owner >= 0
    return np.bincount(program.owner[own], weights=lost[own], minlength=len(program.hint_group))


def _sessions_of(search: Search, cadres: np.ndarray) -> np.ndarray:
    inside = np.isin(search.program.owner[search.attend], cadres)
    return np.unique(search.session[inside])


def _losing(search: Search, g: int, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Some of those who lose most, and people in the sessions they could attend."""
    lost = loss(search, g)
    if not lost.any():
        return _random(search, g, size)
    n = min(max(1, size // 4), int((lost > 0).sum()))
    chosen = search.rng.choice(len(lost), n, replace=False, p=lost / lost.sum())
    sessions = _sessions_of(search, chosen)
    pick = search.rng.permutation(sessions)[: max(2, len(sessions) // 3)]
    rivals = _attending(search, pick)
    rivals = search.rng.permutation(rivals)[: max(0, size - n)]
    return np.union1d(chosen, rivals), sessions


def _sharing(search: Search, g: int, size: int) -> tuple[np.ndarray, np.ndarray]:
    """All people of a few sessions, so that a class can close, open or move."""
    running = np.flatnonzero(search.x[search.classes] > 0)
    if not len(running):
        return _random(search, g, size)
    cadres: np.ndarray = np.zeros(0, np.int64)
    sessions: list[int] = []
    for s in search.rng.permutation(running):
        there = _attending(search, np.array([s]))
        if sessions and len(cadres) + len(there) > size:
            break
        cadres = np.union1d(cadres, there)
        sessions.append(int(s))
    if len(cadres) > 2 * size:
        cadres = search.rng.choice(cadres, 2 * size, replace=False)
    return cadres, _sessions_of(search, cadres)


def _random(search: Search, g: int, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Anybody."""
    n = len(search.program.hint_group)
    cadres = search.rng.choice(n, min(size, n), replace=False)
    return cadres, _sessions_of(search, cadres)


def _attending(search: Search, sessions: np.ndarray) -> np.ndarray:
    there = (search.x[search.attend] > 0) & np.isin(search.session, sessions)
    return np.unique(search.program.owner[search.attend[there]])
