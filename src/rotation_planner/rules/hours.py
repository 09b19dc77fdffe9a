"""Hours in five years, or in each year.

In words
    Every selected cadre who serves long enough reaches the hours due in a window: the horizon, or each calendar year
    of it. Hours due and the cap on supplements go by days of service, rounded down. The opening balance counts in the
    first window, passed records on their day, sessions on their last. Supplements (channels so listed, and study
    without a session) count together up to the cap.

In formulas
    1000 * sum of hours[s] * attend[c, s] + 1000 * counted[c] + due[c] * short[c]  >=  1000 * (due[c] - fixed[c])
    counted[c]  <=  sum of hours[s] * attend[c, s] over supplements + study[c]
    0 <= counted[c], study[c] <= cap[c] - supplements on record;  short[c] in 0..1000 (per mille of the hours due)
        for every such cadre c and window, over sessions s that end in it;  fixed: opening balance and records
    goal `duties`: weight * (key_factor for key posts) * short[c];  goal `cost`: price * study[c]
"""

from __future__ import annotations

import numpy as np

from rotation_planner.domain.policy import Hours
from rotation_planner.program import Kind
from rotation_planner.rules.amounts import Counts, add_owed, gather
from rotation_planner.rules.base import Model
from rotation_planner.rules.service import long_enough, service_days
from rotation_planner.rules.windows import YEAR_MONTHS, Span, calendar_year, same_for_all

PARAMETERS = Hours
KIND = Kind.DUTY
MISSION = ("M2", "M14", "M16")
LAST = False


def rows(rule: Hours, model: Model) -> None:
    """Add columns and rows of every window."""
    scenario = model.candidates.scenario
    start, end = scenario.start.toordinal(), scenario.end.toordinal()
    supplement = model.of_course(lambda c: c.channel in rule.supplements).astype(bool)
    hours = model.of_session(lambda c: c.hours).astype(np.int64)
    of_session, of_record = supplement[model.candidates.sessions.course], supplement[model.records.course]
    full, extra = (
        (hours * (of_session == part), model.records.hours * (of_record == part)) for part in (False, True)
    )
    if rule.window == "horizon":
        _add(rule, model, same_for_all(model, start, end, name="horizon"), full, extra)
        return
    for year in scenario.years:
        first, last = calendar_year(year)
        span = same_for_all(model, max(start, first), min(end, last), YEAR_MONTHS, str(year))
        _add(rule, model, span, full, extra)


def _add(rule: Hours, model: Model, span: Span, full: Counts, extra: Counts) -> None:
    """Add columns and rows of one window."""
    scenario, cadres = model.candidates.scenario, model.candidates.cadres
    length = span.last - span.first + 1
    days = service_days(model, span.first, span.last)
    months = rule.min_service_months if span.months is None else min(rule.min_service_months, span.months)
    owes = model.selected(rule.who) & long_enough(days, months, length)
    if rule.window == "horizon":
        owes &= ~cadres.joined_late
    due, cap = rule.hours * days // length, rule.supplement_cap_hours * days // length
    fixed = np.zeros(len(days), np.int64)
    if rule.carry_opening:
        fixed[span.first == scenario.start.toordinal()] = 1
        fixed *= scenario["cadres"].column("opening_hours")
    add_owed(rule, model, gather(model, span, np.where(owes, due, 0), cap, fixed, full, extra), rule.free_study)
