"""Careers: post on a day, service, managing authority, who is selected, what was passed and is needed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from types import MappingProxyType
from typing import Any

from rotation_planner.domain.organisation import Authority, Unit
from rotation_planner.domain.people import Post
from rotation_planner.domain.policy import NamedSelector, Selector
from rotation_planner.domain.scenario import Scenario
from rotation_planner.verify.selected import Test, ready

NOTHING: Mapping[str, int] = MappingProxyType({})


@dataclass(slots=True)
class Person:
    """A cadre, with days as ordinals.

    ``serves_from`` and ``serves_until`` are the first day of service in the horizon and the first day after it;
    ``posts`` are the changes of post in order of their days.
    """

    id: str
    post: Post
    categories: frozenset[str]
    opening_hours: int
    serves_from: int
    serves_until: int
    joined_late: bool
    retired: int | None = None
    posts: Sequence[tuple[int, Post]] = ()
    events: Sequence[tuple[str, int]] = ()
    leave: Sequence[tuple[int, int]] = ()
    passed: Sequence[tuple[str, int, int]] = ()
    """Passed records: course, day, hours."""
    records: Sequence[tuple[str, int]] = ()
    """All records: course, day."""
    born: int | None = None
    entry_given: int | None = None
    """Day of entry in the cadres table."""
    entered: int | None = None
    """Day of entry, by the table or an event."""
    teams: frozenset[str] = frozenset()
    holds: Mapping[str, int] = field(default_factory=lambda: NOTHING)
    """Competency to mastery."""

    def post_on(self, day: int) -> Post:
        """The post held on a day."""
        held = self.post
        for since, post in self.posts:
            if since > day:
                break
            held = post
        return held

    def in_post_since(self, day: int) -> int | None:
        """Day of the last event that gave a post, up to a day; without one the day of entry."""
        given = [since for since, _ in self.posts if since <= day]
        return given[-1] if given else self.entered

    @property
    def service_days(self) -> int:
        """Days of service inside the horizon."""
        return max(0, self.serves_until - self.serves_from)

    def service_within(self, first: int, last: int) -> int:
        """Days of service from first to last."""
        return max(0, min(self.serves_until, last + 1) - max(self.serves_from, first))


class People:
    """Every cadre of a scenario, and the tree of authorities."""

    def __init__(self, scenario: Scenario) -> None:
        self.rank = {level.id: level.rank for level in scenario["levels"]}
        self.posts: dict[str, Post] = {post.id: post for post in scenario["posts"]}
        self.units: dict[str, Unit] = {unit.id: unit for unit in scenario["units"]}
        self.authorities: dict[str, Authority] = {a.id: a for a in scenario["authorities"]}
        self.selectors: dict[str, NamedSelector] = {row.id: row for row in scenario["selectors"]}
        self._managers: dict[tuple[str, str], str] = {}
        self._above: dict[str, list[str]] = {}
        self._asked: dict[int, tuple[Selector, Test]] = {}
        """By ``id``, as to hash a selector takes longer than to put it; each is kept, so that its id is its own."""
        self.of: dict[str, Person] = self._read(scenario)

    def _read(self, scenario: Scenario) -> dict[str, Person]:
        start, end = scenario.start.toordinal(), scenario.end.toordinal()
        people: dict[str, Person] = {}
        for id_, post, categories, entered, opening, born in rows(
            scenario, "cadres", "id", "post", "categories", "entered", "opening_hours", "birth_date"
        ):
            since = start if entered is None else max(start, entered.toordinal())
            person = Person(id_, self.posts[post], frozenset(categories), opening, since, end + 1, since > start)
            person.born = None if born is None else born.toordinal()
            person.entered = person.entry_given = None if entered is None else entered.toordinal()
            people[id_] = person
        # Who has nothing in a table shares one empty tuple: lists of their own would be most of what a body takes.
        posts: dict[str, list[tuple[int, Post]]] = defaultdict(list)
        events: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for id_, kind, date, post in rows(scenario, "events", "cadre", "kind", "date", "post"):
            person, day = people[id_], date.toordinal()
            events[id_].append((kind, day))
            if kind == "entry":
                person.entered = day if person.entered is None else max(person.entered, day)
            if kind == "entry" and day > person.serves_from:
                person.serves_from, person.joined_late = day, True
            if kind == "retirement":
                person.retired = day if person.retired is None else min(person.retired, day)
                person.serves_until = min(person.serves_until, day)
            elif post is not None:
                posts[id_].append((day, self.posts[post]))
        for id_, happened in events.items():
            people[id_].events = happened
        for id_, changes in posts.items():
            people[id_].posts = sorted(changes, key=itemgetter(0))
        for team, members in rows(scenario, "teams", "id", "members"):
            for id_ in members:
                people[id_].teams |= {team}
        holds: dict[str, dict[str, int]] = defaultdict(dict)
        for id_, competency, mastery in rows(scenario, "holdings", "cadre", "competency", "mastery"):
            holds[id_][competency] = mastery
        for id_, of in holds.items():
            people[id_].holds = of
        leave: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for id_, first, last in rows(scenario, "leave", "cadre", "start", "end"):
            leave[id_].append((first.toordinal(), last.toordinal()))
        for id_, absences in leave.items():
            people[id_].leave = absences
        passed: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
        records: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for id_, course, date, hours, result in rows(scenario, "records", "cadre", "course", "date", "hours", "result"):
            day = date.toordinal()
            records[id_].append((course, day))
            if result == "passed":
                passed[id_].append((course, day, hours))
        for id_, taken in records.items():
            people[id_].records, people[id_].passed = taken, passed.get(id_, ())
        return people

    def above(self, authority: str) -> list[str]:
        """An authority and those above it, from itself to the top."""
        chain = self._above.get(authority)
        if chain is None:
            chain = []
            at: str | None = authority
            while at is not None and at not in chain:
                chain.append(at)
                at = self.authorities[at].parent if at in self.authorities else None
            self._above[authority] = chain
        return chain

    def manager(self, unit: str, level: str) -> str:
        """The authority that manages the cadres of a level in a unit."""
        known = self._managers.get((unit, level))
        if known is None:
            known = self._managers[unit, level] = self._find_manager(unit, level)
        return known

    def _find_manager(self, unit: str, level: str) -> str:
        for authority in self.authorities.values():
            if unit in authority.units and (not authority.levels or level in authority.levels):
                return authority.id
        own = self.units[unit].authority
        for id_ in reversed(self.above(own)):
            if id_ in self.authorities and level in self.authorities[id_].levels:
                return id_
        return own

    def within_levels(self, level: str, low: str | None, high: str | None) -> bool:
        """Whether a level lies between two others; None does not bind."""
        rank = self.rank[level]
        return (low is None or rank >= self.rank[low]) and (high is None or rank <= self.rank[high])

    def selected(self, who: Selector, person: Person, day: int | None = None) -> bool:
        """Whether a cadre is selected on a day (default: the first day of service)."""
        known = self._asked.get(id(who))
        if known is None:
            known = self._asked[id(who)] = who, ready(self, who)
        return known[1](self, person, person.serves_from if day is None else day)


def rows(scenario: Scenario, table: str, *columns: str) -> Any:
    """Tuples of some columns of a table, without building a row object for each."""
    return zip(*(scenario[table].tolist(name) for name in columns), strict=True)
