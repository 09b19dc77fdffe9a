"""A certificate: what is stated of a program's goals, and the prices that prove it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from rotation_planner.certify.blocks import InBlocks
from rotation_planner.certify.bound import proved_bound
from rotation_planner.program.prices import Prices
from rotation_planner.program.program import Program


@dataclass(frozen=True, eq=False)
class Statement:
    """What is stated of one goal.

    Attributes
    ----------
    goal : str
        Name.
    caps : tuple of int
        A value for each earlier goal: the bound is about plans that are at least as good in all of them.
    bound : int
        No such plan is better than this.
    prices : Prices
        The proof.
    """

    goal: str
    caps: tuple[int, ...]
    bound: int
    prices: Prices


@dataclass(frozen=True, eq=False)
class Certificate:
    """Bounds with their proofs.

    Attributes
    ----------
    scenario_sha256 : str
        Checksum of the scenario.
    program_sha256 : str
        Fingerprint of the program: its families of rows and columns in order, with their sizes, and its goals.
    version : str
        Version of the library that wrote the program; another may number the rows differently.
    statements : tuple of Statement
        One per goal, in order.
    in_blocks : InBlocks or None
        How the body was cut, where no program of all was ever held; prices of statements are then on shared rows.
    """

    scenario_sha256: str
    program_sha256: str
    version: str
    statements: tuple[Statement, ...]
    in_blocks: InBlocks | None = None


def fingerprint(program: Program) -> str:
    """SHA-256 of the families of rows and columns in order, with their sizes, and of the goals."""
    n = len(program.families)
    rows, columns = (np.bincount(f, minlength=n).tolist() for f in (program.row_family, program.column_family))
    families = [(f.name, f.kind.value, r, c) for f, r, c in zip(program.families, rows, columns, strict=True)]
    goals = [(g.name, g.maximise) for g in program.goals]
    return hashlib.sha256(json.dumps([families, goals]).encode()).hexdigest()


def state(
    program: Program, scenario_sha256: str, version: str, values: Sequence[int], found: Iterable[Sequence[Prices]]
) -> Certificate:
    """State for every goal the best bound that some prices prove.

    Parameters
    ----------
    values : sequence of int
        Values of the goals; the bound of each is about plans that are at least as good in those before it.
    found : iterable of sequences of Prices
        Prices to choose from, for each goal; without any, the bounds of the columns alone.
    """
    statements = []
    for g, (goal, candidates) in enumerate(zip(program.goals, found, strict=True)):
        caps = tuple(values[:g])
        proved = [(proved_bound(program, g, caps, p), p) for p in (Prices.none(g), *candidates)]
        bound, prices = (min if goal.maximise else max)(proved, key=lambda pair: pair[0])
        statements.append(Statement(goal.name, caps, bound, prices))
    return Certificate(scenario_sha256, fingerprint(program), version, tuple(statements))
