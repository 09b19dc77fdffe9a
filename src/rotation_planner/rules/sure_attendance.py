"""Sure attendance.

In words
    Every selected cadre (holders of key posts, if nothing else is said) attends one session of a chosen course, or of
    one that stands for it, that ends by the last day and before the service does. A passed record counts if it lies
    between the start and the last day, or before the start and is still valid then. Who serves too little of that
    time owes nothing; nor does who would have to attend only after the horizon.

In formulas
    sum of attend[c, s] over sessions s of such courses with end[s] <= last[c], end[s] < end of c's service
        + short[c]  >=  1    for every cadre c who owes it;  short[c] in {0, 1}
    last[c] = by, or the day before (start[c] + months), or the end of the horizon
    goal `duties`: 1000 * weight * (key_factor for key posts) * level_priority * category_priority * (10,000 if hard)
        * short[c]
"""

from __future__ import annotations

import datetime as dt

import numpy as np

from rotation_planner.compile.career import careers
from rotation_planner.domain.parameters.posts import HARD_FACTOR
from rotation_planner.domain.policy import SureAttendance
from rotation_planner.domain.scenario import add_months
from rotation_planner.program import Kind
from rotation_planner.rules.base import Model, iso
from rotation_planner.rules.covering import add_binary_duty
from rotation_planner.rules.service import weights
from rotation_planner.rules.which import chosen

PARAMETERS = SureAttendance
KIND = Kind.DUTY
MISSION = ("M12",)
LAST = False

RECORD_MONTHS = 60
"""How far back a completion without an end of validity counts, before the horizon."""


def rows(rule: SureAttendance, model: Model) -> None:
    """Add one shortfall column and one row per cadre who is to attend."""
    candidates, cadres = model.candidates, model.candidates.cadres
    last = _last_days(rule, model)
    end = candidates.scenario.end.toordinal()
    window = cadres.service_start if rule.months is not None else candidates.scenario.start.toordinal()
    served = np.maximum(0, np.minimum(cadres.service_end, last + 1) - cadres.service_start)
    due = model.selected(rule.who) & (last <= end) & (served > 0)
    due &= served >= np.minimum(30 * rule.min_service_months, last - window + 1)
    fits = np.asarray(candidates.satisfies[:, chosen(model, rule.which)].any(axis=1))
    due[_done(model, fits, last)] = False
    owing = np.flatnonzero(due)
    ends = candidates.sessions.end[candidates.session]
    serves = due[candidates.cadre] & (ends <= np.minimum(last, cadres.service_end - 1)[candidates.cadre])
    if len(serves):
        serves &= fits[candidates.sessions.course[candidates.session]]
    some = np.flatnonzero(serves)
    model.useful[some] = True
    position = np.cumsum(due) - 1
    add_binary_duty(
        model, rule.label, owing, (weights(rule, model) * _priority(rule, model))[owing],
        position[candidates.cadre[some]], some, lambda i: (cadres.ids[owing[i]], iso(last[owing[i]])),
    )


def _last_days(rule: SureAttendance, model: Model) -> np.ndarray:
    """The last day of each cadre."""
    start = model.candidates.cadres.service_start
    if rule.months is not None:
        distinct, inverse = np.unique(start, return_inverse=True)
        days = [add_months(dt.date.fromordinal(int(d)), rule.months).toordinal() - 1 for d in distinct]
        return np.array(days, np.int64)[inverse]
    day = model.candidates.scenario.end if rule.by is None else rule.by
    return np.full(len(start), day.toordinal(), np.int64)


def _done(model: Model, fits: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Cadres with a record that counts."""
    records, courses = model.records, model.candidates.courses
    first = model.candidates.cadres.service_start[records.cadre]
    oldest = add_months(model.candidates.scenario.start, -RECORD_MONTHS).toordinal()
    valid = records.day >= oldest
    for i, course in enumerate(courses):
        if course.validity_months and fits[i]:
            of = np.flatnonzero(records.course == i)
            done = (dt.date.fromordinal(int(d)) for d in records.day[of])
            until = [add_months(d, course.validity_months).toordinal() for d in done]
            valid[of] = first[of] < np.array(until, np.int64)
    counts = fits[records.course] & np.where(records.day < first, valid, records.day <= last[records.cadre])
    found: np.ndarray = np.unique(records.cadre[counts])
    return found


def _priority(rule: SureAttendance, model: Model) -> np.ndarray:
    """Factor on each cadre's weight."""
    scenario, cadres = model.candidates.scenario, model.candidates.cadres
    posts = list(scenario["posts"])
    post = careers(scenario).post_on(np.arange(len(cadres.ids)), cadres.service_start)
    level = np.array([rule.level_priority.get(p.level, 1) for p in posts], np.int64)
    of_post, own = (
        np.array([max((rule.category_priority.get(c, 1) for c in row), default=1) for row in of], np.int64)
        for of in ([p.categories for p in posts], scenario["cadres"].tolist("categories"))
    )
    factor: np.ndarray = level[post] * np.maximum(of_post[post], own) * (HARD_FACTOR if rule.hard else 1)
    return factor
