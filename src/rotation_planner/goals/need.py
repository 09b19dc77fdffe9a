"""Training need met.

In words
    Stated needs of a cadre for a competency count together: weight times the weight of the source, in points. They are
    met by one attended session of a course that teaches the competency. What a passed record already met contributes
    nothing. Beside them stands the gap between the mastery that the posts require and that held: each point of mastery
    is worth the weight of the source `post`. The course that gives most counts in full, every further one in part, up
    to the gap, records included; only what the plan adds to the records earns points, rounded down.

In formulas
    met[c, k] <= sum of attend[c, s] over sessions s whose course teaches competency k,  met[c, k] in {0, 1}
    reach[c, k, m] <= sum of attend[c, s] over sessions s that give m or more of gap (c, k),  reach in {0, 1}
    1000 * (gained[c, k] + before[c, k])  <=  post * ((1000 - second) * (best[c, k] + sum of reach[c, k, m] over m)
        + second * (total[c, k] + sum of gives[s] * attend[c, s]))    with best, total, before those of the records
    0 <= gained[c, k] <= post * gap[c, k] - before[c, k]
    maximise  sum of points[c, k] * met[c, k] + gained[c, k]    (points)
    A gap that each course closes at once, and of which the records give nothing, is counted in `met`.
"""

from __future__ import annotations

import numpy as np

from rotation_planner.goals.gaps import Gaps, mastery
from rotation_planner.program import Kind
from rotation_planner.rules.base import Model
from rotation_planner.rules.records import positions
from rotation_planner.rules.stacks import expand

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
    gaps : Gaps
        Open gaps between post and holdings; those that are ``whole`` are among the needs too.
    """

    def __init__(self, model: Model) -> None:
        candidates = model.candidates
        scenario, ids = candidates.scenario, candidates.cadres.ids
        competencies = scenario["competencies"].tolist("id")
        n = max(1, len(competencies))
        given = mastery(model, competencies)
        teaches = given > 0
        table, weights = scenario["needs"], scenario.policy.need
        weight = {"organisation": weights.organisation, "post": weights.post, "personal": weights.personal}
        source = np.array([weight[s] for s in table.tolist("source")], np.int64)
        key = positions(ids, table.column("cadre")) * n + positions(competencies, table.column("competency"))
        records = model.records
        held = np.zeros((len(ids), n), bool)
        np.logical_or.at(held, records.cadre, teaches[records.course])
        keep = ~held[key // n, key % n]
        self.gaps = Gaps(model, competencies, given)
        whole = self.gaps.whole
        key = np.concatenate([key[keep], (self.gaps.cadre * n + self.gaps.competency)[whole]])
        worth = np.concatenate([(source * table.column("weight"))[keep], weights.post * self.gaps.gap[whole]])
        key, inverse = np.unique(key, return_inverse=True)
        self.points = np.zeros(len(key), np.int64)
        np.add.at(self.points, inverse, worth)
        self.cadre, self.competency = key // n, key % n
        self.names = competencies
        self.need, self.candidate = self._pairs(model, teaches)

    def _pairs(self, model: Model, teaches: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        owner = model.candidates.cadre
        candidate, need = expand(
            np.searchsorted(owner, self.cadre, side="left"), np.searchsorted(owner, self.cadre, side="right")
        )
        course = model.candidates.sessions.course[model.candidates.session[candidate]]
        fits = teaches[course, self.competency[need]]
        return need[fits], candidate[fits]


def mark_useful(model: Model, needs: OpenNeeds) -> None:
    """Mark the candidates that meet an open need."""
    model.useful[needs.candidate] = True
    model.useful[needs.gaps.candidate] = True


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
    if model.candidates.scenario.policy.need.post:
        _graded(model, needs)


def _graded(model: Model, needs: OpenNeeds) -> None:
    """Add what is gained of the gaps that courses or records close in part."""
    weights, gaps, ids = model.candidates.scenario.policy.need, needs.gaps, model.candidates.cadres.ids
    post, second = weights.post, weights.second_per_mille
    some = ~gaps.whole
    some[some] = np.bincount(gaps.entry, minlength=len(some))[some] > 0
    number, kept = np.cumsum(some) - 1, np.flatnonzero(some)
    n = len(kept)
    pair = some[gaps.entry]
    row, attend, gives = number[gaps.entry[pair]], model.attend[gaps.candidate[pair]], gaps.gives[pair]
    start = post * ((1000 - second) * gaps.best[kept] + second * gaps.total[kept])
    before = start // 1000

    def where(i: int) -> tuple[str, ...]:
        return ids[gaps.cadre[kept[i]]], needs.names[gaps.competency[kept[i]]]

    most = np.zeros(n, np.int64)
    np.maximum.at(most, row, gives)
    low = gaps.best[kept]
    if second == 1000:  # every course counts in full
        most = low
    step, of = expand(low + 1, np.maximum(most, low) + 1)  # mastery from beyond the best record up
    owner = gaps.cadre[kept]
    reach = model.builder.add_columns(
        "need.reach", 0, 1, lambda i: (*where(int(of[i])), str(step[i])), owner=owner[of], size=len(step)
    )
    first = np.searchsorted(of, np.arange(n), side="left")
    upto = np.maximum(0, np.minimum(gives, most[row]) - low[row])  # steps that an attendance reaches
    level, source = expand(first[row], first[row] + upto)
    model.builder.add_rows(
        "need.reach", Kind.LINK, len(step), [(np.arange(len(step)), reach, 1), (level, attend[source], -1)],
        lambda i: (*where(int(of[i])), str(step[i])), high=0,
    )
    gained = model.builder.add_columns(
        "need.gained", 0, post * gaps.gap[kept] - before, where, owner=owner, size=n
    )
    model.builder.add_rows(
        "need.gained", Kind.LINK, n,
        [(np.arange(n), gained, 1000), (of, reach, -post * (1000 - second)), (row, attend, -post * second * gives)],
        where, high=start - 1000 * before,
    )
    model.builder.add_goal(NAME, gained, 1, maximise=True)
    upper = post * gaps.gap[kept] - before

    def complete(x: np.ndarray) -> None:
        x[reach] = np.bincount(level, weights=x[attend[source]], minlength=len(step)) > 0
        steps = np.bincount(of, weights=x[reach], minlength=n).astype(np.int64)
        total = np.bincount(row, weights=gives * x[attend], minlength=n).astype(np.int64)
        points = (start + post * ((1000 - second) * steps + second * total)) // 1000 - before
        x[gained] = np.minimum(upper, points)

    model.completions.append(complete)
