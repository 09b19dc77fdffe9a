"""Groups of cadres, year by year."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from rotation_planner.compile.career import Management, careers, index_of
from rotation_planner.domain.policy import GroupShare
from rotation_planner.rules.base import Model
from rotation_planner.rules.records import positions
from rotation_planner.rules.service import long_enough, service_days

YEARS = 10_000
"""Years fit below, so a cadre and a year sort as one number."""
EVERYBODY = "all"


@dataclass(frozen=True)
class Groups:
    """Who belongs to which group in which year.

    Attributes
    ----------
    names : list of (id, year)
        One per group and year; groups without people are left out.
    cadre, group, year : int arrays
        Memberships.
    """

    names: list[tuple[str, str]]
    cadre: np.ndarray
    group: np.ndarray
    year: np.ndarray


def read_groups(rule: GroupShare, model: Model) -> Groups:
    """Groups of every calendar year of the horizon."""
    scenario, cadres = model.candidates.scenario, model.candidates.cadres
    start, end = scenario.start.toordinal(), scenario.end.toordinal()
    names: list[tuple[str, str]] = []
    parts = [(np.zeros(0, np.int64),) * 3]
    split = _Split(rule, model)
    for year in scenario.years:
        first = max(start, dt.date(year, 1, 1).toordinal())
        last = min(end, dt.date(year, 12, 31).toordinal())
        days = service_days(model, first, last)
        day = np.maximum(cadres.service_start, first)
        there = (days > 0) & long_enough(days, rule.min_service_months, last - first + 1)
        cadre, of = split.members(np.flatnonzero(there & model.selected(rule.who, day)), day)
        found, group = np.unique(of, return_inverse=True)
        parts.append((cadre, group + len(names), np.full(len(cadre), year)))
        names += [(split.ids[g], str(year)) for g in found]
    cadre, group, years = (np.concatenate(part).astype(np.int64) for part in zip(*parts, strict=True))
    return Groups(names, cadre, group, years)


class _Split:
    """Splits cadres into groups."""

    def __init__(self, rule: GroupShare, model: Model) -> None:
        scenario = model.candidates.scenario
        self._per = rule.per
        self._careers = careers(scenario)
        posts, units = list(scenario["posts"]), index_of(scenario["units"].tolist("id"))
        self.ids = [EVERYBODY]
        self._of_post = np.zeros(len(posts), np.int64)
        if rule.per == "unit":
            self.ids = list(units)
            self._of_post = np.array([units[p.unit] for p in posts], np.int64)
        elif rule.per == "authority":
            management = Management(scenario)
            self.ids = list(management.position)
            self._of_post = np.array([management.manager(p, units[p.unit]) for p in posts], np.int64)
        elif rule.per == "team":
            self.ids = scenario["teams"].tolist("id")
            members = [sorted(set(m)) for m in scenario["teams"].tolist("members")]
            flat = np.array([c for m in members for c in m], object)
            self._in_team = positions(model.candidates.cadres.ids, flat)
            self._team = np.repeat(np.arange(len(members)), [len(m) for m in members])

    def members(self, cadre: np.ndarray, day: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Cadres with the groups they belong to on their days (one day per cadre of the scenario)."""
        if self._per == "team":
            some = np.isin(self._in_team, cadre)
            return self._in_team[some], self._team[some]
        return cadre, self._of_post[self._careers.post_on(cadre, day[cadre])]


def year_of(day: np.ndarray) -> np.ndarray:
    """Calendar year of each day (ordinal)."""
    distinct, inverse = np.unique(day, return_inverse=True)
    return np.array([dt.date.fromordinal(int(d)).year for d in distinct], np.int64)[inverse]
