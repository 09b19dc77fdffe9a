"""Full coverage.

In words
    Every selected cadre who was there from the start and serves long enough attends one session of a course that
    counts for coverage and ends before the service does. A record of such a course passed in the horizon counts too,
    and where the rule says so one passed not too long before.

In formulas
    sum of attend[c, s] over sessions s of covering courses that end before c's service ends + short[c] >= 1
    short[c] in {0, 1};  goal `duties`: 1000 * weight * (key_factor for key posts) * short[c]
"""

from __future__ import annotations

import numpy as np

from rotation_planner.compile.candidates import day_number
from rotation_planner.domain.policy import Coverage
from rotation_planner.domain.scenario import add_months
from rotation_planner.program import Kind
from rotation_planner.rules.base import Model
from rotation_planner.rules.covering import add_binary_duty
from rotation_planner.rules.service import long_enough, service_days, weights

PARAMETERS = Coverage
KIND = Kind.DUTY
MISSION = ("M1", "M2")
LAST = False


def rows(rule: Coverage, model: Model) -> None:
    """Add one shortfall column and one row per cadre to be covered."""
    candidates, cadres = model.candidates, model.candidates.cadres
    scenario = candidates.scenario
    first, last = day_number(scenario.start), day_number(scenario.end)
    due = model.selected(rule.who) & ~cadres.joined_late
    due &= long_enough(service_days(model, first, last), rule.min_service_months, last - first + 1)
    covers = model.of_course(lambda c: c.covers)
    oldest = day_number(add_months(scenario.start, -rule.history_months))
    records = model.records
    due[records.cadre[covers[records.course] & (records.day >= oldest)]] = False
    owing = np.flatnonzero(due)
    serves = np.flatnonzero(due[candidates.cadre] & covers[candidates.sessions.course[candidates.session]])
    model.useful[serves] = True
    serves = serves[candidates.sessions.end[candidates.session[serves]] < cadres.service_end[candidates.cadre[serves]]]
    position = np.cumsum(due) - 1
    add_binary_duty(
        model, rule.label, owing, weights(rule, model)[owing], position[candidates.cadre[serves]], serves,
        lambda i: (cadres.ids[owing[i]], "horizon"),
    )
