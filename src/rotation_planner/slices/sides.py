"""Sides of the shared rows, with limits moved to what the commitments of all reach beyond them."""

from __future__ import annotations

import numpy as np

from rotation_planner.model import Built, committed_point
from rotation_planner.program.program import INF
from rotation_planner.slices.shared import Shared

FOLLOWING = ("classes", "headcount", "open")
"""Shared columns whose values follow from what is committed without any choice."""


def shared_sides(built: Built, shared: Shared, committed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper sides that every plan keeps.

    A limit on a column that does not follow from what is committed has none: nothing is claimed of it.

    Parameters
    ----------
    built : Built
        The program of nobody.
    shared : Shared
        Its shared part.
    committed : int64 array, one per shared row
        Sum over all people's columns where only what is committed happens.
    """
    x = committed_point(built)
    x[shared.column_name == "headcount"] = built.model.committed
    loose = abs(shared.matrix) @ ~np.isin(shared.column_name, FOLLOWING) > 0
    reached = committed + shared.matrix @ x
    low = np.where(shared.limit, np.where(loose, -INF, np.minimum(shared.low, reached)), shared.low)
    high = np.where(shared.limit, np.where(loose, INF, np.maximum(shared.high, reached)), shared.high)
    return low, high
