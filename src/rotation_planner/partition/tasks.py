"""What a worker does for a block: tasks hang on their arguments alone, so that any can be done again elsewhere."""

from __future__ import annotations

import math
import pickle
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from scipy import sparse

from rotation_planner import model
from rotation_planner.certify.blocks import OwnPrices, shape_of, unpack
from rotation_planner.compile import Candidates, Sessions, compile_candidates
from rotation_planner.domain.plan import Plan
from rotation_planner.domain.scenario import Scenario
from rotation_planner.engines import Options, run
from rotation_planner.partition.first import first_plan
from rotation_planner.partition.problem import Problem, assemble, priced, tidy
from rotation_planner.partition.room import Room
from rotation_planner.program.prices import Prices
from rotation_planner.rules.body import Body
from rotation_planner.slices import BEYOND, Block, Shared, figures

KnownPrices = Mapping[int, tuple[Prices, bytes]]
"""Of some goals the common prices of the shared rows, and a block's own, packed."""


@dataclass(frozen=True)
class Weight:
    """What a block may add to the shared rows.

    Attributes
    ----------
    use : CSR matrix of one row of float [shared row]
        Sum of the absolute coefficients times the upper bounds.
    least, most : Spot
        Smallest and largest sum of each shared row.
    settled : Spot
        Sum of each shared row at the point in which only what is committed happens.
    own, best : tuple of int
        Goals of the block's columns there, and their bounds that follow from the bounds of the columns.
    candidates : int
    """

    use: sparse.csr_array
    least: Spot
    most: Spot
    settled: Spot
    own: tuple[int, ...]
    best: tuple[int, ...]
    candidates: int


@dataclass(frozen=True)
class Spot:
    """A point, by its entries that are not zero: a block touches few of what hundreds of blocks share."""

    at: np.ndarray
    values: np.ndarray

    @classmethod
    def of(cls, x: np.ndarray) -> Spot:
        """Keep a point."""
        at = np.flatnonzero(x)
        return cls(at.astype(np.int32), x[at])

    def point(self, n: int) -> np.ndarray:
        """The point again."""
        return self.plus(np.zeros(n, np.int64))

    def plus(self, x: np.ndarray, times: int = 1) -> np.ndarray:
        """Some multiple of it and another point."""
        found = x.copy()
        found[self.at] += times * self.values
        return found


@dataclass(frozen=True)
class Standing:
    """Where the shared columns and rows stand when a visit begins, and the block's room there."""

    values: np.ndarray
    activity: np.ndarray
    room: Room


@dataclass(frozen=True)
class Visit:
    """What came of a visit to a block.

    Attributes
    ----------
    spot : Spot
        The block's point.
    added : Spot
        What the block's columns add to each shared row there.
    moved : Spot
        By how much the block moved each shared column.
    own : tuple of int
        Goals of the block's columns.
    best : tuple of int
        Bound of these that follows from the bounds of the columns.
    seconds : float
    tied : dict of str to uint64 array
        Family to the labels of rows that are about several of the block's people; after the first visit empty.
    shape : str
        Fingerprint of the block; after the first visit empty.
    """

    spot: Spot
    added: Spot
    moved: Spot
    own: tuple[int, ...]
    best: tuple[int, ...]
    seconds: float
    tied: dict[str, np.ndarray] = field(default_factory=dict)
    shape: str = ""


def gather(part: Scenario, sessions: tuple[Sessions, np.ndarray], file: Path | None) -> Body:
    """Count a part's figures for those of everybody; its candidates are kept for the tasks to come.

    Parameters
    ----------
    sessions : Sessions and bool array
        Compiled, the same for every part.
    file : Path or None
        Where to keep the candidates.
    """
    candidates = compile_candidates(part, sessions)
    if file is not None:
        file.write_bytes(pickle.dumps(candidates, pickle.HIGHEST_PROTOCOL))
    return figures(candidates)


def candidates_of(part: Scenario | Path) -> Candidates:
    """Compiled, or from the file of ``gather``."""
    if isinstance(part, Scenario):
        return compile_candidates(part)
    found: Candidates = pickle.loads(part.read_bytes())  # noqa: S301, the run wrote it to a folder of its own
    return found


def weigh(part: Scenario | Path, body: Body, shared: Shared) -> Weight:
    """Say what a part may add to the shared rows."""
    candidates = candidates_of(part)
    built = model.write(candidates, body, BEYOND)
    block = Block.of(built, model.committed_point(built), shared, np.arange(len(candidates.cadres.ids)))
    ends = block.adds.multiply(block.lower[None, :]).tocsr(), block.adds.multiply(block.upper[None, :]).tocsr()
    return Weight(
        use=sparse.csr_array(np.asarray(abs(ends[1]).sum(axis=1), float)[None, :]),
        least=_total(ends[0].minimum(ends[1])), most=_total(ends[0].maximum(ends[1])),
        settled=Spot.of(block.adds @ block.settled),
        own=_goals(block, block.settled), best=_best(block, shared), candidates=len(candidates),
    )


