"""Why duties are unmet, asked block by block."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np

from rotation_planner import model
from rotation_planner.domain.plan import Unmet
from rotation_planner.domain.scenario import Scenario
from rotation_planner.explain import explain
from rotation_planner.partition.rounds import Rounds
from rotation_planner.partition.tasks import Spot, Standing, candidates_of
from rotation_planner.program import Kind, Program
from rotation_planner.program.program import INF
from rotation_planner.rules.body import Body
from rotation_planner.slices import Shared
from rotation_planner.slices.block import parted_rows

OPEN_LAST = ("unknown", "no_candidate", "blocked", "outweighed")
"""Reasons, each of which leaves more open than those before it."""


def reasons(rounds: Rounds, unmet: tuple[Unmet, ...]) -> tuple[Unmet, ...]:
    """Give every unmet duty its reason.

    A duty of a cadre is explained by the cadre's block. Any other one is explained by every block whose people it is
    about (of several reasons the one that leaves most open counts, and what speaks for it is added up), or else by what
    all share.

    Parameters
    ----------
    rounds : Rounds
        With the plan's points.
    unmet : tuple of Unmet
        As the verifier found them.
    """
    if not unmet:
        return ()
    parts = rounds.parts
    block = parts.blocks_of([u.subject[0] for u in unmet])
    standing = Standing(rounds.values, rounds.activity, rounds.whole)
    sent = rounds.executor.keep(standing)
    order = np.argsort(block, kind="stable")
    ends = np.cumsum(np.bincount(block + 1, minlength=parts.n + 1))
    other, asked, given = order[: ends[0]], [], []
    for b in range(parts.n):
        mine = np.concatenate([order[ends[b] : ends[b + 1]], other]).tolist()
        if mine:
            asked.append(mine)
            about = tuple(unmet[i] for i in mine)
            spot = rounds.visits[b].spot
            given.append((rounds.source(b), rounds.sent_body, rounds.sent_shared, spot, sent, about))
    found: list[list[Unmet]] = [[] for _ in unmet]
    for mine, answers in zip(asked, rounds.executor.every(explained, given), strict=True):
        for i, answer in zip(mine, answers, strict=True):
            found[i] += [] if answer is None else [answer]
    left = [i for i in other.tolist() if not found[i]]
    program = rounds.built.program
    beside = _beside(program, rounds.values, standing, np.arange(program.n_rows))
    nobody = explain(rounds.built.model.candidates, beside, rounds.values, tuple(unmet[i] for i in left))
    for i, answer in zip(left, nobody, strict=True):
        found[i].append(answer)
    return tuple(_joined(some) for some in found)


def explained(
    part: Scenario | Path, body: Body, shared: Shared, spot: Spot, standing: Standing, unmet: tuple[Unmet, ...]
) -> list[Unmet | None]:
    """Reasons as a block sees them; None for a duty that is not about its people.

    A block's part of the release of a unit that is cut is no reason: it is ours.
    """
    candidates = candidates_of(part)
    built = model.write(candidates, body)
    program = built.program
    column, row = shared.match(program)
    x = np.zeros(program.n_columns, np.int64)
    own = np.flatnonzero(column < 0)
    x[own] = spot.point(len(own))
    x[column >= 0] = standing.values[column[column >= 0]]
    reached = program.matrix @ model.committed_point(built)
    mine = row < 0
    low, high = np.where(mine, np.minimum(program.low, reached), program.low), program.high
    high = np.where(mine, np.maximum(high, reached), high)
    parted = parted_rows(program, np.arange(program.n_rows), built.model.parted)
    program = replace(program, low=np.where(parted, -INF, low), high=np.where(parted, INF, high))
    beside = _beside(program, x, standing, row)
    wanted = {(u.duty, u.subject) for u in unmet}
    people = _about_people(program, wanted)
    cadres = set(candidates.cadres.ids)
    some = [i for i, u in enumerate(unmet) if u.subject[0] in cadres or (u.duty, u.subject) in people]
    answers: list[Unmet | None] = [None] * len(unmet)
    for i, answer in zip(some, explain(candidates, beside, x, tuple(unmet[i] for i in some)), strict=True):
        answers[i] = answer
    return answers


def _beside(program: Program, x: np.ndarray, standing: Standing, row: np.ndarray) -> Program:
    """A program whose shared rows (by their number, -1 for others) are left what all others leave of them."""
    some = np.flatnonzero(row >= 0)
    others = standing.activity[row[some]] - (program.matrix @ x)[some]
    low, high = program.low.copy(), program.high.copy()
    whole = standing.room
    low[some] = np.where(whole.low[row[some]] > -INF, whole.low[row[some]] - others, -INF)
    high[some] = np.where(whole.high[row[some]] < INF, whole.high[row[some]] - others, INF)
    return replace(program, low=low, high=high)


def _about_people(program: Program, wanted: set[tuple[str, tuple[str, ...]]]) -> set[tuple[str, tuple[str, ...]]]:
    """Labels of duties with a column of a cadre."""
    names = {name for name, _ in wanted}
    duty = [i for i, f in enumerate(program.families) if f.kind is Kind.DUTY and f.name in names]
    rows = np.flatnonzero(np.isin(program.row_family, duty))
    people = np.flatnonzero(program.owner >= 0)
    rows = rows[np.diff(program.matrix[rows][:, people].tocsr().indptr) > 0]
    return {program.row_label(int(r)) for r in rows} & wanted


def _joined(some: list[Unmet]) -> Unmet:
    """One answer out of several."""
    most = max(some, key=lambda u: OPEN_LAST.index(u.reason))
    counts: Counter[str] = Counter()
    for u in some:
        counts.update(dict(u.detail) if u.reason == most.reason else {})
    return replace(most, detail=tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0]))))
