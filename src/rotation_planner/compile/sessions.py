"""The sessions as arrays."""

from __future__ import annotations

import numpy as np

from rotation_planner.compile.candidates import Sessions
from rotation_planner.compile.career import index_of
from rotation_planner.domain.calendar import Calendar, Terms, all_sessions
from rotation_planner.domain.scenario import Scenario
from rotation_planner.domain.teaching import Course, Session


def compile_sessions(scenario: Scenario, courses: list[Course]) -> tuple[Sessions, np.ndarray]:
    """Given and derived sessions, and which of them nobody can attend because they are closed (bool)."""
    calendar = Calendar(scenario)
    rows: list[Session] = list(all_sessions(scenario, calendar))
    position = index_of([c.id for c in courses])
    institutions = list(scenario["institutions"])
    place = index_of([i.id for i in institutions])
    authority = index_of(scenario["authorities"].tolist("id"))
    must_run = {c.session for c in scenario["commitments"] if c.cadre is None and c.kind == "must"}
    terms = Terms(scenario)
    of = [courses[position[s.course]] for s in rows]
    runs = [
        (i, a.toordinal(), b.toordinal())
        for i, s in enumerate(rows) for a, b in calendar.stretches(of[i], s.start, s.end)
    ]
    run = np.array(runs, np.int64).reshape(-1, 3)
    ends = [s.end if s.end is not None else s.start for s in rows]
    closed = np.array(
        [
            s.start < scenario.start
            or end > scenario.end
            or not terms.open(s.institution, s.start, end)
            or (bool(institutions[place[s.institution]].channels)
                and of[i].channel not in institutions[place[s.institution]].channels)
            for i, (s, end) in enumerate(zip(rows, ends, strict=True))
        ],
        bool,
    )

    def array(values: list[int]) -> np.ndarray:
        return np.array(values, np.int64)

    sessions = Sessions(
        ids=[s.id for s in rows],
        course=array([position[s.course] for s in rows]),
        institution=array([place[s.institution] for s in rows]),
        start=array([s.start.toordinal() for s in rows]),
        end=array([e.toordinal() for e in ends]),
        year=array([s.start.year for s in rows]),
        max_classes=array(
            [c.max_classes if s.max_classes is None else s.max_classes for s, c in zip(rows, of, strict=True)]
        ),
        min_size=array([c.min_size for c in of]),
        max_size=array([c.max_size for c in of]),
        cost_class_yuan=array([c.cost_per_class_yuan for c in of]),
        cost_session_yuan=array(
            [c.cost_per_session_yuan if s.cost_per_session_yuan is None else s.cost_per_session_yuan
             for s, c in zip(rows, of, strict=True)]
        ),
        payer=array(
            [authority[c.owner if c.owner is not None else institutions[place[s.institution]].authority]
             for s, c in zip(rows, of, strict=True)]
        ),
        must_run=np.array([s.id in must_run for s in rows], bool),
        run_session=run[:, 0],
        run_start=run[:, 1],
        run_end=run[:, 2],
    )
    return sessions, closed
