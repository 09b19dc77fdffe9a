"""Which people and classes to look at together.

Each kind chooses cadres, and sessions whose classes may change. None knows a rule: who loses is read off the goal, who
is in the way off the rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from rotation_planner.engines.search import Search
from rotation_planner.program.program import INF

NOBODY = np.zeros(0, np.int64)
CLASS = 70
"""People looked at to make a class."""
WISHES = 6
"""Sessions of one loser that are cleared at a time."""


@dataclass(frozen=True)
class Neighbourhood:
    """Cadres whose columns are free, sessions whose classes are, and the sessions in which anything may change."""

    cadres: np.ndarray
    sessions: np.ndarray
    window: np.ndarray | None = None


Pick = Callable[[Search, int, int], Neighbourhood]


def loss(search: Search, g: int) -> np.ndarray:
    """What each cadre's own columns lose against the best they could be, in the goal's units."""
    program = search.program
    c = search.goals[g]
    lost = c * search.x - np.minimum(c * program.lower, c * program.upper)
    own = program.owner >= 0
    return np.bincount(program.owner[own], weights=lost[own], minlength=len(program.hint_group))


def _losers(search: Search, g: int, count: int) -> np.ndarray:
    lost = loss(search, g)
    count = min(count, int((lost > 0).sum()))
    if not count:
        return NOBODY
    chosen: np.ndarray = search.rng.choice(len(lost), count, replace=False, p=lost / lost.sum())
    return chosen


def _sessions_of(search: Search, cadres: np.ndarray) -> np.ndarray:
    columns = search.owned.columns(cadres)
    sessions = search.session_of[columns]
    return np.unique(sessions[sessions >= 0])


def _attending(search: Search, sessions: np.ndarray) -> np.ndarray:
    here = np.zeros(len(search.classes), bool)
    here[sessions] = True
    there = (search.x[search.attend] > 0) & here[search.session]
    return np.unique(search.program.owner[search.attend[there]])


def _some(search: Search, of: np.ndarray, count: int) -> np.ndarray:
    return search.rng.permutation(of)[: max(0, count)]


def rivals(search: Search, g: int, size: int) -> Neighbourhood:
    """Some who lose, and people in the sessions these could attend; the classes stay."""
    chosen = _losers(search, g, max(1, size // 4))
    if not len(chosen):
        return anybody(search, g, size)
    sessions = _sessions_of(search, chosen)
    there = _attending(search, _some(search, sessions, max(2, len(sessions) // 3)))
    return Neighbourhood(np.union1d(chosen, _some(search, there, size - len(chosen))), NOBODY)


def rivals_and_classes(search: Search, g: int, size: int) -> Neighbourhood:
    """The same, and the classes of the sessions that the losers could attend may change."""
    one = rivals(search, g, size)
    return Neighbourhood(one.cadres, _some(search, _sessions_of(search, one.cadres), 3 * size))


def in_the_way(search: Search, g: int, size: int) -> Neighbourhood:
    """One or a few who lose, and whoever holds what they would need: a seat, or the release of their unit."""
    chosen = _losers(search, g, max(1, size // 12))
    if not len(chosen):
        return anybody(search, g, size)
    program = search.program
    wished = []
    for cadre in chosen:
        own = search.owned.columns(np.array([cadre]))
        free = own[(search.session_of[own] >= 0) & (search.x[own] == 0)]
        wished.append(_some(search, free, WISHES))
    columns = np.concatenate(wished)
    part = search.csc[:, columns].tocoo()
    rows = part.row[part.data + search.activity[part.row] > program.high[part.row]]
    counting = part.row[(program.low[part.row] == program.high[part.row]) & (program.high[part.row] < INF)]
    blocked = program.matrix[np.unique(np.concatenate([rows, counting]))].tocoo()
    holders = program.owner[blocked.col[search.x[blocked.col] > 0]]
    holders = np.setdiff1d(holders, np.append(chosen, -1))
    return Neighbourhood(
        np.union1d(chosen, _some(search, holders, size - len(chosen))), np.unique(search.session_of[columns])
    )


def gather(search: Search, g: int, size: int) -> Neighbourhood:
    """Somebody who loses, one session that would help, and enough of those it is for to make a class of it."""
    chosen = _losers(search, g, 1)
    if not len(chosen):
        return anybody(search, g, size)
    program, own = search.program, search.owned.columns(chosen)
    losing = own[(search.goals[g][own] > 0) & (search.x[own] > program.lower[own])]
    rows = np.unique(search.csc[:, losing].indices)
    served = np.intersect1d(program.matrix[rows].indices, own)
    helps = served[(search.session_of[served] >= 0) & (search.x[served] == 0)]
    if not len(helps):
        return anybody(search, g, size)
    session = search.session_of[search.rng.choice(helps)]
    could = program.owner[search.attend[search.session == session]]
    company = _some(search, could, max(size, CLASS))
    return Neighbourhood(np.union1d(chosen, company), np.array([session]))


def together(search: Search, g: int, size: int) -> Neighbourhood:
    """All people of a few sessions, so that a class can close, open or move."""
    running = np.flatnonzero(search.x[search.classes] > 0)
    cadres = NOBODY
    for s in search.rng.permutation(running):
        there = _attending(search, np.array([s]))
        if len(cadres) and len(cadres) + len(there) > size:
            break
        cadres = np.union1d(cadres, there)
    if not len(cadres):
        return anybody(search, g, size)
    if len(cadres) > 2 * size:
        cadres = _some(search, cadres, 2 * size)
    return Neighbourhood(cadres, _sessions_of(search, cadres))


def anybody(search: Search, _g: int, size: int) -> Neighbourhood:
    """Anybody."""
    n = len(search.program.hint_group)
    cadres = search.rng.choice(n, min(size, n), replace=False)
    return Neighbourhood(cadres, _sessions_of(search, cadres))


IN_STRETCHES: tuple[Pick, ...] = (rivals, rivals_and_classes, together, anybody)
OVER_ALL: tuple[Pick, ...] = (in_the_way, rivals, gather)
"""Kinds for a stretch of time, and for the whole horizon; ``improve`` learns which pay."""
