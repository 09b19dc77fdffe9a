"""Seat quotas: what authorities asked for, were granted, gave back, and use."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from rotation_planner.domain.dealings import Quota
from rotation_planner.domain.policy import SeatQuota
from rotation_planner.verify.facts import Attended, Facts
from rotation_planner.verify.findings import Findings
from rotation_planner.verify.people import Person

UNIT = "seat"
Place = tuple[str, int, str]
"""Course, year, authority."""


@dataclass(frozen=True, slots=True)
class Use:
    """Use of one quota: seats taken by the plan, by records, and by the ``must`` commitments."""

    quota: Quota
    planned: int
    recorded: int
    settled: int

    @property
    def seats(self) -> int:
        """Seats that may be used."""
        return self.quota.granted - self.quota.returned


def check(rule: SeatQuota, facts: Facts, findings: Findings) -> None:
    """Hold each use against its quota; then look for people without one."""
    for use in uses(facts):
        q, used = use.quota, use.planned + use.recorded
        findings.exceed(
            rule.label, (q.course, str(q.year), q.authority), used, max(0, use.seats), use.settled + use.recorded, UNIT,
            f"{q.authority} uses {used} seats of {q.course} in {q.year}, has {use.seats}",
        )
    if not rule.only_granted:
        return
    listed = _listed(facts)
    heads, settled = _without(facts, listed, facts.attended), _without(facts, listed, facts.settled)
    for course, year in sorted(heads):
        n = heads[course, year]
        findings.exceed(
            rule.label, (course, str(year), "others"), n, 0, settled[course, year], UNIT,
            f"{n} attend {course} in {year} without a quota",
        )


def uses(facts: Facts) -> list[Use]:
    """Use of every quota, in their order."""
    planned, settled, recorded = Counter[Place](), Counter[Place](), Counter[Place]()
    listed = _listed(facts)
    for count, attended in ((planned, facts.attended), (settled, facts.settled)):
        for a in attended:
            if (a.run.course.id, a.run.year) in listed:
                count.update((a.run.course.id, a.run.year, m) for m in _chain(facts, a.person, a.run.start))
    for person in facts.people.of.values() if listed else ():
        for course, day in person.records:
            year = dt.date.fromordinal(day).year
            if (course, year) in listed:
                recorded.update((course, year, m) for m in _chain(facts, person, day))
    places: list[tuple[Quota, Place]] = [(q, (q.course, q.year, q.authority)) for q in facts.scenario["seat_quotas"]]
    return [Use(q, planned[at], recorded[at], settled[at]) for q, at in places]


def _listed(facts: Facts) -> dict[tuple[str, int], set[str]]:
    """Course and year to the authorities that have a quota."""
    listed: dict[tuple[str, int], set[str]] = {}
    for q in facts.scenario["seat_quotas"]:
        listed.setdefault((q.course, q.year), set()).add(q.authority)
    return listed


def _without(
    facts: Facts, listed: dict[tuple[str, int], set[str]], attended: Iterable[Attended]
) -> Counter[tuple[str, int]]:
    """Attendances by people under none of the authorities listed for the course and year."""
    keys = (((a.run.course.id, a.run.year), a) for a in attended)
    return Counter(
        key for key, a in keys
        if key in listed and listed[key].isdisjoint(_chain(facts, a.person, a.run.start))
    )


def _chain(facts: Facts, person: Person, day: int) -> list[str]:
    """The authority that manages a cadre on a day, and those above it."""
    post = person.post_on(day)
    return facts.people.above(facts.people.manager(post.unit, post.level))
