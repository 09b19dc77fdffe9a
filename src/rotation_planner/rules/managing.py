"""Who manages whom on the day: managing authorities, and cadres selected on the first day of a session."""

from __future__ import annotations

import numpy as np

from rotation_planner.compile.career import Careers, Management, careers, index_of
from rotation_planner.domain.policy import EVERYONE, Selector
from rotation_planner.rules.base import Model


class Managing:
    """The managing authorities of a model's cadres.

    Attributes
    ----------
    beneath : bool array [authority, authority]
        The first is the second, or below it.
    """

    def __init__(self, model: Model) -> None:
        scenario = model.candidates.scenario
        management = Management(scenario)
        units = index_of(scenario["units"].tolist("id"))
        self._career: Careers = careers(scenario)
        self._of_post = np.array([management.manager(p, units[p.unit]) for p in scenario["posts"]], np.int64)
        n = len(scenario["authorities"])
        self.position = management.position
        self.beneath = np.zeros((n, n), bool)
        for a in range(n):
            self.beneath[a, management.above(a)] = True

    def on(self, cadre: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Authority (index) that manages each cadre on each day (arrays of equal length)."""
        managers: np.ndarray = self._of_post[self._career.post_on(cadre.astype(np.int64), day.astype(np.int64))]
        return managers


def selected_at_start(model: Model, who: Selector, some: np.ndarray) -> np.ndarray:
    """Bool per candidate of ``some``: the cadre is selected on the first day of the session.

    A selection is asked for all cadres at once, each on one day: as often as the cadre with most sessions has some.
    """
    if who == EVERYONE:
        return np.ones(len(some), bool)
    candidates = model.candidates
    cadre, start = candidates.cadre[some], candidates.sessions.start[candidates.session[some]]
    order = np.lexsort((start, cadre))
    turn = np.zeros(len(some), np.int64)
    first = np.concatenate([[True], cadre[order][1:] != cadre[order][:-1]])[: len(some)]
    at = np.arange(len(some))
    turn[order] = at - np.maximum.accumulate(np.where(first, at, 0))
    out = np.zeros(len(some), bool)
    day = candidates.cadres.service_start.copy()
    for k in range(int(turn.max(initial=-1)) + 1):
        now = np.flatnonzero(turn == k)
        day[cadre[now]] = start[now]
        out[now] = model.selected(who, day)[cadre[now]]
    return out
