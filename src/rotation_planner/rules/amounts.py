"""An amount owed in a window: shortfalls, what counts only up to a cap, and the rows that tie them together.

In formulas
    1000 * (sum of full[s] * attend[c, s] + counted[c]) + due[c] * short[c]  >=  1000 * rest[c]
    counted[c]  <=  sum of extra[s] * attend[c, s] + study[c]
    0 <= counted[c], study[c] <= room[c];  short[c] in 0..1000 (per mille of what is due)
        over sessions s that end in the window;  rest: what is due less records;  room: the cap less records
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from rotation_planner.domain.policy import DutyParameters
from rotation_planner.program import Kind
from rotation_planner.program.program import INF
from rotation_planner.rules.base import Model, StudyColumns
from rotation_planner.rules.service import weights
from rotation_planner.rules.windows import Span

Parts = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Place, candidate, amount: attending as this candidate counts so much at this place."""

Counts = tuple[np.ndarray, np.ndarray]
"""What each session and each record counts, in steps."""


@dataclass(frozen=True)
class Owed:
    """What is owed in one window, and what can give it.

    Attributes
    ----------
    span : Span
        The window.
    owner, due, rest, room : int arrays, one per place (a cadre who owes)
        Cadre, what is due (units), what is missing at the start (steps), what may still count as extra (steps).
    full, extra : (place, candidate, amount)
        Candidates that count in full, and those that count together up to ``room`` (steps).
    steps : int
        Steps that make one unit; a divisor of 1000.
    """

    span: Span
    owner: np.ndarray
    due: np.ndarray
    rest: np.ndarray
    room: np.ndarray
    full: Parts
    extra: Parts
    steps: int

    def sums(self, of: Parts, taken: np.ndarray | None = None) -> np.ndarray:
        """Amount at each place, of all candidates or of those taken (0/1 per candidate of ``of``)."""
        place, _, amount = of
        weight = amount if taken is None else amount * taken
        return np.bincount(place, weights=weight, minlength=len(self.owner)).astype(np.int64)

    def missing(self, amount: np.ndarray) -> np.ndarray:
        """Per mille of what is due that an amount (steps) is, rounded up."""
        share: np.ndarray = -(-(1000 // self.steps) * amount // self.due)
        return share


def on_record(model: Model, span: Span, counts: Counts) -> np.ndarray:
    """What the records of each cadre count in the window (steps)."""
    records = model.records
    inside = (records.day >= span.first[records.cadre]) & (records.day <= span.last[records.cadre])
    amount = np.bincount(records.cadre[inside], weights=counts[1][inside], minlength=len(span.first))
    return amount.astype(np.int64)


def gather(
    model: Model, span: Span, due: np.ndarray, cap: np.ndarray, fixed: np.ndarray, full: Counts, extra: Counts,
    steps: int = 1,
) -> Owed:
    """What is owed after history, by whom, and the candidates that can give it; marks these as useful.

    Parameters
    ----------
    due, cap, fixed : int arrays, one per cadre
        Units due (0: nothing), most that counts as extra, and what counts without a record (steps).
    """
    candidates = model.candidates
    passed, beside = (on_record(model, span, counts) for counts in (full, extra))
    rest, room = steps * due - fixed - passed - np.minimum(cap, beside), np.maximum(0, cap - beside)
    owes = (due > 0) & (rest > 0)
    serves = np.flatnonzero(owes[candidates.cadre] & ((full[0] > 0) | (extra[0] > 0))[candidates.session])
    cadre, end = candidates.cadre[serves], candidates.sessions.end[candidates.session[serves]]
    serves = serves[(end >= span.first[cadre]) & (end <= span.last[cadre])]
    model.useful[serves] = True
    owner = np.flatnonzero(owes)
    place, session = (np.cumsum(owes) - 1)[candidates.cadre[serves]], candidates.session[serves]
    in_full, in_part = full[0][session] > 0, (extra[0][session] > 0) & (room[owner][place] > 0)
    return Owed(
        span, owner, due[owner], rest[owner], room[owner],
        (place[in_full], serves[in_full], full[0][session[in_full]]),
        (place[in_part], serves[in_part], extra[0][session[in_part]]), steps,
    )


def add_owed(rule: DutyParameters, model: Model, owed: Owed, free_study: bool = False) -> None:
    """Add shortfalls, study (if there is any), what is counted of the extras, and the rows that tie them together."""
    builder, owner, due, rest = model.builder, owed.owner, owed.due, owed.rest
    n, scale = len(owner), 1000 // owed.steps
    most = np.minimum(owed.room, rest)
    by_study = (most > 0) & free_study
    by_session = np.bincount(owed.extra[0], minlength=n) > 0
    reach = owed.room if free_study else np.minimum(owed.room, owed.sums(owed.extra))
    least = np.maximum(0, rest - owed.sums(owed.full) - reach)
    none = np.zeros(n, np.int64)

    short = owed_columns(rule, model, owed, "short", np.ones(n, bool), owed.missing(least), owed.missing(rest))
    study = owed_columns(rule, model, owed, "study", by_study, none, most) if free_study else none
    counted = owed_columns(rule, model, owed, "counted", by_session, none, most)
    builder.add_goal("duties", short, weights(rule, model)[owner])

    place, candidate, amount = owed.extra
    owed_rows(rule, model, owed, f"{rule.label}.counted", by_session, [
        (by_session, counted, 1),
        (by_session & by_study, study, -1),
        (place, model.attend[candidate], -np.minimum(amount, most[place])),
    ], high=none)
    place, candidate, amount = owed.full
    owed_rows(rule, model, owed, rule.label, by_study | by_session | (np.bincount(place, minlength=n) > 0), [
        (place, model.attend[candidate], scale * np.minimum(amount, rest[place])),
        (by_session, counted, scale),
        (by_study & ~by_session, study, scale),
        (np.ones(n, bool), short, due),
    ], low=scale * rest)

    def taken(of: Parts, x: np.ndarray) -> np.ndarray:
        return owed.sums(of, x[model.attend[of[1]]])

    def choose(x: np.ndarray) -> None:
        wanted = np.minimum(rest - taken(owed.full, x), owed.room) - taken(owed.extra, x)
        x[study[by_study]] = np.clip(wanted, 0, most)[by_study]

    def complete(x: np.ndarray) -> None:
        extra = taken(owed.extra, x)
        extra[by_study] += x[study[by_study]]
        extra = np.minimum(extra, most)
        x[counted[by_session]] = extra[by_session]
        x[short] = owed.missing(np.maximum(0, rest - taken(owed.full, x) - extra))

    model.completions.append(complete)
    if by_study.any():
        model.studies.append(StudyColumns(rule.label, owed.span.name, study[by_study], owner[by_study], choose))


def owed_columns(
    rule: DutyParameters, model: Model, owed: Owed, name: str, some: np.ndarray, lower: np.ndarray, upper: np.ndarray
) -> np.ndarray:
    """Add a column for some of those who owe; one entry per place, -1 where there is none."""
    ids, places = model.candidates.cadres.ids, np.flatnonzero(some)
    columns = np.full(len(some), -1)
    columns[places] = model.builder.add_columns(
        f"{rule.label}.{name}", lower[places], upper[places],
        lambda i: (ids[owed.owner[places[i]]], owed.span.name_of(owed.owner[places[i]])), owner=owed.owner[places],
        size=len(places),
    )
    return columns


def owed_rows(
    rule: DutyParameters,
    model: Model,
    owed: Owed,
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
        name, Kind.DUTY if name == rule.label else Kind.LINK, len(places), found,
        lambda i: (ids[owed.owner[places[i]]], owed.span.name_of(owed.owner[places[i]])),
        low=-INF if low is None else low[places], high=INF if high is None else high[places],
    )
