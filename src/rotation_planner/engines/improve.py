"""Better and better plans: one neighbourhood after another, as many at once as there are workers.

A neighbourhood (``engines/neighbourhood.py``) frees all columns of some cadres and the classes of some sessions. The
solver hands out nothing for a part that it does not close, so parts are small enough to close in about a second. Kinds
of neighbourhoods that gain most for their time are chosen more often.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from rotation_planner.engines.construct import construct
from rotation_planner.engines.neighbourhood import IN_STRETCHES, OVER_ALL, Neighbourhood, Pick
from rotation_planner.engines.options import SHARES
from rotation_planner.engines.search import Search

SLICE_S = 2.0
"""Most seconds for one neighbourhood."""
FIRST_COLUMNS = {True: 6_000, False: 2_500}
"""Columns that the cadres of a first neighbourhood have, where it keeps to a stretch of time and where it does not."""
GROW, SHRINK = 1.1, 0.75
"""Factors on the size after a part that was closed in less than half its time, and after one that was not closed."""
FILL_EVERY = 40
"""Rounds between two fillings."""
FILL_S = 60.0
"""Seconds after which a filling stops; it takes about a second per million matrix entries."""
FILL_WORK_PER_ENTRY = 1e-6
"""Deterministic seconds charged for it under a work limit."""
PATIENCE = 40
"""Rounds without gain after which a goal is left for the next."""
STALE = 25
"""Rounds without gain in the goal in hand after which all kinds start anew: sizes and rates learned in a rush mislead at the end."""
NEARLY = 0.9
"""Part of the cadres asked for that a neighbourhood must have had for its size to grow."""
MEMORY = 0.8
"""Weight of the past in what a kind is thought to gain."""


@dataclass
class _Kind:
    """A kind of neighbourhood, in stretches of time or not: how many cadres at a time, and what it gains per second."""

    pick: Pick
    stretches: bool
    size: float
    rate: float | None = None

    def learn(self, gain: float, seconds: float, closed: bool, quick: bool, full: bool) -> None:
        """Note what a round gained; sizes grow only where there were as many cadres as asked for."""
        rate = max(0.0, gain) / max(seconds, 1e-3)
        self.rate = rate if self.rate is None else MEMORY * self.rate + (1 - MEMORY) * rate
        if not closed:
            self.size = max(2.0, self.size * SHRINK)
        elif quick and full:
            self.size *= GROW


def improve(search: Search, until: float) -> None:
    """Improve goal after goal, again and again, until so little of the budget is left or nothing more is gained."""
    goals = [g for g in range(len(search.goals)) if search.goals[g].any()]
    weights = {g: SHARES.get(search.program.goals[g].name, 0.1) for g in goals}
    with ThreadPoolExecutor(search.options.workers) as pool:
        before = None
        while search.value != before and search.budget.remaining() > until:
            before = search.value
            for i, g in enumerate(goals):
                left = search.budget.remaining() - until
                share = left * weights[g] / sum(weights[h] for h in goals[i:])
                if _improve_goal(search, g, max(until, search.budget.remaining() - share), pool):
                    return


def _improve_goal(search: Search, g: int, until: float, pool: ThreadPoolExecutor) -> bool:
    """Improve one goal; whether the whole program was closed."""
    n = len(search.program.hint_group)
    kinds = _kinds(search)
    rounds = idle = stale = 0
    while search.budget.remaining() > until and idle < PATIENCE and search.value[g] > search.trivial[g]:
        if rounds % FILL_EVERY == 0:
            _fill(search)
        rounds += 1
        kind = _choose(search, kinds)
        whole = kind.size >= n
        chosen = [Neighbourhood(np.arange(n), np.arange(len(search.classes)))] if whole else _several(search, g, kind)
        limit = min(SLICE_S, search.budget.remaining() - until)
        begun, before = time.monotonic(), search.value[g]
        parts = [search.part(search.free_columns(c.cadres, c.sessions, c.window), g) for c in chosen]
        closed = list(pool.map(search.solve, parts, [limit] * len(parts)))
        work = sum(part.work for part in parts)
        search.budget.spend(work)
        better = [search.take(part, "improve") for part in parts]
        seconds = time.monotonic() - begun
        timed = search.budget.work_limit is None
        full = sum(len(c.cadres) for c in chosen) >= NEARLY * kind.size * len(chosen)
        gain = before - search.value[g]
        kind.learn(gain, seconds if timed else work, all(closed), seconds < limit / 2 or not timed, full)
        idle = 0 if any(better) else idle + 1
        stale = 0 if gain > 0 else stale + 1
        if stale >= STALE:
            kinds, stale = _kinds(search), 0
        if whole and all(closed):
            return g == len(search.goals) - 1
    return False


def _kinds(search: Search) -> list[_Kind]:
    """Every kind, at its first size and untried."""
    per_cadre = max(1.0, search.program.n_columns / max(1, len(search.program.hint_group)))
    return [
        _Kind(pick, stretches, max(4.0, FIRST_COLUMNS[stretches] / per_cadre))
        for stretches, picks in ((True, IN_STRETCHES), (False, OVER_ALL)) for pick in picks
    ]


def _choose(search: Search, kinds: list[_Kind]) -> _Kind:
    """A kind not yet tried, else one by what it gains for its time."""
    untried = [k for k in kinds if k.rate is None]
    if untried:
        return untried[0]
    rates = np.array([k.rate for k in kinds])
    # The mean on top: a kind that gains nothing now may be the only one that gains later.
    odds = rates + max(float(rates.mean()), 1e-9)
    return kinds[search.rng.choice(len(kinds), p=odds / odds.sum())]


def _fill(search: Search) -> None:
    """Take every attendance that helps as the plan stands: cheap, and neighbourhoods leave such crumbs behind."""
    seconds = FILL_S if search.budget.work_limit is not None else min(FILL_S, search.budget.remaining())
    x = construct(search.program, search.x, time.monotonic() + seconds)
    search.budget.spend(FILL_WORK_PER_ENTRY * search.program.matrix.nnz)
    settled = search.settle(search.program, x)
    if settled is not None:
        search.offer(settled, "improve")


def _several(search: Search, g: int, kind: _Kind) -> list[Neighbourhood]:
    """One neighbourhood per worker, no cadre in two of them.

    Seats, releases and budgets belong to dates, so changes made in different stretches of time can be added up.
    """
    chosen: list[Neighbourhood] = []
    taken = np.zeros(0, np.int64)
    for window in _windows(search, search.options.workers, kind.stretches):
        one = kind.pick(search, g, round(kind.size))
        cadres = np.setdiff1d(one.cadres, taken)
        if len(cadres):
            chosen.append(Neighbourhood(cadres, one.sessions, window if one.window is None else one.window))
            taken = np.union1d(taken, cadres)
    return chosen


def _windows(search: Search, count: int, stretches: bool) -> list[np.ndarray | None]:
    """Sessions cut into so many stretches of time, beginning at a random one; or all of them for each."""
    if not stretches or count == 1:
        return [None] * count
    m = len(search.classes)
    place = np.empty(m, np.int64)
    place[np.argsort(search.program.hint_time, kind="stable")] = np.arange(m)
    stretch = (place + search.rng.integers(m)) % m * count // m
    return [stretch == k for k in range(count)]
