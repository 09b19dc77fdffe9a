"""Which people and classes to look at together.

Each kind chooses cadres, and sessions whose classes may change. None knows a rule: who loses is read off the goal, who
is in the way off the rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from rotation_planner.engines.search import Search
from rotation_planner.program.distinct import distinct, joined

NOBODY = np.zeros(0, np.int64)
AROUND = (100, 183, 365)
"""Days before and after a session in which people may be moved to make a class of it."""
ROOM = 5
"""Most running sessions that may give way to it."""
OFTEN = 0.1
"""Weight of a vain try of a row, which is about many people, beside one of a column."""
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
    columns, lost = search.lost(g)
    owner = search.program.owner[columns]
    own = owner >= 0
    return np.bincount(owner[own], weights=lost[own], minlength=len(search.program.hint_group))


def _losers(search: Search, g: int, count: int) -> np.ndarray:
    lost = loss(search, g)
    count = min(count, int((lost > 0).sum()))
    if not count:
        return NOBODY
    odds = lost / (1.0 + search.tries_of_cadre)
    chosen: np.ndarray = search.rng.choice(len(lost), count, replace=False, p=odds / odds.sum())
    search.tries_of_cadre[chosen] += 1
    return chosen


def _sessions_of(search: Search, cadres: np.ndarray) -> np.ndarray:
    columns = search.owned.columns(cadres)
    sessions = search.session_of[columns]
    return distinct(sessions[sessions >= 0])


def _attending(search: Search, sessions: np.ndarray) -> np.ndarray:
    could = search.offered.columns(sessions)
    return distinct(search.program.owner[could[search.x[could] > 0]])


def _some(search: Search, of: np.ndarray, count: int) -> np.ndarray:
    return search.rng.permutation(of)[: max(0, count)]


def rivals(search: Search, g: int, size: int) -> Neighbourhood:
    """Some who lose, and people in the sessions these could attend; the classes stay."""
    chosen = _losers(search, g, max(1, size // 4))
    if not len(chosen):
        return anybody(search, g, size)
    sessions = _sessions_of(search, chosen)
    there = _attending(search, _some(search, sessions, max(2, len(sessions) // 3)))
    return Neighbourhood(joined(chosen, _some(search, there, size - len(chosen))), NOBODY)


def rivals_and_classes(search: Search, g: int, size: int) -> Neighbourhood:
    """The same, and the classes of the sessions that the losers could attend may change."""
    one = rivals(search, g, size)
    return Neighbourhood(one.cadres, _some(search, _sessions_of(search, one.cadres), 3 * size))


def in_the_way(search: Search, g: int, size: int) -> Neighbourhood:
    """One or a few who lose, and whoever holds what they would need: a seat, or the release of their unit."""
    chosen = _losers(search, g, max(1, size // 12))
    if not len(chosen):
        return anybody(search, g, size)
    wished = []
    for cadre in chosen:
        own = search.owned.columns(np.array([cadre]))
        free = own[(search.session_of[own] >= 0) & (search.x[own] == 0)]
        wished.append(_some(search, free, WISHES))
    columns = np.concatenate(wished)
    people, running = _holders(search, _full(search, columns))
    holders = np.setdiff1d(joined(people, _attending(search, running)), chosen)
    return Neighbourhood(
        joined(chosen, _some(search, holders, size - len(chosen))), distinct(search.session_of[columns])
    )


def gather(search: Search, g: int, size: int) -> Neighbourhood:
    """One thing that is missed, a session that would help, all whom it is for, and others who give up what it needs.

    These others are all people of a few running sessions that use up the rows in the way (money, beds, releases).
    """
    program = search.program
    missed = _missed(search, g)
    session = _helping(search, missed) if missed >= 0 else -1
    could = search.offered.columns(np.array([session])) if session >= 0 else NOBODY
    if not len(could):
        return anybody(search, g, size)  # in a block also a session that is for people of other blocks
    window = np.abs(program.hint_time - program.hint_time[session]) <= search.rng.choice(AROUND)
    most = round(size / max(float(window.mean()), 1e-9))
    cadres = _some(search, program.owner[could], most)
    if program.owner[missed] >= 0:
        cadres = np.append(cadres, program.owner[missed])
    mine = could[program.owner[could] == program.owner[missed]]
    people, running = _holders(search, _full(search, mine if len(mine) else search.rng.choice(could, 1)))
    cadres = joined(cadres, _some(search, people, most))
    for s in search.rng.permutation(running[window[running]])[:ROOM]:
        if len(cadres) >= most:
            break
        cadres = joined(cadres, _attending(search, np.array([s])))
    cadres = distinct(cadres)
    return Neighbourhood(cadres, joined(_sessions_of(search, cadres), np.array([session])), window)


def priced(search: Search, g: int, size: int) -> Neighbourhood:
    """A column or row where prices say that value is lost, and all people of running sessions that it is about."""
    cadres, sessions = _losing(search, g)
    if not len(sessions):
        return anybody(search, g, size)
    session = search.rng.choice(sessions)
    time = search.program.hint_time
    window = np.abs(time - time[session]) <= search.rng.choice(AROUND)
    most = round(size / max(float(window.mean()), 1e-9))
    cadres = joined(cadres, _attending(search, np.array([session])))
    for s in search.rng.permutation(sessions[window[sessions]]):
        if len(cadres) >= most:
            break
        cadres = joined(cadres, _attending(search, np.array([s])))
    cadres = _some(search, cadres, 2 * most)
    return Neighbourhood(cadres, _sessions_of(search, cadres), window)


def _losing(search: Search, g: int) -> tuple[np.ndarray, np.ndarray]:
    """By prices one column or row that loses: its cadre, if it has one, and the running sessions that it is about."""
    program = search.program
    places, lost = search.losing(g)
    if not len(places):
        return NOBODY, NOBODY
    tries = np.where(
        places < program.n_columns, search.tries_of_column[np.minimum(places, program.n_columns - 1)],
        OFTEN * search.tries_of_row[np.maximum(places - program.n_columns, 0)],
    )
    odds = lost / (1.0 + tries)
    chosen = int(search.rng.choice(places, p=odds / odds.sum()))
    if chosen < program.n_columns:
        search.tries_of_column[chosen] += 1
        columns = np.array([chosen])
    else:
        row = chosen - program.n_columns
        search.tries_of_row[row] += 1
        columns = _behind(search, program.matrix[[row]].indices)
        columns = columns[search.x[columns] > 0]
    cadres = distinct(program.owner[columns])
    cadres = cadres[cadres >= 0]
    cadres = cadres if len(cadres) == 1 else NOBODY
    for sessions in (_sessions_at(search, columns), _sessions_of(search, cadres)):
        running = sessions[search.x[search.classes[sessions]] > 0]
        if len(running):
            return cadres, running
    return cadres, NOBODY


def _behind(search: Search, columns: np.ndarray) -> np.ndarray:
    """Columns, and those that define helpers among them: what is counted may be defined elsewhere."""
    program = search.program
    helpers = columns[(program.owner[columns] < 0) & (search.about[columns] < 0)]
    rows = distinct(search.csc[:, helpers].indices)
    return joined(columns, program.matrix[rows[search.link[rows]]].indices)


def _missed(search: Search, g: int) -> int:
    """A column that loses in a goal, likelier if it loses more and was tried less; -1 if there is none."""
    some, lost = search.lost(g)
    if not lost.any():
        return -1
    # What was tried in vain must not keep the rest waiting.
    odds = lost / (1.0 + search.tries_of_column[some]) ** 2
    missed = int(search.rng.choice(some, p=odds / odds.sum()))
    search.tries_of_column[missed] += 1
    return missed


def _helping(search: Search, missed: int) -> int:
    """A session that would help with a column that loses: attended by its cadre, or in the same rows; -1 if none."""
    program = search.program
    near = distinct(program.matrix[distinct(search.csc[:, [missed]].indices)].indices)
    if program.owner[missed] >= 0:
        near = near[(program.owner[near] == program.owner[missed]) & (search.x[near] == 0)]
    else:
        near = _behind(search, near[near != missed])
    sessions = _sessions_at(search, near)
    return int(search.rng.choice(sessions)) if len(sessions) else -1


def _full(search: Search, attend: np.ndarray) -> np.ndarray:
    """Limits that one more attendance would break, its head counted and a class opened for it where there is none.

    Rows that define helpers are no limits: what one more attendance breaks there, the helper follows.
    """
    sessions = search.session_of[attend]
    change = search.csc[:, attend] + search.csc[:, search.heads[sessions]]
    closed = search.x[search.classes[sessions]] == 0
    if closed.any():
        change = change + search.csc[:, search.classes[sessions]] * closed
    part = change.tocoo()
    broken = (part.data + search.activity[part.row] > search.program.high[part.row]) & ~search.link[part.row]
    rows: np.ndarray = distinct(part.row[broken])
    return rows


def _holders(search: Search, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Who holds what some rows limit: cadres by columns of their own, and running sessions by heads and classes."""
    columns = distinct(search.program.matrix[rows].indices)
    used = columns[search.x[columns] > 0]
    owner = search.program.owner[used]
    return distinct(owner[owner >= 0]), _sessions_at(search, used[owner < 0])


