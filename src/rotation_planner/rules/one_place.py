"""One place at a time.

In words
    No two attended sessions of a cadre share a day, travel included.

In formulas
    sum of attend[c, s] over sessions s with a stretch (travel included) that holds day t  <=  1
        for every cadre c, every day t on which a stretch starts
"""

from __future__ import annotations

from rotation_planner.domain.policy import OnePlace
from rotation_planner.program import Kind
from rotation_planner.rules.base import Model, iso
from rotation_planner.rules.cliques import add_at_most_one
from rotation_planner.rules.stacks import stack

PARAMETERS = OnePlace
KIND = Kind.LIMIT
MISSION = ("M9", "M13")
LAST = False


def rows(rule: OnePlace, model: Model) -> None:
    """Add one row per cadre and day that no other day implies."""
    candidates = model.candidates
    candidate, first, last = candidates.runs()
    if not model.selected(rule.who).all():
        keep = model.selected(rule.who)[candidates.cadre[candidate]]
        candidate, first, last = candidate[keep], first[keep], last[keep]
    found = stack(candidate, candidates.cadre[candidate], first, last)
    add_at_most_one(
        model, rule.label, found, lambda i: (candidates.cadres.ids[found.group[i]], iso(found.day[i]))
    )
