"""Rooms, teachers, class staff.

In words
    On each day that sessions take, an institution has a room for every class, and the teachers and staff that the
    classes keep busy. A half-day keeps them for the day; attachment and field practice take no room.

In formulas
    sum of classes[s] over sessions s at i that take day t                         <=  rooms[i]
    sum of teachers_per_class[s] * classes[s] over sessions s at i that take day t <=  teachers[i]
    sum of staff_per_class[s] * classes[s] over sessions s at i that take day t    <=  staff[i]
        for every institution i with such a number, every day t on which a stretch of a session starts
"""

from __future__ import annotations

import numpy as np

from rotation_planner.domain.policy import Rooms
from rotation_planner.domain.teaching import PRACTICE
from rotation_planner.program import Kind
from rotation_planner.rules.base import Model, iso
from rotation_planner.rules.stacks import stack

PARAMETERS = Rooms
KIND = Kind.LIMIT
MISSION = ("M18", "M25")
LAST = False


def rows(rule: Rooms, model: Model) -> None:
    """Add the rows of rooms, of teachers, and of staff."""
    _add(rule, model, "rooms", model.of_session(lambda c: c.channel not in PRACTICE).astype(np.int64))
    _add(rule, model, "teachers", model.of_session(lambda c: c.teachers_per_class).astype(np.int64))
    _add(rule, model, "staff", model.of_session(lambda c: c.staff_per_class).astype(np.int64))


def _add(rule: Rooms, model: Model, what: str, takes: np.ndarray) -> None:
    """Add one row per institution and day that no other day implies."""
    sessions = model.candidates.sessions
    institutions = list(model.candidates.scenario["institutions"])
    number = [getattr(i, what) for i in institutions]
    limited = np.array([n is not None for n in number], bool)
    limits = np.array([n or 0 for n in number], np.int64)
    session = sessions.run_session
    some = np.flatnonzero((takes[session] > 0) & limited[sessions.institution[session]])
    found = stack(
        session[some], sessions.institution[session[some]], sessions.run_start[some], sessions.run_end[some],
        lambda g, _: limits[g],
    )
    most = np.bincount(
        found.row, weights=takes[found.item] * sessions.max_classes[found.item], minlength=len(found.high)
    )
    found = found.keep(most > found.high)
    model.builder.add_rows(
        rule.label, KIND, len(found.high), [(found.row, model.classes[found.item], takes[found.item])],
        lambda i: (institutions[found.group[i]].id, what, iso(found.day[i])), high=found.high,
    )
