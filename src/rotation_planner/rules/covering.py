"""A duty that one attendance out of several fulfils."""

from __future__ import annotations

import numpy as np

from rotation_planner.program import Kind
from rotation_planner.program.builder import Where
from rotation_planner.rules.base import Model


def add_binary_duty(
    model: Model,
    label: str,
    owner: np.ndarray,
    weight: np.ndarray,
    duty: np.ndarray,
    candidate: np.ndarray,
    where: Where,
) -> None:
    """Add ``sum of attend + short >= 1`` for each duty, and the shortfalls to the goal `duties`.

    Parameters
    ----------
    owner, weight : int arrays, one per duty
        Cadre who owes it, weight of missing it.
    duty, candidate : int arrays
        Pairs: attending as this candidate fulfils this duty.
    where : callable
        Duty to its subject, as text.
    """
    n = len(owner)
    choices = np.bincount(duty, minlength=n)
    # A duty that nothing can fulfil is missed in every plan: a bound says so better than a row.
    short = model.builder.add_columns(f"{label}.short", choices == 0, 1, where, owner=owner, size=n)
    some = np.flatnonzero(choices)
    row = np.cumsum(choices > 0) - 1
    model.builder.add_rows(
        label, Kind.DUTY, len(some),
        [(np.arange(len(some)), short[some], 1), (row[duty], model.attend[candidate], 1)],
        lambda i: where(int(some[i])), low=1,
    )
    model.builder.add_goal("duties", short, 1000 * weight)

    def complete(x: np.ndarray) -> None:
        x[short] = np.bincount(duty, weights=x[model.attend[candidate]], minlength=n) == 0

    model.completions.append(complete)
