"""Rows that count people, not attendances: who is in a row twice counts once.

A row over attendances counts somebody who can attend two of its sessions twice. A helper column takes that back::

    repeats[c]  <=  sum of attend[c, s] over the row's sessions s of c, but one    for each of them left out in turn

so that it is at most the attendances beyond the first. Nobody who can attend only one of them needs it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rotation_planner.program import Kind
from rotation_planner.program.distinct import distinct
from rotation_planner.rules.base import Model
from rotation_planner.rules.half_days import side_by_side
from rotation_planner.rules.stacks import Stacks, expand

Place = Callable[[int], tuple[str, ...]]


def add_people_rows(model: Model, label: str, found: Stacks, where: Place) -> None:
    """Add ``number of people who attend something of the row <= high`` for each row that can bind.

    Parameters
    ----------
    found : Stacks
        Entries are candidates.
    where : callable
        Row of ``found`` to its place.
    """
    candidates = model.candidates
    cadre = candidates.cadre[found.item].astype(np.int64)
    n = max(1, len(candidates.cadres.ids))
    people = distinct(found.row.astype(np.int64) * n + cadre)
    heads = np.bincount((people // n).astype(np.int64), minlength=len(found.high))
    kept = np.flatnonzero(heads > found.high)
    found = found.keep(heads > found.high)
    row, column = _repeats(model, label, found, lambda i: where(int(kept[i])))
    model.builder.add_rows(
        label, Kind.LIMIT, len(kept), [(found.row, model.attend[found.item], 1), (row, column, -1)],
        lambda i: where(int(kept[i])), high=found.high,
    )


def _repeats(model: Model, label: str, found: Stacks, where: Place) -> tuple[np.ndarray, np.ndarray]:
    """Row and column of each helper."""
    candidates = model.candidates
    n = max(1, len(candidates.cadres.ids))
    order = np.lexsort((found.item, candidates.cadre[found.item], found.row))
    row, item = found.row[order].astype(np.int64), found.item[order]
    key, group = np.unique(row * n + candidates.cadre[item], return_inverse=True)
    size = np.bincount(group, minlength=len(key))
    start = np.cumsum(size) - size
    # Every ordered pair of two entries of one person in one row.
    second, first = expand(start[group], (start + size)[group])
    apart = second != first
    first, second = first[apart], second[apart]
    both = _compatible(model, item[first], item[second])
    twice = np.zeros(len(key), bool)
    twice[group[first[both]]] = True
    own = np.flatnonzero(twice)
    ids, sessions = candidates.cadres.ids, candidates.sessions.ids
    helper = model.builder.add_columns(
        f"{label}.repeats", 0, size[own] - 1, lambda i: (*where(int(key[own[i]] // n)), ids[key[own[i]] % n]),
        owner=key[own] % n, size=len(own),
    )
    number = np.cumsum(twice) - 1
    members = np.flatnonzero(twice[group])
    line = np.full(len(item), -1)
    line[members] = np.arange(len(members))
    pairs = twice[group[first]]
    model.builder.add_rows(
        f"{label}.repeats", Kind.LINK, len(members),
        [
            (np.arange(len(members)), helper[number[group[members]]], 1),
            (line[first[pairs]], model.attend[item[second[pairs]]], -1),
        ],
        lambda i: (
            *where(int(row[members[i]])), ids[candidates.cadre[item[members[i]]]],
            sessions[candidates.session[item[members[i]]]],
        ),
        high=0,
    )
    of = number[group[members]]
    attend = model.attend[item[members]]

    def count(x: np.ndarray) -> None:
        x[helper] = np.maximum(0, np.bincount(of, weights=x[attend], minlength=len(own)) - 1)

    model.completions.append(count)
    return key[own] // n, helper


def _compatible(model: Model, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Whether a cadre may attend both candidates: no rule of one place at a time excludes it, or both are settled."""
    candidates = model.candidates
    if "one_place" not in model.by_kind:
        return np.ones(len(one), bool)
    return np.asarray(candidates.must[one] & candidates.must[other] | ~clashing(model, one, other))


def clashing(model: Model, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Whether two candidates of a cadre are in two places on one day."""
    candidates, sessions = model.candidates, model.candidates.sessions
    days = int(candidates.travel_days.max(initial=0)) + 1
    key = candidates.session.astype(np.int64) * days + candidates.travel_days
    shapes, inverse = np.unique(key, return_inverse=True)
    shape, n = (shapes // days, shapes % days), max(1, len(shapes))
    pair, back = np.unique(inverse[one].astype(np.int64) * n + inverse[other], return_inverse=True)
    a, b = pair // n, pair % n
    first_run, past_run = (np.searchsorted(sessions.run_session, shape[0], side=side) for side in ("left", "right"))
    run_a, at = expand(first_run[a], past_run[a])
    run_b, line = expand(first_run[b][at], past_run[b][at])
    run_a, at = run_a[line], at[line]
    way_a, way_b = shape[1][a[at]], shape[1][b[at]]
    meets = (sessions.run_start[run_a] - way_a <= sessions.run_end[run_b] + way_b) & (
        sessions.run_start[run_b] - way_b <= sessions.run_end[run_a] + way_a
    )
    clash = np.zeros(len(pair), bool)
    clash[at[meets]] = True
    return np.asarray(clash[back.reshape(-1)] & ~side_by_side(model, one, other))
