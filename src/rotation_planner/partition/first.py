"""The first plan of a block: a construction, and a plan guided by the linear relaxation."""

from __future__ import annotations

import numpy as np

from rotation_planner import model
from rotation_planner.engines import Guide, Options, construct
from rotation_planner.engines.options import Budget
from rotation_planner.engines.search import Search
from rotation_planner.partition.problem import Problem
from rotation_planner.slices.block import Block

FOREVER_S = 1e9


def first_plan(
    block: Block, built: model.Built, problem: Problem, until: float, guided: bool = True
) -> np.ndarray:
    """Make a plan from the point as it stands.

    Parameters
    ----------
    built : Built
        What the block was cut from.
    until : float
        ``time.monotonic()`` after which nothing more is tried; infinite under a work limit.
    guided : bool
        Whether relaxations make a plan too; a construction alone takes a few seconds.

    Returns
    -------
    int64 array
        A feasible point of the problem; the start if nothing better was found.
    """
    program = problem.program
    search = Search(program, problem.start, Options(), Budget(FOREVER_S), lambda *_: None)

    def whole(x: np.ndarray) -> np.ndarray:
        """Helpers of people as the model knows them, shared ones fitted to the rest."""
        everything = np.zeros(built.program.n_columns, np.int64)
        everything[block.built_column] = x[: block.n]
        x = x.copy()
        x[: block.n] = model.complete(built, everything, choose_study=True)[block.built_column]
        settled = search.settle(program, x)
        return x if settled is None else settled

    def found(x: np.ndarray) -> None:
        search.offer(x, "construct")

    found(whole(problem.start))
    empty = search.x
    found(whole(construct(program, empty, until)))
    if guided:
        # Blocks have seconds where a county has a minute: floors are left to visits (decision 0048).
        found(Guide(program, empty, until, whole, plain=True).first())
    return search.x
