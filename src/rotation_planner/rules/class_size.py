"""Class sizes and parallel classes.

In words
    A session with k parallel classes is attended by at least k times the smallest and at most k times the largest
    class. It has no more classes than it may have. A session committed to run does so even below the minimum of its
    first class.

In formulas
    min_size[s] * classes[s] <= headcount[s] <= max_size[s] * classes[s]    for every session s (persons)
    min_size[s] * (classes[s] - 1) <= headcount[s]    instead, for s committed to run
    0 <= classes[s] <= max_classes[s]
"""

from __future__ import annotations

import numpy as np

from rotation_planner.domain.policy import ClassSize
from rotation_planner.program import Kind
from rotation_planner.rules.base import Model

PARAMETERS = ClassSize
KIND = Kind.LIMIT
MISSION = ("M18",)
LAST = False


def rows(rule: ClassSize, model: Model) -> None:
    """Add two rows per session: not too many, not too few."""
    sessions, ids = model.candidates.sessions, model.candidates.sessions.ids
    heads, classes = model.headcount, model.classes
    many = np.flatnonzero(model.offered)
    n = len(many)
    model.builder.add_rows(
        rule.label, KIND, n,
        [(np.arange(n), heads[many], 1), (np.arange(n), classes[many], -sessions.max_size[many])],
        lambda i: (ids[many[i]], "largest"), high=0,
    )
    # A committed session of one class can never be too small.
    free = sessions.must_run & (sessions.max_classes == 1)
    few = np.flatnonzero((sessions.min_size > 0) & ~free)
    n = len(few)
    model.builder.add_rows(
        rule.label, KIND, n,
        [(np.arange(n), heads[few], 1), (np.arange(n), classes[few], -sessions.min_size[few])],
        lambda i: (ids[few[i]], "smallest"),
        low=np.where(sessions.must_run, -sessions.min_size, 0)[few],
    )
