"""Unit release: how many of a unit's people are away on a working day."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from rotation_planner.domain.policy import UnitRelease
from rotation_planner.verify.facts import Attended, Facts
from rotation_planner.verify.findings import Findings
from rotation_planner.verify.loads import Changes, add, report_excess, segments
from rotation_planner.verify.people import rows

Busy = list[tuple[int, int, int]]
"""First day, last day, persons that may be away."""


def check(rule: UnitRelease, facts: Facts, findings: Findings) -> None:
    """Add up, per unit and working day, the parts of a day its people are away; in thousandths of a person."""
    strength: Counter[str] = Counter()
    for person in facts.people.of.values():
        if facts.selected(rule.who, person):
            strength[person.post.unit] += 1
    busy: dict[str, Busy] = defaultdict(list)
    for unit_id, start, end, release in rows(facts.scenario, "busy", "unit", "start", "end", "release"):
        busy[unit_id].append((start.toordinal(), end.toordinal(), release))
    load, settled = _away(rule, facts, facts.attended), _away(rule, facts, facts.settled)
    for id_, unit in facts.people.units.items():
        if id_ not in load:
            continue
        share = rule.per_mille if unit.release_per_mille is None else unit.release_per_mille
        least = rule.at_least if unit.release_at_least is None else unit.release_at_least
        usual = max(least, strength[id_] * share // 1000)
        report_excess(
            findings, rule.label, (id_,), _spans(load[id_], settled.get(id_, {}), usual, busy.get(id_, [])),
            "person/1000", lambda over, of: f"{over} thousandths of a person more away than {of} thousandths",
            facts.works,
        )


def _away(rule: UnitRelease, facts: Facts, attended: Iterable[Attended]) -> dict[str, Changes]:
    load: dict[str, Changes] = defaultdict(dict)
    for a in attended:
        part = a.run.course.day_fraction_per_mille
        if part and facts.selected(rule.who, a.person):
            changes = load[a.unit]
            for first, last in facts.away(a):
                add(changes, first, last, part)
    return load


def _spans(load: Changes, settled: Changes, usual: int, busy: Busy) -> Iterator[tuple[int, int, int, int, int]]:
    """Stretches of equal load and equal limit."""
    cuts = [day for first, last, _ in busy for day in (first, last + 1)]
    for first, last, (away, must) in segments(load, settled, cuts=cuts):
        limits = [release for a, b, release in busy if a <= first <= b]
        yield first, last, away, 1000 * (min(limits) if limits else usual), must
