"""Share of content in what a cadre attends.

In words
    Of the hours of all sessions of chosen courses that a cadre attends over the horizon, and of the passed records of
    such courses (those of the horizon, and of so many months before it), the content asked for has at least the share
    asked for. What is missing is counted in per mille of what `per_hours` hours require. Whoever serves too short is
    exempt. Study without a session has no content and does not count.

In formulas
    1000 * sum of hours[s] * (share[s] - per_mille) * attend[c, s] + per_mille * per_hours * short[c]
        >=  -1000 * sum of hours[r] * (share[r] - per_mille) over records r of c      for every such cadre c
    short[c] >= 0 (per mille);  goal `duties`: weight * (key_factor for key posts) * short[c]
"""

from __future__ import annotations

import numpy as np

from rotation_planner.compile.candidates import day_number
from rotation_planner.domain.policy import CadreContent
from rotation_planner.domain.scenario import add_months
from rotation_planner.program import Kind
from rotation_planner.rules.base import Model
from rotation_planner.rules.service import long_enough, service_days, weights
from rotation_planner.rules.shares import Scale, surplus

PARAMETERS = CadreContent
KIND = Kind.DUTY
MISSION = ("M7", "M20")
LAST = False


def rows(rule: CadreContent, model: Model) -> None:
    """Add one shortfall column and one row per cadre who could fall short."""
    candidates, cadres, n = model.candidates, model.candidates.cadres, len(model.candidates.cadres.ids)
    first, last = day_number(candidates.scenario.start), day_number(candidates.scenario.end)
    owes = model.selected(rule.who)
    owes &= long_enough(service_days(model, first, last), rule.min_service_months, last - first + 1)
    above = surplus(rule, model)
    fixed = _records(rule, model, above)
    points = (above * model.of_course(lambda c: c.hours).astype(np.int64))[candidates.sessions.course]
    some = np.flatnonzero((points[candidates.session] != 0) & owes[candidates.cadre])
    gain = points[candidates.session[some]]
    model.useful[some[(gain > 0) & (fixed[candidates.cadre[some]] < 0)]] = True
    best, worst = (
        fixed + np.bincount(candidates.cadre[some], weights=side, minlength=n).astype(np.int64)
        for side in (np.maximum(0, gain), np.minimum(0, gain))
    )
    kept = owes & (worst < 0)
    owner = np.flatnonzero(kept)
    some, gain = some[kept[candidates.cadre[some]]], gain[kept[candidates.cadre[some]]]
    row, attend = (np.cumsum(kept) - 1)[candidates.cadre[some]], model.attend[some]
    scale, m, fixed = Scale.of(rule.per_mille, rule.per_hours), len(owner), fixed[owner]

    def where(i: int) -> tuple[str, ...]:
        return cadres.ids[owner[i]], "horizon"

    short = model.builder.add_columns(
        f"{rule.label}.short", scale.short(-best[owner]), scale.short(-worst[owner]), where, owner=owner, size=m
    )
    model.builder.add_rows(
        rule.label, KIND, m, [(row, attend, scale.each * gain), (np.arange(m), short, scale.full)], where,
        low=-scale.each * fixed,
    )
    model.builder.add_goal("duties", short, weights(rule, model)[owner])

    def complete(x: np.ndarray) -> None:
        have = fixed + np.bincount(row, weights=gain * x[attend], minlength=m).astype(np.int64)
        x[short] = scale.short(-have)

    model.completions.append(complete)


def _records(rule: CadreContent, model: Model, above: np.ndarray) -> np.ndarray:
    """What each cadre's records give above the share asked for, in per mille of an hour."""
    scenario, records = model.candidates.scenario, model.records
    oldest, last = day_number(add_months(scenario.start, -rule.history_months)), day_number(scenario.end)
    counts = (records.day >= oldest) & (records.day <= last)
    weight = (above[records.course] * records.hours)[counts]
    n = len(model.candidates.cadres.ids)
    found: np.ndarray = np.bincount(records.cadre[counts], weights=weight, minlength=n).astype(np.int64)
    return found
