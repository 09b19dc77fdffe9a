"""Recompute the bounds of a body that is cut into blocks, holding one block at a time."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from rotation_planner import model
from rotation_planner.certify.blocks import (
    InBlocks,
    OwnPrices,
    all_rows,
    block_term,
    joint_bound,
    joint_fingerprint,
    shape_of,
    shared_term,
    steps,
    unpack,
)
from rotation_planner.certify.certificate import Certificate, Statement
from rotation_planner.compile import compile_candidates
from rotation_planner.compile.sessions import compile_sessions
from rotation_planner.domain.scenario import Scenario
from rotation_planner.rules.body import Body
from rotation_planner.slices import Block, Parts, Shared, blocks, figures
from rotation_planner.slices.sides import shared_sides


def recompute_blocks(
    scenario: Scenario, certificate: Certificate, cut: InBlocks
) -> tuple[tuple[Statement, ...], tuple[str, ...]]:
    """The statements that hold, and a sentence for everything that does not.

    Figures of everybody are counted first, block by block; then each block is built again and its terms are added up.
    """
    parts = Parts(scenario, blocks(scenario, cut.block_cadres))
    if parts.n != len(cut.packed):
        return (), (f"the certificate is about {len(cut.packed):,} blocks, the body falls into {parts.n:,}",)
    nobody = parts.part(-1)
    known = compile_sessions(nobody, list(nobody["courses"]))
    body = Body.of(figures(compile_candidates(parts.part(b), known)) for b in range(parts.n))
    built = model.write(compile_candidates(nobody, known), body)
    shared = Shared.of(built.program)
    names, stated = [name for name, _, _ in shared.goal_names], [s.goal for s in certificate.statements]
    if stated != names:
        return (), (f"the certificate is about goals {', '.join(stated)}, not {', '.join(names)}",)
    sums = _Sums(shared, certificate.statements)
    for b, packed in enumerate(cut.packed):
        one = model.write(compile_candidates(parts.part(b), known), body)
        sums.add(b, Block.of(one, model.committed_point(one), shared, parts.cadres(b)), packed)
    if certificate.program_sha256 != joint_fingerprint(built, sums.shapes):
        return (), (f"the certificate is about another program, written by version {certificate.version}",)
    held, wrong = [], list(sums.faults)
    sides = shared_sides(built, shared, sums.committed)
    for g, statement in enumerate(certificate.statements):
        faults = list(sums.judge(g, statement, sides))
        wrong += faults
        if not faults and not sums.faults:
            held.append(statement)
    return tuple(held), tuple(wrong)


@dataclass
class _Sums:
    """What has been added up so far."""

    shared: Shared
    statements: tuple[Statement, ...]
    shapes: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.terms = [0] * len(self.statements)
        self.step = list(steps(self.shared.goals))
        self.committed = np.zeros(len(self.shared.low), np.int64)
        self._tied: dict[str, list[np.ndarray]] = {}

    def add(self, number: int, block: Block, packed: bytes) -> None:
        """Add a block."""
        self.shapes.append(shape_of(block))
        self.committed += block.adds @ block.settled
        for name in np.unique(block.tied_name):
            marks, before = block.tied[block.tied_name == name], self._tied.setdefault(str(name), [])
            if before and np.isin(marks, np.concatenate(before)).any():
                self.faults.append(f"block {number}: {name} ties people of several blocks together")
            before.append(marks)
        try:
            own = unpack(packed)
        except (ValueError, KeyError, EOFError, OSError, zipfile.BadZipFile, zlib.error) as error:
            self.faults.append(f"certificate: prices of block {number} cannot be read: {error}")
            return
        rows = all_rows(block)
        for g, (statement, step) in enumerate(zip(self.statements, steps(block.goals), strict=True)):
            self.step[g] = int(np.gcd(self.step[g], step))
            try:
                priced = own.get(g, OwnPrices.none())
                self.terms[g] += block_term(block, self.shared, g, statement.prices, priced, rows)
            except ValueError as error:
                self.faults.append(f"certificate: block {number}: {error}")

    def judge(self, g: int, statement: Statement, sides: tuple[np.ndarray, np.ndarray]) -> Iterator[str]:
        """What is wrong with a statement."""
        try:
            terms = self.terms[g] + shared_term(self.shared, sides, g, statement.prices)
            proven = joint_bound(self.shared, g, statement.caps, statement.prices, terms, self.step[g])
        except ValueError as error:
            yield f"certificate: {error}"
            return
        if statement.bound < proven if self.shared.goal_names[g][1] else statement.bound > proven:
            yield f"goal {statement.goal}: the certificate states {statement.bound:,}, its prices prove {proven:,}"
