"""A program as plain arrays on disk, so that a solver process needs nothing else of ours."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from scipy import sparse

from rotation_planner.program.program import Family, GoalRow, Kind, Program

_ARRAYS = ("lower", "upper", "owner", "column_family", "column_index", "low", "high", "row_family", "row_index",
           "hint_group", "hint_time")


PROGRAM = "program.npz"
"""File of the program."""
POINT = "point.npz"
"""File of the best point of the solver process."""


def slots(program: Program, owner: np.ndarray, family: np.ndarray, index: np.ndarray) -> np.ndarray:
    """What each owned column or row is about beside its cadre: a number per distinct place without its first word.

    Rules name the cadre first and the rest (session, year) after, so equal numbers are alike across cadres.
    """
    numbers: dict[tuple[str, ...], int] = {}
    out = np.full(len(owner), -1, np.int64)
    for i in np.flatnonzero(owner >= 0).tolist():
        key = program.families[family[i]].where(int(index[i]))[1:]
        out[i] = numbers.setdefault(key, len(numbers))
    return out


def write(folder: Path, program: Program, x: np.ndarray, column_slot: np.ndarray, row_slot: np.ndarray) -> None:
    """Write a program, a starting point and the slots."""
    arrays = {name: getattr(program, name) for name in _ARRAYS}
    for i, goal in enumerate(program.goals):
        arrays[f"goal{i}_columns"], arrays[f"goal{i}_coefs"] = goal.columns, goal.coefs
        arrays[f"goal{i}_facts"] = np.array([goal.name, str(int(goal.maximise)), str(goal.scale or 0)])
    np.savez(
        folder / PROGRAM, x=x, column_slot=column_slot, row_slot=row_slot,
        matrix_data=program.matrix.data, matrix_indices=program.matrix.indices, matrix_indptr=program.matrix.indptr,
        family_names=np.array([f.name for f in program.families], dtype=str),
        family_kinds=np.array([f.kind.value for f in program.families], dtype=str),
        **arrays,
    )


def read(folder: Path) -> tuple[Program, np.ndarray, np.ndarray, np.ndarray]:
    """Read back what ``write`` wrote; places of families are numbers."""
    with np.load(folder / PROGRAM) as data:
        goals: list[GoalRow] = []
        while f"goal{len(goals)}_facts" in data:
            i = len(goals)
            name, maximise, scale = data[f"goal{i}_facts"].tolist()
            goals.append(
                GoalRow(name, maximise == "1", data[f"goal{i}_columns"], data[f"goal{i}_coefs"], int(scale) or None)
            )
        arrays = {name: data[name] for name in _ARRAYS}
        matrix = sparse.csr_array(
            (data["matrix_data"], data["matrix_indices"], data["matrix_indptr"]),
            shape=(len(arrays["low"]), len(arrays["lower"])),
        )
        families = tuple(
            Family(str(n), Kind(str(k)), lambda i: (str(i),))
            for n, k in zip(data["family_names"], data["family_kinds"], strict=True)
        )
        program = Program(matrix=matrix, families=families, goals=tuple(goals), **arrays)
        return program, data["x"], data["column_slot"], data["row_slot"]


def write_point(folder: Path, x: np.ndarray) -> None:
    """Write a point by its columns that are not zero; the earlier one is there until this one is whole."""
    columns = np.flatnonzero(x)
    beside = folder / "point.new.npz"
    np.savez(beside, columns=columns, values=x[columns])
    beside.replace(folder / POINT)


def read_point(folder: Path, n_columns: int) -> np.ndarray:
    """Read the last point written."""
    x = np.zeros(n_columns, np.int64)
    with np.load(folder / POINT) as data:
        x[data["columns"]] = data["values"]
    return x
