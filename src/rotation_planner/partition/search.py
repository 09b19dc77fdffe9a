"""The search for common prices of a body in blocks, round by round.

Samples of all people first price their share of everything by their own relaxation; the mean is where to begin. Every
block then prices its own rows and what it alone uses of the shared ones at these prices of the others, which gives an
exact bound, and says by a cut how that would change. The next prices are the best by all cuts, within a box that grows
after a success and shrinks after a failure.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from scipy import sparse

from rotation_planner.certify.blocks import senses
from rotation_planner.compile.forecast import BLOCK_CADRES
from rotation_planner.engines.linear import coarse
from rotation_planner.engines.relaxation import ROUNDING
from rotation_planner.partition.alone import alone
from rotation_planner.partition.bounds import Bounds
from rotation_planner.partition.level import Box, next_prices
from rotation_planner.partition.pricing import LARGEST, Cut, Effort, Term, guess, price, price_alone
from rotation_planner.partition.sample import Sample, sample
from rotation_planner.partition.shares import share_of
from rotation_planner.program.prices import Prices
from rotation_planner.program.program import INF

GUESS_SHARE = 0.25
"""Part of the effort for the samples; the rest is for rounds at common prices."""
WORTH_S = 25e-6
"""Seconds per candidate in which a block finds prices of a goal that prove much; goals for which there is less time are
left, those that prices help least first."""
ROUND_SHARE = 0.3
"""Part of what is left that a round may take."""
MOST_ROUNDS = 40
WORK_ROUND = 0.5
"""Deterministic seconds for a goal of a block for which there is one more round."""
WEIGHTS = {"duties": 0.3, "floor": 0.3, "comfort": 0.6}
"""Of goals in sharing out the effort; 1 for others. No price helps where missed duties and money may be 0."""
PRICED = 0.8
"""What is left of such a weight once a goal has prices."""
ENTRIES_PER_CANDIDATE = 9
"""Of the matrix; measured on provinces."""
ENTRIES_PER_S = 50_000
"""Matrix entries of a sample for which a second is enough (1,500 to 2,000 iterations)."""
LEAST_PART = 0.01
"""A smaller sample says nothing."""
LEAST_S = 0.2
"""Seconds below which a goal of a block is not worth pricing."""
BOX, WIDER, NARROWER = 0.3, 1.5, 0.5
"""Half the first box, as a part of a price; what a success and a failure make of it."""
MOST_CUTS = 15
"""Cuts of a block that are kept."""
LEAST_BOX = 0.02
"""A smaller box is not worth another round."""
NEAR = 1e-4
"""Gain, as a part of the bound, that is not worth another round."""
DENOMINATOR = 2**24
"""Of all prices: sums of costs of up to 10^9 still fit into 64 bits, prices of points of need are fine enough."""


@dataclass
class _Search:
    """Where the search for one goal's prices stands."""

    near: list[bytes]
    cuts: list[list[Cut]]
    rows: np.ndarray
    caps: np.ndarray
    box: float = 0.0
    tried: Prices | None = None
    done: bool = False


