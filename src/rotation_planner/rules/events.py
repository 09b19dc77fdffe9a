"""Events that start a clock, and days so many months later."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from rotation_planner.domain.policy import Selector
from rotation_planner.domain.scenario import add_months
from rotation_planner.rules.base import Model
from rotation_planner.rules.records import ordinals, positions

ENTRY = "entry"


@dataclass(frozen=True)
class Events:
    """Career events, arrays of equal length, by cadre, day and kind.

    Attributes
    ----------
    cadre, day : int arrays
        Index of the cadre; ordinal.
    kind : array of str
        What happens.
    """

    cadre: np.ndarray
    day: np.ndarray
    kind: np.ndarray

    def take(self, keep: np.ndarray) -> Events:
        """Some of them."""
        return Events(self.cadre[keep], self.day[keep], self.kind[keep])

    def firsts(self) -> Events:
        """The first of each cadre."""
        return self.take(np.unique(self.cadre, return_index=True)[1])

    def lasts(self) -> Events:
        """The last of each cadre."""
        return self.take(len(self.cadre) - 1 - np.unique(self.cadre[::-1], return_index=True)[1])


def events_of(model: Model, kinds: tuple[str, ...], who: Selector) -> Events:
    """Events of some kinds, of cadres selected on the day of the event. The date of entry is an event too."""
    candidates = model.candidates
    table, cadres = candidates.scenario["events"], candidates.scenario["cadres"]
    keep = np.isin(table.column("kind").astype(str), kinds)
    cadre = positions(candidates.cadres.ids, table.column("cadre")[keep])
    day, kind = ordinals(table.column("date")[keep]), table.column("kind")[keep].astype(str)
    if ENTRY in kinds:
        known = np.flatnonzero(~np.isnat(cadres.column("entered")))
        cadre = np.concatenate([cadre, known])
        day = np.concatenate([day, ordinals(cadres.column("entered")[known])])
        kind = np.concatenate([kind, np.full(len(known), ENTRY)])
    order = np.lexsort((kind, day, cadre))
    cadre, day, kind = cadre[order], day[order], kind[order]
    new = np.ones(len(cadre), bool)
    new[1:] = (cadre[1:] != cadre[:-1]) | (day[1:] != day[:-1]) | (kind[1:] != kind[:-1])
    found = Events(cadre, day, kind).take(new)
    return found.take(_selected(model, who, found))


def _selected(model: Model, who: Selector, found: Events) -> np.ndarray:
    """Bool per event: its cadre is selected on its day."""
    # The selector asks for one day per cadre: ask for the first event of everybody, then the second, and so on.
    turn = np.arange(len(found.cadre)) - np.searchsorted(found.cadre, found.cadre, side="left")
    selected = np.zeros(len(found.cadre), bool)
    for k in range(int(turn.max(initial=-1)) + 1):
        now = turn == k
        days = model.candidates.cadres.service_start.copy()
        days[found.cadre[now]] = found.day[now]
        selected[now] = model.selected(who, days)[found.cadre[now]]
    return selected


def shifted(day: np.ndarray, months: int) -> np.ndarray:
    """Days so many months later (earlier if negative)."""
    distinct, inverse = np.unique(day, return_inverse=True)
    moved = [add_months(dt.date.fromordinal(int(d)), months).toordinal() for d in distinct]
    return np.array(moved, np.int64)[inverse]
