"""Call-ups.

In words
    A call-up is a full-time session at a centre or elsewhere, of at least so many days. At most so many start in a
    calendar year, and so many free days lie between the end of one and the start of the next. Passed records of such
    courses count too, on their day.

In formulas
    sum of attend[c, s] over call-ups s starting in year y  <=  max_per_year - records[c, y]    for all c, y
    sum of attend[c, s] over call-ups s with start[s] <= t <= end[s] + spacing_days  <=  1    for all c, starts t
    attend[c, s] = 0    where fewer than spacing_days free days lie between s and a record of c
"""

from __future__ import annotations

import datetime as dt

import numpy as np

from rotation_planner.domain.policy import CallUps
from rotation_planner.program import Kind
from rotation_planner.rules.base import Model, iso
from rotation_planner.rules.cliques import add_at_most_one
from rotation_planner.rules.stacks import expand, stack

PARAMETERS = CallUps
KIND = Kind.LIMIT
MISSION = ("M9",)
LAST = False


def rows(rule: CallUps, model: Model) -> None:
    """Add rows per cadre and year, per cadre and day, and per cadre with a record too near."""
    candidates, sessions, ids = model.candidates, model.candidates.sessions, model.candidates.cadres.ids
    calls = counted(rule, model)
    some = np.flatnonzero(
        calls[sessions.course[candidates.session]] & model.selected(rule.who)[candidates.cadre]
    )
    cadre, session = candidates.cadre[some], candidates.session[some]
    start, end = sessions.start[session], sessions.end[session]
    record = np.flatnonzero(calls[model.records.course])
    record = record[np.lexsort((model.records.day[record], model.records.cadre[record]))]
    past_cadre, past_day = model.records.cadre[record], model.records.day[record]
    _add_years(rule, model, some, past_cadre, past_day)
    found = stack(some, cadre, start, end + rule.spacing_days)
    add_at_most_one(model, rule.label, found, lambda i: (ids[found.group[i]], iso(found.day[i])))
    # Too near to a record: days strictly between are fewer than asked for, on either side.
    first_cadre = np.searchsorted(past_cadre, cadre, side="left")
    past = np.searchsorted(past_cadre, cadre, side="right")
    entry, at = expand(first_cadre, past)
    near = (past_day[entry] + rule.spacing_days >= start[at]) & (past_day[entry] <= end[at] + rule.spacing_days)
    blocked = np.unique(some[at[near]])
    owners, row = np.unique(candidates.cadre[blocked], return_inverse=True)
    model.builder.add_rows(
        rule.label, KIND, len(owners), [(row, model.attend[blocked], 1)], lambda i: (ids[owners[i]], "record"), high=0
    )


def counted(rule: CallUps, model: Model) -> np.ndarray:
    """Bool per course: it calls people up from their work."""
    return model.of_course(
        lambda c: c.pattern == "full_time" and c.channel in ("centre", "going_out") and c.days >= rule.min_days
    ).astype(bool)


def _add_years(rule: CallUps, model: Model, some: np.ndarray, past_cadre: np.ndarray, past_day: np.ndarray) -> None:
    candidates, ids = model.candidates, model.candidates.cadres.ids
    year = candidates.sessions.year[candidates.session[some]].astype(np.int64)
    key, row = np.unique(candidates.cadre[some].astype(np.int64) * 10_000 + year, return_inverse=True)
    past_year = np.array([dt.date.fromordinal(int(d)).year for d in past_day], np.int64)
    years = candidates.scenario.years
    inside = (past_year >= years.start) & (past_year < years.stop)
    past = past_cadre[inside] * 10_000 + past_year[inside]
    before = np.bincount(np.searchsorted(key, past[np.isin(past, key)]), minlength=len(key))
    high = rule.max_per_year - before
    binds = np.bincount(row, minlength=len(key)) > high
    number = np.cumsum(binds) - 1
    entries = binds[row]
    key, high = key[binds], high[binds]
    model.builder.add_rows(
        rule.label, KIND, len(key), [(number[row[entries]], model.attend[some[entries]], 1)],
        lambda i: (ids[key[i] // 10_000], str(key[i] % 10_000)), high=high,
    )
