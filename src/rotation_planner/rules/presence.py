"""Who belongs to a team, or stands in for somebody, on which days, and who of them is on leave."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rotation_planner.compile.career import NEVER, careers
from rotation_planner.domain.policy import TeamCover
from rotation_planner.rules.base import Model
from rotation_planner.rules.records import ordinals, positions

ALWAYS = (0, NEVER)
Interval = tuple[int, int]
"""First day, and first day after."""


@dataclass(frozen=True)
class Group:
    """A condition on some people.

    Attributes
    ----------
    place : tuple of str
        Its name.
    unit : int
        Unit in which they stand by one another; -1: wherever they are.
    head : int
        Whose absence the others make good; -1: nobody's in particular.
    others : tuple of int
        All the people but the head.
    most : int
        ``never_together``: how many may be away; else unused.
    need : (count, per mille)
        ``min_present``: how many must be present.
    """

    place: tuple[str, ...]
    unit: int
    head: int
    others: tuple[int, ...]
    most: int = 0
    need: tuple[int, int] = (0, 0)

    @property
    def people(self) -> tuple[int, ...]:
        """Everybody, the head first."""
        return self.others if self.head < 0 else (self.head, *self.others)


class Presence:
    """Times of belonging and of leave."""

    def __init__(self, rule: TeamCover, model: Model) -> None:
        scenario = model.candidates.scenario
        self._gone = rule.leavers == "gone"
        self._career = careers(scenario)
        units = positions(scenario["units"].tolist("id"), scenario["posts"].column("unit"))
        self._unit = units[self._career.segment_post] if len(units) else units
        self._leave: dict[int, list[Interval]] = {}
        if rule.leave_counts:
            table = scenario["leave"]
            who = positions(model.candidates.cadres.ids, table.column("cadre"))
            counts = model.selected(rule.who)
            for cadre, first, last in zip(who, ordinals(table.column("start")), ordinals(table.column("end")),
                                          strict=True):
                if counts[cadre]:
                    self._leave.setdefault(int(cadre), []).append((int(first), int(last) + 1))

    def home(self, cadre: int) -> int:
        """Unit on the first day of service."""
        day = self._career.service_start[cadre]
        return int(self._unit[self._career.segment_on(np.array([cadre]), np.array([day]))[0]])

    def belongs(self, cadre: int, unit: int) -> list[Interval]:
        """When a cadre serves, in the unit if there is one."""
        if not self._gone:
            return [ALWAYS]
        career = self._career
        serves = int(career.service_start[cadre]), int(career.retires[cadre])
        low, past = (int(np.searchsorted(career.segment_cadre, cadre, side=side)) for side in ("left", "right"))
        found: list[Interval] = []
        for k in range(low, past):
            until = int(career.segment_from[k + 1]) if k + 1 < past else NEVER
            first, end = max(serves[0], int(career.segment_from[k])), min(serves[1], until)
            if first < end and unit in (-1, int(self._unit[k])):
                if found and found[-1][1] == first:
                    found[-1] = (found[-1][0], end)
                else:
                    found.append((first, end))
        return found

    def there(self, cadre: int, unit: int) -> list[Interval]:
        """When a cadre belongs and is not on leave."""
        return minus(self.belongs(cadre, unit), sorted(self._leave.get(cadre, [])))

    def limits(self, group: Group) -> list[tuple[int, int]]:
        """How many people of a group may be away by training, from which day on."""
        belongs = [self.belongs(c, group.unit) for c in group.people]
        there = [self.there(c, group.unit) for c in group.people]
        days = sorted({0, *(day for spans in (*belongs, *there) for span in spans for day in span)})
        return [(day, self._limit(group, [_in(s, day) for s in belongs], [_in(s, day) for s in there]))
                for day in days]

    def _limit(self, group: Group, belongs: list[bool], there: list[bool]) -> int:
        on_leave = sum(belongs) - sum(there)
        if group.head >= 0:
            # While the head is away by training or on leave, one of the others is there.
            return max(0, sum(there[1:]) - (belongs[0] and not there[0]))
        count, per_mille = group.need
        if count or per_mille:
            return max(0, sum(there) - max(count, -(-per_mille * sum(belongs) // 1000)))
        return max(0, group.most - on_leave)


def minus(spans: list[Interval], holes: list[Interval]) -> list[Interval]:
    """Intervals without others; both sorted, neither overlapping among themselves."""
    for first, end in holes:
        spans = [
            piece for a, b in spans for piece in ((a, min(b, first)), (max(a, end), b)) if piece[0] < piece[1]
        ]
    return spans


def _in(spans: list[Interval], day: int) -> bool:
    return any(a <= day < b for a, b in spans)
