"""A total in each window.

In words
    Every selected cadre who serves long enough reaches the amount due in a window: the horizon, each calendar year,
    each so many months that end in the horizon, the days between two dates, or certain years of service. Counted are
    hours, days, sessions or the hours of subjects, of chosen courses: passed records on their day, those from before
    the horizon too, and sessions on their last day. Other courses count only where they are named to replace a part,
    together up to so much of what is due. Who serves only part of the window owes a part, the full amount, or nothing.
    A window that ends after the horizon is not yet due. Where another measure is named, reaching what is due in it is
    as good; of the two the nearer counts.

In formulas
    1000 * (sum of amount[s] * attend[c, s] + counted[c]) + due[c] * short[c]  >=  1000 * (due[c] - records[c])
    counted[c]  <=  sum of amount[s] * attend[c, s] over courses that may replace
    0 <= counted[c] <= due[c] * replace_per_mille // 1000 - such records;  short[c] in 0..1000 (per mille of the due)
        for every such cadre c and window, over sessions s that end in it
    with another measure, by_other[c, w] in {0, 1} chooses which of two such rows holds:
    1000 * sum of amount[s] * attend[c, s] + due[c] * short[c]  >=  1000 * rest[c] * (1 - by_other[c])
    1000 * sum of other[s] * attend[c, s] + due_other[c] * short[c]  >=  1000 * rest_other[c] * by_other[c]
        rest: what is due less records
    goal `duties`: weight * (key_factor for key posts) * short[c]
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from rotation_planner.compile.career import careers
from rotation_planner.domain.policy import Total
from rotation_planner.domain.scenario import add_months
from rotation_planner.program import Kind
from rotation_planner.rules.amounts import Counts, add_owed, gather
from rotation_planner.rules.base import Model
from rotation_planner.rules.either import add_either
from rotation_planner.rules.measures import Counting, counting, replacing
from rotation_planner.rules.windows import (
    YEAR_MONTHS,
    Span,
    calendar_year,
    owed,
    same_for_all,
    shifted,
    whole_years,
)

PARAMETERS = Total
KIND = Kind.DUTY
MISSION = ("M2", "M5", "M7")
LAST = False


def rows(rule: Total, model: Model) -> None:
    """Add columns and rows of every window."""
    scenario = model.candidates.scenario
    start, end = scenario.start.toordinal(), scenario.end.toordinal()
    counts = counting(rule, model)
    full = _counts(counts, model)
    extra = (0 * full[0], 0 * full[1]) if rule.replace is None else _counts(replacing(rule, rule.replace, model), model)
    for span, known in _spans(rule, model):
        none = ~known | (span.last > end) | ((span.first < start) & (not rule.look_back))
        due = np.where(none, 0, owed(rule, rule.amount, model, span))
        other = rule.in_other_measure()
        if other is not None:
            due_other = np.where(none, 0, owed(other, other.amount, model, span))
            add_either(rule, model, span, (due, due_other), (full, _counts(counting(other, model), model)))
            continue
        cap = counts.steps * due * rule.replace_per_mille // 1000
        add_owed(rule, model, gather(model, span, due, cap, 0 * due, full, extra, counts.steps))


def _counts(what: Counting, model: Model) -> Counts:
    return what.of_sessions(model), what.of(model.records.course, model.records.hours)


def _spans(rule: Total, model: Model) -> Iterator[tuple[Span, np.ndarray]]:
    """The windows, each with who has one."""
    scenario = model.candidates.scenario
    everybody = np.ones(len(model.candidates.cadres.ids), bool)
    if rule.window == "horizon":
        span = same_for_all(model, scenario.start.toordinal(), scenario.end.toordinal(), name="horizon")
        yield span, everybody
    elif rule.window == "year":
        for year in whole_years(scenario):
            yield same_for_all(model, *calendar_year(year), YEAR_MONTHS, str(year)), everybody
    elif rule.window == "rolling":
        assert rule.months is not None
        step = YEAR_MONTHS if rule.every_months is None else rule.every_months
        for past in range(step, YEAR_MONTHS * scenario.horizon.years + 1, step):
            first, after = (add_months(scenario.start, k).toordinal() for k in (past - rule.months, past))
            yield same_for_all(model, first, after - 1, rule.months), everybody
    elif rule.window == "dates":
        assert rule.first is not None
        assert rule.last is not None
        yield same_for_all(model, rule.first.toordinal(), rule.last.toordinal()), everybody
    else:
        assert rule.years_low is not None
        assert rule.years_high is not None
        entry = careers(scenario).entry
        known = entry >= 0
        entry = np.where(known, entry, scenario.start.toordinal())
        begins, ends = (shifted(entry, YEAR_MONTHS * k) for k in (rule.years_low - 1, rule.years_high))
        yield Span(begins, ends - 1), known
