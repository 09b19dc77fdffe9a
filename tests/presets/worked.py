"""What a preset's scenario owes, and what is left under some plan, in plain numbers."""

from __future__ import annotations

import functools
from typing import Any

import rotation_planner as rp
from rotation_planner.domain.plan import Attendance, Opened, Plan, Study
from rotation_planner.domain.scenario import Scenario
from rotation_planner.domain.table import Table

Left = dict[tuple[str, ...], tuple[int, int]]
"""Rule and subject to what is due and what of it is reached."""


@functools.cache
def scenario(name: str) -> Scenario:
    return rp.presets.scenario(name)


@functools.cache
def solved(name: str) -> Any:
    result = rp.solve(scenario(name), time_limit=30, workers=1)
    assert result.status == "optimal"
    assert rp.verify(scenario(name), result.require_plan()).ok
    return result


def attending(of: Scenario, *attendances: tuple[str, str]) -> Any:
    """What the check says of a plan of these attendances."""
    rows = [Attendance(cadre=c, session=s) for c, s in attendances]
    opened = [Opened(session=s, classes=1) for s in dict.fromkeys(s for _, s in attendances)]
    return rp.verify(of, Plan(Table.of(Attendance, rows), Table.of(Opened, opened), Table.of(Study)))


def left(unmet: Any, *duties: str) -> Left:
    return {(u.duty, *u.subject): (u.required, u.achieved) for u in unmet if not duties or u.duty in duties}


def due(name: str, *duties: str) -> Left:
    """Of an empty plan: everything the records do not give."""
    return left(attending(scenario(name)).unmet, *duties)


def reached(name: str) -> Left:
    """Of the plan that was solved."""
    return left(solved(name).unmet)


def per_mille(name: str) -> dict[tuple[str, ...], int]:
    return {(u.duty, *u.subject): u.per_mille for u in solved(name).unmet}


def exempt(name: str) -> set[tuple[str, str, str]]:
    return set(attending(scenario(name)).exempt)


def went(name: str, cadre: str) -> list[str]:
    return sorted(a.session for a in solved(name).plan.attendances if a.cadre == cadre)
