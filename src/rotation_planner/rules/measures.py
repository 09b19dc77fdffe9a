"""How much a course counts toward a total."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from rotation_planner.domain.policy import CourseSelector, Measured
from rotation_planner.domain.teaching import Course
from rotation_planner.rules.base import Model
from rotation_planner.rules.which import chosen

PARTS = 1000
"""Parts of an hour in which hours of subjects are counted."""


@dataclass(frozen=True)
class Counting:
    """What courses count, in steps of which ``steps`` make one unit of the measure.

    Attributes
    ----------
    once, by_hours : int arrays, one per course
        A course counts ``once + by_hours * hours credited``.
    """

    steps: int
    once: np.ndarray
    by_hours: np.ndarray

    def of(self, course: np.ndarray, hours: np.ndarray) -> np.ndarray:
        """What completions count: their courses, and the hours credited."""
        amount: np.ndarray = self.once[course] + self.by_hours[course] * hours
        return amount

    def of_sessions(self, model: Model) -> np.ndarray:
        """What one attendance of each session counts."""
        hours = model.of_course(lambda c: c.hours).astype(np.int64)
        course = model.candidates.sessions.course
        return self.of(course, hours[course])


def counting(rule: Measured, model: Model) -> Counting:
    """What counts in full."""
    return _counting(rule, model, chosen(model, rule.which), rule.subjects)


def replacing(rule: Measured, replace: CourseSelector, model: Model) -> Counting:
    """What counts as a replacement: of other courses all, with hours of subjects also those of other subjects."""
    full, part = chosen(model, rule.which), chosen(model, replace)
    if rule.measure != "subject_hours":
        return _counting(rule, model, part & ~full, ())
    others = [s for s in replace.subjects if s not in rule.subjects]
    alone, beside = _counting(rule, model, part & ~full, replace.subjects), _counting(rule, model, part & full, others)
    return Counting(alone.steps, alone.once + beside.once, alone.by_hours + beside.by_hours)


def _counting(rule: Measured, model: Model, which: np.ndarray, subjects: Iterable[str]) -> Counting:
    """Of some courses all, in some subjects."""
    some, wanted = which.astype(np.int64), set(subjects)
    none = np.zeros_like(some)
    if rule.measure == "sessions":
        return Counting(1, some, none)
    if rule.measure == "days":
        return Counting(1, some * model.of_course(lambda c: c.days).astype(np.int64), none)
    if rule.measure == "hours":
        return Counting(1, none, some)

    def share(c: Course) -> int:
        return sum(part for subject, part in c.subjects.items() if subject in wanted)

    return Counting(PARTS, none, some * model.of_course(share).astype(np.int64))
