"""All that the checks look up: the scenario in plain dictionaries, and what a plan does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from rotation_planner.domain.plan import Plan
from rotation_planner.domain.policy import NoRepeat
from rotation_planner.domain.scenario import Scenario
from rotation_planner.domain.table import Table
from rotation_planner.verify.need import open_gaps
from rotation_planner.verify.people import People, Person, rows
from rotation_planner.verify.teaching import Run, Teaching
from rotation_planner.verify.ways import Ways


@dataclass(slots=True)
class Attended:
    """A cadre in a session: the unit left, the way, the days away with travel, and whether a ``must`` binds it."""

    person: Person
    run: Run
    class_no: int
    unit: str
    travel_days: int
    travel_yuan: int
    stretches: tuple[tuple[int, int], ...]
    must: bool

    @property
    def cost_yuan(self) -> int:
        """Trainee-days and travel."""
        return self.run.course.days * self.run.course.cost_per_trainee_day_yuan + self.travel_yuan


class Facts:
    """A scenario and a plan, as the checks see them.

    Unknown ids, repeated rows and impossible numbers of the plan are left out here; ``structure`` reports them.
    """

    def __init__(self, scenario: Scenario, plan: Plan) -> None:
        self.scenario = scenario
        self.policy = scenario.policy
        self.start, self.end = scenario.start.toordinal(), scenario.end.toordinal()
        self.people = People(scenario)
        self.selected = self.people.selected
        self.teaching = Teaching(scenario)
        self._ways = Ways(scenario)
        self._days_off = {day.toordinal(): works for day, works in rows(scenario, "calendar", "date", "working")}
        self.overlaps_allowed = [
            (rule, rule.overlap_per_mille) for rule in self.policy.rules
            if isinstance(rule, NoRepeat) and rule.overlap_per_mille is not None
        ]
        """Rules on repeats that limit the content shared with what is held, and to how much."""
        self._read_commitments(scenario)
        self._read_needs(scenario)
        self._read_plan(plan)

    def _read_commitments(self, scenario: Scenario) -> None:
        self.pairs: dict[str, dict[tuple[str, str], None]] = defaultdict(dict)
        """Kind of commitment to its (cadre, session) pairs, in order."""
        self.session_must: dict[str, None] = {}
        self.session_must_not: dict[str, None] = {}
        for cadre, session, kind in rows(scenario, "commitments", "cadre", "session", "kind"):
            if session not in self.teaching.runs:
                continue
            if cadre is not None:
                if cadre in self.people.of:
                    self.pairs[kind][cadre, session] = None
            elif kind == "must":
                self.session_must[session] = None
            elif kind == "must_not":
                self.session_must_not[session] = None
        self.settled = [
            self._attended(self.people.of[cadre], self.teaching.runs[session], 1, must=True)
            for cadre, session in self.pairs["must"]
        ]
        """What the ``must`` commitments alone bring about."""
        self.settled_of = group_by_cadre(self.settled)
        self.settled_in = group_by_session(self.settled)

    def _read_needs(self, scenario: Scenario) -> None:
        points = self.policy.need
        weights = {"organisation": points.organisation, "post": points.post, "personal": points.personal}
        self.needs: dict[str, dict[str, int]] = defaultdict(dict)
        """Cadre to competency to points of the open needs."""
        for cadre, competency, source, weight in rows(scenario, "needs", "cadre", "competency", "source", "weight"):
            of = self.needs[cadre]
            of[competency] = of.get(competency, 0) + weight * weights[source]
        teaches = {course.id: course.competencies for course in self.teaching.courses.values()}
        for cadre, of in self.needs.items():
            for course, _, _ in self.people.of[cadre].passed:
                for competency in teaches[course]:
                    of.pop(competency, None)
        self.gaps = open_gaps(scenario, self.people.of, self.teaching.courses)
        """Cadre to competency to the gap between what posts require and what is held, where records do not close it."""

    def _read_plan(self, plan: Plan) -> None:
        runs, people = self.teaching.runs, self.people.of
        self.classes: dict[str, int] = {}
        """Session to parallel classes, for sessions that run."""
        for session, count in columns(plan.opened, "session", "classes"):
            if isinstance(session, str) and session in runs and count >= 1:
                self.classes.setdefault(session, count)
        must = self.pairs["must"]
        self._rosters: dict[str, set[str]] = {id_: set() for id_ in runs}
        self.attended: list[Attended] = []
        for cadre, session, class_no in columns(plan.attendances, "cadre", "session", "class_no"):
            if not (isinstance(cadre, str) and isinstance(session, str) and cadre in people and session in runs):
                continue
            roster = self._rosters[session]
            if cadre not in roster:
                roster.add(cadre)
                bound = bool(must) and (cadre, session) in must
                self.attended.append(self._attended(people[cadre], runs[session], class_no, bound))
        self.by_cadre = group_by_cadre(self.attended)
        self.by_session = group_by_session(self.attended)
        self.study: dict[str, dict[tuple[str, str], int]] = {}
        """Cadre to rule label and window to hours taken without a session."""
        keys: dict[tuple[str, str], tuple[str, str]] = {}  # every cadre has the same ones: kept once
        for cadre, rule, window, hours in columns(plan.study, "cadre", "rule", "window", "hours"):
            known = isinstance(cadre, str) and isinstance(rule, str) and isinstance(window, str) and cadre in people
            if known and hours > 0:
                key = keys.setdefault((rule, window), (rule, window))
                self.study.setdefault(cadre, {}).setdefault(key, hours)

    def _attended(self, person: Person, run: Run, class_no: int, must: bool) -> Attended:
        unit = person.post_on(run.start).unit
        days, yuan = self._ways.between(unit, run.institution)
        return Attended(person, run, class_no, unit, days, yuan, self.teaching.away(run, days), must)

    def attends(self, cadre: str, session: str) -> bool:
        """Whether a cadre attends a session."""
        return cadre in self._rosters.get(session, ())

    def trip(self, person: Person, run: Run) -> tuple[int, int]:
        """Travel days each way and travel cost of a cadre to a session."""
        return self._ways.between(person.post_on(run.start).unit, run.institution)

    def works(self, day: int) -> bool:
        """Whether a day is a working day."""
        return bool(self._days_off.get(day, (day - 1) % 7 < 5))

    def settled_classes(self, run: Run) -> int:
        """Classes that the ``must`` commitments alone need."""
        heads = len(self.settled_in.get(run.id, ()))
        if heads == 0:
            return int(run.id in self.session_must)
        return min(run.max_classes, -(-heads // run.course.max_size))


def columns(table: Table[Any], *names: str) -> Any:
    """Tuples of some columns of a plan's table."""
    return zip(*(table.tolist(name) for name in names), strict=True)


_ORDER = attrgetter("run.order")


def group_by_cadre(attended: Iterable[Attended]) -> dict[str, list[Attended]]:
    """Cadre to attendances, in order of start, end and id."""
    groups: dict[str, list[Attended]] = defaultdict(list)
    for a in attended:
        groups[a.person.id].append(a)
    for of in groups.values():
        if len(of) > 1:
            of.sort(key=_ORDER)
    return dict(groups)


def group_by_session(attended: Iterable[Attended]) -> dict[str, list[Attended]]:
    """Session to attendances."""
    groups: dict[str, list[Attended]] = defaultdict(list)
    for a in attended:
        groups[a.run.id].append(a)
    return dict(groups)
