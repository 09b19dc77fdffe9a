"""Who is away from work on which working days: candidates alike put together, so that few stretches stand for many."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rotation_planner.rules.base import Model
from rotation_planner.rules.stacks import Limit, Stacks, expand, stack
from rotation_planner.rules.working import WorkingDays


@dataclass(frozen=True)
class Bundles:
    """Memberships (candidate in group) with equal days away, in bundles.

    Attributes
    ----------
    candidate, bundle : int arrays
        Members, sorted by bundle.
    item, group, first, last : int arrays
        Working stretches: bundle, group, first and last working day.
    """

    candidate: np.ndarray
    bundle: np.ndarray
    item: np.ndarray
    group: np.ndarray
    first: np.ndarray
    last: np.ndarray

    def stack(self, limit: Limit | None = None, cuts: tuple[np.ndarray, np.ndarray] | None = None) -> Stacks:
        """Rows over candidates."""
        found = stack(self.item, self.group, self.first, self.last, limit, cuts)
        low = np.searchsorted(self.bundle, found.item, side="left")
        past = np.searchsorted(self.bundle, found.item, side="right")
        member, entry = expand(low, past)
        return Stacks(found.group, found.day, found.high, found.row[entry], self.candidate[member])


def bundle_absences(model: Model, days: WorkingDays, candidate: np.ndarray, group: np.ndarray) -> Bundles:
    """Bundle candidates of a group with the same session and the same way.

    Parameters
    ----------
    candidate, group : int arrays
        Memberships; a candidate may be in several groups.
    """
    candidates, sessions = model.candidates, model.candidates.sessions
    way = candidates.travel_days[candidate].astype(np.int64)
    key = (np.asarray(group, np.int64) * len(sessions.ids) + candidates.session[candidate]) * 16 + way
    keys, bundle = np.unique(key, return_inverse=True)
    order = np.argsort(bundle, kind="stable")
    session, travel = keys // 16 % max(1, len(sessions.ids)), keys % 16
    low = np.searchsorted(sessions.run_session, session, side="left")
    past = np.searchsorted(sessions.run_session, session, side="right")
    run, item = expand(low, past)
    first = days.on_or_after(sessions.run_start[run] - travel[item])
    last = days.on_or_before(sessions.run_end[run] + travel[item])
    works = first <= last
    item = item[works]
    return Bundles(
        candidate[order], bundle[order], item, keys[item] // 16 // max(1, len(sessions.ids)), first[works], last[works]
    )


def most_at_once(found: Stacks, owner: np.ndarray, load: np.ndarray, one_at_a_time: bool) -> np.ndarray:
    """Largest load of each row: of every person one absence at a time, where that is a rule; else of all."""
    n = len(found.high)
    if not one_at_a_time:
        return np.bincount(found.row, weights=load, minlength=n)
    key = found.row.astype(np.int64) * (int(owner.max(initial=0)) + 1) + owner
    order = np.lexsort((load, key))
    last = np.ones(len(key), bool)
    last[:-1] = key[order][1:] != key[order][:-1]
    top = order[last]
    return np.bincount(found.row[top], weights=load[top], minlength=n)
