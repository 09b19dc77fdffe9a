"""Deadlines after an event.

In words
    Within so many months after an event of a listed kind (and no more than so many before it) the cadre attends one
    session of a listed kind of course, long enough for the level of the post held on the day of the event. Planned
    events count like past ones, the date of entry is an event of the kind entry. Events count whose last day lies in
    the horizon, of a cadre selected on the day of the event who still serves on that last day. A passed record may
    fulfil it.

In formulas
    sum of attend[c, s] over sessions s of listed kinds, days >= least[e], start[s] >= date - months_before,
        end[s] <= date + months_after    + short[e]  >=  1    for every such event e of cadre c
    least[e]: of the highest level in min_days_by_level not above that of c's post on the date; without one min_days
    short[e] in {0, 1};  goal `duties`: 1000 * weight * (key_factor for key posts) * short[e]
"""

from __future__ import annotations

import numpy as np

from rotation_planner.compile.career import careers
from rotation_planner.domain.policy import Deadline
from rotation_planner.program import Kind
from rotation_planner.rules.base import Model, iso
from rotation_planner.rules.covering import add_binary_duty
from rotation_planner.rules.events import Events, events_of, shifted
from rotation_planner.rules.service import weights
from rotation_planner.rules.stacks import expand

PARAMETERS = Deadline
KIND = Kind.DUTY
MISSION = ("M2", "M5")
LAST = False


def rows(rule: Deadline, model: Model) -> None:
    """Add one shortfall column and one row per event."""
    candidates, sessions, cadres = model.candidates, model.candidates.sessions, model.candidates.cadres
    events = events_of(model, rule.events, rule.who)
    cadre, kind, day, least = events.cadre, events.kind, events.day, _least_days(rule, model, events)
    first, last = shifted(day, -rule.months_before), shifted(day, rule.months_after)
    scenario = candidates.scenario
    due = (last >= scenario.start.toordinal()) & (last <= scenario.end.toordinal())
    due &= (last >= cadres.service_start[cadre]) & (last < cadres.service_end[cadre])
    fits = model.of_course(lambda c: c.kind in rule.course_kinds).astype(bool)
    days = model.of_course(lambda c: c.days).astype(np.int64)
    records = model.records
    of_record = np.argsort(records.cadre, kind="stable")
    owner = records.cadre[of_record]
    entry, event = expand(np.searchsorted(owner, cadre, side="left"), np.searchsorted(owner, cadre, side="right"))
    record = of_record[entry]
    done = fits[records.course[record]] & (days[records.course[record]] >= least[event])
    done &= (records.day[record] >= first[event]) & (records.day[record] <= last[event])
    due[event[done]] = False
    cadre, kind, day, first, last, least = (part[due] for part in (cadre, kind, day, first, last, least))
    candidate, event = expand(
        np.searchsorted(candidates.cadre, cadre, side="left"), np.searchsorted(candidates.cadre, cadre, side="right")
    )
    session = candidates.session[candidate]
    course = sessions.course[session]
    serves = fits[course] & (days[course] >= least[event])
    serves &= (sessions.start[session] >= first[event]) & (sessions.end[session] <= last[event])
    candidate, event = candidate[serves], event[serves]
    model.useful[candidate] = True
    add_binary_duty(
        model, rule.label, cadre, weights(rule, model)[cadre], event, candidate,
        lambda i: (cadres.ids[cadre[i]], str(kind[i]), iso(day[i])),
    )


def _least_days(rule: Deadline, model: Model, events: Events) -> np.ndarray:
    """Days a course must have, per event."""
    if not rule.min_days_by_level:
        return np.full(len(events.cadre), rule.min_days)
    scenario = model.candidates.scenario
    rank = {level.id: level.rank for level in scenario["levels"]}
    steps = sorted((rank[level], days) for level, days in rule.min_days_by_level.items())
    posts = np.array([rank[level] for level in scenario["posts"].tolist("level")], np.int64)
    held = posts[careers(scenario).post_on(events.cadre, events.day)]
    days = np.array([rule.min_days, *(days for _, days in steps)], np.int64)
    least: np.ndarray = days[np.searchsorted([r for r, _ in steps], held, side="right")]
    return least
