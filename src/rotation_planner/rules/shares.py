"""How much of a course is of some content, and the shortfall of a share, in whole numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from rotation_planner.domain.policy import ContentShare
from rotation_planner.domain.teaching import Course
from rotation_planner.rules.base import Model
from rotation_planner.rules.which import chosen


def surplus(rule: ContentShare, model: Model) -> np.ndarray:
    """Share of each course above that required, in per mille (negative below); 0 for courses it is not about."""
    kind = {s.id: s.kind for s in model.candidates.scenario["subjects"]}

    def share(c: Course) -> int:
        if rule.part == "interactive":
            return c.interactive_per_mille
        if rule.part == "leaders":
            return c.leaders_per_mille
        return sum(p for s, p in c.subjects.items() if s in rule.subjects or kind[s] in rule.subject_kinds)

    above = model.of_course(share).astype(np.int64) - rule.per_mille
    found: np.ndarray = np.where(chosen(model, rule.which), above, 0)
    return found


@dataclass(frozen=True)
class Scale:
    """Row ``hours * surplus * each + full * short >= ...``, short in per mille of what ``per_hours`` hours require."""

    each: int
    full: int

    @classmethod
    def of(cls, per_mille: int, per_hours: int) -> Scale:
        """The smallest whole coefficients."""
        required = per_mille * per_hours
        common = math.gcd(1000, required)
        return cls(1000 // common, required // common)

    def short(self, missing: np.ndarray) -> np.ndarray:
        """Shortfall of so many missing hours, these in per mille of an hour; nothing where none is missing."""
        found: np.ndarray = -(-self.each * np.maximum(0, missing) // self.full)
        return found
