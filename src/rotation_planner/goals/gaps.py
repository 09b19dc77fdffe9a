"""What posts require beyond what cadres hold, and what records and courses give of it."""

from __future__ import annotations

import numpy as np

from rotation_planner.compile.career import careers
from rotation_planner.domain.scenario import Scenario
from rotation_planner.rules.base import Model
from rotation_planner.rules.records import positions, positions_of_numbers
from rotation_planner.rules.stacks import expand

ALL = 5
"""Mastery that a course gives where it states none: as much as any post requires."""


def mastery(model: Model, competencies: list[str]) -> np.ndarray:
    """Mastery that each course gives of each competency; 0 where it does not teach it."""
    number = {c: i for i, c in enumerate(competencies)}
    given = np.zeros((len(model.candidates.courses), max(1, len(competencies))), np.int64)
    for i, course in enumerate(model.candidates.courses):
        for k in course.competencies:
            given[i, number[k]] = course.teaches.get(k, ALL)
    return given


class Gaps:
    """Gaps that the records leave open, one per cadre and competency.

    Attributes
    ----------
    cadre, competency, gap : int arrays
        Mastery missing before any training.
    best, total : int arrays
        Of what the records give, each at most the gap: the most and the sum.
    entry, candidate, gives : int arrays
        Gap, candidate that gives something of it, and how much, at most the gap.
    """

    def __init__(self, model: Model, competencies: list[str], given: np.ndarray) -> None:
        n = max(1, len(competencies))
        key, required = _required(model, competencies)
        holdings = model.candidates.scenario["holdings"]
        ids = model.candidates.cadres.ids
        held = positions(ids, holdings.column("cadre")) * n + positions(competencies, holdings.column("competency"))
        place = positions_of_numbers(key, held)
        np.subtract.at(required, place[place >= 0], holdings.column("mastery")[place >= 0])
        key, gap = key[required > 0], required[required > 0]
        cadre, competency = key // n, key % n
        best, total = _of_records(model, cadre, competency, gap, given)
        second = model.candidates.scenario.policy.need.second_per_mille
        open_ = (1000 - second) * best + second * total < 1000 * gap
        self.cadre, self.competency, self.gap = cadre[open_], competency[open_], gap[open_]
        self.best, self.total = best[open_], total[open_]
        owner = model.candidates.cadre
        candidate, entry = expand(
            np.searchsorted(owner, self.cadre, side="left"), np.searchsorted(owner, self.cadre, side="right")
        )
        course = model.candidates.sessions.course[model.candidates.session[candidate]]
        gives = np.minimum(given[course, self.competency[entry]], self.gap[entry])
        self.entry, self.candidate, self.gives = entry[gives > 0], candidate[gives > 0], gives[gives > 0]

    @property
    def whole(self) -> np.ndarray:
        """Bool per gap: the records gave nothing, and every candidate that gives something gives all."""
        whole: np.ndarray = self.total == 0
        whole[self.entry[self.gives < self.gap[self.entry]]] = False
        return whole


def _required(model: Model, competencies: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Distinct (cadre, competency) numbers, and the highest mastery that a post held in service requires."""
    scenario: Scenario = model.candidates.scenario
    n, number = max(1, len(competencies)), {c: i for i, c in enumerate(competencies)}
    profiles = scenario["posts"].tolist("requires")
    start = np.cumsum([0, *(len(p) for p in profiles)])
    competency = np.array([number[k] for p in profiles for k in p], np.int64)
    level = np.array([m for p in profiles for m in p.values()], np.int64)
    career, cadres = careers(scenario), model.candidates.cadres
    cadre, since = career.segment_cadre, career.segment_from
    until = np.full(len(cadre), np.iinfo(np.int64).max)
    moves = np.flatnonzero(cadre[1:] == cadre[:-1])
    until[moves] = since[moves + 1]
    held = np.maximum(since, cadres.service_start[cadre]) < np.minimum(until, cadres.service_end[cadre])
    post = career.segment_post[held]
    entry, segment = expand(start[post], start[post + 1])
    key, place = np.unique(cadre[held][segment] * n + competency[entry], return_inverse=True)
    required = np.zeros(len(key), np.int64)
    np.maximum.at(required, place, level[entry])
    return key, required


def _of_records(
    model: Model, cadre: np.ndarray, competency: np.ndarray, gap: np.ndarray, given: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The most that a passed record gives of each gap, and what all give, each at most the gap."""
    records = model.records
    order = np.argsort(records.cadre, kind="stable")
    by = records.cadre[order]
    entry, place = expand(np.searchsorted(by, cadre, side="left"), np.searchsorted(by, cadre, side="right"))
    gives = np.minimum(given[records.course[order[entry]], competency[place]], gap[place])
    best, total = np.zeros(len(gap), np.int64), np.zeros(len(gap), np.int64)
    np.maximum.at(best, place, gives)
    np.add.at(total, place, gives)
    return best, total