def _sessions_at(search: Search, columns: np.ndarray) -> np.ndarray:
    """Sessions that some columns are about."""
    sessions = distinct(search.about[columns])
    return sessions[sessions >= 0]


def together(search: Search, g: int, size: int) -> Neighbourhood:
    """All people of a few sessions, so that a class can close, open or move."""
    running = np.flatnonzero(search.x[search.classes] > 0)
    cadres = NOBODY
    for s in search.rng.permutation(running):
        there = _attending(search, np.array([s]))
        if len(cadres) and len(cadres) + len(there) > size:
            break
        cadres = joined(cadres, there)
    if not len(cadres):
        return anybody(search, g, size)
    if len(cadres) > 2 * size:
        cadres = _some(search, cadres, 2 * size)
    return Neighbourhood(cadres, _sessions_of(search, cadres))


def thin(search: Search, g: int, size: int) -> Neighbourhood:
    """All people of a few sessions that cost the goal much for few people, so that others may take them in.

    Where no session costs the goal anything by itself, what is missed is gathered.
    """
    coefs, heads = search.goals[g], search.x[search.heads]
    running = np.flatnonzero((search.x[search.classes] > 0) & (heads <= 2 * size))
    fixed = np.maximum(coefs[search.classes] * search.x[search.classes], 0)
    opens = search.opening >= 0
    fixed[opens] += np.maximum(coefs[search.opening[opens]] * search.x[search.opening[opens]], 0)
    odds = fixed[running] / (1.0 + heads[running])
    if not odds.any():
        return gather(search, g, size)
    cadres = NOBODY
    for s in search.rng.choice(running, int((odds > 0).sum()), replace=False, p=odds / odds.sum()):
        there = _attending(search, np.array([s]))
        if len(cadres) and len(cadres) + len(there) > size:
            break
        cadres = joined(cadres, there)
    cadres = _some(search, cadres, 2 * size)
    return Neighbourhood(cadres, _sessions_of(search, cadres))


def anybody(search: Search, _g: int, size: int) -> Neighbourhood:
    """Anybody."""
    n = len(search.program.hint_group)
    cadres = search.rng.choice(n, min(size, n), replace=False)
    return Neighbourhood(cadres, _sessions_of(search, cadres))


IN_STRETCHES: tuple[Pick, ...] = (rivals, rivals_and_classes, together, thin, anybody, gather)
OVER_ALL: tuple[Pick, ...] = (in_the_way, rivals, thin)
"""Kinds for a stretch of time, and for the whole horizon; ``improve`` learns which pay."""
