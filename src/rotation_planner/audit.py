"""Who answers for whom: trained by the wrong authority, nobody responsible, claimed twice.

Faults of the tables, not of a plan: a plan lets nobody attend a course of an authority that does not manage him or her,
unless a commitment says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from rotation_planner.domain.plan import Attendance, Opened, Plan, Study
from rotation_planner.domain.scenario import Scenario
from rotation_planner.domain.table import Table
from rotation_planner.domain.teaching import Course
from rotation_planner.verify.facts import Facts
from rotation_planner.verify.findings import iso
from rotation_planner.verify.people import People, Person

FAULTS: dict[str, str] = {
    "wrong_authority": "trained by an authority that neither manages the cadre nor stands above who does",
    "nobody_responsible": "no authority manages this level in this unit",
    "no_course": "no course of a managing authority, or of one above, admits these cadres",
    "claimed_twice": "more than one authority manages this level in this unit",
}
"""What each fault means."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault in who answers for whom.

    Attributes
    ----------
    code : str
        See ``FAULTS``.
    unit, level : str
        Whose fault it is: of the post held on the day.
    authorities : tuple of str
        Who trains, or who claims; empty where nobody does.
    cadres : tuple of str
        Cadres it touches.
    where : tuple of str
        Wrong authority: the record (course and day) or the commitment (session and kind).
    """

    code: str
    unit: str
    level: str
    authorities: tuple[str, ...]
    cadres: tuple[str, ...]
    where: tuple[str, ...] = ()

    @property
    def message(self) -> str:
        """The fault in words."""
        by = f" ({', '.join(self.authorities)})" if self.authorities else ""
        at = f", {' '.join(self.where)}" if self.where else ""
        return f"{self.unit}, level {self.level}{at}: {FAULTS[self.code]}{by}; cadres: {len(self.cadres)}"


class Faults(tuple[Fault, ...]):
    """Faults, by code."""

    __slots__ = ()

    def frame(self) -> pd.DataFrame:
        """One row per fault; several values of a cell joined by ``; ``."""
        rows = [
            {k: "; ".join(v) if isinstance(v, list) else v for k, v in fault.items()} for fault in self.to_json()
        ]
        return pd.DataFrame(rows, columns=[*Fault.__dataclass_fields__, "message"])

    def to_json(self) -> list[dict[str, Any]]:
        """Plain lists, dicts and text, ready for ``json.dumps``."""
        return [
            {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(f).items()} | {"message": f.message}
            for f in self
        ]

    def _repr_html_(self) -> str:
        return str(self.frame().to_html(index=False))


def audit(scenario: Scenario) -> Faults:
    """Look for cadres trained by the wrong authority, for whom nobody answers, or whom two claim.

    Parameters
    ----------
    scenario : Scenario
        Without errors (``check``), but for units that two authorities manage.

    Returns
    -------
    Faults
        In the order of ``FAULTS``.
    """
    facts = Facts(scenario, Plan(Table.of(Attendance), Table.of(Opened), Table.of(Study)))
    held = _held(facts)
    return Faults([*_wrong(facts), *_unmanaged(facts.people, held), *_untaught(facts), *_twice(facts.people, held)])


def _held(facts: Facts) -> dict[tuple[str, str], list[str]]:
    """Unit and level to the cadres who work there at some time of their service in the horizon."""
    held: dict[tuple[str, str], list[str]] = {}
    for person in facts.people.of.values():
        if person.serves_from >= person.serves_until:
            continue
        days = [person.serves_from, *(d for d, _ in person.posts if person.serves_from < d < person.serves_until)]
        for post in {p.id: p for p in map(person.post_on, days)}.values():
            of = held.setdefault((post.unit, post.level), [])
            if person.id not in of[-1:]:
                of.append(person.id)
    return held


def _wrong(facts: Facts) -> Iterator[Fault]:
    courses = facts.teaching.courses
    for person in facts.people.of.values():
        for course, day in person.records:
            yield from _unless_managing(facts, person, courses[course], day, (course, iso(day)))
    for kind in ("must", "published"):
        for cadre, session in facts.pairs[kind]:
            run = facts.teaching.runs[session]
            yield from _unless_managing(facts, facts.people.of[cadre], run.course, run.start, (session, kind))


def _unless_managing(
    facts: Facts, person: Person, course: Course, day: int, where: tuple[str, ...]
) -> Iterator[Fault]:
    """A fault if the owner of a course neither manages a cadre on a day nor stands above who does."""
    post = person.post_on(day)
    chain = facts.people.above(facts.people.manager(post.unit, post.level))
    if course.owner is not None and course.owner not in chain:
        yield Fault("wrong_authority", post.unit, post.level, (course.owner,), (person.id,), where)


def _claims(people: People, unit: str, level: str) -> tuple[str, ...]:
    """Authorities that say they manage a level in a unit.

    Those that list the unit; where none does, those from the unit's authority to the top that list the level; where
    none does, the unit's authority, unless it lists other levels.
    """
    own = people.units[unit].authority
    by_unit = [
        a.id for a in people.authorities.values() if unit in a.units and (not a.levels or level in a.levels)
    ]
    by_level = [a for a in people.above(own) if level in people.authorities[a].levels]
    rest = [] if people.authorities[own].levels else [own]
    return tuple(by_unit or by_level or rest)


def _unmanaged(people: People, held: dict[tuple[str, str], list[str]]) -> Iterator[Fault]:
    for (unit, level), cadres in held.items():
        if not _claims(people, unit, level):
            yield Fault("nobody_responsible", unit, level, (), tuple(cadres))


def _twice(people: People, held: dict[tuple[str, str], list[str]]) -> Iterator[Fault]:
    for (unit, level), cadres in held.items():
        claims = _claims(people, unit, level)
        if len(claims) > 1:
            yield Fault("claimed_twice", unit, level, claims, tuple(cadres))


def _untaught(facts: Facts) -> Iterator[Fault]:
    """Cadres whom no course reaches in the post of their first day of service: owner, level, category and duty."""
    people = facts.people
    courses = list(facts.teaching.courses.values())
    reached: dict[tuple[str, str, frozenset[str], tuple[str, ...]], bool] = {}
    lacking: dict[tuple[str, str], list[str]] = {}
    for person in people.of.values():
        post = person.post_on(person.serves_from)
        kinds = person.categories.union(post.categories)
        key = (people.manager(post.unit, post.level), post.level, kinds, post.duties)
        if key not in reached:
            chain = people.above(key[0])
            reached[key] = any(
                (c.owner is None or c.owner in chain)
                and people.within_levels(post.level, c.level_low, c.level_high)
                and (not c.categories or not kinds.isdisjoint(c.categories))
                and (not c.duties or not set(c.duties).isdisjoint(post.duties))
                for c in courses
            )
        if not reached[key] and person.serves_from < person.serves_until:
            lacking.setdefault((post.unit, post.level), []).append(person.id)
    for (unit, level), cadres in lacking.items():
        yield Fault("no_course", unit, level, (people.manager(unit, level),), tuple(cadres))
