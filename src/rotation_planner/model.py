"""From candidates to the program, and between points of the program and plans."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rotation_planner.compile.candidates import Candidates
from rotation_planner.domain.plan import Attendance, Opened, Plan, Provenance, Study
from rotation_planner.domain.table import Table
from rotation_planner.goals import comfort, cost, need
from rotation_planner.program import Builder, Kind, Program
from rotation_planner.rules import BY_KIND
from rotation_planner.rules.base import Model
from rotation_planner.rules.body import Body
from rotation_planner.rules.records import positions, positions_of_numbers


@dataclass(frozen=True)
class Built:
    """A program, and what is needed to read its points.

    Attributes
    ----------
    program : Program
        Columns, rows, goals.
    model : Model
        Where the columns are, and how helpers follow from the others.
    """

    program: Program
    model: Model


def build(candidates: Candidates) -> Built:
    """Write every rule and goal of the policy into one program.

    Limits that the ``must`` commitments (and the records) alone break get the side that these reach.
    """
    return _freeze_inherited(write(candidates))


def write(candidates: Candidates, body: Body | None = None, kinds: frozenset[str] | None = None) -> Built:
    """Write the program of everybody, or of a part of the body, with the sides that the rules say.

    Parameters
    ----------
    candidates : Candidates
        Of the cadres whose program it is.
    body : Body, optional
        Figures of everybody, where the cadres are a part; or where such figures are gathered.
    kinds : set of str, optional
        Only rules of these kinds; by default all.
    """
    scenario, builder = candidates.scenario, Builder()
    sessions, cadres = candidates.sessions, candidates.cadres
    who, what = candidates.cadre.tolist(), candidates.session.tolist()
    attend = builder.add_columns(
        "attend", 0, 1, lambda i: (cadres.ids[who[i]], sessions.ids[what[i]]), owner=candidates.cadre,
        size=len(candidates),
    )
    classes = builder.add_columns(
        "classes", 0, sessions.max_classes, lambda i: (sessions.ids[i],), size=len(sessions.ids)
    )
    model = Model(candidates, builder, attend, classes, useful=np.zeros(len(candidates), bool), body=body)
    if "class_size" not in model.by_kind:
        _link_classes(model)
    rules = [(rule, BY_KIND[rule.kind]) for rule in scenario.policy.rules if kinds is None or rule.kind in kinds]
    for rule, module in rules:
        if not module.LAST:
            module.rows(rule, model)
    needs = need.OpenNeeds(model)
    need.mark_useful(model, needs)
    for rule, module in rules:
        if module.LAST:
            module.rows(rule, model)
    if need.NAME in scenario.policy.goals:
        need.terms(model, needs)
    if cost.NAME in scenario.policy.goals:
        cost.terms(model)
    if comfort.NAME in scenario.policy.goals:
        comfort.terms(model)
    program = builder.build(goal_order=scenario.policy.goals, hint_group=cadres.hint_group, hint_time=sessions.start)
    return Built(program, model)


def _link_classes(model: Model) -> None:
    """Nobody attends a session that does not run, whatever the rules (class sizes say so too, and more)."""
    some = np.flatnonzero(model.offered)
    row = np.arange(len(some))
    ids = model.candidates.sessions.ids
    model.builder.add_rows(
        "classes", Kind.LINK, len(some),
        [(row, model.headcount[some], 1), (row, model.classes[some], -model.offered[some])],
        lambda i: (ids[some[i]],), high=0,
    )


def _freeze_inherited(built: Built) -> Built:
    """Move the sides of limits to what the commitments alone reach, where these break them."""
    program = built.program
    limit = np.array([f.kind is Kind.LIMIT for f in program.families], bool)[program.row_family]
    activity = program.matrix @ committed_point(built)
    low = np.where(limit, np.minimum(program.low, activity), program.low)
    high = np.where(limit, np.maximum(program.high, activity), program.high)
    return replace(built, program=replace(program, low=low, high=high))


def committed_point(built: Built) -> np.ndarray:
    """The point in which only what is committed happens, in as few classes as hold it."""
    candidates = built.model.candidates
    sessions = candidates.sessions
    heads = built.model.committed
    x = np.zeros(built.program.n_columns, np.int64)
    x[built.model.attend] = candidates.must
    x[built.model.classes] = np.minimum(
        sessions.max_classes, np.maximum(-(-heads // sessions.max_size), sessions.must_run)
    )
    return complete(built, x)


def complete(built: Built, x: np.ndarray, choose_study: bool = False) -> np.ndarray:
    """Fill in the helper columns of a point at their best values.

    Parameters
    ----------
    x : int array, one per column
        A point; ``attend``, ``classes`` and study hours are read, all others written.
    choose_study : bool
        Also set the study hours: the fewest that leave the least shortfall.

    Returns
    -------
    int array
        A new point. It is feasible if some choice of helpers makes it so.
    """
    x = x.astype(np.int64, copy=True)
    if choose_study:
        for study in built.model.studies:
            study.choose(x)
    for completion in built.model.completions:
        completion(x)
    return x


def to_plan(built: Built, x: np.ndarray, provenance: Provenance | None = None) -> Plan:
    """The plan of a point. Trainees are spread evenly over parallel classes, in the order of the cadres."""
    candidates = built.model.candidates
    cadres, sessions = candidates.cadres, candidates.sessions
    chosen = np.flatnonzero(x[built.model.attend] > 0)
    classes = x[built.model.classes]
    session = candidates.session[chosen]
    heads = np.bincount(session, minlength=len(classes))
    order = np.argsort(session, kind="stable")  # candidates are sorted by cadre
    place = np.empty(len(chosen), np.int64)
    place[order] = np.arange(len(chosen)) - (np.cumsum(heads) - heads)[session[order]]
    class_no = place * np.maximum(classes[session], 1) // np.maximum(heads[session], 1) + 1
    ids, names = np.array(cadres.ids, object), np.array(sessions.ids, object)
    running = np.flatnonzero(classes > 0)
    taken = [(s, np.flatnonzero(x[s.columns] > 0)) for s in built.model.studies]
    return Plan(
        attendances=Table(
            Attendance, {"cadre": ids[candidates.cadre[chosen]], "session": names[session], "class_no": class_no}
        ),
        opened=Table(Opened, {"session": names[running], "classes": classes[running]}),
        study=Table.of(
            Study,
            (
                Study(cadre=cadres.ids[s.cadre[i]], rule=s.rule, window=s.window, hours=int(x[s.columns[i]]))
                for s, some in taken for i in some
            ),
        ),
        provenance=provenance or Provenance(),
    )


def to_point(built: Built, plan: Plan, strict: bool = True) -> np.ndarray:
    """The point of a plan, helpers included.

    Parameters
    ----------
    strict : bool
        Refuse a plan with something that the program has no column for. Otherwise that is left out: an older plan may
        still serve as a start.

    Raises
    ------
    ValueError
        If ``strict`` and an attendance has no candidate, a session is unknown, or classes or study hours are beyond
        what is possible.
    """
    model, program = built.model, built.program
    candidates = model.candidates
    cadres, sessions = candidates.cadres, candidates.sessions
    x = np.zeros(program.n_columns, np.int64)
    n = max(1, len(sessions.ids))
    keys = candidates.cadre.astype(np.int64) * n + candidates.session
    cadre = positions(cadres.ids, plan.attendances.column("cadre"))
    session = positions(sessions.ids, plan.attendances.column("session"))
    found = positions_of_numbers(keys, np.where((cadre < 0) | (session < 0), -1, cadre * n + session))
    _put(x, model.attend, found, np.ones(len(found), np.int64), program, strict, "attendances")
    found = positions(sessions.ids, plan.opened.column("session"))
    _put(x, model.classes, found, plan.opened.column("classes"), program, strict, "opened")
    rule, window = plan.study.column("rule"), plan.study.column("window")
    unread = np.ones(len(plan.study), bool)
    for study in model.studies:
        mine = np.flatnonzero((rule == study.rule) & (window == study.window) & unread)
        unread[mine] = False
        place = positions([cadres.ids[c] for c in study.cadre], plan.study.column("cadre")[mine])
        _put(x, study.columns, place, plan.study.column("hours")[mine], program, strict, "study")
    if strict and plan.study.column("hours")[unread].any():
        raise ValueError("the plan has study hours that count toward nothing")
    return complete(built, x)


def _put(
    x: np.ndarray, columns: np.ndarray, place: np.ndarray, value: np.ndarray, program: Program, strict: bool, table: str
) -> None:
    """Set columns by their place in a family, refusing or leaving out what does not fit."""
    known = place >= 0
    wrong = ~known & (value != 0)
    wrong[known] = value[known] > program.upper[columns[place[known]]]
    if strict and wrong.any():
        raise ValueError(f"{table}: {int(wrong.sum())} rows that the program cannot hold, first index {wrong.argmax()}")
    target = columns[place[known]]
    x[target] = np.minimum(value[known], program.upper[target])
