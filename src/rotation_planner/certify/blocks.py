"""The bound of a body that is cut into blocks: the same sum, block by block.

Prices of the shared rows, of the earlier goals, and the denominator are common to all blocks; a block's own rows have
theirs. In formulas (a goal to be minimised, see ``bound.py``)
    D * goal >= shared rows' sides - sum over e of z[e] * v[e] + shared columns
                + sum over blocks of (own rows' sides + own columns, at what own and shared prices leave of their costs)
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from scipy import sparse

from rotation_planner.certify.bound import in_sense, of_columns, of_sides, refuse_caps, refuse_rows
from rotation_planner.model import Built
from rotation_planner.program.prices import Prices
from rotation_planner.slices import Block, Shared


@dataclass(frozen=True, eq=False)
class OwnPrices:
    """Prices of a block's own rows, over the denominator of all.

    Attributes
    ----------
    rows, values : int64 arrays
        As in ``Prices``.
    """

    rows: np.ndarray
    values: np.ndarray

    @classmethod
    def none(cls) -> OwnPrices:
        """No prices."""
        return cls(np.zeros(0, np.int64), np.zeros(0, np.int64))


@dataclass(frozen=True, eq=False)
class InBlocks:
    """How the body was cut, and the prices of the blocks' own rows.

    Attributes
    ----------
    block_cadres : int
        Cadres of a block that were asked for; the blocks follow from it.
    packed : tuple of bytes
        For each block its own prices of each goal that has any, as ``pack`` packs them.
    """

    block_cadres: int
    packed: tuple[bytes, ...]


def pack(prices: Mapping[int, OwnPrices]) -> bytes:
    """Pack a block's own prices, by the position of the goal, into a compressed file of arrays."""
    out = io.BytesIO()
    arrays = {f"{g}.{name}": getattr(p, name) for g, p in prices.items() for name in ("rows", "values")}
    np.savez_compressed(out, **cast("Any", arrays))
    return out.getvalue()


def unpack(packed: bytes) -> dict[int, OwnPrices]:
    """Own prices by the position of the goal.

    Raises
    ------
    ValueError, KeyError, OSError, zipfile.BadZipFile, zlib.error
        If the bytes are not as ``pack`` made them.
    """
    with np.load(io.BytesIO(packed), allow_pickle=False) as data:
        goals = sorted({int(name.split(".")[0]) for name in data.files})
        return {g: OwnPrices(data[f"{g}.rows"], data[f"{g}.values"]) for g in goals}


def senses(shared: Shared) -> list[int]:
    """1 for each goal that is minimised, -1 for each that is maximised."""
    return [-1 if maximise else 1 for _, maximise, _ in shared.goal_names]


def all_rows(block: Block) -> sparse.csr_array:
    """The block's own rows, then what it adds to the shared ones."""
    return sparse.vstack([block.matrix, block.adds]).tocsr()


def block_term(
    block: Block, shared: Shared, goal: int, prices: Prices, own: OwnPrices, rows: sparse.csr_array | None = None
) -> int:
    """What a block adds to the bound, times the denominator.

    Parameters
    ----------
    prices : Prices
        Those that are common to all blocks, on the shared rows.
    own : OwnPrices
        On the block's rows.
    rows : CSR matrix, optional
        ``all_rows`` of the block, where it is at hand for several goals.

    Raises
    ------
    ValueError
        If prices are on rows or sides that do not exist.
    """
    low, high = block.sides
    refuse_rows(shared.goal_names[goal][0], own.rows, own.values, low, high)
    y = np.zeros(len(block.low) + len(shared.low), np.int64)
    y[own.rows] = own.values
    y[len(block.low) + prices.rows] = prices.values
    matrix = all_rows(block) if rows is None else rows
    total = of_columns(matrix, y, _extra(block.goals, shared, goal, prices), block.lower, block.upper)
    return total + of_sides(own.values, low[own.rows], high[own.rows])


def shared_term(shared: Shared, sides: tuple[np.ndarray, np.ndarray], goal: int, prices: Prices) -> int:
    """What the shared rows and columns add to the bound, times the denominator; the same errors."""
    low, high = sides
    refuse_rows(shared.goal_names[goal][0], prices.rows, prices.values, low, high)
    y = np.zeros(len(low), np.int64)
    y[prices.rows] = prices.values
    extra = _extra(shared.goals, shared, goal, prices)
    total = of_columns(shared.matrix, y, extra, shared.lower, shared.upper)
    return total + of_sides(prices.values, low[prices.rows], high[prices.rows])


def _extra(goals: np.ndarray, shared: Shared, goal: int, prices: Prices) -> list[tuple[np.ndarray, int]]:
    sense = senses(shared)
    extra = [(sense[goal] * goals[goal], prices.denominator)]
    return extra + [(sense[e] * goals[e], z) for e, z in enumerate(prices.caps.tolist())]


def joint_bound(
    shared: Shared, goal: int, caps: Sequence[int], prices: Prices, terms: int, step: int
) -> int:
    """The bound in the goal's own sense.

    Parameters
    ----------
    caps : sequence of int
        A value for each earlier goal.
    terms : int
        Sum of ``shared_term`` and of ``block_term`` over all blocks.
    step : int
        Divides every coefficient of the goal.
    """
    name, maximise, _ = shared.goal_names[goal]
    refuse_caps(name, goal, tuple(caps), prices)
    for z, cap, sense in zip(prices.caps.tolist(), caps, senses(shared), strict=False):
        terms -= z * sense * cap
    return in_sense(terms, prices.denominator, step, maximise)


def steps(goals: np.ndarray) -> tuple[int, ...]:
    """Greatest number that divides every coefficient, for each goal; 0 without any."""
    return tuple(int(np.gcd.reduce(row)) if len(row) else 0 for row in goals)


def shape(families: Sequence[tuple[str, str]], row_family: np.ndarray, column_family: np.ndarray) -> str:
    """Fingerprint of a part: its families of rows and columns in order, with their sizes."""
    rows, columns = (np.bincount(f, minlength=len(families)).tolist() for f in (row_family, column_family))
    said = [(*family, r, c) for family, r, c in zip(families, rows, columns, strict=True)]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def shape_of(block: Block) -> str:
    """Fingerprint of a block."""
    families = list(zip(block.names.tolist(), block.kinds.tolist(), strict=True))
    return shape(families, block.row_family, block.column_family)


def joint_fingerprint(built: Built, shapes: Sequence[str]) -> str:
    """Fingerprint of a body in blocks.

    Parameters
    ----------
    built : Built
        The program of nobody.
    shapes : sequence of str
        Fingerprint of each block.
    """
    program = built.program
    families = [(f.name, f.kind.value) for f in program.families]
    goals = [(g.name, g.maximise) for g in program.goals]
    said = [goals, shape(families, program.row_family, program.column_family), *shapes]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()
