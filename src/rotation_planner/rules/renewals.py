"""From when to when completions are valid, and renewals that count from the old expiry."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rotation_planner.domain.policy import Cycle
from rotation_planner.program import Kind
from rotation_planner.rules.base import Model, iso
from rotation_planner.rules.events import shifted
from rotation_planner.rules.stacks import expand

SPAN = 10_000_000
"""Days fit well below, so a cadre and a day sort as one number."""
ON_RECORD = -1


@dataclass(frozen=True)
class Validity:
    """Stretches of days on which a completion is valid, arrays of equal length.

    Attributes
    ----------
    cadre, first, until : int arrays
        Whose; first day valid; first day no longer valid.
    column : int array
        Column (attendance or renewal) that brings it about, -1 where the records do.
    """

    cadre: np.ndarray
    first: np.ndarray
    until: np.ndarray
    column: np.ndarray


def key(cadre: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Cadre and day as one number."""
    joined: np.ndarray = cadre.astype(np.int64) * SPAN + day
    return joined


def add_validity(
    rule: Cycle, model: Model, which: np.ndarray, serves: np.ndarray, owing: np.ndarray
) -> Validity:
    """Validity of every completion and of every renewal counted from an expiry; adds the renewals' columns and rows.

    Parameters
    ----------
    which : bool array, one per course
        Courses that renew.
    serves : int array
        Candidates of such courses, of cadres who owe.
    owing : bool array, one per cadre
        Who owes.
    """
    candidates, records = model.candidates, model.records
    past = which[records.course] & owing[records.cadre]
    cadre = np.concatenate([records.cadre[past], candidates.cadre[serves]]).astype(np.int64)
    day = np.concatenate([records.day[past], candidates.sessions.end[candidates.session[serves]]]).astype(np.int64)
    column = np.concatenate([np.full(int(past.sum()), ON_RECORD), model.attend[serves]])
    order = np.lexsort((day, cadre))
    done = Validity(cadre[order], day[order], shifted(day[order], rule.months), column[order])
    if rule.anchor == "completion":
        return done
    renewed = _add_renewals(rule, model, done)
    return Validity(
        *(np.concatenate(pair) for pair in (
            (done.cadre, renewed.cadre), (done.first, renewed.first), (done.until, renewed.until),
            (done.column, renewed.column),
        ))
    )


def _expiries(rule: Cycle, model: Model, done: Validity) -> tuple[np.ndarray, np.ndarray]:
    """Cadre and day of every expiry before which some completion may lie early enough to count from it."""
    end, completed = model.candidates.cadres.service_end, key(done.cadre, done.first)
    known = np.zeros(0, np.int64)
    cadre, day = done.cadre, done.until
    while len(day):
        some = day < end[cadre]
        new = np.setdiff1d(key(cadre[some], day[some]), known)
        cadre, day = new // SPAN, new % SPAN
        some = _early(rule, completed, cadre, day)[1] > _early(rule, completed, cadre, day)[0]
        known = np.union1d(known, new[some])
        cadre, day = cadre[some], shifted(day[some], rule.months)
    return known // SPAN, known % SPAN


def _early(
    rule: Cycle, completed: np.ndarray, cadre: np.ndarray, expiry: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Completions (a range of them, sorted) in the last months before each expiry."""
    return (
        np.searchsorted(completed, key(cadre, shifted(expiry, -rule.early_months))),
        np.searchsorted(completed, key(cadre, expiry)),
    )


def _add_renewals(rule: Cycle, model: Model, done: Validity) -> Validity:
    """Validity counted from expiries, with a column where the plan decides on it."""
    cadre, expiry = _expiries(rule, model, done)
    until, n = shifted(expiry, rule.months), len(expiry)
    names = key(cadre, expiry)
    early, of_early = expand(*_early(rule, key(done.cadre, done.first), cadre, expiry))
    # What makes a validity end on the day of the expiry: a completion, or a renewal from the expiry before.
    ending = key(done.cadre, done.until)
    order = np.argsort(ending, kind="stable")
    root, of_root = expand(
        np.searchsorted(ending[order], names, side="left"), np.searchsorted(ending[order], names, side="right")
    )
    root = order[root]
    after = np.searchsorted(names, key(cadre, until))
    before = np.flatnonzero((after < n) & (names[np.minimum(after, max(0, n - 1))] == key(cadre, until)))
    after = after[before]

    def spread(held: np.ndarray, taken: np.ndarray) -> np.ndarray:
        """Renewals that hold, given those held so far and the completions."""
        reached = np.bincount(of_root, weights=taken[root], minlength=n)
        reached += np.bincount(after, weights=held[before], minlength=n)
        in_time = np.bincount(of_early, weights=taken[early], minlength=n)
        return np.asarray((reached > 0) & (in_time > 0))

    def settle(taken: np.ndarray) -> np.ndarray:
        held = np.zeros(n, bool)
        while (held != (more := spread(held, taken))).any():
            held = more
        return held

    on_record = done.column == ON_RECORD
    fixed = settle(on_record)
    reached = np.bincount(of_root, weights=on_record[root], minlength=n) > 0
    reached |= np.bincount(after, weights=fixed[before], minlength=n) > 0
    in_time = np.bincount(of_early, weights=on_record[early], minlength=n) > 0
    ids = model.candidates.cadres.ids
    own = np.flatnonzero(~fixed)
    column = np.full(n, ON_RECORD)
    column[own] = model.builder.add_columns(
        f"{rule.label}.renew", 0, 1, lambda i: (ids[cadre[own[i]]], iso(expiry[own[i]])), owner=cadre[own],
        size=len(own),
    )
    for name, some, links in (
        ("expires", ~reached & ~fixed, [(of_root, done.column[root]), (after, column[before])]),
        ("early", ~in_time & ~fixed, [(of_early, done.column[early])]),
    ):
        _add_at_most(rule, model, name, cadre, expiry, np.flatnonzero(some), column, links)

    def complete(x: np.ndarray) -> None:
        taken = on_record.astype(np.int64)
        taken[~on_record] = x[done.column[~on_record]]
        x[column[own]] = settle(taken)[own]

    model.completions.append(complete)
    return Validity(cadre, expiry, until, column)


def _add_at_most(
    rule: Cycle,
    model: Model,
    name: str,
    cadre: np.ndarray,
    expiry: np.ndarray,
    some: np.ndarray,
    column: np.ndarray,
    links: list[tuple[np.ndarray, np.ndarray]],
) -> None:
    """Add a row for some renewals: at most the sum of what is linked to each."""
    ids = model.candidates.cadres.ids
    row = np.full(len(column), -1)
    row[some] = np.arange(len(some))
    entries: list[tuple[np.ndarray, np.ndarray, int]] = [(np.arange(len(some)), column[some], 1)]
    for of, linked in links:
        asked = row[of] >= 0
        entries.append((row[of[asked]], linked[asked], -1))
    model.builder.add_rows(
        f"{rule.label}.{name}", Kind.LINK, len(some), entries,
        lambda i: (ids[cadre[some[i]]], iso(expiry[some[i]])), high=0,
    )
