"""Who serves when, in which post, under which authority: columns, not objects."""

from __future__ import annotations

import weakref
from dataclasses import dataclass

import numpy as np

from rotation_planner.domain.organisation import Authority, Unit
from rotation_planner.domain.people import Post
from rotation_planner.domain.scenario import Scenario

NEVER = 9_000_000
"""An ordinal beyond every calendar."""
POSTING = ("appointment", "promotion", "transfer", "entry")


def ordinals(dates: np.ndarray) -> np.ndarray:
    """datetime64[D] to proleptic ordinals; NaT becomes a very negative number."""
    return dates.astype("datetime64[D]").astype(np.int64) + 719_163


def index_of(ids: list[str]) -> dict[str, int]:
    """Position of each id."""
    return {name: i for i, name in enumerate(ids)}


def lookup(position: dict[str, int], values: list[str | None]) -> np.ndarray:
    """Positions of many ids; -1 for None."""
    return np.fromiter((-1 if v is None else position[v] for v in values), np.int64, len(values))


@dataclass(frozen=True)
class Careers:
    """Posts over time and service of every cadre.

    Attributes
    ----------
    segment_cadre, segment_from, segment_post : int64 arrays
        Sorted by cadre and day: from this day on the cadre holds this post.
    service_start, service_end : int64 arrays
        First day of service in the horizon; first day not served.
    joined_late : bool array
        Entered after the horizon's start.
    retires : int64 array
        Day of retirement, far in the future where there is none.
    entry : int64 array
        Day of entry into service, by the cadres table or an event; -1 where it is not known.
    """

    segment_cadre: np.ndarray
    segment_from: np.ndarray
    segment_post: np.ndarray
    service_start: np.ndarray
    service_end: np.ndarray
    joined_late: np.ndarray
    retires: np.ndarray
    entry: np.ndarray

    def segment_on(self, cadre: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Segment that holds for each (cadre, day)."""
        # Days fit well below 10^7, so (cadre, day) sorts as one number.
        key = self.segment_cadre * 10_000_000 + self.segment_from
        found: np.ndarray = np.searchsorted(key, cadre * 10_000_000 + day, side="right") - 1
        return found

    def post_on(self, cadre: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Post index on a day."""
        post: np.ndarray = self.segment_post[self.segment_on(cadre, day)]
        return post


_last: list[tuple[weakref.ref[Scenario], Careers]] = []


def careers(scenario: Scenario) -> Careers:
    """Read careers off the cadres and their events; those of the last scenario asked about are kept."""
    for of, known in _last:
        if of() is scenario:
            return known
    known = _read(scenario)
    _last[:] = [(weakref.ref(scenario, lambda _: _last.clear()), known)]
    return known


def _read(scenario: Scenario) -> Careers:
    cadres, events = scenario["cadres"], scenario["events"]
    n = len(cadres)
    of_cadre, of_post = index_of(cadres.tolist("id")), index_of(scenario["posts"].tolist("id"))
    who = lookup(of_cadre, events.tolist("cadre"))
    kind = events.column("kind")
    day = ordinals(events.column("date"))
    post = lookup(of_post, events.tolist("post"))
    moves = np.flatnonzero((post >= 0) & np.isin(kind, POSTING))
    cadre = np.concatenate([np.arange(n), who[moves]])
    start = np.concatenate([np.zeros(n, np.int64), day[moves]])
    posts = np.concatenate([lookup(of_post, cadres.tolist("post")), post[moves]])
    order = np.lexsort((start, cadre))
    first, last = scenario.start.toordinal(), scenario.end.toordinal() + 1
    entered = np.maximum(ordinals(cadres.column("entered")), -1)
    entered[np.isnat(cadres.column("entered"))] = -1
    entries = np.flatnonzero(kind == "entry")
    np.maximum.at(entered, who[entries], day[entries])
    retires = np.full(n, NEVER, np.int64)
    retirements = np.flatnonzero(kind == "retirement")
    np.minimum.at(retires, who[retirements], day[retirements])
    service_start = np.maximum(first, entered)
    service_end = np.minimum(last, retires)
    joined_late = entered > first
    return Careers(cadre[order], start[order], posts[order], service_start, service_end, joined_late, retires, entered)


class Management:
    """The authority that manages a level in a unit."""

    def __init__(self, scenario: Scenario) -> None:
        authorities: list[Authority] = list(scenario["authorities"])
        self.position = index_of([a.id for a in authorities])
        self._parent = [None if a.parent is None else self.position[a.parent] for a in authorities]
        self._levels = [frozenset(a.levels) for a in authorities]
        self._claims: dict[str, list[int]] = {}
        for i, a in enumerate(authorities):
            for unit in a.units:
                self._claims.setdefault(unit, []).append(i)
        self._units: list[Unit] = list(scenario["units"])
        self._known: dict[tuple[int, str], int] = {}

    def above(self, authority: int) -> list[int]:
        """The authority and all above it, from itself to the top."""
        chain: list[int] = []
        at: int | None = authority
        while at is not None and at not in chain:
            chain.append(at)
            at = self._parent[at]
        return chain

    def manager(self, post: Post, unit: int) -> int:
        """Index of the authority that manages a post."""
        key = (unit, post.level)
        if key not in self._known:
            self._known[key] = self._find(post.level, self._units[unit])
        return self._known[key]

    def _find(self, level: str, unit: Unit) -> int:
        for claim in self._claims.get(unit.id, ()):
            if not self._levels[claim] or level in self._levels[claim]:
                return claim
        chain = self.above(self.position[unit.authority])
        for authority in reversed(chain):
            if level in self._levels[authority]:
                return authority
        return chain[0]
