"""Share of content in a course.

In words
    Sessions of courses in which the content asked for has less than the share asked for do not run. What is already
    settled runs all the same.

In formulas
    classes[s] <= 0    for every session s of a chosen course whose share of the content is below per_mille
"""

from __future__ import annotations

import numpy as np

from rotation_planner.domain.policy import CourseContent
from rotation_planner.program import Kind
from rotation_planner.rules.base import Model
from rotation_planner.rules.shares import surplus

PARAMETERS = CourseContent
KIND = Kind.LIMIT
MISSION = ("M7", "M17")
LAST = False


def rows(rule: CourseContent, model: Model) -> None:
    """Add one row per session of a course that misses the share."""
    sessions = model.candidates.sessions
    shut = np.flatnonzero(surplus(rule, model)[sessions.course] < 0)
    model.builder.add_rows(
        rule.label, KIND, len(shut), [(np.arange(len(shut)), model.classes[shut], 1)],
        lambda i: (sessions.ids[shut[i]],), high=0,
    )
