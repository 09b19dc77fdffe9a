"""One place at a time.

In words
    No two attended sessions of a cadre share a day, travel included, unless they take different parts of it (mornings,
    afternoons, evenings) in the same place.

In formulas
    sum of attend[c, s] over sessions s with a stretch (travel included) that holds day t, of the whole day or part p
        <=  1    for every cadre c, every day t on which a stretch starts, every part p of a day
    attend[c, s] + attend[c, r]  <=  1    for sessions s, r of different parts and places with a day in common
"""

from __future__ import annotations

import numpy as np

from rotation_planner.domain.policy import OnePlace
from rotation_planner.program import Kind
from rotation_planner.program.distinct import distinct
from rotation_planner.rules.base import Model, iso
from rotation_planner.rules.cliques import add_at_most_one
from rotation_planner.rules.half_days import NAMES, parts, places
from rotation_planner.rules.stacks import Stacks, expand, stack, strongest

PARAMETERS = OnePlace
KIND = Kind.LIMIT
MISSION = ("M9", "M13")
LAST = False


def rows(rule: OnePlace, model: Model) -> None:
    """Add one row per cadre and day that no other day implies."""
    candidates = model.candidates
    candidate, first, last = candidates.runs()
    if not model.selected(rule.who).all():
        keep = model.selected(rule.who)[candidates.cadre[candidate]]
        candidate, first, last = candidate[keep], first[keep], last[keep]
    part = parts(model)[candidates.session[candidate]]
    present = np.unique(part[part > 0])
    if not len(present):
        found = stack(candidate, candidates.cadre[candidate], first, last)
        add_at_most_one(
            model, rule.label, found, lambda i: (candidates.cadres.ids[found.group[i]], iso(found.day[i]))
        )
        return
    _add_parts(rule, model, (candidate, first, last), part, present)
    _add_pairs(rule, model, (candidate, first, last), part)


def _add_parts(
    rule: OnePlace, model: Model, runs: tuple[np.ndarray, ...], part: np.ndarray, present: np.ndarray
) -> None:
    """Add rows of what takes the whole day or one part of it, for each part."""
    candidates = model.candidates
    found: list[Stacks] = []
    for p in present:
        candidate, first, last = (side[(part == 0) | (part == p)] for side in runs)
        found.append(stack(candidate, candidates.cadre[candidate], first, last))
    begin = np.cumsum([0, *(len(f.group) for f in found)])
    all_rows = Stacks(
        np.concatenate([f.group for f in found]), np.concatenate([f.day for f in found]),
        np.concatenate([f.high for f in found]),
        np.concatenate([f.row + b for f, b in zip(found, begin, strict=False)]),
        np.concatenate([f.item for f in found]),
    )
    top = np.zeros(len(all_rows.group), np.int64)
    np.maximum.at(top, all_rows.row, parts(model)[candidates.session[all_rows.item]])
    kept = strongest(all_rows.row, all_rows.item, all_rows.high)
    all_rows, top = all_rows.keep(kept), top[kept]

    def where(i: int) -> tuple[str, ...]:
        place = candidates.cadres.ids[all_rows.group[i]], iso(all_rows.day[i])
        return (*place, NAMES[int(top[i])]) if top[i] else place

    add_at_most_one(model, rule.label, all_rows, where)


def _add_pairs(rule: OnePlace, model: Model, runs: tuple[np.ndarray, ...], part: np.ndarray) -> None:
    """Add rows of two in different parts of a day and different places."""
    candidates = model.candidates
    candidate, first, last = (side[part > 0] for side in runs)
    found = stack(candidate, candidates.cadre[candidate], first, last)
    order = np.argsort(found.row, kind="stable")
    row, item = found.row[order], found.item[order]
    end = np.searchsorted(row, row, side="right")
    other, one = expand(np.arange(len(row)) + 1, np.maximum(end, np.arange(len(row)) + 1))
    pair = np.sort(np.stack([item[one], item[other]]).astype(np.int64), axis=0)
    a, b = candidates.session[pair[0]], candidates.session[pair[1]]
    of, at = parts(model), places(model)
    pair = pair[:, (of[a] != of[b]) & (at[a] != at[b])]
    key = distinct(pair[0] * len(candidates) + pair[1])
    one, other = key // len(candidates), key % len(candidates)
    line = np.arange(len(key))
    sessions = candidates.sessions.ids
    model.builder.add_rows(
        rule.label, KIND, len(key), [(line, model.attend[one], 1), (line, model.attend[other], 1)],
        lambda i: (
            candidates.cadres.ids[candidates.cadre[one[i]]], sessions[candidates.session[one[i]]],
            sessions[candidates.session[other[i]]],
        ),
        high=1,
    )
