"""Plan again from an earlier plan: what is past stays, what is published changes only at a price."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from rotation_planner.compile import compile_candidates
from rotation_planner.domain.plan import Plan
from rotation_planner.domain.planning import Commitment
from rotation_planner.domain.scenario import Scenario
from rotation_planner.domain.table import Table


@dataclass(frozen=True)
class Frozen:
    """A scenario that carries an earlier plan, and what of that plan has no place in it any more.

    ``lost`` lists (cadre, session) of places whose cadre or session is no longer in the scenario.
    """

    scenario: Scenario
    lost: tuple[tuple[str, str], ...]


def freeze(scenario: Scenario, plan: Plan, until: dt.date | None) -> Frozen:
    """Add an earlier plan to a scenario as commitments.

    Parameters
    ----------
    scenario : Scenario
        People and money as they are now.
    plan : Plan
        The earlier plan.
    until : date, optional
        Sessions that start before this day are past: who attends them and which of them run is fixed. Places in later
        sessions are published: each one given up costs ``policy.comfort.change``.
    """
    candidates = compile_candidates(scenario)
    sessions = {s: i for i, s in enumerate(candidates.sessions.ids)}
    cadres = set(candidates.cadres.ids)
    limit = 0 if until is None else until.toordinal()
    past = candidates.sessions.start < limit
    settled = {(c.cadre, c.session) for c in scenario["commitments"] if c.kind in ("must", "must_not")}
    added: list[Commitment] = []
    lost: list[tuple[str, str]] = []
    planned: set[tuple[str, str]] = set()
    for a in plan.attendances:
        pair = (a.cadre, a.session)
        if a.cadre not in cadres or a.session not in sessions:
            lost.append(pair)
            continue
        planned.add(pair)
        if pair not in settled:
            is_past = past[sessions[a.session]]
            added.append(Commitment(cadre=a.cadre, session=a.session, kind="must" if is_past else "published"))
    opened = set(plan.opened.tolist("session"))
    added.extend(
        Commitment(session=name, kind="must" if name in opened else "must_not")
        for name in np.array(candidates.sessions.ids, dtype=object)[past].tolist()
        if (None, name) not in settled
    )
    for i in np.flatnonzero(past[candidates.session]).tolist():
        name = candidates.sessions.ids[candidates.session[i]]
        pair = (candidates.cadres.ids[candidates.cadre[i]], name)
        if name in opened and pair not in planned and pair not in settled:
            added.append(Commitment(cadre=pair[0], session=name, kind="must_not"))
    kept = [c for c in scenario["commitments"] if not (c.kind == "published" and (c.cadre, c.session) in planned)]
    table = Table.of(Commitment, [*kept, *added])
    return Frozen(scenario.with_tables(commitments=table), tuple(lost))
