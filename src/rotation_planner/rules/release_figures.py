"""How many people each unit releases on each day."""

from __future__ import annotations

import numpy as np

from rotation_planner.compile.candidates import Candidates
from rotation_planner.domain.policy import UnitRelease
from rotation_planner.program.distinct import distinct
from rotation_planner.rules.base import Model
from rotation_planner.rules.records import ordinals, positions

FEW = 20
"""So many people of a unit, or fewer, in another part of the body than most of it may all be away, as far as the limit
allows: a part of the limit by their number would be nobody."""

DAYS = {"day": 1, "week": 7, "month": 31}
"""Days, at most, of a period of the rule."""


class Release:
    """Persons a unit may have away: usually, and in its busy periods.

    In a program of a part of the body, a unit of whose people some are in another part has a part of its limit there,
    by the number of people. The parts add up to no more than the limit.

    Attributes
    ----------
    usual : int array, one per unit
        Persons outside busy periods.
    busy_unit, busy_first, busy_last, busy_release : int arrays
        Busy periods.
    """

    def __init__(self, rule: UnitRelease, model: Model) -> None:
        scenario = model.candidates.scenario
        units, posts, table = scenario["units"], scenario["posts"], scenario["busy"]
        of_post = positions(units.tolist("id"), posts.column("unit"))
        home = of_post[positions(posts.tolist("id"), scenario["cadres"].column("post"))]
        chosen = model.selected(rule.who)
        strength = model.over_all(f"{rule.label} strength", np.bincount(home[chosen], minlength=len(units)))
        own_share, own_least = (
            units.tolist(name) if rule.own_figures else [None] * len(units)
            for name in ("release_per_mille", "release_at_least")
        )
        share = np.array([rule.per_mille if v is None else v for v in own_share], np.int64)
        least = np.array([rule.at_least if v is None else v for v in own_least], np.int64)
        self.usual = np.maximum(least, strength * share // 1000)
        self.busy_unit = positions(units.tolist("id"), table.column("unit"))
        self.busy_first, self.busy_last = ordinals(table.column("start")), ordinals(table.column("end"))
        self.busy_release = table.column("release").astype(np.int64)
        candidates = model.candidates
        n = max(1, len(candidates.cadres.ids))
        pairs = distinct((candidates.unit.astype(np.int64) * n + candidates.cadre)[chosen[candidates.cadre]])
        people = np.bincount(pairs // n, minlength=len(units))
        sent = _most_sent(rule, candidates, np.flatnonzero(candidates.must & chosen[candidates.cadre]), len(units))
        self._people = np.stack([people, np.where(people <= FEW, people, 0), sent])
        self._all = model.over_all(f"{rule.label} people", self._people)
        if (parted := self._people[0] < self._all[0]).any():
            model.parted[rule.label] = frozenset(np.array(units.tolist("id"), object)[parted])

    def on(self, unit: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Persons each unit releases on a day: the least of its busy periods, if any, else the usual."""
        order = np.argsort(unit, kind="stable")
        at, when = unit[order], day[order]
        persons = self.usual[at].copy()
        busy = np.zeros(len(at), bool)
        periods = zip(self.busy_unit, self.busy_first, self.busy_last, self.busy_release, strict=True)
        for u, first, last, n in periods:
            here = slice(*np.searchsorted(at, [u, u + 1]))
            during = (when[here] >= first) & (when[here] <= last)
            persons[here] = np.where(during, np.where(busy[here], np.minimum(persons[here], n), n), persons[here])
            busy[here] |= during
        found: np.ndarray = np.empty_like(persons)
        found[order] = self._part(at, persons)
        return found

    def _part(self, unit: np.ndarray, persons: np.ndarray) -> np.ndarray:
        """The share of this part in the persons whom units release, and its own whom commitments send away."""
        mine, all_ = self._people[:, unit], self._all[:, unit]
        # Where not all of them could be away at once, nothing is kept for them.
        kept = all_[2] <= persons
        left = np.where(kept, persons - all_[2], persons)
        even = left * mine[0] // np.maximum(1, all_[0])
        rest = (left - all_[1]) * mine[0] // np.maximum(1, all_[0] - all_[1])
        uneven = np.where(mine[1] > 0, mine[1], rest)
        part = np.where(2 * all_[1] <= left, uneven, even) + kept * mine[2]
        found: np.ndarray = np.where(mine[0] == all_[0], persons, part)
        return found


def _most_sent(rule: UnitRelease, candidates: Candidates, sent: np.ndarray, n: int) -> np.ndarray:
    """Most attendances in one period that commitments ask of each of n units, at most: sessions count as unbroken."""
    sessions = candidates.sessions
    low = np.searchsorted(sessions.run_session, candidates.session[sent], side="left")
    past = np.searchsorted(sessions.run_session, candidates.session[sent], side="right")
    first = sessions.run_start[low] - candidates.travel_days[sent]
    after = sessions.run_end[past - 1] + candidates.travel_days[sent] + DAYS[rule.per]
    unit = np.tile(candidates.unit[sent], 2)
    step = np.repeat([1, -1], len(sent))
    order = np.lexsort((step, np.concatenate([first, after]), unit))
    most = np.zeros(n, np.int64)
    # Each unit's steps add up to nothing: one sum serves all.
    np.maximum.at(most, unit[order], np.cumsum(step[order]))
    return most
