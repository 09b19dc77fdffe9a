"""Better and better plans: one neighbourhood after another, as many at once as there are workers.

A neighbourhood (``engines/neighbourhood.py``) frees all columns of some cadres and the classes of some sessions. The
solver hands out nothing for a part that it does not close, so parts are small enough to close in about a second. Kinds
of neighbourhoods that gain most for their time are chosen more often.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import numpy as np

from rotation_planner.engines.construct import Construction
from rotation_planner.engines.neighbourhood import IN_STRETCHES, OVER_ALL, Neighbourhood, Pick, priced
from rotation_planner.engines.options import SHARE, SHARES
from rotation_planner.engines.search import Later, Part, Search
from rotation_planner.program.distinct import distinct

SLICE_S = 0.35
"""Most seconds for one neighbourhood at first."""
FIRST_COLUMNS = {True: 1_500, False: 600}
"""Columns that the cadres of a first neighbourhood have, where it keeps to a stretch of time and where it does not.
A quarter of the size closes in much less than a quarter of the time (decision 0037)."""
GROW, SHRINK = 1.1, 0.75
"""Factors on the size after a part that was closed in less than half its time, and after one that was not closed."""
FILL_EVERY, FILL_SELDOM = 40, 640
"""Rounds between two fillings at first, and at most."""
FILL_S = 60.0
"""Seconds after which a filling stops; it takes about a second per million matrix entries."""
FILL_WORK_PER_ENTRY = 1e-6
"""Deterministic seconds charged for it under a work limit."""
ENOUGH, LEAST_ENOUGH = 0.002, 1e-5
"""Gap at which a goal other than the first is left for the next, in the first pass, and below which none is; it is
half of it in each further pass, for which time is kept."""
LATE = 0.5
"""Part of the time below which goals that are near wait for later ones that are not."""
ASK_LATE = 0.4
"""Part of the time that is left when prices of the first goal are looked for too: where all its duties can be met, they
are nothing, and it is done by then."""
AHEAD = 0.05
"""Part of the time for which budget floors may go before the first goal."""
PATIENCE = 200
"""Rounds without gain after which a goal is left for the next."""
STALE = 50
"""Rounds without gain in a goal after which all kinds start anew: in the first goal once as they were, but later ones
are no longer held, then twice as large and with twice the time, and later ones not even kept (decision 0050). What was
learned in a rush misleads at the end, and what is left needs more people to move."""
EXPLORE = 0.2
"""Part of the rounds in which any kind of neighbourhood may be tried."""
NEARLY = 0.9
"""Part of the cadres asked for that a neighbourhood must have had for its size to grow."""
JITTER = 0.1
"""Most by which a stretch begins later than the last one ends, as a part of the horizon."""
MEMORY = 0.8
"""Weight of the past in what a kind is thought to gain."""


@dataclass
class _Kind:
    """A kind of neighbourhood, in stretches of time or not: how many cadres at a time, and what it gains per second.

    Those tried after many rounds in vain do less for ``later`` goals.
    """

    pick: Pick
    stretches: bool
    size: float
    limit: float
    later: Later = Later.HELD
    rate: float = 0.0
    tries: int = 0

    def learn(self, gain: float, closed: bool, flight: _Flight, timed: bool) -> None:
        """Note what a part gained; sizes grow only where there were as many cadres as asked for."""
        spent = flight.part.seconds if timed else flight.part.work
        rate = max(0.0, gain) / max(spent, 1e-3)
        self.rate = rate if self.tries == 1 else MEMORY * self.rate + (1 - MEMORY) * rate
        if not closed:
            self.size = max(2.0, self.size * SHRINK)
        elif len(flight.cadres) >= NEARLY * self.size and (not timed or spent < flight.limit / 2):
            self.size *= GROW


def improve(search: Search, until: float) -> None:
    """Improve goal after goal, again and again, until so little of the budget is left or nothing more is gained.

    All goals but the first also leave what the options ask for.
    """
    goals = [g for g in range(len(search.goals)) if search.goals[g].any()]
    filler = _Filler(search)
    weights = {g: SHARES.get(search.program.goals[g].name, SHARE) for g in goals}
    with ThreadPoolExecutor(search.options.workers) as pool, _prices(search):
        _ahead(search, goals, until, pool, filler)
        before, enough, near = None, ENOUGH, list[int]()
        while (search.value != before or near) and search.budget.remaining() > until:
            before, near = search.value, []
            for i, g in enumerate(goals):
                if i and enough < ENOUGH and _waits(search, g, goals[i + 1 :]):
                    continue
                least = until if i == 0 else max(until, search.options.leave * search.budget.total())
                gap = enough if i else 0.0
                share = _share(search, weights, g, goals[i + 1 :], near, least)
                if _improve_goal(search, g, share, pool, filler, gap):
                    return
                near += [g] if gap and _near(search, g, gap) else []
            enough = enough / 2 if enough > LEAST_ENOUGH else 0.0


def _ahead(search: Search, goals: list[int], until: float, pool: ThreadPoolExecutor, filler: _Filler) -> None:
    """Goals on nobody's columns (budget floors) before the first: early on they are easy, at the end they are not."""
    for g in goals[1:]:
        if search.nobodys[g]:
            least = max(until, search.budget.remaining() - AHEAD * search.budget.total())
            _improve_goal(search, g, partial(float, least), pool, filler, ask=False)


