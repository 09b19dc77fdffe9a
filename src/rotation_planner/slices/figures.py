"""Figures of everybody, gathered part by part before any block is cut."""

from __future__ import annotations

from rotation_planner import model
from rotation_planner.compile import compile_candidates
from rotation_planner.domain.scenario import Scenario
from rotation_planner.program import Kind
from rotation_planner.rules import BY_KIND
from rotation_planner.rules.body import Body
from rotation_planner.slices.ties import ALL, REACH

BEYOND = frozenset(kind for kind, reach in REACH.items() if reach == ALL or BY_KIND[kind].KIND is Kind.DUTY)
"""Rules with shared rows, and those that say what is useful, on which some shared rows depend."""


def count(part: Scenario) -> Body:
    """Gather a part's figures for those of everybody."""
    body = Body()
    model.write(compile_candidates(part), body, BEYOND)
    return body
