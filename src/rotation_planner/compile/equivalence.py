"""Which completion stands for which course."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from rotation_planner.domain.teaching import Course


def equivalents(courses: list[Course]) -> tuple[int, np.ndarray]:
    """Number of classes of equivalent courses, and the class of each course."""
    n = len(courses)
    position = {c.id: i for i, c in enumerate(courses)}
    pairs = [(i, position[e]) for i, c in enumerate(courses) for e in c.equivalents]
    rows, cols = (np.array(side, dtype=np.int64) for side in (zip(*pairs, strict=True) if pairs else ((), ())))
    graph = sparse.coo_array((np.ones(len(pairs)), (rows, cols)), shape=(n, n))
    return connected_components(graph, directed=False) if n else (0, np.zeros(0, np.int64))


def satisfies(courses: list[Course]) -> np.ndarray:
    """Bool [course, course]: a completion of the first stands for the second.

    Equivalents form classes (symmetric, transitive); what one member substitutes, every member does, and for every
    equivalent of the substituted course. Substitution is not followed further.
    """
    n = len(courses)
    position = {c.id: i for i, c in enumerate(courses)}
    k, label = equivalents(courses)
    classes = np.eye(k, dtype=bool)
    for i, c in enumerate(courses):
        for other in c.substitutes:
            classes[label[i], label[position[other]]] = True
    out: np.ndarray = classes[label][:, label] if n else np.zeros((0, 0), bool)
    return out
