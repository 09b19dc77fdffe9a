"""Cycles of validity.

In words
    From the day on which the first training is due, every selected cadre holds a valid completion on every day of
    service. A completion is valid from its own day, so many months long. With the anchor `expiry`, one done in the last
    `early_months` before an expiry counts from that expiry; done earlier or after a lapse it counts from its own day.
    Where completions (those on record included) can be counted in several ways, the best for the cadre stands. First
    due: so long after the entry into service or the first event of a listed kind; with no date of entry the cadre is
    there from the start. Whoever lapses starts afresh with the next training. What is missed are the days lapsed.

In formulas
    lapse[c, g] + sum of attend[c, s] over sessions s valid in g + sum of renew[c, e] over expiries e valid in g  >=  1
        for every stretch of days g between the days on which a validity begins or ends
    renew[c, e] <= sum of attend[c, s] over s expiring at e + sum of renew[c, e'] over e' + months = e
    renew[c, e] <= sum of attend[c, s] over s completed in the last early_months before e      (valid from e on)
    due[c] * short[c]  >=  1000 * sum of days[g] * lapse[c, g],  short[c] in 0..1000 (per mille of the days due)
    due[c] * short[c] + 1000 * sum of days gained * attend[c, s] + 1000 * sum of days gained * renew[c, e]  >=
        1000 * days not valid by record      (follows from the rest; it says which session serves)
    goal `duties`: weight * (key_factor for key posts) * short[c]
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rotation_planner.domain.policy import EVERYONE, Cycle
from rotation_planner.program import Kind
from rotation_planner.rules.base import Model, iso
from rotation_planner.rules.events import ENTRY, events_of, shifted
from rotation_planner.rules.renewals import SPAN, Validity, add_validity, key
from rotation_planner.rules.service import long_enough, service_days, weights
from rotation_planner.rules.stacks import expand
from rotation_planner.rules.which import chosen

PARAMETERS = Cycle
KIND = Kind.DUTY
MISSION = ("M2", "M5")
LAST = False

WINDOW = "horizon"
"""What a shortfall is named after, beside the cadre."""


@dataclass(frozen=True)
class Stretches:
    """Days on which nothing on record is valid, cut where a validity begins or ends.

    Attributes
    ----------
    cadre, first, days : int arrays
        Whose, first day, number of days.
    interval, stretch : int arrays
        Pairs: this validity holds in this stretch.
    """

    cadre: np.ndarray
    first: np.ndarray
    days: np.ndarray
    interval: np.ndarray
    stretch: np.ndarray


def rows(rule: Cycle, model: Model) -> None:
    """Add shortfalls, lapses, renewals, and the rows that tie them together."""
    candidates, sessions, cadres = model.candidates, model.candidates.sessions, model.candidates.cadres
    since, end = _due_since(rule, model), cadres.service_end
    which = chosen(model, rule.which)
    serves = np.flatnonzero(which[sessions.course[candidates.session]])
    owner = candidates.cadre[serves]
    serves = serves[(since < end)[owner] & (sessions.end[candidates.session[serves]] < end[owner])]
    found = add_validity(rule, model, which, serves, since < end)
    parts = _stretches(found, since, end)
    lacking = np.bincount(parts.cadre, weights=parts.days, minlength=len(end)).astype(np.int64)
    model.useful[serves[lacking[candidates.cadre[serves]] > 0]] = True
    _add(rule, model, found, parts, lacking, end - since)


def _due_since(rule: Cycle, model: Model) -> np.ndarray:
    """First day on which a completion must be valid, per cadre; the end of service where none need be."""
    cadres, scenario = model.candidates.cadres, model.candidates.scenario
    first, last = scenario.start.toordinal(), scenario.end.toordinal()
    served = service_days(model, first, last)
    owes = (served > 0) & long_enough(served, rule.min_service_months, last - first + 1)
    if rule.events:
        started = events_of(model, rule.events, rule.who).firsts()
        owes &= np.isin(np.arange(len(owes)), started.cadre)
    else:
        started = events_of(model, (ENTRY,), EVERYONE).lasts()
        owes &= model.selected(rule.who)
    since = cadres.service_start.copy()
    since[started.cadre] = np.maximum(since[started.cadre], shifted(started.day, rule.first_months))
    return np.where(owes, np.minimum(since, cadres.service_end), cadres.service_end)


def _stretches(found: Validity, since: np.ndarray, end: np.ndarray) -> Stretches:
    """Cut the days on which a validity is due."""
    first, until = np.maximum(found.first, since[found.cadre]), np.minimum(found.until, end[found.cadre])
    some = np.flatnonzero(first < until)
    begins, ends = key(found.cadre[some], first[some]), key(found.cadre[some], until[some])
    owing = np.flatnonzero(since < end)
    cuts = np.unique(np.concatenate([begins, ends, key(owing, since[owing]), key(owing, end[owing])]))
    entry, at = expand(np.searchsorted(cuts, begins), np.searchsorted(cuts, ends))
    interval = some[at]
    cadre, day = cuts // SPAN, cuts % SPAN
    bare = day < end[cadre]
    on_record = found.column[interval] < 0
    bare[entry[on_record]] = False
    number = np.cumsum(bare) - 1
    days = np.diff(day, append=0)
    pairs = ~on_record & bare[entry]
    return Stretches(cadre[bare], day[bare], days[bare], interval[pairs], number[entry[pairs]])


def _add(
    rule: Cycle, model: Model, found: Validity, parts: Stretches, lacking: np.ndarray, due: np.ndarray
) -> None:
    """Add lapses and shortfalls."""
    builder, ids = model.builder, model.candidates.cadres.ids
    attend, n = found.column[parts.interval], len(parts.cadre)
    reachable = np.bincount(parts.stretch, minlength=n) > 0
    some = np.flatnonzero(reachable)
    owner, first = parts.cadre[some], parts.first[some]
    lapse = builder.add_columns(
        f"{rule.label}.lapse", 0, 1, lambda i: (ids[owner[i]], iso(first[i])), owner=owner, size=len(some)
    )
    number = np.cumsum(reachable) - 1
    builder.add_rows(
        f"{rule.label}.valid", Kind.LINK, len(some),
        [(np.arange(len(some)), lapse, 1), (number[parts.stretch], attend, 1)],
        lambda i: (ids[owner[i]], iso(first[i])), low=1,
    )
    owing = np.flatnonzero(lacking)
    place = np.cumsum(lacking > 0) - 1
    least = np.bincount(parts.cadre[~reachable], weights=parts.days[~reachable], minlength=len(due)).astype(np.int64)
    lost, days = least[owing], due[owing]
    short = builder.add_columns(
        f"{rule.label}.short", -(-1000 * lost // days), -(-1000 * lacking[owing] // days),
        lambda i: (ids[owing[i]], WINDOW), owner=owing, size=len(owing),
    )
    builder.add_goal("duties", short, weights(rule, model)[owing])
    open_ = np.flatnonzero(lacking[owing] > lost)
    row = (np.cumsum(lacking[owing] > lost) - 1)[place[owner]]
    gained, at = np.unique(parts.interval, return_inverse=True)
    gain = np.bincount(at, weights=parts.days[parts.stretch], minlength=len(gained)).astype(np.int64)
    builder.add_rows(
        f"{rule.label}.short", Kind.LINK, len(open_),
        [(np.arange(len(open_)), short[open_], days[open_]), (row, lapse, -1000 * parts.days[some])],
        lambda i: (ids[owing[open_[i]]], WINDOW), low=1000 * lost[open_],
    )
    to_row = (np.cumsum(lacking[owing] > lost) - 1)[place[found.cadre[gained]]]
    builder.add_rows(
        rule.label, KIND, len(open_),
        [(np.arange(len(open_)), short[open_], days[open_]), (to_row, found.column[gained], 1000 * gain)],
        lambda i: (ids[owing[open_[i]]], WINDOW), low=1000 * lacking[owing[open_]],
    )

    def complete(x: np.ndarray) -> None:
        valid = np.bincount(parts.stretch, weights=x[attend], minlength=n) > 0
        x[lapse] = ~valid[some]
        gone = np.bincount(parts.cadre[~valid], weights=parts.days[~valid], minlength=len(due)).astype(np.int64)
        x[short] = -(-1000 * gone[owing] // days)

    model.completions.append(complete)
