"""Better and better plans: one neighbourhood after another, as many at once as there are workers.

A neighbourhood frees all columns of some cadres and the classes of some sessions. Cadres are chosen where the goal
loses most, together with those who sit in the sessions they could attend; or as all people of a few sessions, so
that a class can be closed or moved; or at random. The size follows what the solver closes in its time slice.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from rotation_planner.engines.construct import construct
from rotation_planner.engines.options import SHARES
from rotation_planner.engines.search import Search

SLICE_S = 3.0
"""Seconds of one neighbourhood."""
FILL_EVERY = 12
"""Rounds between two fillings."""
FILL_S = 60.0
"""Seconds after which a filling stops; it takes about a second per million matrix entries."""
FILL_WORK_PER_ENTRY = 1e-6
"""Deterministic seconds charged for it under a work limit."""
PATIENCE = 30
"""Rounds without gain after which a goal is left for the next."""
WHOLE_TIME = 0.2
"""Part of the rounds in which a single neighbourhood reaches over the whole horizon."""
FIRST_COLUMNS = 8_000
"""Columns of the first neighbourhood."""


@dataclass(frozen=True)
class Neighbourhood:
    """Cadres whose columns are free, sessions whose classes are, and the sessions in which they may change."""

    cadres: np.ndarray
    sessions: np.ndarray
    window: np.ndarray | None = None


def improve(search: Search, until: float) -> None:
    """Improve goal after goal until so little of the budget is left."""
    names = [g.name for g in search.program.goals]
    weights = np.array([SHARES.get(name, 0.1) for name in names])
    with ThreadPoolExecutor(search.options.workers) as pool:
        for g in range(len(names)):
            if not search.goals[g].any():
                continue
            left = search.budget.remaining() - until
            share = left * weights[g] / weights[g:].sum()
            _improve_goal(search, g, search.budget.remaining() - share, pool)


def _improve_goal(search: Search, g: int, until: float, pool: ThreadPoolExecutor) -> None:
    n = len(search.program.hint_group)
    size = max(8, FIRST_COLUMNS * n // max(1, search.program.n_columns))
    rounds = idle = 0
    while search.budget.remaining() > until and idle < PATIENCE and search.value[g] > search.trivial[g]:
        if g == 0 and rounds % FILL_EVERY == 0:
            _fill(search)
        rounds += 1
        if size >= n:
            chosen = [Neighbourhood(np.arange(n), np.arange(len(search.classes)))]
        else:
            chosen = _several(search, g, size)
        limit = min(SLICE_S, search.budget.remaining() - until)
        parts = [search.part(search.free_columns(c.cadres, c.sessions, c.window), g) for c in chosen]
        closed = list(pool.map(search.solve, parts, [limit] * len(parts)))
        search.budget.spend(sum(part.work for part in parts))
        better = [search.take(part, "improve") for part in parts]
        idle = 0 if any(better) else idle + 1
        if size >= n and all(closed):
            return
        size = min(int(size * 1.1) + 1, n) if all(closed) else max(4, int(size * 0.8))


def _fill(search: Search) -> None:
    """Take every attendance that helps as the plan stands: cheap, and neighbourhoods leave such crumbs behind."""
    seconds = FILL_S if search.budget.work_limit is not None else min(FILL_S, search.budget.remaining())
    x = construct(search.program, search.x, time.monotonic() + seconds)
    search.budget.spend(FILL_WORK_PER_ENTRY * search.program.matrix.nnz)
    settled = search.settle(search.program, x)
    if settled is not None:
        search.offer(settled, "improve")


def _several(search: Search, g: int, size: int) -> list[Neighbourhood]:
    """One neighbourhood per worker: no cadre in two of them, and each in a stretch of time of its own.

    Seats, releases and budgets belong to dates, so changes made in different stretches can be added up.
    """
    workers = search.options.workers
    windows = _windows(search, workers)
    chosen: list[Neighbourhood] = []
    taken = np.zeros(0, np.int64)
    for window in windows:
        kind = search.rng.choice(3, p=(0.5, 0.35, 0.15))
        one = (_losing, _sharing, _random)[kind](search, g, size)
        cadres = np.setdiff1d(one.cadres, taken)
        if len(cadres):
            chosen.append(Neighbourhood(cadres, one.sessions, window))
            taken = np.union1d(taken, cadres)
    return chosen


def _windows(search: Search, count: int) -> list[np.ndarray | None]:
    """Sessions cut into so many stretches of time, beginning at a random one; now and then a single window of all."""
    if count == 1 or search.rng.random() < WHOLE_TIME:
        return [None]
    m = len(search.classes)
    place = np.empty(m, np.int64)
    place[np.argsort(search.program.hint_time, kind="stable")] = np.arange(m)
    stretch = (place + search.rng.integers(m)) % m * count // m
    return [stretch == k for k in range(count)]


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


def _losing(search: Search, g: int, size: int) -> Neighbourhood:
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
    return Neighbourhood(np.union1d(chosen, rivals), sessions)


def _sharing(search: Search, g: int, size: int) -> Neighbourhood:
    """All people of a few sessions, so that a class can close, open or move."""
    running = np.flatnonzero(search.x[search.classes] > 0)
    if not len(running):
        return _random(search, g, size)
    cadres: np.ndarray = np.zeros(0, np.int64)
    for s in search.rng.permutation(running):
        there = _attending(search, np.array([s]))
        if len(cadres) and len(cadres) + len(there) > size:
            break
        cadres = np.union1d(cadres, there)
    if len(cadres) > 2 * size:
        cadres = search.rng.choice(cadres, 2 * size, replace=False)
    return Neighbourhood(cadres, _sessions_of(search, cadres))


def _random(search: Search, _g: int, size: int) -> Neighbourhood:
    """Anybody."""
    n = len(search.program.hint_group)
    cadres = search.rng.choice(n, min(size, n), replace=False)
    return Neighbourhood(cadres, _sessions_of(search, cadres))


def _attending(search: Search, sessions: np.ndarray) -> np.ndarray:
    there = (search.x[search.attend] > 0) & np.isin(search.session, sessions)
    return np.unique(search.program.owner[search.attend[there]])
