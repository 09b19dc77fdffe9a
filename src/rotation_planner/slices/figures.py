"""Figures of everybody, gathered part by part before any block is cut."""

from __future__ import annotations

from rotation_planner import model
from rotation_planner.compile import Candidates
from rotation_planner.domain.policy import UnitRelease
from rotation_planner.program import Kind
from rotation_planner.rules import BY_KIND
from rotation_planner.rules.body import Body
from rotation_planner.rules.release_figures import Release
from rotation_planner.slices.ties import ALL, REACH

BEYOND = frozenset(kind for kind, reach in REACH.items() if reach == ALL or BY_KIND[kind].KIND is Kind.DUTY)
"""Rules with shared rows, and those that say what is useful, on which some shared rows depend."""


def figures(candidates: Candidates) -> Body:
    """Gather the figures of a part's candidates, for those of everybody."""
    body = Body()
    built = model.write(candidates, body, BEYOND)
    for rule in candidates.scenario.policy.rules:
        if isinstance(rule, UnitRelease):
            Release(rule, built.model)
    return body
