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

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np

from rotation_planner.domain.policy import Hours
from rotation_planner.program import Kind
from rotation_planner.program.program import INF
from rotation_planner.rules.base import Model, StudyColumns
from rotation_planner.rules.service import long_enough, service_days, weights

PARAMETERS = Hours
KIND = Kind.DUTY
MISSION = ("M2", "M14", "M16")
LAST = False

YEAR_MONTHS = 12


@dataclass(frozen=True)
class Window:
    """What is owed in one window, and what can give it.

    Attributes
    ----------
    name : str
        ``horizon`` or the year.
    owner, due, rest, room : int arrays, one per cadre who owes
        Cadre, hours due, hours missing after opening balance and records, supplements that may still count.
    full, extra : (place, candidate, hours)
        Candidates that count in full, and as supplements; ``place`` is a position in ``owner``.
    """

    name: str
    owner: np.ndarray
    due: np.ndarray
    rest: np.ndarray
    room: np.ndarray
    full: tuple[np.ndarray, np.ndarray, np.ndarray]
    extra: tuple[np.ndarray, np.ndarray, np.ndarray]

    def sums(self, of: tuple[np.ndarray, np.ndarray, np.ndarray], taken: np.ndarray | None = None) -> np.ndarray:
        """Hours per place, of all candidates or of those taken (0/1 per candidate of ``of``)."""
        place, _, hours = of
        weight = hours if taken is None else hours * taken
        return np.bincount(place, weights=weight, minlength=len(self.owner)).astype(np.int64)


def rows(rule: Hours, model: Model) -> None:
    """Add columns and rows of every window."""
    scenario = model.candidates.scenario
    start, end = scenario.start.toordinal(), scenario.end.toordinal()
    if rule.window == "horizon":
        _add(rule, model, _read(rule, model, "horizon", start, end))
        return
    for year in scenario.years:
        first, last = dt.date(year, 1, 1).toordinal(), dt.date(year, 12, 31).toordinal()
        _add(rule, model, _read(rule, model, str(year), max(start, first), min(end, last)))


def _read(rule: Hours, model: Model, name: str, first: int, last: int) -> Window:
    """What is owed between two days, and by whom; marks what is useful for it."""
    candidates, sessions, cadres = model.candidates, model.candidates.sessions, model.candidates.cadres
    n, length = len(cadres.ids), last - first + 1
    days = service_days(model, first, last)
    due, cap = rule.hours * days // length, rule.supplement_cap_hours * days // length
    months = rule.min_service_months
    if rule.window == "year":
        months = min(months, YEAR_MONTHS)
    owes = model.selected(rule.who) & long_enough(days, months, length)
    if rule.window == "horizon":
        owes &= ~cadres.joined_late
    supplement = model.of_course(lambda c: c.channel in rule.supplements).astype(bool)
    records = model.records
    inside = (records.day >= first) & (records.day <= last)
    fixed, extra = (
        np.bincount(records.cadre[some], weights=records.hours[some], minlength=n).astype(np.int64)
        for some in (inside & ~supplement[records.course], inside & supplement[records.course])
    )
    if rule.carry_opening and first == model.candidates.scenario.start.toordinal():
        fixed += model.candidates.scenario["cadres"].column("opening_hours")
    rest, room = due - fixed - np.minimum(cap, extra), np.maximum(0, cap - extra)
    owes &= rest > 0
    hours = model.of_session(lambda c: c.hours).astype(np.int64)
    ends = (sessions.end >= first) & (sessions.end <= last) & (hours > 0)
    serves = np.flatnonzero(ends[candidates.session] & owes[candidates.cadre])
    model.useful[serves] = True
    owner = np.flatnonzero(owes)
    place = (np.cumsum(owes) - 1)[candidates.cadre[serves]]
    session = candidates.session[serves]
    capped = supplement[sessions.course[session]]
    counts = capped & (room[owner][place] > 0)
    full, part = (
        (place[some], serves[some], hours[session[some]]) for some in (~capped, counts)
    )
    return Window(name, owner, due[owner], rest[owner], room[owner], full, part)


