"""Beds.

In words
    In each night an institution houses at most as many trainees as it has beds. A residential full-time session takes
    a bed per trainee from its start to the day before its end (attachment and field practice take none).

In formulas
    sum of headcount[s] over residential full-time sessions s at i with start[s] <= t < end[s]  <=  beds[i]
        for every institution i with a number of beds, every night t on which such a session starts
"""

from __future__ import annotations

import numpy as np

from rotation_planner.domain.policy import Beds
from rotation_planner.domain.teaching import PRACTICE
from rotation_planner.program import Kind
from rotation_planner.rules.base import Model, iso
from rotation_planner.rules.stacks import stack

PARAMETERS = Beds
KIND = Kind.LIMIT
MISSION = ("M18",)
LAST = False


def rows(rule: Beds, model: Model) -> None:
    """Add one row per institution and night that no other night implies."""
    sessions = model.candidates.sessions
    institutions = list(model.candidates.scenario["institutions"])
    limited = np.array([i.beds is not None for i in institutions], bool)
    beds = np.array([i.beds or 0 for i in institutions], np.int64)
    housed = model.of_session(
        lambda c: c.residential and c.pattern == "full_time" and c.channel not in PRACTICE
    ).astype(bool)
    housed &= (sessions.end > sessions.start) & (model.offered > 0)
    some = np.flatnonzero(housed)
    some = some[limited[sessions.institution[some]]]
    found = stack(
        some, sessions.institution[some], sessions.start[some], sessions.end[some] - 1, lambda g, _: beds[g]
    )
    most = np.bincount(found.row, weights=model.offered[found.item], minlength=len(found.high))
    found = found.keep(most > found.high)
    if len(found.high):
        model.builder.add_rows(
            rule.label, KIND, len(found.high), [(found.row, model.headcount[found.item], 1)],
            lambda i: (institutions[found.group[i]].id, iso(found.day[i])), high=found.high,
        )
