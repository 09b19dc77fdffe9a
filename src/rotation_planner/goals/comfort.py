"""Comfort: early, even, as wished, as published.

In words
    Lower is better. Each attendance costs by the calendar years after the horizon's first; a published place given
    up, a wish of a candidate not granted and an attendance somebody wanted to avoid cost their weights; and so does
    every attendance of the fullest calendar year. The gap is divided by the declared scale.

In formulas
    minimise  late * sum of (year[s] - first year) * attend[c, s] + change * sum of dropped[c, s]
              + wish * (sum of refused[c, s] + sum of attend[c, s] over `avoid`) + evenness * peak
    dropped[c, s] = 1 - attend[c, s] for published pairs (1 where c is no candidate for s);
    refused[c, s] = 1 - attend[c, s] for wishes;  peak >= sum of headcount[s] over sessions s starting in year y, each y
"""

from __future__ import annotations

import numpy as np

from rotation_planner.program import Kind
from rotation_planner.rules.base import Model
from rotation_planner.rules.records import positions, positions_of_numbers

NAME = "comfort"


def terms(model: Model) -> None:
    """Add columns, rows and terms of the goal."""
    scenario, candidates = model.candidates.scenario, model.candidates
    weights = scenario.policy.comfort
    cadres = int(model.over_all("cadres", np.array([len(candidates.cadres.ids)]))[0])
    scale = weights.scale or max(1, cadres * scenario.horizon.years)
    late = weights.late * (candidates.sessions.year[candidates.session] - scenario.start.year)
    some = np.flatnonzero(late)
    model.builder.add_goal(NAME, model.attend[some], late[some], scale=scale)
    if weights.change:
        _missed(model, "published", "dropped", weights.change)
    if weights.wish:
        _missed(model, "wish", "refused", weights.wish)
        found = _pairs(model, "avoid")[2]
        model.builder.add_goal(NAME, model.attend[found[found >= 0]], weights.wish)
    if weights.evenness and model.offered.any():
        _add_peak(model, weights.evenness)


def _pairs(model: Model, kind: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cadre, session and candidate (-1: none) of the commitments of a kind."""
    candidates = model.candidates
    table = candidates.scenario["commitments"]
    keep = table.column("cadre").astype(bool) & (table.column("kind") == kind)
    cadre = positions(candidates.cadres.ids, table.column("cadre")[keep])
    session = positions(candidates.sessions.ids, table.column("session")[keep])
    n = len(candidates.sessions.ids)
    key = candidates.cadre.astype(np.int64) * n + candidates.session
    wanted = np.unique(cadre[session >= 0] * n + session[session >= 0])
    return wanted // max(1, n), wanted % max(1, n), positions_of_numbers(key, wanted)


def _missed(model: Model, kind: str, name: str, weight: int) -> None:
    """Add a column for each pair not attended. A published pair without a candidate is given up in every plan."""
    cadre, session, found = _pairs(model, kind)
    if kind == "wish":
        cadre, session, found = cadre[found >= 0], session[found >= 0], found[found >= 0]
    n = len(found)

    def where(i: int) -> tuple[str, ...]:
        return model.candidates.cadres.ids[cadre[i]], model.candidates.sessions.ids[session[i]]

    missed = model.builder.add_columns(f"{NAME}.{name}", found < 0, 1, where, owner=cadre, size=n)
    open_ = np.flatnonzero(found >= 0)
    attend = model.attend[found[open_]]
    row = np.arange(len(open_))
    model.builder.add_rows(
        NAME, Kind.LINK, len(open_), [(row, missed[open_], 1), (row, attend, 1)], lambda i: where(int(open_[i])),
        low=1, high=1,
    )
    model.builder.add_goal(NAME, missed, weight)

    def complete(x: np.ndarray) -> None:
        x[missed] = 1
        x[missed[open_]] = 1 - x[attend]

    model.completions.append(complete)


def _add_peak(model: Model, weight: int) -> None:
    """Add the attendances of the fullest year."""
    some = np.flatnonzero(model.offered)
    years, row = np.unique(model.candidates.sessions.year[some], return_inverse=True)
    n, heads = len(years), model.headcount[some]
    most = int(np.bincount(row, weights=model.offered[some]).max())
    peak = model.builder.add_columns(f"{NAME}.peak", 0, most, lambda _: ("fullest year",), size=1)
    model.builder.add_rows(
        NAME, Kind.LINK, n, [(row, heads, 1), (np.arange(n), peak, -1)], lambda i: (str(years[i]),), high=0
    )
    model.builder.add_goal(NAME, peak, weight)

    def complete(x: np.ndarray) -> None:
        x[peak] = np.bincount(row, weights=x[heads], minlength=n).max()

    model.completions.append(complete)