def _add(rule: Hours, model: Model, window: Window) -> None:
    """Add shortfalls, study hours, counted supplements, and the rows that tie them together."""
    builder, owner, due, rest = model.builder, window.owner, window.due, window.rest
    n = len(owner)
    most = np.minimum(window.room, rest)
    by_study = (most > 0) & rule.free_study
    by_session = np.bincount(window.extra[0], minlength=n) > 0
    reach = window.room if rule.free_study else np.minimum(window.room, window.sums(window.extra))
    least = np.maximum(0, rest - window.sums(window.full) - reach)

    short = _columns(rule, model, window, "short", np.ones(n, bool), -(-1000 * least // due), -(-1000 * rest // due))
    study = _columns(rule, model, window, "study", by_study, np.zeros(n, np.int64), most)
    counted = _columns(rule, model, window, "counted", by_session, np.zeros(n, np.int64), most)
    builder.add_goal("duties", short, weights(rule, model)[owner])

    place, candidate, hours = window.extra
    _rows(rule, model, window, f"{rule.label}.counted", by_session, [
        (by_session, counted, 1),
        (by_session & by_study, study, -1),
        (place, model.attend[candidate], -np.minimum(hours, most[place])),
    ], high=np.zeros(n, np.int64))
    place, candidate, hours = window.full
    _rows(rule, model, window, rule.label, by_study | by_session | (np.bincount(place, minlength=n) > 0), [
        (place, model.attend[candidate], 1000 * np.minimum(hours, rest[place])),
        (by_session, counted, 1000),
        (by_study & ~by_session, study, 1000),
        (np.ones(n, bool), short, due),
    ], low=1000 * rest)

    def taken(of: tuple[np.ndarray, np.ndarray, np.ndarray], x: np.ndarray) -> np.ndarray:
        return window.sums(of, x[model.attend[of[1]]])

    def choose(x: np.ndarray) -> None:
        wanted = np.minimum(rest - taken(window.full, x), window.room) - taken(window.extra, x)
        x[study[by_study]] = np.clip(wanted, 0, most)[by_study]

    def complete(x: np.ndarray) -> None:
        extra = taken(window.extra, x)
        extra[by_study] += x[study[by_study]]
        extra = np.minimum(extra, most)
        x[counted[by_session]] = extra[by_session]
        missing = np.maximum(0, rest - taken(window.full, x) - extra)
        x[short] = -(-1000 * missing // due)

    model.completions.append(complete)
    if by_study.any():
        model.studies.append(StudyColumns(rule.label, window.name, study[by_study], owner[by_study], choose))


def _columns(
    rule: Hours, model: Model, window: Window, name: str, some: np.ndarray, lower: np.ndarray, upper: np.ndarray
) -> np.ndarray:
    """Add a column for some of those who owe; one entry per place, -1 where there is none."""
    ids, places = model.candidates.cadres.ids, np.flatnonzero(some)
    columns = np.full(len(some), -1)
    columns[places] = model.builder.add_columns(
        f"{rule.label}.{name}", lower[places], upper[places],
        lambda i: (ids[window.owner[places[i]]], window.name), owner=window.owner[places], size=len(places),
    )
    return columns


def _rows(
    rule: Hours,
    model: Model,
    window: Window,
    name: str,
    some: np.ndarray,
    entries: list[tuple[np.ndarray, np.ndarray, Any]],
    low: np.ndarray | None = None,
    high: np.ndarray | None = None,
) -> None:
    """Add a row for some of those who owe. An entry names its places, or is a mask over all with a column per place."""
    ids, places = model.candidates.cadres.ids, np.flatnonzero(some)
    row = np.cumsum(some) - 1
    found = []
    for place, columns, coefs in entries:
        if place.dtype == bool:
            place = place & some
            columns, coefs = columns[place], np.broadcast_to(coefs, len(place))[place]
            place = np.flatnonzero(place)
        found.append((row[place], columns, coefs))
    model.builder.add_rows(
        name, KIND if name == rule.label else Kind.LINK, len(places), found,
        lambda i: (ids[window.owner[places[i]]], window.name),
        low=-INF if low is None else low[places], high=INF if high is None else high[places],
    )
