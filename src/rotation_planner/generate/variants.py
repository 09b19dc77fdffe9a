"""Switches: a loose or a short scenario, and named ways in which one is broken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

import numpy as np

from rotation_planner.domain.base import Row
from rotation_planner.domain.people import Event
from rotation_planner.domain.planning import Fund
from rotation_planner.domain.scenario import MODELS, Scenario
from rotation_planner.domain.table import Table
from rotation_planner.domain.teaching import Course, Session
from rotation_planner.generate.duties import YEAR_CAP, YEAR_HOURS

SHORT_SEATS = 0.85
"""Seats of a short scenario, counted in hours toward the yearly duty, against what the duty needs."""


def loosen(scenario: Scenario) -> Scenario:
    """Half as much again of beds, rooms and money, floors halved, more people released, smaller least classes."""
    courses = [
        c.model_copy(
            update={
                "min_size": c.min_size // 2,
                "max_size": -(-c.max_size * 6 // 5),
                "max_classes": c.max_classes + 1,
            }
        )
        for c in scenario["courses"]
    ]
    schools = [
        i.model_copy(
            update={
                k: None if getattr(i, k) is None else getattr(i, k) * 3 // 2 + 20
                for k in ("beds", "rooms", "teachers", "staff")
            }
        )
        for i in scenario["institutions"]
    ]
    units = [
        u.model_copy(update={"release_per_mille": None, "release_at_least": 2 * (u.release_at_least or 0) + 2})
        for u in scenario["units"]
    ]
    busy = [b.model_copy(update={"release": 2 * b.release + 2}) for b in scenario["busy"]]
    funds = [
        f.model_copy(
            update={
                "floor_yuan": None if f.floor_yuan is None else f.floor_yuan // 2,
                "ceiling_yuan": None if f.ceiling_yuan is None else f.ceiling_yuan * 3 // 2,
            }
        )
        for f in scenario["funds"]
    ]
    policy = scenario.policy
    rules = tuple(r.model_copy(update={"per_mille": 250}) if r.kind == "unit_release" else r for r in policy.rules)
    return _replace(scenario, courses=courses, institutions=schools, units=units, busy=busy, funds=funds).with_policy(
        policy.model_copy(update={"rules": rules})
    )


def shorten(scenario: Scenario, needed_hours: int, rng: np.random.Generator) -> Scenario:
    """Fewer seats than the yearly hours need, whatever is opened.

    Parameters
    ----------
    scenario : Scenario
        A tight one.
    needed_hours : int
        Hours that all people together must have from sessions under the yearly rule. A seat gives at most the part of
        a year's duty that supplements cannot.
    rng : numpy.random.Generator
        Picks the sessions that are dropped when smaller classes are not enough.
    """
    most = YEAR_HOURS - YEAR_CAP
    goal = SHORT_SEATS * needed_hours
    given = {c.id: c for c in scenario["courses"]}
    sessions: list[Session] = list(scenario["sessions"])
    seats = sum(_seat_hours(given[s.course], most) for s in sessions)
    factor = min(1.0, goal / max(1, seats))
    courses = {}
    for c in given.values():
        size = max(1, int(c.max_size * factor))
        courses[c.id] = c.model_copy(update={"max_size": size, "min_size": min(c.min_size, max(1, size * 3 // 4))})
    seats = sum(_seat_hours(courses[s.course], most) for s in sessions)
    named = {c.session for c in scenario["commitments"]}
    dropped: set[int] = set()
    for i in rng.permutation(len(sessions)).tolist():
        if seats <= goal:
            break
        if sessions[i].id not in named:
            seats -= _seat_hours(courses[sessions[i].course], most)
            dropped.add(i)
    kept = [s for i, s in enumerate(sessions) if i not in dropped]
    return _replace(scenario, courses=list(courses.values()), sessions=kept)


def _seat_hours(c: Course, most: int) -> int:
    return c.max_size * c.max_classes * min(c.hours, most)


def _no_beds(scenario: Scenario) -> Scenario:
    """No institution has a bed."""
    return _replace(scenario, institutions=[i.model_copy(update={"beds": 0}) for i in scenario["institutions"]])


def _no_money(scenario: Scenario) -> Scenario:
    """Every authority's ceiling is nothing in every year."""
    funds = [
        Fund(id=f"F-{a.id}-{y}", authority=a.id, year=y, ceiling_yuan=0)
        for a in scenario["authorities"]
        for y in scenario.years
    ]
    return _replace(scenario, funds=funds)


def _no_courses_for_a_level(scenario: Scenario) -> Scenario:
    """Nothing is offered to the lowest level."""
    ladder = sorted(scenario["levels"], key=lambda x: x.rank)
    rank = {x.id: x.rank for x in ladder}
    above = ladder[1].id
    courses = []
    for c in scenario["courses"]:
        low = c.level_low if c.level_low is not None and rank[c.level_low] >= rank[above] else above
        high = c.level_high if c.level_high is None or rank[c.level_high] >= rank[above] else above
        courses.append(c.model_copy(update={"level_low": low, "level_high": high}))
    return _replace(scenario, courses=courses)


def _impossible_deadline(scenario: Scenario) -> Scenario:
    """Some recruits of January 2026 are due before the first term begins."""
    date = dt.date(2026, 1, 5)
    busy = {e.cadre for e in scenario["events"]}
    chosen = [c.id for c in scenario["cadres"] if c.id not in busy][:3]
    cadres = [c.model_copy(update={"entered": date}) if c.id in chosen else c for c in scenario["cadres"]]
    events = [*scenario["events"], *(Event(cadre=c, kind="entry", date=date) for c in chosen)]
    records = [r for r in scenario["records"] if r.cadre not in chosen]
    return _replace(scenario, cadres=cadres, events=events, records=records)


BROKEN: dict[str, Callable[[Scenario], Scenario]] = {
    "no_beds": _no_beds,
    "no_money": _no_money,
    "no_courses_for_a_level": _no_courses_for_a_level,
    "impossible_deadline": _impossible_deadline,
}
"""Named defects, none of which is an error of the input: duties become impossible."""


def _replace(scenario: Scenario, **rows: Sequence[Row]) -> Scenario:
    return scenario.with_tables(**{name: Table.of(MODELS[name], kept) for name, kept in rows.items()})
