"""Precedence of call-ups.

In words
    Of the sessions that a cadre is promised to (`must` or `published`) by different callers (the owner of the course,
    else the authority of the institution), those that the rules in force do not allow together clash: shared days
    (one_place), days between or number in a year (call_ups), content (no_repeat). `must` comes before `published`, then
    the caller's rank, the kind of the course, the earlier start, the id decide. Taken in this order, a promise stands
    if it clashes with none that stands (or is a `must`); a `published` one that yields is not attended. Promises that
    the cadre may not keep (no candidate, or no approval) take no part.

In formulas
    attend[c, s] <= 0    for every cadre c and session s that is published for c and yields
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

import numpy as np

from rotation_planner.compile.candidates import Candidates
from rotation_planner.compile.career import Management
from rotation_planner.domain.policy import Approval, CallUps, NoRepeat, OnePlace, Precedence
from rotation_planner.program import Kind
from rotation_planner.rules.approval import lacking
from rotation_planner.rules.base import Model
from rotation_planner.rules.call_ups import counted
from rotation_planner.rules.no_repeat import repeats
from rotation_planner.rules.records import positions, positions_of_numbers
from rotation_planner.rules.stacks import expand

PARAMETERS = Precedence
KIND = Kind.LIMIT
MISSION = ("M9",)
LAST = False


@dataclass(frozen=True)
class Promises:
    """What cadres are promised to, sorted by cadre and precedence; arrays of equal length.

    ``candidate``, ``cadre`` and ``session`` are indices, ``must`` says that it binds, ``caller`` who calls up.
    """

    candidate: np.ndarray
    cadre: np.ndarray
    session: np.ndarray
    must: np.ndarray
    caller: np.ndarray


@dataclass(frozen=True)
class YearLimit:
    """Most call-ups of a cadre in a year: which promises count, and how many the records leave."""

    counts: np.ndarray
    year: np.ndarray
    most: int
    past: Counter[tuple[int, int]]

    def left(self, cadre: int, year: int) -> int:
        """Call-ups that the records leave in a year."""
        return self.most - self.past[cadre, year]


def rows(rule: Precedence, model: Model) -> None:
    """Add one row per promise that yields."""
    candidates = model.candidates
    lost = _yielding(_promises(rule, model), model)
    model.builder.add_rows(
        rule.label, KIND, len(lost), [(np.arange(len(lost)), model.attend[lost], 1)],
        lambda i: (
            candidates.cadres.ids[candidates.cadre[lost[i]]], candidates.sessions.ids[candidates.session[lost[i]]]
        ),
        high=0,
    )


def _promises(rule: Precedence, model: Model) -> Promises:
    """Promises that the cadres may keep."""
    candidates, sessions = model.candidates, model.candidates.sessions
    table = candidates.scenario["commitments"]
    kept = np.isin(table.column("kind"), ("must", "published")) & table.column("cadre").astype(bool)
    cadre = positions(candidates.cadres.ids, table.column("cadre")[kept])
    session = positions(sessions.ids, table.column("session")[kept])
    n = max(1, len(sessions.ids))
    keys = candidates.cadre.astype(np.int64) * n + candidates.session
    found = positions_of_numbers(keys, np.where(session < 0, -1, cadre * n + session))
    chosen = np.unique(found[found >= 0])
    able = model.selected(rule.who)[candidates.cadre[chosen]]
    if len(chosen):
        for other in candidates.scenario.policy.rules:
            if isinstance(other, Approval):
                able &= candidates.must[chosen] | ~lacking(other, model)[chosen]
    chosen = chosen[able]
    cadre, session, must = candidates.cadre[chosen], candidates.session[chosen], candidates.must[chosen]
    order = np.lexsort((_ranks(rule, candidates)[session], ~must, cadre))
    caller = sessions.payer[session]
    return Promises(chosen[order], cadre[order], session[order], must[order], caller[order])


def _ranks(rule: Precedence, candidates: Candidates) -> np.ndarray:
    """Place of each session in the order of precedence."""
    sessions, management = candidates.sessions, Management(candidates.scenario)
    listed = {id_: i for i, id_ in enumerate(rule.authorities)}
    first = [
        listed.get(id_, len(listed) + len(management.above(i))) for i, id_ in enumerate(management.position)
    ]
    kinds = {kind: i for i, kind in enumerate(rule.kinds)}
    order = sorted(
        range(len(sessions.ids)),
        key=lambda s: (
            first[sessions.payer[s]], kinds.get(candidates.courses[sessions.course[s]].kind, len(kinds)),
            sessions.start[s], sessions.ids[s],
        ),
    )
    rank = np.zeros(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return rank


def _yielding(promises: Promises, model: Model) -> np.ndarray:
    """Candidates published for a cadre that yield to another promise."""
    a, b = _clashes(promises, model)
    limits = _year_limits(promises, model)
    against: dict[int, list[int]] = {}
    for one, other in zip(a.tolist(), b.tolist(), strict=True):
        against.setdefault(other, []).append(one)
    crowded = {int(promises.cadre[i]) for i in against}
    for limit in limits:
        here = np.flatnonzero(limit.counts)
        number = Counter(zip(promises.cadre[here].tolist(), limit.year[here].tolist(), strict=True))
        crowded |= {cadre for (cadre, year), n in number.items() if n > limit.left(cadre, year)}
    lost: list[int] = []
    for cadre in sorted(crowded):
        first, past = np.searchsorted(promises.cadre, [cadre, cadre + 1])
        kept: set[int] = set()
        for i in range(int(first), int(past)):
            yields = not kept.isdisjoint(against.get(i, ())) or any(_over(i, kept, promises, y) for y in limits)
            if yields and not promises.must[i]:
                lost.append(i)
            else:
                kept.add(i)
    return promises.candidate[lost] if lost else np.zeros(0, np.int64)


def _over(i: int, kept: set[int], promises: Promises, limit: YearLimit) -> bool:
    """Whether a promise is one call-up too many beside those kept, some of another caller."""
    if not limit.counts[i]:
        return False
    beside = [k for k in kept if limit.counts[k] and limit.year[k] == limit.year[i]]
    full = len(beside) >= limit.left(int(promises.cadre[i]), int(limit.year[i]))
    return full and any(promises.caller[k] != promises.caller[i] for k in beside)


def _clashes(promises: Promises, model: Model) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of promises of one cadre, by different callers, that cannot both be kept; the first has precedence."""
    candidates, sessions = model.candidates, model.candidates.sessions
    n = len(promises.cadre)
    b, a = expand(np.arange(n) + 1, np.searchsorted(promises.cadre, promises.cadre, side="right"))
    differ = promises.caller[a] != promises.caller[b]
    a, b = a[differ], b[differ]
    s, t = promises.session[a], promises.session[b]
    clash = np.zeros(len(a), bool)
    for rule in candidates.scenario.policy.rules:
        if isinstance(rule, OnePlace):
            clash |= model.selected(rule.who)[promises.cadre[a]] & _share_days(
                promises.candidate[a], promises.candidate[b], candidates
            )
        elif isinstance(rule, CallUps):
            calls = counted(rule, model)[sessions.course]
            near = sessions.start[s] <= sessions.end[t] + rule.spacing_days
            near &= sessions.start[t] <= sessions.end[s] + rule.spacing_days
            clash |= model.selected(rule.who)[promises.cadre[a]] & calls[s] & calls[t] & near
        elif isinstance(rule, NoRepeat) and len(a):
            some, adjacent = repeats(rule, model)
            repeated = adjacent[np.searchsorted(some, s), np.searchsorted(some, t)]
            clash |= model.selected(rule.who)[promises.cadre[a]] & repeated
    return a[clash], b[clash]