def _total(matrix: sparse.csr_array) -> Spot:
    return Spot.of(np.asarray(matrix.sum(axis=1), np.int64))


def begin(
    part: Scenario | Path, body: Body, shared: Shared, cadres: np.ndarray, standing: Standing, seconds: float | None,
    guided: bool, file: Path | None,
) -> tuple[Block | Path, Visit]:
    """Write a block's program and make its first plan.

    Parameters
    ----------
    cadres : int array
        Place of each of its cadres in the whole.
    seconds : float or None
        Time for the plan; None: whatever it takes, without looking at the clock.
    guided : bool
        Whether relaxations make it, or a construction alone.
    file : Path or None
        Where to put the block; without it the block is handed back.
    """
    begun = time.monotonic()
    built, block = _built(part, body, shared, cadres)
    problem = assemble(block, shared, block.settled, standing.values, standing.activity, standing.room)
    until = math.inf if seconds is None else time.monotonic() + seconds
    x = first_plan(block, built, problem, until, guided)
    visit = replace(_visit(block, shared, problem, x, begun), tied=_tied(block), shape=shape_of(block))
    return _kept(block, file), visit


def restore(
    part: Scenario | Path, body: Body, shared: Shared, cadres: np.ndarray, spot: Spot | Plan, file: Path | None
) -> tuple[Block | Path, Visit]:
    """Write a block's program, with a point or a plan that is known already; what a plan cannot hold is left out."""
    begun = time.monotonic()
    built, block = _built(part, body, shared, cadres)
    if isinstance(spot, Plan):
        spot = Spot.of(model.to_point(built, spot, strict=False)[block.built_column])
    x = spot.point(block.n)
    sound = (x >= block.lower).all() and (x <= block.upper).all()
    reached = block.matrix @ x
    if not sound or (reached < block.low).any() or (reached > block.high).any():
        spot, x = Spot.of(block.settled), block.settled
    still, seconds = Spot.of(np.zeros(0, np.int64)), time.monotonic() - begun
    visit = Visit(
        spot, Spot.of(block.adds @ x), still, _goals(block, x), _best(block, shared), seconds, _tied(block),
        shape_of(block),
    )
    return _kept(block, file), visit


def _built(part: Scenario | Path, body: Body, shared: Shared, cadres: np.ndarray) -> tuple[model.Built, Block]:
    built = model.write(candidates_of(part), body)
    return built, Block.of(built, model.committed_point(built), shared, cadres)


def _kept(block: Block, file: Path | None) -> Block | Path:
    if file is None:
        return block
    block.write(file)
    return file


def better(
    stored: Block | Path, shared: Shared, spot: Spot, standing: Standing, options: Options, known: KnownPrices
) -> Visit:
    """Improve a block's plan with the engines for a while; prices that are known say where to look."""
    begun = time.monotonic()
    block = Block.read(stored) if isinstance(stored, Path) else stored
    problem = assemble(
        block, shared, spot.point(block.n), standing.values, standing.activity, standing.room
    )
    reading = time.monotonic() - begun
    limits = replace(options, time_limit=max(1.0, options.time_limit - reading))

    def late(_: dict[str, object]) -> str | None:
        """The time limit ends a visit under a work limit too."""
        return "time" if time.monotonic() - begun > options.time_limit else None

    prices = [
        priced(problem, block, known[g][0], unpack(known[g][1]).get(g, OwnPrices.none())) if g in known else None
        for g in range(len(shared.goal_names))
    ]
    outcome = run(problem.program, problem.start, limits, late, prices=prices)
    x = tidy(problem, outcome.x, np.concatenate([block.attend, block.study]))
    return _visit(block, shared, problem, x, begun)


def _visit(block: Block, shared: Shared, problem: Problem, x: np.ndarray, begun: float) -> Visit:
    own = x[: block.n]
    moved = Spot.of((x - problem.start)[block.n :])
    return Visit(
        Spot.of(own), Spot.of(block.adds @ own), Spot(problem.shared_columns[moved.at], moved.values),
        _goals(block, own), _best(block, shared), time.monotonic() - begun,
    )


def _tied(block: Block) -> dict[str, np.ndarray]:
    return {str(name): block.tied[block.tied_name == name] for name in np.unique(block.tied_name)}


def _goals(block: Block, x: np.ndarray) -> tuple[int, ...]:
    return tuple(int(g @ x) for g in block.goals)


def _best(block: Block, shared: Shared) -> tuple[int, ...]:
    best = []
    for (_, maximise, _), coefs in zip(shared.goal_names, block.goals, strict=True):
        ends = coefs * block.lower, coefs * block.upper
        best.append(int((np.maximum(*ends) if maximise else np.minimum(*ends)).sum()))
    return tuple(best)
