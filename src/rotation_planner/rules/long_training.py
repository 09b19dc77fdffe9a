"""No second long training.

In words
    Nobody starts a long training (a course of at least so many days) within so many years after the end of another.
    Passed records count, on their day, whether they come before or after the session.

In formulas
    sum of attend[c, s] over long sessions s with start[s] <= t < end[s] + years  <=  1    for all c, starts t
    attend[c, s] = 0    where a record of c lies in [start[s], end[s] + years), or start[s] in [record, record + years)
"""

from __future__ import annotations

import datetime as dt

import numpy as np

from rotation_planner.domain.policy import LongTraining
from rotation_planner.domain.scenario import add_months
from rotation_planner.program import Kind
from rotation_planner.rules.base import Model, iso
from rotation_planner.rules.cliques import add_at_most_one
from rotation_planner.rules.stacks import expand, stack
from rotation_planner.rules.which import chosen

PARAMETERS = LongTraining
KIND = Kind.LIMIT
MISSION = ("M8",)
LAST = False


def rows(rule: LongTraining, model: Model) -> None:
    """Add rows per cadre and day, and per cadre with a record too near."""
    candidates, sessions, ids = model.candidates, model.candidates.sessions, model.candidates.cadres.ids
    long = chosen(model, rule.which) & model.of_course(lambda c: c.days >= rule.min_days).astype(bool)
    some = np.flatnonzero(long[sessions.course[candidates.session]] & model.selected(rule.who)[candidates.cadre])
    cadre, session = candidates.cadre[some], candidates.session[some]
    start, until = sessions.start[session], _later(sessions.end, rule.years)[session]
    found = stack(some, cadre, start, until - 1)
    add_at_most_one(model, rule.label, found, lambda i: (ids[found.group[i]], iso(found.day[i])))
    record = np.flatnonzero(long[model.records.course])
    record = record[np.argsort(model.records.cadre[record], kind="stable")]
    past_cadre, past_day = model.records.cadre[record], model.records.day[record]
    past_until = _later(past_day, rule.years)
    entry, at = expand(
        np.searchsorted(past_cadre, cadre, side="left"), np.searchsorted(past_cadre, cadre, side="right")
    )
    near = (past_day[entry] < until[at]) & (start[at] < past_until[entry])
    blocked = np.unique(some[at[near]])
    owners, row = np.unique(candidates.cadre[blocked], return_inverse=True)
    model.builder.add_rows(
        rule.label, KIND, len(owners), [(row, model.attend[blocked], 1)], lambda i: (ids[owners[i]], "record"), high=0
    )


def _later(day: np.ndarray, years: int) -> np.ndarray:
    """Days so many years later."""
    distinct, inverse = np.unique(day, return_inverse=True)
    moved = [add_months(dt.date.fromordinal(int(d)), 12 * years).toordinal() for d in distinct]
    return np.array(moved, np.int64)[inverse]
