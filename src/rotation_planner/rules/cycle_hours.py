"""Hours in each cycle of fixed dates.

In words
    Cycles of so many months follow one another from a date of the cadre's own: the first passed record of a course of
    `origin`; without that, the first event of a listed kind, or the entry into service. In each cycle whose last day
    lies in the horizon, on whose last day the cadre still serves, and of whose days in the horizon the cadre serves
    enough, trainings inside it (sessions from first to last day, passed records on their day) of the courses named,
    each of at least so many hours, add up to the hours due. Cycles do not move, however early or late the hours are
    gathered.

In formulas
    1000 * sum of hours[s] * attend[c, s] + hours * short[c, w]  >=  1000 * (hours - hours on record in w)
        over sessions s inside w, hours[s] >= min_block_hours, for every cadre c and such cycle w
    short[c, w] in 0..1000 (per mille of the hours due)
    goal `duties`: weight * (key_factor for key posts) * short[c, w]
"""

from __future__ import annotations

import numpy as np

from rotation_planner.domain.policy import EVERYONE, CourseSelector, CycleHours
from rotation_planner.program import Kind
from rotation_planner.rules.base import Model, iso
from rotation_planner.rules.events import ENTRY, events_of, shifted
from rotation_planner.rules.service import weights
from rotation_planner.rules.stacks import expand
from rotation_planner.rules.which import chosen

PARAMETERS = CycleHours
KIND = Kind.DUTY
MISSION = ("M2", "M5")
LAST = False

MONTH_DAYS = 30
"""Days of service that stand for a month."""
SPAN = 10_000_000
"""Days fit well below, so a cadre and a day sort as one number."""


def rows(rule: CycleHours, model: Model) -> None:
    """Add a shortfall and a row per cadre and cycle that ends in the horizon."""
    candidates, sessions, cadres = model.candidates, model.candidates.sessions, model.candidates.cadres
    cadre, first, past = _cycles(rule, model)
    which = chosen(model, rule.which)
    rest = rule.hours - _on_record(rule, model, which, cadre, first, past)
    owes = rest > 0
    cadre, first, past, rest, n = cadre[owes], first[owes], past[owes], rest[owes], int(owes.sum())
    hours = model.of_session(lambda c: c.hours).astype(np.int64)
    fits = which[sessions.course] & (hours >= rule.min_block_hours)
    candidate, cycle = expand(
        np.searchsorted(candidates.cadre, cadre, side="left"), np.searchsorted(candidates.cadre, cadre, side="right")
    )
    session = candidates.session[candidate]
    serves = fits[session] & (sessions.start[session] >= first[cycle]) & (sessions.end[session] < past[cycle])
    candidate, cycle, session = candidate[serves], cycle[serves], session[serves]
    model.useful[candidate] = True
    reach = np.bincount(cycle, weights=hours[session], minlength=n).astype(np.int64)
    ids = cadres.ids

    def where(i: int) -> tuple[str, ...]:
        return ids[cadre[i]], iso(past[i] - 1)

    short = model.builder.add_columns(
        f"{rule.label}.short", -(-1000 * np.maximum(0, rest - reach) // rule.hours), -(-1000 * rest // rule.hours),
        where, owner=cadre, size=n,
    )
    model.builder.add_goal("duties", short, weights(rule, model)[cadre])
    some = np.flatnonzero(reach)
    row = np.cumsum(reach > 0) - 1
    model.builder.add_rows(
        rule.label, KIND, len(some),
        [
            (row[cycle], model.attend[candidate], 1000 * np.minimum(hours[session], rest[cycle])),
            (np.arange(len(some)), short[some], rule.hours),
        ],
        lambda i: where(int(some[i])), low=1000 * rest[some],
    )

    def complete(x: np.ndarray) -> None:
        got = np.bincount(cycle, weights=hours[session] * x[model.attend[candidate]], minlength=n).astype(np.int64)
        x[short] = -(-1000 * np.maximum(0, rest - got) // rule.hours)

    model.completions.append(complete)


def _cycles(rule: CycleHours, model: Model) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cadre, first day, first day after, of every cycle that ends in the horizon while the cadre serves."""
    scenario, cadres = model.candidates.scenario, model.candidates.cadres
    cadre, begin = _origins(rule, model)
    start, end = scenario.start.toordinal(), scenario.end.toordinal()
    found = [(np.zeros(0, np.int64),) * 3]
    turn, some = 0, np.ones(len(cadre), bool)
    while some.any():
        # Always counted from the origin: 29 February comes round again.
        first, past = shifted(begin, turn * rule.months), shifted(begin, (turn + 1) * rule.months)
        some = past - 1 <= end
        served = (past - 1 >= cadres.service_start[cadre]) & (past - 1 < cadres.service_end[cadre])
        inside = past - np.maximum(first, start)
        days = past - np.maximum(np.maximum(first, start), cadres.service_start[cadre])
        served &= days >= np.minimum(MONTH_DAYS * rule.min_service_months, inside)
        kept = some & served & (past - 1 >= start)
        found.append((cadre[kept], first[kept], past[kept]))
        turn += 1
    cadre, first, past = (np.concatenate(part) for part in zip(*found, strict=True))
    order = np.lexsort((first, cadre))
    return cadre[order], first[order], past[order]


def _origins(rule: CycleHours, model: Model) -> tuple[np.ndarray, np.ndarray]:
    """Cadres with the day from which their cycles run."""
    if rule.origin is None:
        found = events_of(model, rule.events or (ENTRY,), rule.who if rule.events else EVERYONE)
        found = found.firsts() if rule.events else found.lasts()
        if rule.events:
            return found.cadre, found.day
        selected = model.selected(rule.who)[found.cadre]
        return found.cadre[selected], found.day[selected]
    return _first_records(rule.origin, rule, model)


def _first_records(origin: CourseSelector, rule: CycleHours, model: Model) -> tuple[np.ndarray, np.ndarray]:
    """The first passed record of a course of origin, of every cadre selected."""
    records = model.records
    some = chosen(model, origin)[records.course] & model.selected(rule.who)[records.cadre]
    day = np.full(len(model.candidates.cadres.ids), SPAN)
    np.minimum.at(day, records.cadre[some], records.day[some])
    cadre = np.flatnonzero(day < SPAN)
    return cadre, day[cadre]


def _on_record(
    rule: CycleHours, model: Model, which: np.ndarray, cadre: np.ndarray, first: np.ndarray, past: np.ndarray
) -> np.ndarray:
    """Hours that the records give in each cycle."""
    records = model.records
    counts = which[records.course] & (records.hours >= rule.min_block_hours)
    order = np.flatnonzero(counts)
    order = order[np.lexsort((records.day[order], records.cadre[order]))]
    stamp = records.cadre[order].astype(np.int64) * SPAN + records.day[order]
    entry, cycle = expand(np.searchsorted(stamp, cadre * SPAN + first), np.searchsorted(stamp, cadre * SPAN + past))
    return np.bincount(cycle, weights=records.hours[order[entry]], minlength=len(cadre)).astype(np.int64)
