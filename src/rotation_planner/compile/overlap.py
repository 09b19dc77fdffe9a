"""Which course gives how much of the content of another."""

from __future__ import annotations

import numpy as np

from rotation_planner.compile.equivalence import equivalents
from rotation_planner.domain.teaching import Course


def overlapping(courses: list[Course], above_per_mille: int) -> np.ndarray:
    """Bool [course, course]: the first gives more than this part of the second's content.

    The part is that given in ``overlaps``, else the hours of each subject that both have, out of the second's hours.
    What holds for a course holds for its equivalents, on either side.
    """
    n = len(courses)
    position = {c.id: i for i, c in enumerate(courses)}
    subjects = {name: k for k, name in enumerate(dict.fromkeys(s for c in courses for s in c.subjects))}
    hours = np.array([c.hours for c in courses], np.int64)
    content = np.zeros((n, len(subjects)), np.int64)
    for i, c in enumerate(courses):
        for name, share in c.subjects.items():
            content[i, subjects[name]] = share * c.hours
    exceeds = np.zeros((n, n), bool)
    for i, c in enumerate(courses):
        exceeds[i] = np.minimum(content[i], content).sum(axis=1) > above_per_mille * hours
        for other, part in c.overlaps.items():
            exceeds[i, position[other]] = part > above_per_mille
    k, label = equivalents(courses)
    classes = np.zeros((k, k), bool)
    np.logical_or.at(classes, (label[:, None], label[None, :]), exceeds)
    found: np.ndarray = classes[label][:, label]
    return found
