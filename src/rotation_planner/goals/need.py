"""Training need met.

In words
    The needs of a cadre for a competency count together: weight times the weight of the source, in points. They are
    met by one attended session of a course that teaches the competency. What a passed record already met
    contributes nothing.

In formulas
    met[c, k] <= sum of attend[c, s] over sessions s whose course teaches competency k,  met[c, k] in {0, 1}
    maximise  sum of points[c, k] * met[c, k]    (points)
"""

from __future__ import annotations

import numpy as np

from rotation_planner.program import Kind
from rotation_planner.rules.base import Model
from rotation_planner.rules.records import positions

NAME = "need"
MIN_CHOICES = 2


class OpenNeeds:
    """Needs that no record meets, one per cadre and competency, and the candidates that meet them.

    Attributes
    ----------
    cadre, competency, points : int arrays
        One entry per need.
    need, candidate : int arrays
        Pairs: attending as this candidate meets this need.
    """

    def __init__(self, model: Model) -> None:
        candidates = model.candidates
        scenario, ids = candidates.scenario, candidates.cadres.ids
        competencies = scenario["competencies"].tolist("id")
        n = max(1, len(competencies))
        number = {c: i for i, c in enumerate(competencies)}
        teaches = np.zeros((len(candidates.courses), n), bool)
        for i, course in enumerate(candidates.courses):
            teaches[i, [number[k] for k in course.competencies]] = True
        table, weight = scenario["needs"], scenario.policy.need.model_dump()
        source = np.array([weight[s] for s in table.tolist("source")], np.int64)
        key = positions(ids, table.column("cadre")) * n + positions(competencies, table.column("competency"))
        key, inverse = np.unique(key, return_inverse=True)
        points = np.zeros(len(key), np.int64)
        np.add.at(points, inverse, source * table.column("weight"))
        records = model.records
        held = np.zeros((len(ids), n), bool)
        np.logical_or.at(held, records.cadre, teaches[records.course])
        keep = ~held[key // n, key % n]
        key, self.points = key[keep], points[keep]
        self.cadre, self.competency = key // n, key % n
        self.names = competencies
        self.need, self.candidate = self._pairs(model, teaches)

    def _pairs(self, model: Model, teaches: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        owner = model.candidates.cadre
        first = np.searchsorted(owner, self.cadre, side="left")
        count = np.searchsorted(owner, self.cadre, side="right") - first
        need = np.repeat(np.arange(len(self.cadre)), count)
        candidate = np.arange(len(need)) - np.repeat(np.cumsum(count) - count, count) + first[need]
        course = model.candidates.sessions.course[model.candidates.session[candidate]]
        fits = teaches[course, self.competency[need]]
        return need[fits], candidate[fits]


def mark_useful(model: Model, needs: OpenNeeds) -> None:
    """Mark the candidates that meet an open need."""
    model.useful[needs.candidate] = True


def terms(model: Model, needs: OpenNeeds) -> None:
    """Add columns, rows and terms of the goal."""
    ids = model.candidates.cadres.ids
    choices = np.bincount(needs.need, minlength=len(needs.cadre))
    choices[needs.points == 0] = 0
    # With one way to meet a need, the attendance itself earns the points.
    single = choices[needs.need] == 1
    model.builder.add_goal(
        NAME, model.attend[needs.candidate[single]], needs.points[needs.need[single]], maximise=True
    )
    several = np.flatnonzero(choices >= MIN_CHOICES)
    n = len(several)

    def where(i: int) -> tuple[str, ...]:
        return ids[needs.cadre[several[i]]], needs.names[needs.competency[several[i]]]

    met = model.builder.add_columns("need.met", 0, 1, where, owner=needs.cadre[several], size=n)
    pair = choices[needs.need] >= MIN_CHOICES
    row = (np.cumsum(choices >= MIN_CHOICES) - 1)[needs.need[pair]]
    attend = model.attend[needs.candidate[pair]]
    model.builder.add_rows(NAME, Kind.LINK, n, [(np.arange(n), met, 1), (row, attend, -1)], where, high=0)
    model.builder.add_goal(NAME, met, needs.points[several], maximise=True)

    def complete(x: np.ndarray) -> None:
        x[met] = np.bincount(row, weights=x[attend], minlength=n) > 0

    model.completions.append(complete)
