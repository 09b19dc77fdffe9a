"""How many people each unit releases on each day."""

from __future__ import annotations

import numpy as np

from rotation_planner.domain.policy import UnitRelease
from rotation_planner.rules.base import Model
from rotation_planner.rules.records import ordinals, positions


class Release:
    """Persons a unit may have away: usually, and in its busy periods.

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
        strength = np.bincount(home[model.selected(rule.who)], minlength=len(units))
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
        found[order] = persons
        return found