def _share_days(a: np.ndarray, b: np.ndarray, candidates: Candidates) -> np.ndarray:
    """Bool per pair of candidates: a day lies in a stretch of each, travel included."""
    sessions = candidates.sessions
    low, past = (
        np.searchsorted(sessions.run_session, np.arange(len(sessions.ids)), side=side) for side in ("left", "right")
    )
    first, pair = expand(low[candidates.session[a]], past[candidates.session[a]])
    second, place = expand(low[candidates.session[b]][pair], past[candidates.session[b]][pair])
    first, pair = first[place], pair[place]
    way = candidates.travel_days[a][pair].astype(np.int64) + candidates.travel_days[b][pair]
    share = (sessions.run_start[first] <= sessions.run_end[second] + way)
    share &= sessions.run_start[second] <= sessions.run_end[first] + way
    return np.bincount(pair[share], minlength=len(a)) > 0


def _year_limits(promises: Promises, model: Model) -> list[YearLimit]:
    """Limits on call-ups in a year."""
    sessions, records = model.candidates.sessions, model.records
    found = []
    for rule in model.candidates.scenario.policy.rules:
        if isinstance(rule, CallUps):
            calls = counted(rule, model)
            counts = calls[sessions.course[promises.session]] & model.selected(rule.who)[promises.cadre]
            past = Counter(
                (cadre, dt.date.fromordinal(day).year)
                for cadre, day in zip(
                    records.cadre[calls[records.course]].tolist(), records.day[calls[records.course]].tolist(),
                    strict=True,
                )
            )
            found.append(YearLimit(counts, sessions.year[promises.session], rule.max_per_year, past))
    return found