@dataclass
class PriceSearch:
    """Looks for prices, and goes on where it stopped.

    Attributes
    ----------
    bounds : Bounds
        Takes the prices; its rounds have a plan for every block.
    threads : int
        Of one worker.
    sample_cadres : int
        Most people of a sample.
    """

    bounds: Bounds
    threads: int = 1
    sample_cadres: int = BLOCK_CADRES
    _searches: dict[int, _Search | None] = field(default_factory=dict)

    def run(self, effort: float, timed: bool, on_better: Callable[[], None], last: bool = False) -> None:
        """Look for prices of every goal that is not at its bound.

        Parameters
        ----------
        effort : float
            Seconds for all of it; deterministic seconds where not ``timed``.
        on_better : callable
            Told after every round.
        last : bool
            Whether no visits come after it, to which prices of earlier goals would be of more use.
        """
        rounds = self.bounds.rounds
        values, n = rounds.goals(), rounds.parts.n
        goals = [g for g, (v, b) in enumerate(zip(values, self.bounds.of(values), strict=True)) if v != b]
        begun, lanes = time.monotonic(), min(rounds.at_once, n) if timed else 1

        def left(spent: float) -> float:
            """Of each block's effort."""
            used = time.monotonic() - begun if timed else spent * effort
            return max(0.0, effort - used) * lanes / n

        if not goals or (timed and left(0) / len(goals) < LEAST_S) or rounds.stop.is_set():
            return
        if timed:
            goals = self._worth(goals, (1 - GUESS_SHARE) * effort * lanes, last)
        searches = self._begin(goals, GUESS_SHARE * effort * (lanes if timed else 1), timed)
        most = MOST_ROUNDS if timed else min(MOST_ROUNDS, 1 + int(effort / n / len(goals) / WORK_ROUND))
        for k in range(most):
            still = left(GUESS_SHARE + (1 - GUESS_SHARE) * k / most)
            open_ = sum(not s.done for s in searches.values())
            if rounds.stop.is_set() or not open_ or (k and timed and still < LEAST_S * open_):
                return
            worth = sum(not s.done for s in searches.values()) * WORTH_S * rounds.candidates / n
            spent = min(still, max(LEAST_S, ROUND_SHARE * still, 0.0 if k else worth))
            self._round(searches, values, Effort(spent, timed, self.threads))
            on_better()

    def _worth(self, goals: list[int], seconds: float, last: bool = False) -> list[int]:
        """Those of the goals for whose prices there is time, in order; those that have some wait for their like.

        Of those that are worth as much earlier ones come first, but at the last later ones: for the spend the bounds of
        the columns prove nothing, for the need they are near.
        """
        rounds = self.bounds.rounds
        count = max(1, int(seconds / (WORTH_S * max(1, rounds.candidates))))

        def weight(g: int) -> float:
            return WEIGHTS.get(rounds.shared.goal_names[g][0], 1.0) * (PRICED if g in self.bounds.best else 1.0)

        first = sorted(goals, key=lambda g: (-weight(g), -g if last else g))
        return sorted(first[:count])

    def _begin(self, goals: list[int], effort: float, timed: bool) -> dict[int, _Search]:
        """Searches for some goals: those of before go on at what the plan is now."""
        fresh = [g for g in goals if g not in self._searches]
        found = self._guess(fresh, effort, timed) if fresh else {}
        self._searches |= {g: found.get(g) for g in fresh}
        for g in set(goals) - set(fresh):
            search = self._searches[g]
            if search is not None:
                search.box, search.done = BOX, False
                for b, some in enumerate(search.cuts):
                    some[0] = self._standing(b, g)
        return {g: s for g in goals if (s := self._searches[g]) is not None}

    def _guess(self, goals: list[int], effort: float, timed: bool) -> dict[int, _Search]:
        """The mean of what samples of all people would have as prices, for goals of which they prove something."""
        rounds = self.bounds.rounds
        shared, n = rounds.shared, rounds.parts.n
        weights = {g: WEIGHTS.get(shared.goal_names[g][0], 1.0) for g in goals}
        entries = ENTRIES_PER_CANDIDATE * max(1, rounds.candidates)
        fits = ENTRIES_PER_S * effort / rounds.at_once / sum(weights.values()) / entries
        part = min(1.0, self.sample_cadres / max(1, len(rounds.parts.scenario["cadres"])), max(LEAST_PART, fits))
        times = min(rounds.at_once, int(1 / part))
        people = [(stored, v.spot, part) for stored, v in zip(rounds.stored, rounds.visits, strict=True)]
        samples = []
        for k in range(times):
            taken = rounds.executor.every(sample, [(*one, k * part) for one in people], rounds.stop)
            if any(one is None for one in taken):  # called off
                return {}
            samples.append(Sample.joined(taken))
        parts = [share_of(shared, rounds.whole, rounds.needs, rounds.values, rounds.added, s) for s in samples]
        asked = [(g, k) for g in goals for k in range(times)]
        given = [
            (samples[k], rounds.sent_shared, parts[k], g, DENOMINATOR,
             Effort(effort * weights[g] / (sum(weights.values()) * times), timed, self.threads))
            for g, k in asked
        ]
        found = rounds.executor.every(guess, given, rounds.stop)
        if any(answer is None for answer in found):
            return {}
        weight = np.stack([p.weight for p in parts])
        searches = {}
        for g in goals:
            mine = [answer for (goal, _), answer in zip(asked, found, strict=True) if goal == g]
            if not any(m.gain > NEAR * abs(rounds.goals()[g]) * part for m in mine):
                continue
            rows = np.sum([m.rows * w for m, w in zip(mine, weight, strict=True)], axis=0)
            rows = np.where(weight.sum(axis=0) > 0, rows / np.maximum(weight.sum(axis=0), 1e-9), 0.0)
            cuts, caps = [[self._standing(b, g)] for b in range(n)], np.mean([m.caps for m in mine], axis=0)
            searches[g] = _Search(mine[0].own, cuts, rows, caps)
        return searches

    def _standing(self, block: int, goal: int) -> Cut:
        """The plan that a block has is a point of its relaxation."""
        shared, visit = self.bounds.rounds.shared, self.bounds.rounds.visits[block]
        sense, added = senses(shared), sparse.csr_array(visit.added.point(len(shared.low)).astype(float)[None, :])
        before = np.array([s * float(v) for s, v in zip(sense[:goal], visit.own, strict=False)])
        return Cut(sense[goal] * float(visit.own[goal]), before, added)

    def _round(self, searches: dict[int, _Search], values: Sequence[int], effort: Effort) -> None:
        """Try the next prices of every goal."""
        for g, search in searches.items():
            self._next(g, search, values, effort)
        active = {g: s for g, s in searches.items() if not s.done}
        if not active:
            return
        fresh = {g: s for g, s in active.items() if g not in self.bounds.best}
        found = self._alone(fresh, effort) if fresh else self._common(active, effort)
        for g, mine in found.items():
            search = active[g]
            for some, term in zip(search.cuts, mine, strict=True):
                some += [term.cut] if term.cut is not None else []
                del some[1 : max(1, len(some) - MOST_CUTS)]  # the first is the plan's
            assert search.tried is not None
            own = [m.own for m in mine]
            if self.bounds.offer(g, search.tried, [m.exact for m in mine], own, values):
                search.near = own
                search.rows, search.caps = _dense(search.tried, len(search.rows))
                search.box = search.box * WIDER if search.box else BOX
            else:
                search.box = search.box * NARROWER if search.box else BOX
                search.done = search.box < LEAST_BOX

    def _each(self, effort: Effort) -> list[Effort]:
        """The effort for each block, by its size."""
        size = self.bounds.rounds.size
        return [replace(effort, limit=effort.limit * float(part)) for part in size / max(1.0, size.mean())]

    def _common(self, active: dict[int, _Search], effort: Effort) -> dict[int, list[Term]]:
        """Every block prices its own rows at the prices to be tried; nothing if that was called off."""
        rounds = self.bounds.rounds
        found = rounds.executor.every(price, [
            (stored, rounds.sent_shared, {g: (s.tried, s.near[b]) for g, s in active.items()}, one)
            for b, (stored, one) in enumerate(zip(rounds.stored, self._each(effort), strict=True))
        ], rounds.stop)
        return {} if any(one is None for one in found) else {g: [one[g] for one in found] for g in active}

    def _alone(self, fresh: dict[int, _Search], effort: Effort) -> dict[int, list[Term]]:
        """Every block also prices what it alone uses, and that is what is tried; nothing if that was called off."""
        rounds = self.bounds.rounds
        parts = alone(rounds.shared, rounds.needs)
        found = rounds.executor.every(price_alone, [
            (stored, rounds.sent_shared, self.bounds.sides, mine,
             {g: (s.tried, s.near[b]) for g, s in fresh.items()}, one)
            for b, (stored, mine, one) in enumerate(zip(rounds.stored, parts, self._each(effort), strict=True))
        ], rounds.stop)
        if any(one is None for one in found):
            return {}
        for g, search in fresh.items():
            assert search.tried is not None
            whole = np.zeros(len(search.rows), np.int64)
            whole[search.tried.rows] = search.tried.values
            for mine, one in zip(parts, found, strict=True):
                whole[mine.rows] = one[g].values
            some = np.flatnonzero(whole)
            search.tried = replace(search.tried, rows=some.astype(np.int64), values=whole[some])
        return {g: [one[g].term for one in found] for g in fresh}

    def _next(self, goal: int, search: _Search, values: Sequence[int], effort: Effort) -> None:
        """Settle what to try next."""
        shared, needs = self.bounds.rounds.shared, self.bounds.rounds.needs
        coupling = needs.use.sum(axis=0) > 0
        # A price of 0 may move as far as its like do.
        family = np.unique(shared.row_name, return_inverse=True)[1]
        sums = np.bincount(family[coupling], np.abs(search.rows[coupling]), int(family.max(initial=0)) + 1)
        mean = sums / np.maximum(1, np.bincount(family[coupling], minlength=len(sums)))
        reach = search.box * np.maximum(np.abs(search.rows), mean[family])
        wide = np.where(coupling, reach, np.inf)
        box = Box(
            np.where(coupling, search.rows - wide, -np.inf), np.where(coupling, search.rows + wide, np.inf),
            search.caps * max(0.0, 1 - search.box),
            np.where((search.caps > 0) | (search.box == 0), search.caps * (1 + search.box), np.inf),
        )
        caps = np.array([s * v for s, v in zip(senses(shared)[:goal], values, strict=False)], float)
        seconds = max(1.0, effort.limit) if effort.timed else math.inf
        answer = next_prices(shared, self.bounds.sides, goal, caps, search.cuts, box, seconds)
        tried = goal in self.bounds.best
        if answer is None:
            search.done, rows, z = tried, search.rows, search.caps
        else:
            promise, rows, z = answer
            bound = senses(shared)[goal] * self.bounds.of(values)[goal]
            search.done = tried and search.box > 0 and promise <= bound + NEAR * abs(bound)
        search.tried = self._whole(rows, z, abs(values[goal]))

    def _whole(self, rows: np.ndarray, caps: np.ndarray, size: float) -> Prices:
        """Common prices as integers, without those on sides that do not exist."""
        shared, needs = self.bounds.rounds.shared, self.bounds.rounds.needs
        width = (shared.upper - shared.lower).astype(float)
        spread = needs.use.sum(axis=0) + abs(shared.matrix).astype(float) @ width
        loss, most = ROUNDING * max(1.0, size) / max(1, len(rows)), LARGEST / DENOMINATOR
        values = coarse(np.clip(rows, -most, most), spread, loss, DENOMINATOR)
        low, high = self.bounds.sides
        absent = ((values > 0) & (low <= -INF)) | ((values < 0) & (high >= INF))
        some = np.flatnonzero((values != 0) & ~absent)
        z = np.rint(np.minimum(caps, most) * DENOMINATOR).astype(np.int64)
        return Prices(some.astype(np.int64), values[some], z, DENOMINATOR)


def _dense(prices: Prices, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Prices of all rows and of the earlier goals, as floats."""
    rows = np.zeros(n)
    rows[prices.rows] = prices.values / prices.denominator
    return rows, prices.caps / prices.denominator
