"""Commitments that bind.

In words
    Who must attend a session does; a session that must run does, one that must not does not. Who must not attend a
    session is no candidate for it.

In formulas
    attend[c, s] >= 1    for every cadre c and session s with a `must`
    classes[s] >= 1    for every session s with a `must` of its own
    classes[s] <= 0    for every session s with a `must_not` of its own
"""

from __future__ import annotations

import numpy as np

from rotation_planner.domain.policy import Commitments
from rotation_planner.program import Kind
from rotation_planner.rules.base import Model
from rotation_planner.rules.records import positions

PARAMETERS = Commitments
KIND = Kind.LIMIT
MISSION = ("M12", "M23")
LAST = False


def rows(rule: Commitments, model: Model) -> None:
    """Add one row per binding commitment."""
    candidates, sessions = model.candidates, model.candidates.sessions
    must = np.flatnonzero(candidates.must)
    model.builder.add_rows(
        rule.label, KIND, len(must), [(np.arange(len(must)), model.attend[must], 1)],
        lambda i: (
            candidates.cadres.ids[candidates.cadre[must[i]]], sessions.ids[candidates.session[must[i]]], "must"
        ),
        low=1,
    )
    run = np.flatnonzero(sessions.must_run)
    model.builder.add_rows(
        rule.label, KIND, len(run), [(np.arange(len(run)), model.classes[run], 1)],
        lambda i: (sessions.ids[run[i]], "must"), low=1,
    )
    table = candidates.scenario["commitments"]
    of_session = ~table.column("cadre").astype(bool) & (table.column("kind") == "must_not")
    stay = np.setdiff1d(positions(sessions.ids, table.column("session")[of_session]), [-1])
    stay = stay[~sessions.must_run[stay]]  # a `must` overrides
    model.builder.add_rows(
        rule.label, KIND, len(stay), [(np.arange(len(stay)), model.classes[stay], 1)],
        lambda i: (sessions.ids[stay[i]], "must_not"), high=0,
    )
