"""Approval of call-ups.

In words
    The caller of a session is the owner of its course, else the authority of its institution. Whoever is a leading
    member on the session's first day, and is then managed by an authority below the caller, attends only with the
    approval of the department in charge of the caller: one of the departments named that has the same parent, else the
    nearest above; where none is named, the authority above (at the top the caller itself). Call-ups by a department
    named need none. The latest decision on the call-up counts, of the same day a refusal; decisions dated after the
    session's first day come too late. `must` overrides.

In formulas
    sum of attend[c, s] over sessions s for which c needs an approval that is not granted  <=  0
        for every cadre c;  sessions to which c is committed by a `must` are left out
"""

from __future__ import annotations

import numpy as np

from rotation_planner.domain.dealings import Decision
from rotation_planner.domain.organisation import Authority
from rotation_planner.domain.policy import Approval
from rotation_planner.program import Kind
from rotation_planner.rules.base import Model
from rotation_planner.rules.managing import Managing, selected_at_start
from rotation_planner.rules.records import positions
from rotation_planner.rules.which import chosen

PARAMETERS = Approval
KIND = Kind.LIMIT
MISSION = ("M9", "M10")
LAST = False


def rows(rule: Approval, model: Model) -> None:
    """Add one row per cadre who may not be called up to something."""
    candidates, ids = model.candidates, model.candidates.cadres.ids
    barred = np.flatnonzero(lacking(rule, model) & ~candidates.must)
    owners, row = np.unique(candidates.cadre[barred], return_inverse=True)
    model.builder.add_rows(
        rule.label, KIND, len(owners), [(row, model.attend[barred], 1)], lambda i: (ids[owners[i]],), high=0
    )


def lacking(rule: Approval, model: Model) -> np.ndarray:
    """Bool per candidate: needs an approval and has none."""
    candidates, sessions = model.candidates, model.candidates.sessions
    managing = Managing(model)
    lacks = np.zeros(len(candidates), bool)
    authorities: list[Authority] = list(candidates.scenario["authorities"])
    exempt = np.array([a.id in rule.departments for a in authorities], bool)
    caller = sessions.payer[candidates.session]
    some = np.flatnonzero(chosen(model, rule.which)[sessions.course[candidates.session]] & ~exempt[caller])
    manager = managing.on(candidates.cadre[some], sessions.start[candidates.session[some]])
    below = managing.beneath[manager, caller[some]] & (manager != caller[some])
    some, manager = some[below], manager[below]
    leading = selected_at_start(model, rule.who, some)
    some, manager = some[leading], manager[leading]
    lacks[some] = ~_granted(rule, model, managing, some, manager)
    return lacks


def _granted(rule: Approval, model: Model, managing: Managing, some: np.ndarray, manager: np.ndarray) -> np.ndarray:
    """Bool per candidate of ``some``: the decision that counts grants it."""
    candidates, sessions = model.candidates, model.candidates.sessions
    session, cadre = candidates.session[some], candidates.cadre[some]
    caller, course, start = sessions.payer[session], sessions.course[session], sessions.start[session]
    decides = _deciders(rule, list(candidates.scenario["authorities"]), managing.position)
    table = candidates.scenario["approvals"]
    of_course = positions([c.id for c in candidates.courses], table.column("course"))
    of_session = positions(sessions.ids, table.column("session"))
    of_cadre = positions(candidates.cadres.ids, table.column("cadre"))
    granted = np.zeros(len(some), bool)
    decisions: list[Decision] = list(table)
    for i in sorted(range(len(table)), key=lambda i: (decisions[i].date, not decisions[i].granted)):
        d = decisions[i]
        meant = decides[caller, managing.position[d.authority]] & (d.date.toordinal() <= start)
        meant &= (session == of_session[i]) if d.session is not None else (course == of_course[i])
        meant &= (
            (cadre == of_cadre[i]) if d.cadre is not None
            else managing.beneath[manager, managing.position[d.target]] if d.target is not None else False
        )
        granted[meant] = d.granted
    return granted


def _deciders(rule: Approval, authorities: list[Authority], position: dict[str, int]) -> np.ndarray:
    """Bool [caller, authority]: the second decides about call-ups by the first."""
    decides = np.zeros((len(authorities), len(authorities)), bool)
    listed = np.array([a.id in rule.departments for a in authorities], bool)
    parent = np.array([-1 if a.parent is None else position[a.parent] for a in authorities])
    for i in range(len(authorities)):
        if not rule.departments:
            decides[i, parent[i] if parent[i] >= 0 else i] = True
            continue
        beside = listed & (parent == parent[i])
        above = int(parent[i])
        while not beside.any() and above >= 0:
            beside[above] = listed[above]
            above = int(parent[above])
        decides[i] = beside
    return decides
