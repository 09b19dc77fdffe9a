"""Ceilings.

In words
    What is charged to a fund with a ceiling does not exceed it. A session is charged, in the year it starts, to every
    fund of its payer whose earmark fits.

In formulas
    sum over sessions s charged to f: cost_per_class[s] * classes[s] + cost_per_session[s] * open[s]
        + sum over c of cost[c, s] * attend[c, s]  <=  ceiling[f]    (yuan) for every fund f with a ceiling
"""

from __future__ import annotations

import numpy as np

from rotation_planner.domain.policy import Ceiling
from rotation_planner.program import Kind
from rotation_planner.rules.base import Model
from rotation_planner.rules.spend import charged, spend_terms

PARAMETERS = Ceiling
KIND = Kind.LIMIT
MISSION = ("M19",)
LAST = False


def rows(rule: Ceiling, model: Model) -> None:
    """Add one row per fund with a ceiling."""
    funds = [f for f in model.candidates.scenario["funds"] if f.ceiling_yuan is not None]
    if not funds:
        return
    spend = spend_terms(model)
    entries = []
    for i, fund in enumerate(funds):
        _, column, yuan = spend.of(charged(model, fund))
        entries.append((np.full(len(column), i), column, yuan))
    model.builder.add_rows(
        rule.label, KIND, len(funds), entries, lambda i: (funds[i].id,), high=[f.ceiling_yuan for f in funds]
    )