def _share(
    search: Search, weights: dict[int, float], g: int, to_come: list[int], near: list[int], least: float
) -> Callable[[], float]:
    """What must be left when a goal ends: the share of goals to come that can still gain.

    Those nearer to their bounds have less of it. Earlier ones of the same weight that were left early have their share
    for another pass as soon as this one is as near as they are: going back to them costs it more than they gain. All of
    that changes while the goal is improved.
    """
    begun = search.budget.remaining()

    def until() -> float:
        mine = search.gap(g)
        open_ = [h for h in to_come if search.value[h] > search.trivial[h]]
        others = sum(weights[h] * _ratio(search.gap(h), mine) for h in open_)
        others += sum(weights[h] for h in near if weights[h] > weights[g] or _ratio(search.gap(h), mine) >= 1.0)
        return least + (begun - least) * others / (weights[g] + others)

    return until


def _ratio(other: float | None, mine: float | None) -> float:
    """How much nearer than a gap another one is: 1 if it is not, or if nothing is known."""
    return 1.0 if other is None or not mine else min(1.0, other / mine)


def _waits(search: Search, g: int, later: list[int]) -> bool:
    """Whether a goal that is near enough waits, late in a run, for later ones that are not: they would not recover."""
    if search.budget.remaining() > LATE * search.budget.total() or not _near(search, g, ENOUGH):
        return False
    return any((search.gap(h) or 0.0) > ENOUGH for h in later)


def _near(search: Search, g: int, enough: float) -> bool:
    """Whether prices prove a goal to be so near its best."""
    gap = search.gap(g)
    return gap is not None and gap <= enough


@dataclass(eq=False)
class _Flight:
    """A neighbourhood being solved."""

    kind: _Kind
    cadres: np.ndarray
    part: Part
    whole: bool
    limit: float
    closed: Future[bool]


def _improve_goal(
    search: Search, g: int, until: Callable[[], float], pool: ThreadPoolExecutor, filler: _Filler, enough: float = 0.0,
    ask: bool = True,
) -> bool:
    """Improve one goal until prices prove that little can be gained; whether the whole program was closed.

    One part more than there are workers is under way, so that none waits. Without ``ask`` no prices are looked for.
    """
    workers, timed = search.options.workers, search.budget.work_limit is None
    depth = workers + 1 if workers > 1 else 1
    filler.begin()
    asked, asks = not ask, ASK_LATE * search.budget.total() if g == 0 else search.budget.remaining()
    kinds = _kinds(search)
    plain = len(kinds)
    flying: deque[_Flight] = deque()
    idle = stale = 0
    scale, later = 1.0, Later.HELD if g == 0 else Later.KEPT
    while True:
        least = until()
        left = search.budget.remaining() - least
        if left > 0 and idle < PATIENCE and search.value[g] > search.trivial[g] and not _near(search, g, enough):
            filler.turn(g)
            if not asked and search.guidance is not None and search.budget.remaining() <= asks:
                search.guidance.begin(g, search.x, left)
                asked = True
            if len(kinds) == plain and search.gap(g) is not None:
                kinds += _of(search, scale, later, ((True, (priced,)), (False, (priced,))))
            while len(flying) < depth and not any(f.whole for f in flying):
                kind = _choose(search, kinds)
                if len(flying) and kind.size >= len(search.program.hint_group):
                    break
                flying.append(_launch(search, g, kind, flying, depth, least, pool))
        if not flying:
            return False
        flight = _next(flying, timed)
        closed, before = flight.closed.result(), search.value[g]
        search.budget.spend(flight.part.work)
        idle = 0 if search.take(flight.part, "improve") else idle + 1
        gain = before - search.value[g]
        flight.kind.learn(gain, closed, flight, timed)
        stale = 0 if gain > 0 else stale + 1
        if stale >= STALE:
            scale, stale = scale if later is Later.HELD else 2 * scale, 0
            later = Later.KEPT if later is Later.HELD else Later.NOTHING
            kinds = _kinds(search, scale, later)
        elif gain > 0:
            scale = 1.0
        if flight.whole and closed:
            return g == len(search.goals) - 1


