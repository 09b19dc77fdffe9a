"""Rows that let at most one of several attendances of a cadre happen."""

from __future__ import annotations

import numpy as np

from rotation_planner.program import Kind
from rotation_planner.program.builder import Where
from rotation_planner.rules.base import Model
from rotation_planner.rules.stacks import Stacks


def add_at_most_one(model: Model, label: str, found: Stacks, where: Where) -> None:
    """Add ``sum of attend <= 1`` for each stack of candidates with two members or more; ``where`` names the stack."""
    big = np.flatnonzero(np.bincount(found.row, minlength=len(found.group)) > 1)
    kept = np.zeros(len(found.group), bool)
    kept[big] = True
    found = found.keep(kept)
    model.builder.add_rows(
        label, Kind.LIMIT, len(big), [(found.row, model.attend[found.item], 1)], lambda i: where(int(big[i])), high=1
    )
