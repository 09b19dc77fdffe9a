"""Team cover: who of a team may be away together, and who stands in for whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from rotation_planner.domain.organisation import Team
from rotation_planner.domain.policy import TeamCover
from rotation_planner.verify.facts import Attended, Facts
from rotation_planner.verify.findings import Findings
from rotation_planner.verify.loads import Changes, add, report_excess, segments
from rotation_planner.verify.people import Person, rows

HALF_A_DAY = 500


@dataclass(frozen=True)
class Condition:
    """How many of some people may be away by training on a day (``most``), in whose unit."""

    place: tuple[str, str]
    unit: str | None
    people: tuple[str, ...]
    most: Callable[[int], int]
    words: str


def check(rule: TeamCover, facts: Facts, findings: Findings) -> None:
    """Look at every condition on every working day."""
    cover = _Cover(rule, facts)
    for condition in (*cover.of_teams(), *cover.of_stand_ins()):
        report_excess(
            findings, rule.label, condition.place, cover.spans(condition), "person",
            lambda over, _, words=condition.words: words.format(over), facts.works,  # type: ignore[misc]
        )


class _Cover:
    def __init__(self, rule: TeamCover, facts: Facts) -> None:
        self.rule = rule
        self.facts = facts

    def of_teams(self) -> Iterator[Condition]:
        team: Team
        for team in self.facts.scenario["teams"]:
            apart = tuple(set(team.never_together))
            yield Condition((team.id, "never_together"), team.unit, apart, self._apart(apart, team.unit),
                            "{} too many of those never away together")
            stand_ins = tuple(set(team.stand_ins or team.deputies) - {team.chief})
            if team.chief is not None and stand_ins:
                yield Condition((team.id, "chief"), team.unit, (team.chief, *stand_ins),
                                self._stand_in(team.chief, stand_ins, team.unit),
                                "the chief and everybody who may stand in are away")
            if team.min_present or team.min_present_per_mille:
                yield Condition((team.id, "min_present"), team.unit, tuple(set(team.members)), self._present(team),
                                "{} fewer present than must be")

    def of_stand_ins(self) -> Iterator[Condition]:
        named: dict[str, set[str]] = defaultdict(set)
        for cadre, stand_in in rows(self.facts.scenario, "stand_ins", "cadre", "stand_in"):
            named[cadre].add(stand_in)
        for cadre, stand_ins in named.items():
            person = self.facts.people.of[cadre]
            unit = person.post_on(person.serves_from).unit
            yield Condition((cadre, "stand_ins"), unit, (cadre, *stand_ins),
                            self._stand_in(cadre, tuple(stand_ins), unit), "everybody who may stand in is away too")

    def _apart(self, people: tuple[str, ...], unit: str | None) -> Callable[[int], int]:
        return lambda day: 1 - sum(self._on_leave(p, unit, day) for p in people)

    def _stand_in(self, head: str, stand_ins: tuple[str, ...], unit: str | None) -> Callable[[int], int]:
        def most(day: int) -> int:
            there = sum(self._there(p, unit, day) for p in stand_ins)
            return there - 1 if self._on_leave(head, unit, day) else there

        return most

    def _present(self, team: Team) -> Callable[[int], int]:
        members = set(team.members)

        def most(day: int) -> int:
            belonging = sum(self._belongs(p, team.unit, day) for p in members)
            share = -(-team.min_present_per_mille * belonging // 1000)
            return sum(self._there(p, team.unit, day) for p in members) - max(team.min_present, share)

        return most

    def _belongs(self, cadre: str, unit: str | None, day: int) -> bool:
        if self.rule.leavers == "replaced":
            return True
        person = self.facts.people.of[cadre]
        if day < person.serves_from or (person.retired is not None and day >= person.retired):
            return False
        return unit is None or person.post_on(day).unit == unit

    def _on_leave(self, cadre: str, unit: str | None, day: int) -> bool:
        return self._belongs(cadre, unit, day) and not self._there(cadre, unit, day)

    def _there(self, cadre: str, unit: str | None, day: int) -> bool:
        if not self._belongs(cadre, unit, day):
            return False
        person = self.facts.people.of[cadre]
        if not self.rule.leave_counts or not self.facts.selected(self.rule.who, person):
            return True
        return not any(first <= day <= last for first, last in person.leave)

    def _turns(self, person: Person) -> set[int]:
        """Days on which somebody comes, goes, moves, or a leave begins or is over."""
        days = {person.serves_from, *(day for day, _ in person.posts)}
        days.update(() if person.retired is None else (person.retired,))
        return days.union(*({first, last + 1} for first, last in person.leave))

    def spans(self, condition: Condition) -> Iterator[tuple[int, int, int, int, int]]:
        """Stretches of days with people away, how many may be, and how many are settled."""
        people = sorted(condition.people)
        cuts = set[int]().union(*(self._turns(self.facts.people.of[p]) for p in people))
        now, settled = (
            self._away(people, condition.unit, cuts, of) for of in (self.facts.by_cadre, self.facts.settled_of)
        )
        for first, last, (away, must) in segments(now, settled, cuts=cuts):
            yield first, last, away, max(0, condition.most(first)), must

    def _away(
        self, people: Iterable[str], unit: str | None, cuts: set[int], of: Mapping[str, list[Attended]]
    ) -> Changes:
        """People away by training while they belong and are not on leave; nobody counts twice on a day."""
        total: Changes = {}
        for cadre in people:
            own: Changes = {}
            for a in of.get(cadre, ()):
                if a.run.course.day_fraction_per_mille >= HALF_A_DAY and self.facts.selected(self.rule.who, a.person):
                    for first, last in a.stretches:
                        add(own, first, last, 1)
            for first, last, _ in segments(own, cuts=cuts):
                if self._there(cadre, unit, first):
                    add(total, first, last, 1)
        return total
