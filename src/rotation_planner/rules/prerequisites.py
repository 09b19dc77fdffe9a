"""Prerequisites in order.

In words
    A session whose course has a prerequisite that the cadre has not passed is attended only after another attended
    session that ended before it starts and whose course stands for the prerequisite.

In formulas
    attend[c, s]  <=  sum of attend[c, r] over sessions r with end[r] < start[s] whose course stands for q
        for every candidate (c, s), every prerequisite q of s's course that no record of c stands for
"""

from __future__ import annotations

import numpy as np

from rotation_planner.domain.policy import Prerequisites
from rotation_planner.program import Kind
from rotation_planner.rules.base import Model
from rotation_planner.rules.stacks import expand

PARAMETERS = Prerequisites
KIND = Kind.LIMIT
MISSION = ("M7", "M8")
LAST = False


def rows(rule: Prerequisites, model: Model) -> None:
    """Add one row per candidate and missing prerequisite."""
    candidates, sessions, courses = model.candidates, model.candidates.sessions, model.candidates.courses
    n = len(courses)
    number = {c.id: i for i, c in enumerate(courses)}
    needs = np.zeros((n, n), bool)
    for i, course in enumerate(courses):
        needs[i, [number[q] for q in course.prerequisites]] = True
    course = sessions.course[candidates.session]
    asked = np.flatnonzero(needs[np.unique(course)].any(axis=0))
    if not len(asked):
        return
    needs = needs[:, asked]
    held = model.records.holds(len(candidates.cadres.ids), n)
    standing = np.asarray(held.astype(np.float32) @ candidates.satisfies[:, asked].astype(np.float32) > 0)
    asking = np.asarray(needs.any(axis=1))
    some = np.flatnonzero(asking[course] & model.selected(rule.who)[candidates.cadre])
    row, needed = np.nonzero(needs[course[some]] & ~standing[candidates.cadre[some]])
    needed = asked[needed]
    later = some[row]
    cadre = candidates.cadre[later]
    earlier, pair = expand(
        np.searchsorted(candidates.cadre, cadre, side="left"), np.searchsorted(candidates.cadre, cadre, side="right")
    )
    serves = candidates.satisfies[course[earlier], needed[pair]]
    serves &= sessions.end[candidates.session[earlier]] < sessions.start[candidates.session[later[pair]]]
    m = len(later)
    model.builder.add_rows(
        rule.label, KIND, m,
        [(np.arange(m), model.attend[later], 1), (pair[serves], model.attend[earlier[serves]], -1)],
        lambda i: (
            candidates.cadres.ids[cadre[i]], sessions.ids[candidates.session[later[i]]], courses[needed[i]].id
        ),
        high=0,
    )
