"""Money: what sessions cost, and which funds pay."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rotation_planner.domain.planning import Fund
from rotation_planner.rules.base import Model
from rotation_planner.rules.stacks import expand


@dataclass(frozen=True)
class Spend:
    """Spend of sessions as a linear function of columns; entries sorted by session.

    Attributes
    ----------
    session, column, yuan : int arrays
        Entries.
    """

    session: np.ndarray
    column: np.ndarray
    yuan: np.ndarray

    def of(self, sessions: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Entries of some sessions: position among these, column, yuan."""
        entry, position = expand(
            np.searchsorted(self.session, sessions, side="left"), np.searchsorted(self.session, sessions, side="right")
        )
        return position, self.column[entry], self.yuan[entry]


def spend_terms(model: Model) -> Spend:
    """What each session costs: what all its trainees cost alike by headcount, the rest by attendance."""
    candidates, sessions = model.candidates, model.candidates.sessions
    n = len(sessions.ids)
    least = np.full(n, np.iinfo(np.int64).max)
    np.minimum.at(least, candidates.session, candidates.cost_yuan)
    least = model.over_all("least cost", least, "min").copy()
    least[model.offered == 0] = 0
    rest = candidates.cost_yuan - least[candidates.session]
    each, some = np.flatnonzero(rest), np.flatnonzero(least)
    by_class, once = np.flatnonzero(sessions.cost_class_yuan), np.flatnonzero(sessions.cost_session_yuan)
    parts = [
        (candidates.session[each], model.attend[each], rest[each]),
        (by_class, model.classes[by_class], sessions.cost_class_yuan[by_class]),
    ]
    if len(some):
        parts.append((some, model.headcount[some], least[some]))
    if len(once):
        parts.append((once, model.open[once], sessions.cost_session_yuan[once]))
    session, column, yuan = (np.concatenate([p[i] for p in parts]).astype(np.int64) for i in range(3))
    order = np.argsort(session, kind="stable")
    return Spend(session[order], column[order], yuan[order])


def charged(model: Model, fund: Fund) -> np.ndarray:
    """Sessions charged to a fund: those of its payer that start in its year and fit its earmark."""
    sessions, scenario = model.candidates.sessions, model.candidates.scenario
    authority = scenario["authorities"].tolist("id").index(fund.authority)
    fits = (sessions.payer == authority) & (sessions.year == fund.year)
    if fund.earmark:
        fits &= np.isin(model.kinds, fund.earmark)[sessions.course]
    return np.flatnonzero(fits)
