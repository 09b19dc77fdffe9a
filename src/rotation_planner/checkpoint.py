"""The best point of a run on disk: a run that was killed at any moment goes on from there.

One file, written beside its place, forced to the disk and renamed, so that whoever looks finds the one before or the
new one, whole. It holds a point of the program (its columns that are not zero), so it serves only the scenario and the
version that made it, and says which these are.
"""

from __future__ import annotations

import json
import os
import zipfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from rotation_planner.domain.errors import Defect, InputError
from rotation_planner.io.atomic import write_file
from rotation_planner.program import Program

FORMAT = 1
"""Raised when the file changes its form."""


@dataclass(frozen=True)
class Origin:
    """What a checkpoint belongs to: the scenario by its checksum, the library by its version."""

    scenario_sha256: str
    version: str
    format: int = FORMAT


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint as it was read.

    Attributes
    ----------
    origin : Origin
        Scenario and version.
    goals : dict
        Goal to its value at the point.
    elapsed_s : float
        Seconds that the runs took which led to it.
    options : dict
        Seed and limits of the run that wrote it; a run that goes on may have others.
    columns, values : int64 arrays
        The columns that are not zero, and their values.
    """

    origin: Origin
    goals: dict[str, int]
    elapsed_s: float
    columns: np.ndarray
    values: np.ndarray
    options: dict[str, Any] = field(default_factory=dict)


def of_point(
    x: np.ndarray, program: Program, origin: Origin, elapsed_s: float, options: dict[str, Any]
) -> Checkpoint:
    """The checkpoint of a point."""
    goals = dict(zip((g.name for g in program.goals), program.goal_values(x), strict=True))
    columns = np.flatnonzero(x)
    return Checkpoint(origin, goals, elapsed_s, columns, x[columns], options)


def write_checkpoint(file: Path, checkpoint: Checkpoint) -> None:
    """Put a checkpoint in the place of an earlier one; it is on the disk when this returns."""
    about = asdict(checkpoint)
    columns, values = about.pop("columns"), about.pop("values")

    def write(fresh: Path) -> None:
        with fresh.open("wb") as stream:
            np.savez(stream, about=np.array(json.dumps(about)), columns=columns, values=values)
            stream.flush()
            os.fsync(stream.fileno())

    write_file(file, write)
    if os.name == "posix":  # elsewhere folders cannot be opened
        folder = os.open(file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def read_checkpoint(file: Path, origin: Origin) -> Checkpoint:
    """Read a checkpoint.

    Raises
    ------
    InputError
        If it is broken, or belongs to another scenario or version.
    """
    try:
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as data:
            about = json.loads(str(data["about"]))
            found = Origin(**about.pop("origin"))
            read = Checkpoint(found, columns=data["columns"], values=data["values"], **about)
    except (OSError, EOFError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise _refused(file, f"It is not a checkpoint that can be read: {error}.", "bad_checkpoint") from error
    wrong = [
        f"{name.replace('_', ' ')} {theirs}, not {ours}"
        for (name, theirs), ours in zip(asdict(found).items(), asdict(origin).values(), strict=True) if theirs != ours
    ]
    if wrong:
        raise _refused(file, f"It belongs to another run: {'; '.join(wrong)}.", "other_checkpoint")
    return read


def point_of(checkpoint: Checkpoint, program: Program, file: Path) -> np.ndarray:
    """The point of a checkpoint.

    Raises
    ------
    InputError
        If the program does not hold it at the values it was stored with.
    """
    x = np.zeros(program.n_columns, np.int64)
    columns = checkpoint.columns
    if not len(columns) or (columns.min() >= 0 and columns.max() < program.n_columns):
        x[columns] = checkpoint.values
        values = dict(zip((g.name for g in program.goals), program.goal_values(x), strict=True))
        if values == checkpoint.goals and program.feasible(x):
            return x
    raise _refused(file, "Its plan does not fit the program of this scenario.", "bad_checkpoint")


def _refused(file: Path, problem: str, code: str) -> InputError:
    mend = "Leave out --resume (resume=True) to begin anew, or plan what it belongs to."
    return InputError([Defect(code, "", None, "", "", problem, mend, str(file))])