def _next(flying: deque[_Flight], timed: bool) -> _Flight:
    """The part that is done first; under a work limit the one that began first, so that nothing hangs on the clock."""
    if not timed:
        return flying.popleft()
    done = wait([f.closed for f in flying], return_when=FIRST_COMPLETED).done
    flight = next(f for f in flying if f.closed in done)
    flying.remove(flight)
    return flight


def _launch(
    search: Search, g: int, kind: _Kind, flying: deque[_Flight], depth: int, until: float, pool: ThreadPoolExecutor
) -> _Flight:
    """Choose a neighbourhood without the cadres of those under way, and begin to solve it.

    Seats, releases and budgets belong to dates, so changes made in different stretches of time can be added up.
    """
    kind.tries += 1
    n = len(search.program.hint_group)
    limit = max(0.0, min(kind.limit, search.budget.remaining() - until))
    whole = kind.size >= n
    if whole:
        one = Neighbourhood(np.arange(n), np.arange(len(search.classes)))
    else:
        one = kind.pick(search, g, round(kind.size))
    window = one.window
    if window is None and kind.stretches and depth > 1 and not whole:
        window = _stretch(search, search.options.workers)
    busy = distinct(np.concatenate([f.cadres for f in flying])) if flying else np.zeros(0, np.int64)
    cadres = np.setdiff1d(one.cadres, busy)
    part = search.part(search.free_columns(cadres, one.sessions, window), g, better=True, later=kind.later)
    return _Flight(kind, cadres, part, whole, limit, pool.submit(search.solve, part, limit))


def _stretch(search: Search, count: int) -> np.ndarray:
    """The sessions of one of so many equal stretches of time, the one after that of the last call."""
    m = len(search.classes)
    place = np.empty(m, np.int64)
    place[np.argsort(search.program.hint_time, kind="stable")] = np.arange(m)
    search.turn = (search.turn + 1 / count + JITTER * search.rng.random()) % 1.0
    window: np.ndarray = (place / max(1, m) - search.turn) % 1.0 < 1 / count
    return window


def _kinds(search: Search, scale: float = 1.0, later: Later = Later.HELD) -> list[_Kind]:
    """Every kind that needs no prices, untried, at its first size and time or a multiple of them."""
    return _of(search, scale, later, ((True, IN_STRETCHES), (False, OVER_ALL)))


def _of(
    search: Search, scale: float, later: Later, picks: Iterable[tuple[bool, tuple[Pick, ...]]]
) -> list[_Kind]:
    per_cadre = max(1.0, search.program.n_columns / max(1, len(search.program.hint_group)))
    return [
        _Kind(pick, stretches, max(4.0, scale * FIRST_COLUMNS[stretches] / per_cadre), scale * SLICE_S, later)
        for stretches, some in picks for pick in some
    ]


@contextmanager
def _prices(search: Search) -> Iterator[None]:
    """Nothing is looked for beside the search after its end."""
    try:
        yield
    finally:
        if search.guidance is not None:
            search.guidance.end()


def _choose(search: Search, kinds: list[_Kind]) -> _Kind:
    """A kind not yet tried, else one by what it gains for its time."""
    untried = [k for k in kinds if not k.tries]
    if untried:
        return untried[search.rng.integers(len(untried))]
    rates = np.array([k.rate for k in kinds])
    if search.rng.random() < EXPLORE or not rates.any():
        return kinds[search.rng.integers(len(kinds))]
    return kinds[search.rng.choice(len(kinds), p=rates**2 / (rates**2).sum())]


class _Filler:
    """Takes every attendance that helps as the plan stands, now and then: neighbourhoods leave such crumbs behind.

    It is done the more seldom, the longer it has gained less for its time than the parts since the last one.
    """

    def __init__(self, search: Search) -> None:
        self.search = search
        self.work = Construction(search.program, search.x, search.csc)
        self.wait, self.every = 0, FILL_EVERY

    def begin(self) -> None:
        """Start with a goal."""
        self.wait, self.every, self.since = 0, FILL_EVERY, (self.search.budget.remaining(), self.search.value)

    def turn(self, g: int) -> None:
        """Fill, if it is time for it."""
        if self.wait:
            self.wait -= 1
            return
        search, budget = self.search, self.search.budget
        begun, before = budget.remaining(), search.value
        seconds = FILL_S if budget.work_limit is not None else min(FILL_S, begun)
        self.work.begin(search.x)
        x = self.work.run(time.monotonic() + seconds)
        budget.spend(FILL_WORK_PER_ENTRY * search.program.matrix.nnz)
        search.settled(x, search.program.matrix @ x, "improve")
        ended, (earlier, value) = budget.remaining(), self.since
        ours = (before[g] - search.value[g]) * (earlier - begun)
        theirs = (value[g] - before[g]) * (begun - ended)
        self.every = FILL_EVERY if ours > theirs else min(FILL_SELDOM, 2 * self.every)
        self.wait, self.since = self.every - 1, (ended, search.value)
