"""How many people each unit releases."""

from __future__ import annotations

from collections import Counter, defaultdict

from rotation_planner.domain.policy import UnitRelease
from rotation_planner.verify.facts import Facts
from rotation_planner.verify.people import rows


class Figures:
    """Usual release and busy periods of every unit.

    Attributes
    ----------
    usual : dict of str to int
        Unit to persons outside busy periods.
    busy : dict of str to list of (first day, last day, persons)
        Unit to its busy periods.
    """

    def __init__(self, rule: UnitRelease, facts: Facts) -> None:
        strength: Counter[str] = Counter()
        for person in facts.people.of.values():
            if facts.selected(rule.who, person):
                strength[person.post.unit] += 1
        self.usual: dict[str, int] = {}
        for id_, unit in facts.people.units.items():
            share, least = rule.per_mille, rule.at_least
            if rule.own_figures:
                share = share if unit.release_per_mille is None else unit.release_per_mille
                least = least if unit.release_at_least is None else unit.release_at_least
            self.usual[id_] = max(least, strength[id_] * share // 1000)
        self.busy: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
        for unit_id, start, end, release in rows(facts.scenario, "busy", "unit", "start", "end", "release"):
            self.busy[unit_id].append((start.toordinal(), end.toordinal(), release))

    def on(self, unit: str, day: int) -> int:
        """Persons a unit may have away on a day."""
        if unit not in self.busy:
            return self.usual[unit]
        limits = [release for first, last, release in self.busy[unit] if first <= day <= last]
        return min(limits) if limits else self.usual[unit]
