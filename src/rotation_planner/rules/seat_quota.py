"""Seat quotas.

In words
    Of the sessions of a course that start in a year, the people whom an authority or one below it manages on the first
    day attend at most so many as it has seats: granted less returned. Records of the course dated in that year, of any
    result, have used a seat of the authority that managed the cadre on that day.

In formulas
    sum of attend[c, s] over c beneath a and sessions s of the course in the year  <=  granted - returned - records
        for every quota (course, year, authority a)
    sum of attend[c, s] over c beneath no authority with a quota for (course, year)  <=  0
        for every (course, year) with a quota, if only_granted
"""

from __future__ import annotations

import datetime as dt

import numpy as np

from rotation_planner.domain.dealings import Quota
from rotation_planner.domain.policy import SeatQuota
from rotation_planner.program import Kind
from rotation_planner.rules.base import Model
from rotation_planner.rules.managing import Managing
from rotation_planner.rules.records import ordinals, positions

PARAMETERS = SeatQuota
KIND = Kind.LIMIT
MISSION = ("M10",)
LAST = False

OTHERS = "others"


def rows(rule: SeatQuota, model: Model) -> None:
    """Add one row per quota that may bind."""
    candidates, sessions = model.candidates, model.candidates.sessions
    quotas: list[Quota] = list(candidates.scenario["seat_quotas"])
    if not quotas:
        return
    managing = Managing(model)
    number = {c.id: i for i, c in enumerate(candidates.courses)}
    key = sessions.course * 10_000 + sessions.year
    some = np.flatnonzero(np.isin(key, [number[q.course] * 10_000 + q.year for q in quotas])[candidates.session])
    manager = managing.on(candidates.cadre[some], sessions.start[candidates.session[some]])
    key = key[candidates.session[some]]
    past_key, past_manager = _past(model, managing)
    groups: list[tuple[tuple[str, ...], np.ndarray, int]] = []
    past: list[int] = []
    of: dict[int, list[Quota]] = {}
    for q in quotas:
        of.setdefault(number[q.course] * 10_000 + q.year, []).append(q)
    for one, listed in of.items():
        here = np.flatnonzero(key == one)
        before = past_manager[past_key == one]
        under = np.zeros(len(here), bool)
        for q in listed:
            beneath = managing.beneath[:, managing.position[q.authority]]
            mine = beneath[manager[here]]
            under |= mine
            groups.append(((q.course, str(q.year), q.authority), some[here[mine]], q.granted - q.returned))
            past.append(int(beneath[before].sum()))
        if rule.only_granted:
            groups.append(((listed[0].course, str(listed[0].year), OTHERS), some[here[~under]], 0))
            past.append(0)
    own = np.array([len(members) for _, members, _ in groups], np.int64)
    many = model.over_all(f"{rule.label} candidates", own)
    used = model.over_all(f"{rule.label} records", np.array(past, np.int64))
    # Seats used beyond those granted shut out everybody; what is committed all the same is inherited.
    groups = [
        (place, members, max(0, granted - int(u)))
        for (place, members, granted), n, u in zip(groups, many, used, strict=True) if n > max(0, granted - int(u))
    ]
    model.builder.add_rows(
        rule.label, KIND, len(groups),
        [(np.full(len(members), i), model.attend[members], 1) for i, (_, members, _) in enumerate(groups)],
        lambda i: groups[i][0], high=np.array([seats for _, _, seats in groups], np.int64),
    )


def _past(model: Model, managing: Managing) -> tuple[np.ndarray, np.ndarray]:
    """Records of any result: course and year as one number, and who managed the cadre on the day."""
    table = model.candidates.scenario["records"]
    course = positions([c.id for c in model.candidates.courses], table.column("course")).astype(np.int64)
    cadre = positions(model.candidates.cadres.ids, table.column("cadre"))
    day = ordinals(table.column("date"))
    year = np.array([dt.date.fromordinal(int(d)).year for d in day], np.int64)
    return course * 10_000 + year, managing.on(cadre, day)
