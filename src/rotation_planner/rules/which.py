"""Which courses a rule is about."""

from __future__ import annotations

import numpy as np

from rotation_planner.compile.which import fits
from rotation_planner.domain.policy import CourseSelector
from rotation_planner.rules.base import Model


def chosen(model: Model, which: CourseSelector) -> np.ndarray:
    """Bool per course: every stated condition holds."""
    return model.of_course(lambda c: fits(which, c)).astype(bool)
