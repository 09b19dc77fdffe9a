"""Parts of a day: what somebody can attend on the same day as something else."""

from __future__ import annotations

import numpy as np

from rotation_planner.rules.base import Model

PARTS = {"mornings": 1, "afternoons": 2, "evenings": 3}
"""Patterns that leave the rest of the day free, numbered from 1; all others take the whole day (0)."""
NAMES = {number: name for name, number in PARTS.items()}


def parts(model: Model) -> np.ndarray:
    """Number of the part of a day that each session takes."""
    return model.of_session(lambda c: PARTS.get(c.pattern, 0)).astype(np.int64)


def places(model: Model) -> np.ndarray:
    """Number of the place of each session; institutions without a place are places of their own."""
    institutions = list(model.candidates.scenario["institutions"])
    numbers: dict[tuple[str, str], int] = {}
    of = [
        numbers.setdefault(("institution", i.id) if i.place is None else ("place", i.place), len(numbers))
        for i in institutions
    ]
    return np.asarray(np.array(of, np.int64)[model.candidates.sessions.institution])


def side_by_side(model: Model, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Whether two candidates' sessions may share days: different parts of a day in one place."""
    part, place = parts(model), places(model)
    a, b = model.candidates.session[one], model.candidates.session[other]
    return np.asarray((part[a] > 0) & (part[b] > 0) & (part[a] != part[b]) & (place[a] == place[b]))
