"""Rounds over the blocks: a first plan for each, then visits to improve them, at a point that is always feasible."""

from __future__ import annotations

import math
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from rotation_planner import model
from rotation_planner.compile import compile_candidates
from rotation_planner.compile.sessions import compile_sessions
from rotation_planner.domain.errors import InternalError
from rotation_planner.domain.plan import Plan
from rotation_planner.domain.scenario import Scenario
from rotation_planner.engines.options import Options
from rotation_planner.partition.executors import Executor, Stop
from rotation_planner.partition.marks import Marks
from rotation_planner.partition.problem import settle
from rotation_planner.partition.room import Division, Needs, Room
from rotation_planner.partition.snapshot import Snapshot
from rotation_planner.partition.tasks import KnownPrices, Spot, Standing, Visit, begin, better, gather, restore, weigh
from rotation_planner.program.program import INF
from rotation_planner.rules.body import Body
from rotation_planner.slices import Parts, Shared
from rotation_planner.slices.shared import refused

OnVisit = Callable[["Rounds"], None]


@dataclass(frozen=True)
class State:
    """Where the blocks of a body stand."""

    values: np.ndarray
    added: np.ndarray
    visits: tuple[Visit, ...]
    planned: frozenset[int]


@dataclass
class Rounds:
    """The blocks of a body and where they stand.

    Attributes
    ----------
    shared : Shared
        What all share.
    size : int64 array, one per block
        Candidates: pairs of a cadre and a session.
    values : int64 array
        Shared columns.
    stored : list
        Each block, or what it is kept in; None before its first plan.
    planned : set of int
        Blocks that have a plan.
    visits : list of Visit
        What last came of each block; before the first plan, what is committed.
    seconds : list of (block, float)
        Time that each first plan and visit took, in order.
    shapes : list of str
        Fingerprint of each block.
    committed : int64 array
        Sum over all people's columns of each shared row where only what is committed happens.
    """

    parts: Parts
    executor: Executor
    at_once: int
    seed: int
    folder: Path | None
    on_visit: OnVisit
    stop: Stop

    def prepare(self) -> None:
        """Gather figures of everybody, and say what each block needs of what is shared."""
        every = range(self.parts.n)
        files = [None if self.folder is None else self.folder / f"candidates-{b}.pickle" for b in every]
        part = self.parts.part(-1)
        known = compile_sessions(part, list(part["courses"]))
        sent = self.executor.keep(known)
        self.body = Body.of(self.executor.every(gather, [(self.parts.part(b), sent, files[b]) for b in every]))
        self._files = files
        nobody = compile_candidates(part, known)
        built = model.write(nobody, self.body)
        self.built, self.shared = built, Shared.of(built.program)
        self._sent = self.executor.keep(self.body), self.executor.keep(self.shared)
        weights = self.executor.every(weigh, [(self.source(b), *self._sent) for b in every])
        self.size = np.array([w.candidates for w in weights], np.int64)
        self.needs = Needs(
            sparse.vstack([w.use for w in weights], format="csr"), self._sum([w.least for w in weights]),
            self._sum([w.most for w in weights]),
        )
        self._weights = weights
        self.stored: list[Any] = [None] * self.parts.n
        self._tied: dict[str, Marks] = defaultdict(Marks)
        self.shapes = [""] * self.parts.n
        self.seconds: list[tuple[int, float]] = []
        self._commit()
        self.begin()
        self._division = Division(self.shared, self.whole, self.needs)
        self.rng = np.random.default_rng(self.seed)

    def begin(self) -> None:
        """Go to the point in which only what is committed happens; no block has a plan."""
        nowhere = Spot.of(np.zeros(0, np.int64))
        self.visits = [Visit(nowhere, w.settled, nowhere, w.own, w.best, 0.0) for w in self._weights]
        self.values, self.added = self._committed, self.committed
        self.planned: set[int] = set()

    def _sum(self, some: list[Spot]) -> np.ndarray:
        """Of what blocks do to the shared rows."""
        return reduce(lambda total, spot: spot.plus(total), some, np.zeros(len(self.shared.low), np.int64))

    @property
    def candidates(self) -> int:
        """Of all blocks."""
        return int(self.size.sum())

    def source(self, block: int) -> Scenario | Path:
        """What a task makes a block's program of."""
        return self._files[block] or self.parts.part(block)

    def _commit(self) -> None:
        """Find the point in which only what is committed happens, and the sides of limits that it reaches beyond."""
        shared = self.shared
        self.committed: np.ndarray = self._sum([w.settled for w in self._weights])
        self.added = self.committed
        free = Room(shared.lower, shared.upper, shared.low, shared.high)
        self._committed: np.ndarray = settle(
            shared, model.committed_point(self.built), self.added, free, limits=False
        )
        self.values = self._committed
        reached = self.activity
        self.whole: Room = Room(
            shared.lower, shared.upper, np.where(shared.limit, np.minimum(shared.low, reached), shared.low),
            np.where(shared.limit, np.maximum(shared.high, reached), shared.high),
        )
        self.check()

    @property
    def sent_body(self) -> Any:
        """Figures of everybody, as tasks are given them."""
        return self._sent[0]

    @property
    def sent_shared(self) -> Any:
        """What is shared, as tasks are given it."""
        return self._sent[1]

    @property
    def activity(self) -> np.ndarray:
        """Sums of the shared rows."""
        found: np.ndarray = self.added + self.shared.matrix @ self.values
        return found

    def holds(self) -> bool:
        """Whether every shared row and bound holds."""
        inside = (self.values >= self.whole.lower).all() and (self.values <= self.whole.upper).all()
        return bool(inside and not self._broken().any())

    def _broken(self) -> np.ndarray:
        activity, whole = self.activity, self.whole
        found: np.ndarray = (whole.low > -INF) & (activity < whole.low) | (whole.high < INF) & (activity > whole.high)
        return found

    def check(self) -> None:
        """Make sure that every shared row and bound holds.

        Raises
        ------
        InternalError
            If one does not: a fault of ours.
        """
        if not self.holds():
            names = sorted(set(self.shared.row_name[self._broken()].tolist()))
            raise InternalError(f"what the blocks do does not add up: {', '.join(names) or 'bounds'}")

    def goals(self) -> tuple[int, ...]:
        """Values of the goals."""
        shared = self.shared.goals @ self.values
        return tuple(int(s) + sum(v.own[i] for v in self.visits) for i, s in enumerate(shared))

    def rank(self) -> list[int]:
        """The goals, all to be minimised: the least list is the best."""
        return [-v if maximise else v for (_, maximise, _), v in zip(self.shared.goal_names, self.goals(), strict=True)]

    def best(self) -> tuple[int, ...]:
        """Bounds of the goals that follow from the bounds of the columns."""
        found = []
        for i, (_, maximise, _) in enumerate(self.shared.goal_names):
            ends = self.shared.goals[i] * self.shared.lower, self.shared.goals[i] * self.shared.upper
            ours = int((np.maximum(*ends) if maximise else np.minimum(*ends)).sum())
            found.append(ours + sum(v.best[i] for v in self.visits))
        return tuple(found)

    def first(self, seconds: float | None, guided: bool = True, all_: bool = True) -> None:
        """Make a first plan of every block, each with its part of what is shared among those without a plan.

        Parameters
        ----------
        seconds : float or None
            Time for all of them.
        guided : bool
            Whether relaxations make them, or a construction alone.
        all_ : bool
            Whether every block is to have one even if a signal ends the run.
        """
        todo = [b for b in np.argsort(-self.size, kind="stable").tolist() if b not in self.planned]
        for wave, limit in self._waves(todo, math.inf if seconds is None else seconds):
            if self.stop.is_set() and not all_:
                return
            rest = [b for b in todo if b not in self.planned]
            given = [
                (
                    self.source(b), *self._sent, self.parts.cadres(b), Standing(self.values, self.activity, room),
                    0.0 if self.stop.is_set() else None if seconds is None else limit, guided, self._file(b),
                )
                for b, room in zip(wave, self._rooms(rest, len(wave)), strict=True)
            ]
            found = self.executor.every(begin, given, None if self.stop.is_set() else self.stop)
            done = [(b, *pair) for b, pair in zip(wave, found, strict=True) if pair is not None]
            for b, stored, _ in done:
                self.stored[b] = stored
                self.planned.add(b)
            self._merge([b for b, _, _ in done], [visit for _, _, visit in done])
        if all_ and len(self.planned) < self.parts.n:
            self.first(0.0, guided)  # a signal broke some off

    def _waves(self, order: list[int], seconds: float) -> Iterator[tuple[list[int], float]]:
        """Blocks to be solved at once, each time with their part of what is left of some seconds by their size."""
        end = time.monotonic() + seconds
        waves = [order[k : k + self.at_once] for k in range(0, len(order), self.at_once)]
        heavy = [max(1, int(self.size[wave].max())) for wave in waves]
        for k, wave in enumerate(waves):
            yield wave, max(0.0, end - time.monotonic()) * heavy[k] / sum(heavy[k:])

    def go_on(self, known: Snapshot) -> None:
        """Take blocks with the points that they had in an earlier run."""
        self._restore(known.spots)
        self.values = known.values
        self.check()

    def take(self, plan: Plan) -> bool:
        """Start from a plan, if it is feasible; whether it is."""
        before = self.state()
        self._restore(dict(enumerate(self.parts.plans(plan))))
        sessions = {s: i for i, s in enumerate(self.built.model.candidates.sessions.ids)}
        classes = np.flatnonzero(self.shared.column_name == "classes")
        self.values = self.values.copy()
        for session, number in zip(plan.opened.tolist("session"), plan.opened.tolist("classes"), strict=True):
            if session in sessions:
                self.values[classes[sessions[session]]] = number
        self.values = settle(self.shared, self.values, self.added, self.whole)
        if self.holds():
            self.on_visit(self)
            return True
        self.back(before)
        return False

    def _restore(self, spots: Mapping[int, Spot | Plan]) -> None:
        given = [
            (self.source(b), *self._sent, self.parts.cadres(b), spot, self._file(b)) for b, spot in spots.items()
        ]
        for b, (stored, visit) in zip(spots, self.executor.every(restore, given), strict=True):
            self.added = visit.added.plus(self.visits[b].added.plus(self.added, -1))
            self._apart(b, visit)
            self.stored[b], self.visits[b] = stored, visit
            self.planned.add(b)

    def state(self) -> State:
        """Where the blocks stand, for ``back``."""
        return State(self.values, self.added, tuple(self.visits), frozenset(self.planned))

    def back(self, state: State) -> None:
        """Go back to where the blocks stood."""
        self.values, self.added = state.values, state.added
        self.visits, self.planned = list(state.visits), set(state.planned)

    def snapshot(self) -> Snapshot:
        """Where the blocks stand."""
        spots = {b: v.spot for b, v in enumerate(self.visits) if b in self.planned}
        return Snapshot(spots, self.values)

    def _file(self, block: int) -> Path | None:
        return None if self.folder is None else self.folder / f"block-{block}.npz"

    def improve(self, options: Options, order: list[int], known: Callable[[int], KnownPrices]) -> None:
        """Visit blocks in some order, as many at once as there are workers, each with what is left for it.

        Parameters
        ----------
        options : Options
            Limits of time and work are those of all visits together; of memory, that of one.
        known : callable
            Gives the prices that are known for a block.
        """
        for wave, limit in self._waves(order, options.time_limit):
            if self.stop.is_set() or (options.work_limit is None and limit <= 0):
                return
            given = []
            for b, room in zip(wave, self._rooms(wave), strict=True):
                standing = Standing(self.values, self.activity, room)
                part = self.size[b] / max(1, self.size[order].sum())
                work = None if options.work_limit is None else float(options.work_limit * part)
                mine = replace(options, time_limit=limit, work_limit=work)
                given.append((self.stored[b], self._sent[1], self.visits[b].spot, standing, mine, known(b)))
            found = self.executor.every(better, given, self.stop)
            done = [(b, visit) for b, visit in zip(wave, found, strict=True) if visit is not None]
            self._merge([b for b, _ in done], [visit for _, visit in done])

    def order(self) -> list[int]:
        """Blocks, those first that lose most in the first goal that is not at its bound."""
        lost = []
        for b, visit in enumerate(self.visits):
            lost.append((*(-abs(own - best) for own, best in zip(visit.own, visit.best, strict=True)), b))
        return [int(entry[-1]) for entry in sorted(lost)]

    def _apart(self, block: int, visit: Visit) -> None:
        """Refuse rules with rows about several people of whom some are in another block."""
        self.shapes[block] = visit.shape or self.shapes[block]
        wrong = [name for name, marks in visit.tied.items() if self._tied[name].add(block, marks)]
        if wrong:
            raise refused(wrong)

    def _rooms(self, some: list[int], first: int | None = None) -> list[Room]:
        """What is left, divided among some blocks; of the first of them only, if so many are given."""
        return self._division.rooms(np.array(some), self.values, self.activity, self.rng, first)

    def _merge(self, some: list[int], visits: list[Visit]) -> None:
        """Add up what blocks did at the same time."""
        for b, visit in zip(some, visits, strict=True):
            self.values = visit.moved.plus(self.values)
            self.added = visit.added.plus(self.visits[b].added.plus(self.added, -1))
            self._apart(b, visit)
            self.visits[b] = visit
            self.seconds.append((b, visit.seconds))
        self.check()
        if len(some) > 1:
            self.values = settle(self.shared, self.values, self.added, self.whole)
            self.check()
        self.on_visit(self)
