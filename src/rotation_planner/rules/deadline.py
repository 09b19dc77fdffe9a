"""Deadlines after an event.

In words
    Within so many months after an event of a listed kind (and no more than so many before it) the cadre attends one
    session of a listed kind of course, long enough. Events count whose last day lies in the horizon, of a cadre
    selected on the day of the event who still serves on that last day. A passed record may fulfil it.

In formulas
    sum of attend[c, s] over sessions s of listed kinds, days >= min_days, start[s] >= date - months_before,
        end[s] <= date + months_after    + short[e]  >=  1    for every such event e of cadre c
    short[e] in {0, 1};  goal `duties`: 1000 * weight * (key_factor for key posts) * short[e]
"""

from __future__ import annotations

import datetime as dt

import numpy as np

from rotation_planner.domain.policy import Deadline
from rotation_planner.domain.scenario import add_months
from rotation_planner.program import Kind
from rotation_planner.rules.base import Model, iso
from rotation_planner.rules.covering import add_binary_duty
from rotation_planner.rules.records import ordinals, positions
from rotation_planner.rules.service import weights
from rotation_planner.rules.stacks import expand

PARAMETERS = Deadline
KIND = Kind.DUTY
MISSION = ("M2", "M5")
LAST = False


def rows(rule: Deadline, model: Model) -> None:
    """Add one shortfall column and one row per event."""
    candidates, sessions, cadres = model.candidates, model.candidates.sessions, model.candidates.cadres
    cadre, kind, day = _events(rule, model)
    first, last = _shifted(day, -rule.months_before), _shifted(day, rule.months_after)
    scenario = candidates.scenario
    due = (last >= scenario.start.toordinal()) & (last <= scenario.end.toordinal())
    due &= (last >= cadres.service_start[cadre]) & (last < cadres.service_end[cadre])
    fits = model.of_course(lambda c: c.kind in rule.course_kinds and c.days >= rule.min_days).astype(bool)
    records = model.records
    of_record = np.argsort(records.cadre, kind="stable")
    owner = records.cadre[of_record]
    entry, event = expand(np.searchsorted(owner, cadre, side="left"), np.searchsorted(owner, cadre, side="right"))
    record = of_record[entry]
    done = fits[records.course[record]] & (records.day[record] >= first[event]) & (records.day[record] <= last[event])
    due[event[done]] = False
    cadre, kind, day, first, last = cadre[due], kind[due], day[due], first[due], last[due]
    candidate, event = expand(
        np.searchsorted(candidates.cadre, cadre, side="left"), np.searchsorted(candidates.cadre, cadre, side="right")
    )
    session = candidates.session[candidate]
    serves = fits[sessions.course[session]]
    serves &= (sessions.start[session] >= first[event]) & (sessions.end[session] <= last[event])
    candidate, event = candidate[serves], event[serves]
    model.useful[candidate] = True
    add_binary_duty(
        model, rule.label, cadre, weights(rule, model)[cadre], event, candidate,
        lambda i: (cadres.ids[cadre[i]], str(kind[i]), iso(day[i])),
    )


def _events(rule: Deadline, model: Model) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cadre, kind and day of the events that start the clock, of cadres selected on that day."""
    table = model.candidates.scenario["events"]
    keep = np.isin(table.column("kind").astype(str), rule.events)
    cadre = positions(model.candidates.cadres.ids, table.column("cadre")[keep])
    kind, day = table.column("kind")[keep], ordinals(table.column("date")[keep])
    order = np.lexsort((kind.astype(str), day, cadre))
    cadre, kind, day = cadre[order], kind[order], day[order]
    # The selector asks for one day per cadre: ask for the first event of everybody, then the second, and so on.
    turn = np.arange(len(cadre)) - np.searchsorted(cadre, cadre, side="left")
    selected = np.zeros(len(cadre), bool)
    for k in range(int(turn.max(initial=-1)) + 1):
        now = turn == k
        days = model.candidates.cadres.service_start.copy()
        days[cadre[now]] = day[now]
        selected[now] = model.selected(rule.who, days)[cadre[now]]
    return cadre[selected], kind[selected], day[selected]


def _shifted(day: np.ndarray, months: int) -> np.ndarray:
    """Days so many months later."""
    distinct, inverse = np.unique(day, return_inverse=True)
    moved = [add_months(dt.date.fromordinal(int(d)), months).toordinal() for d in distinct]
    return np.array(moved, np.int64)[inverse]
