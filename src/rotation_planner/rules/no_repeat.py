"""No repeats.

In words
    Nobody attends what an earlier attended session stands for (the same course, an equivalent, one it may replace)
    while that is valid: until so many months after its end, or for ever. With the same start, either may be the
    earlier. Where the rule limits overlap, so is a course of which the earlier one gives more than that part: as the
    course's `overlaps` says, else by hours of the subjects that both have; equivalents of either are alike. What is on
    record keeps the cadre from being a candidate at all.

In formulas
    sum of attend[c, s] over sessions s of K  <=  1    for every cadre c, every set K of sessions that repeat one
        another pairwise; K covers all pairs (a, b) where a's course stands for b's or overlap(a, b) is above
        overlap_per_mille, start[a] <= start[b], and start[b] < end[a] + validity[a] (months) or validity[a] = 0
    overlap(a, b) = sum of min(share[a, k] * hours[a], share[b, k] * hours[b]) over subjects k / hours[b]
"""

from __future__ import annotations

import datetime as dt

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from rotation_planner.compile.candidates import Sessions, day_number
from rotation_planner.compile.overlap import overlapping
from rotation_planner.domain.policy import NoRepeat
from rotation_planner.domain.scenario import add_months
from rotation_planner.program import Kind
from rotation_planner.rules.base import Model
from rotation_planner.rules.cliques import add_at_most_one
from rotation_planner.rules.stacks import Stacks, expand, strongest

PARAMETERS = NoRepeat
KIND = Kind.LIMIT
MISSION = ("M8",)
LAST = False

FOREVER = 1 << 30


def rows(rule: NoRepeat, model: Model) -> None:
    """Add one row per cadre and set of sessions of which only one may be attended."""
    candidates = model.candidates
    some, adjacent = repeats(rule, model)
    session, clique = _cover(adjacent)
    session = some[session]
    first = np.searchsorted(session, candidates.session, side="left")
    past = np.searchsorted(session, candidates.session, side="right")
    selected = model.selected(rule.who)[candidates.cadre]
    entry, candidate = expand(first, np.where(selected, past, first))
    n = int(clique.max(initial=0)) + 1
    key, row = np.unique(candidates.cadre[candidate].astype(np.int64) * n + clique[entry], return_inverse=True)
    none = np.zeros(len(key), np.int64)
    found = Stacks(key // n, none, none, row, candidate)
    found = found.keep(np.bincount(row, minlength=len(key)) > 1)
    found = found.keep(strongest(found.row, found.item, found.high))
    order = np.argsort(found.row, kind="stable")
    ends = np.cumsum(np.bincount(found.row, minlength=len(found.group)))
    ids = candidates.sessions.ids
    begin = np.concatenate([[0], ends])

    def where(i: int) -> tuple[str, ...]:
        members = candidates.session[found.item[order[begin[i]:begin[i + 1]]]]
        return candidates.cadres.ids[found.group[i]], *(ids[s] for s in members)

    add_at_most_one(model, rule.label, found, where)


def repeats(rule: NoRepeat, model: Model) -> tuple[np.ndarray, np.ndarray]:
    """Sessions of courses that hang together with those of candidates, and which of them forbid one another.

    Returns
    -------
    some : int array
        Sessions, ascending. Courses that hang together are all there or none, so that sets of sessions that repeat one
        another do not depend on whose program it is.
    adjacent : bool array [one of these, one of these]
        Symmetric: attending one forbids the other.
    """
    candidates = model.candidates
    sessions: Sessions = candidates.sessions
    stands = candidates.satisfies
    if rule.overlap_per_mille is not None:
        stands = stands | overlapping(candidates.courses, rule.overlap_per_mille)
    together = connected_components(sparse.csr_array(stands), directed=False)[1]
    used = np.unique(together[sessions.course[np.unique(candidates.session)]])
    some = np.flatnonzero(np.isin(together[sessions.course], used))
    start, end, course = sessions.start[some], sessions.end[some], sessions.course[some]
    months = model.of_session(lambda c: c.validity_months)[some]
    until = np.full(len(some), FOREVER, np.int64)
    for s in np.flatnonzero(months):
        until[s] = day_number(add_months(_date(end[s]), int(months[s])))
    follows = (start[:, None] <= start[None, :]) & (start[None, :] < until[:, None])
    follows &= stands[np.ix_(course, course)]
    np.fill_diagonal(follows, False)
    return some, follows | follows.T


def _date(day: int) -> dt.date:
    return dt.date.fromordinal(int(day))


def _cover(adjacent: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Cliques that cover every pair: session and clique of each membership, sorted by session.

    Greedy: from each pair not yet covered a clique grows over later sessions, those of uncovered pairs first.
    """
    uncovered = np.triu(adjacent)
    members: list[np.ndarray] = []
    for s in range(len(adjacent)):
        while uncovered[s].any():
            grown = [s]
            common = adjacent[s].copy()
            common[: s + 1] = False
            while common.any():
                fresh = common & uncovered[s]
                t = int(np.argmax(fresh)) if fresh.any() else int(np.argmax(common))
                grown.append(t)
                common &= adjacent[t]
            chosen = np.sort(grown)
            uncovered[np.ix_(chosen, chosen)] = False
            members.append(chosen)
    session = np.concatenate(members) if members else np.zeros(0, np.int64)
    clique = np.repeat(np.arange(len(members)), [len(m) for m in members])
    order = np.argsort(session, kind="stable")
    return session[order], clique[order]
