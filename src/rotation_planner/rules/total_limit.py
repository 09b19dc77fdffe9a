"""A total not to be exceeded in any window.

In words
    Of chosen courses no selected cadre gathers more than so many hours, days, sessions or hours of subjects in a
    window: the horizon, each calendar year, any so many months in a row, or the days between two dates. Passed records
    count on their day, sessions on their last.

In formulas
    sum of amount[s] * attend[c, s] over sessions s that end in the window  <=  limit - records[c]
        for all c and windows;  any months in a row: for every day t on which a session or a record of c ends, over
        what ends on a day e with e <= t < e + months
"""

from __future__ import annotations

import numpy as np

from rotation_planner.domain.policy import TotalLimit
from rotation_planner.program import Kind
from rotation_planner.rules.base import Model, iso
from rotation_planner.rules.measures import counting
from rotation_planner.rules.stacks import stack
from rotation_planner.rules.windows import Span, calendar_year, same_for_all, shifted

PARAMETERS = TotalLimit
KIND = Kind.LIMIT
MISSION = ("M2", "M9", "M13")
LAST = False


def rows(rule: TotalLimit, model: Model) -> None:
    """Add one row per cadre and window in which more could be gathered."""
    scenario, candidates, records = model.candidates.scenario, model.candidates, model.records
    counts = counting(rule, model)
    amount = counts.of_sessions(model)[candidates.session]
    some = np.flatnonzero((amount > 0) & model.selected(rule.who)[candidates.cadre])
    past = counts.of(records.course, records.hours)
    limit = counts.steps * rule.amount
    if rule.window == "rolling":
        _add_any_months(rule, model, some, amount, past, limit)
    elif rule.window == "horizon":
        span = same_for_all(model, scenario.start.toordinal(), scenario.end.toordinal(), name="horizon")
        _add_window(rule, model, span, some, amount, past, limit)
    elif rule.window == "year":
        for year in scenario.years:
            span = same_for_all(model, *calendar_year(year), name=str(year))
            _add_window(rule, model, span, some, amount, past, limit)
    else:
        assert rule.first is not None
        assert rule.last is not None
        span = same_for_all(model, rule.first.toordinal(), rule.last.toordinal())
        _add_window(rule, model, span, some, amount, past, limit)


def _add_window(
    rule: TotalLimit, model: Model, span: Span, some: np.ndarray, amount: np.ndarray, past: np.ndarray, limit: int
) -> None:
    """Rows of one window: a cadre each."""
    candidates, records, ids = model.candidates, model.records, model.candidates.cadres.ids
    end = candidates.sessions.end[candidates.session[some]]
    cadre = candidates.cadre[some]
    inside = (end >= span.first[cadre]) & (end <= span.last[cadre])
    some, cadre = some[inside], cadre[inside]
    before = (records.day >= span.first[records.cadre]) & (records.day <= span.last[records.cadre])
    high = limit - np.bincount(records.cadre[before], weights=past[before], minlength=len(ids)).astype(np.int64)
    binds = np.bincount(cadre, weights=amount[some], minlength=len(ids)) > np.maximum(0, high)
    owner, row, kept = np.flatnonzero(binds), np.cumsum(binds) - 1, binds[cadre]
    model.builder.add_rows(
        rule.label, KIND, len(owner), [(row[cadre[kept]], model.attend[some[kept]], amount[some[kept]])],
        lambda i: (ids[owner[i]], span.name_of(owner[i])), high=high[owner],
    )


def _add_any_months(
    rule: TotalLimit, model: Model, some: np.ndarray, amount: np.ndarray, past: np.ndarray, limit: int
) -> None:
    """Rows of windows of so many months: one where each session or record comes in, less those implied."""
    assert rule.months is not None
    candidates, records, ids = model.candidates, model.records, model.candidates.cadres.ids
    known = np.flatnonzero(past > 0)
    since, owner, past = records.day[known], records.cadre[known].astype(np.int64), past[known]
    until = shifted(since, rule.months)

    def high(cadre: np.ndarray, day: np.ndarray) -> np.ndarray:
        alive: np.ndarray = _sum_up_to(owner, since, past, cadre, day) - _sum_up_to(owner, until, past, cadre, day)
        return limit - alive

    end = candidates.sessions.end[candidates.session[some]]
    found = stack(some, candidates.cadre[some], end, shifted(end, rule.months) - 1, high, (owner, since))
    load = np.bincount(found.row, weights=amount[found.item], minlength=len(found.high))
    found = found.keep((load > 0) & (load > found.high))
    model.builder.add_rows(
        rule.label, KIND, len(found.high), [(found.row, model.attend[found.item], amount[found.item])],
        lambda i: (ids[found.group[i]], iso(found.day[i])), high=found.high,
    )


def _sum_up_to(owner: np.ndarray, since: np.ndarray, value: np.ndarray, who: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Sum of values of each of some cadres with a day up to theirs."""
    width = 10_000_000  # days fit well below, so (cadre, day) sorts as one number
    key = owner * width + since
    order = np.argsort(key)
    sums = np.concatenate([[0], np.cumsum(value[order])])
    low, past = (np.searchsorted(key[order], who * width + d, side="right") for d in (-1, day))
    found: np.ndarray = sums[past] - sums[low]
    return found
