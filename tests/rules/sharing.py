"""Which rules are about the same attendances and classes."""

from __future__ import annotations

import numpy as np

from rotation_planner.compile import compile_candidates
from rotation_planner.domain.scenario import Scenario
from rotation_planner.model import Built, build
from rotation_planner.program import Kind

CLASSES_ALONE = frozenset({"rooms", "course_content", "institution_content"})
"""Kinds whose rows hold no attendance: they share columns only with rules about classes or money."""

APART = {
    ("commitments", "approval"), ("commitments", "precedence"), ("commitments", "sure_attendance"),
    ("approval", "precedence"),
}
"""Never about the same attendance, or not so that both bind.

What must be attended needs no approval, is never given up, and meets the duty of the one key post there is; a promise
that is not approved takes no part in precedence.
"""


def may_share(one: str, other: str) -> bool:
    """Whether two kinds can be about the same columns."""
    return not CLASSES_ALONE & {one, other} and (one, other) not in APART


def share(scenario: Scenario) -> bool:
    """Whether the first two rules of a scenario are about some of the same columns."""
    built = build(compile_candidates(scenario))
    one, other = (columns_of_rule(built, rule.label) for rule in scenario.policy.rules[:2])
    return bool(one & other)


def columns_of_rule(built: Built, label: str) -> set[int]:
    """Attendances and classes that the rows of a rule are about, through helper columns too."""
    program = built.program
    named = [f.name == label or f.name.startswith(f"{label}.") for f in program.families]
    link = np.array([f.kind is Kind.LINK for f in program.families])[program.row_family]
    leaf = np.zeros(program.n_columns, bool)
    leaf[built.model.attend] = leaf[built.model.classes] = True
    matrix = abs(program.matrix).astype(bool)
    rows = np.array(named)[program.row_family]
    while True:
        columns = matrix[np.flatnonzero(rows)].sum(axis=0) > 0
        more = rows | (link & (matrix @ (columns & ~leaf) > 0))
        if (more == rows).all():
            return set(np.flatnonzero(columns & leaf).tolist())
        rows = more
