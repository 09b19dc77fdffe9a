"""A block: the columns of its people, the rows only they are in, and what they add to the shared rows.

It is plain arrays, kept on disk (or in Ray's store) between two visits.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, fields
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from rotation_planner.model import Built
from rotation_planner.program import Kind, Program
from rotation_planner.program.program import INF
from rotation_planner.slices.shared import Shared

_MATRICES = ("matrix", "adds")


@dataclass(frozen=True)
class Block:
    """The arrays of a block.

    Attributes
    ----------
    lower, upper, owner : int arrays, one per column
        As in a program; columns of nobody that only this block has are among them.
    column_family, row_family : int arrays
        Position in ``names``.
    matrix : CSR matrix of int64
        The block's own rows by its columns; ``low``, ``high`` are their sides.
    adds : CSR matrix of int64
        Shared rows by the block's columns.
    goals : int64 array [goal, column]
        Coefficients.
    names, kinds : str arrays
        Families.
    hint_group : int32 array, one per cadre
    built_column : int array, one per column
        Where it stands in the program that the model writes.
    settled : int64 array, one per column
        The point in which only what is committed happens.
    attend, cadre, session : int arrays
        Columns of attendances, each with the cadre's place in the whole and the session.
    study, study_of, study_cadre : int arrays
        Columns of study hours, each with its position in ``studies`` and the cadre's place in the whole.
    studies : str array [study, 2]
        Rule and window.
    loose : bool array, one per row
        Rows that hold the block's part of a limit of several blocks: the plan keeps them, no proof may use them.
    tied, tied_name : uint64 array, str array
        A number for the label of each of the block's rows that is about several of its people (a unit on a day), and
        its family: no other block may have such a row.
    """

    lower: np.ndarray
    upper: np.ndarray
    owner: np.ndarray
    column_family: np.ndarray
    matrix: sparse.csr_array
    low: np.ndarray
    high: np.ndarray
    row_family: np.ndarray
    adds: sparse.csr_array
    goals: np.ndarray
    names: np.ndarray
    kinds: np.ndarray
    hint_group: np.ndarray
    built_column: np.ndarray
    settled: np.ndarray
    attend: np.ndarray
    cadre: np.ndarray
    session: np.ndarray
    study: np.ndarray
    study_of: np.ndarray
    study_cadre: np.ndarray
    studies: np.ndarray
    loose: np.ndarray
    tied: np.ndarray
    tied_name: np.ndarray

    @classmethod
    def of(cls, built: Built, settled: np.ndarray, shared: Shared, cadres: np.ndarray) -> Block:
        """Cut a block out of its program.

        Parameters
        ----------
        built : Built
            The program of its sub-scenario, with the sides that the rules say.
        settled : int64 array
            The point in which only what is committed happens.
        cadres : int array
            Place of each of its cadres in the whole.
        """
        program, model = built.program, built.model
        column, row = shared.match(program)
        mine, own = np.flatnonzero(column < 0), np.flatnonzero(row < 0)
        number = np.cumsum(column < 0) - 1
        matrix = program.matrix[own][:, mine].tocsr()
        beyond = program.matrix[np.flatnonzero(row >= 0)][:, mine].tocoo()
        adds = sparse.coo_array(
            (beyond.data, (row[row >= 0][beyond.row], beyond.col)), shape=(len(shared.low), len(mine))
        ).tocsr()
        limit = np.array([f.kind is Kind.LIMIT for f in program.families], bool)[program.row_family[own]]
        reached = matrix @ settled[mine]
        low, high = program.low[own], program.high[own]
        study = [s for s in model.studies if len(s.columns)]
        loose = parted_rows(program, own, model.parted)
        several = _of_several(matrix, program.owner[mine])
        tied = own[several[~loose[several]]]
        labels = [program.row_label(int(r)) for r in tied]
        return cls(
            lower=program.lower[mine], upper=program.upper[mine], owner=program.owner[mine],
            column_family=program.column_family[mine], matrix=matrix,
            low=np.where(limit, np.minimum(low, reached), low), high=np.where(limit, np.maximum(high, reached), high),
            row_family=program.row_family[own], adds=adds,
            goals=np.array([g.dense(program.n_columns)[mine] for g in program.goals], np.int64).reshape(-1, len(mine)),
            names=np.array([f.name for f in program.families], dtype=str),
            kinds=np.array([f.kind.value for f in program.families], dtype=str),
            hint_group=program.hint_group, built_column=mine, settled=settled[mine],
            attend=number[model.attend], cadre=cadres[model.candidates.cadre], session=model.candidates.session,
            study=_joined([number[s.columns] for s in study]),
            study_of=_joined([np.full(len(s.columns), i) for i, s in enumerate(study)]),
            study_cadre=_joined([cadres[s.cadre] for s in study]),
            studies=np.array([(s.rule, s.window) for s in study], dtype=str).reshape(-1, 2),
            loose=loose,
            tied=np.array([_mark(*label) for label in labels], np.uint64),
            tied_name=np.array([name for name, _ in labels], dtype=str),
        )

    @property
    def n(self) -> int:
        """Number of columns."""
        return len(self.lower)

    @property
    def sides(self) -> tuple[np.ndarray, np.ndarray]:
        """Lower and upper sides that every plan of all keeps."""
        return np.where(self.loose, -INF, self.low), np.where(self.loose, INF, self.high)

    def write(self, file: Path) -> None:
        """Put it on disk; a file of that name is replaced once the new one is whole."""
        arrays: dict[str, Any] = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in _MATRICES}
        for name in _MATRICES:
            one = getattr(self, name)
            arrays |= {f"{name}_data": one.data, f"{name}_indices": one.indices, f"{name}_indptr": one.indptr,
                       f"{name}_shape": np.array(one.shape)}
        beside = file.with_suffix(".new.npz")
        np.savez(beside, **arrays)
        beside.replace(file)

    @classmethod
    def read(cls, file: Path) -> Block:
        """Read it back."""
        with np.load(file) as data:
            found: dict[str, Any] = {f.name: data[f.name] for f in fields(cls) if f.name not in _MATRICES}
            for name in _MATRICES:
                parts = data[f"{name}_data"], data[f"{name}_indices"], data[f"{name}_indptr"]
                found[name] = sparse.csr_array(parts, shape=tuple(data[f"{name}_shape"].tolist()))
            return cls(**found)


def parted_rows(program: Program, rows: np.ndarray, parted: Mapping[str, AbstractSet[str]]) -> np.ndarray:
    """Which of some rows are about a unit that is parted."""
    units = [parted.get(f.name, frozenset()) for f in program.families]
    some: np.ndarray = np.array([bool(u) for u in units], bool)[program.row_family[rows]]
    for k in np.flatnonzero(some).tolist():
        some[k] = program.row_label(int(rows[k]))[1][0] in units[program.row_family[rows[k]]]
    return some


def _of_several(matrix: sparse.csr_array, owner: np.ndarray) -> np.ndarray:
    """Rows in which columns of several cadres are, or one of nobody."""
    some = np.flatnonzero(np.diff(matrix.indptr))
    of, first = owner[matrix.indices], matrix.indptr[some]
    if not len(some):
        return some
    least, most = np.minimum.reduceat(of, first), np.maximum.reduceat(of, first)
    found: np.ndarray = some[(least < most) | (least < 0)]
    return found


def _mark(name: str, where: tuple[str, ...]) -> int:
    return int.from_bytes(blake2b("\0".join((name, *where)).encode(), digest_size=8).digest())


def _joined(parts: list[np.ndarray]) -> np.ndarray:
    return np.concatenate([np.zeros(0, np.int64), *parts]).astype(np.int64)
