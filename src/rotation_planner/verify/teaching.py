"""Courses and sessions: what stands for what, how long it is valid, which days a session takes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

from rotation_planner.domain.calendar import Calendar, Terms, all_sessions
from rotation_planner.domain.scenario import Scenario, add_months
from rotation_planner.domain.teaching import Course, Institution
from rotation_planner.verify.overlap import overlaps


@dataclass(frozen=True, slots=True)
class Run:
    """A session, with days as ordinals.

    ``stretches`` are its days without travel; ``closed`` says that nobody may attend: outside the horizon or the
    terms, in a closure, or in a channel that the institution does not offer. ``order`` (start, end, id) is where it
    comes among the sessions of a cadre.
    """

    id: str
    course: Course
    institution: str
    start: int
    end: int
    year: int
    stretches: tuple[tuple[int, int], ...]
    max_classes: int
    cost_per_session_yuan: int
    payer: str
    closed: bool
    order: tuple[int, int, str]


class Teaching:
    """Every course and session of a scenario."""

    def __init__(self, scenario: Scenario) -> None:
        self.courses: dict[str, Course] = {course.id: course for course in scenario["courses"]}
        self.institutions: dict[str, Institution] = {i.id: i for i in scenario["institutions"]}
        self.same = _equivalents(self.courses)
        self.stands_for = _completions(self.courses, self.same)
        self._overlaps: dict[int, dict[str, frozenset[str]]] = {}
        self._oldest = add_months(scenario.start, -60).toordinal()
        self.runs = self._runs(scenario)
        self.first_end: dict[str, int] = {}
        for run in self.runs.values():
            for course in self.stands_for[run.course.id]:
                self.first_end[course] = min(run.end, self.first_end.get(course, run.end))
        self._away: dict[tuple[str, int], tuple[tuple[int, int], ...]] = {}

    def _runs(self, scenario: Scenario) -> dict[str, Run]:
        calendar, terms = Calendar(scenario), Terms(scenario)
        runs: dict[str, Run] = {}
        for session in all_sessions(scenario, calendar):
            course, place = self.courses[session.course], self.institutions[session.institution]
            end = session.end
            assert end is not None  # all_sessions fills it in
            closed = (
                session.start < scenario.start
                or end > scenario.end
                or not terms.open(place.id, session.start, end)
                or bool(place.channels and course.channel not in place.channels)
            )
            stretches = calendar.stretches(course, session.start, end)
            cost = session.cost_per_session_yuan
            runs[session.id] = Run(
                id=session.id, course=course, institution=place.id,
                start=session.start.toordinal(), end=end.toordinal(), year=session.start.year,
                stretches=tuple((a.toordinal(), b.toordinal()) for a, b in stretches),
                max_classes=course.max_classes if session.max_classes is None else session.max_classes,
                cost_per_session_yuan=course.cost_per_session_yuan if cost is None else cost,
                payer=course.owner or place.authority, closed=closed,
                order=(session.start.toordinal(), end.toordinal(), session.id),
            )
        return runs

    def valid(self, course: str, done: int, day: int) -> bool:
        """Whether a completion is still valid on a day."""
        months = self.courses[course].validity_months
        return done >= self._oldest if months == 0 else day < later(done, months)

    def overlapping(self, above_per_mille: int) -> dict[str, frozenset[str]]:
        """Course to the courses of whose content it gives more than this part, by itself or by an equivalent."""
        known = self._overlaps.get(above_per_mille)
        if known is None:
            known = self._overlaps[above_per_mille] = overlaps(self.courses, self.same, above_per_mille)
        return known

    def away(self, run: Run, travel_days: int) -> tuple[tuple[int, int], ...]:
        """Stretches of days a trainee is away, travel included, joined where they touch."""
        known = self._away.get((run.id, travel_days))
        if known is None:
            joined: list[tuple[int, int]] = []
            for first, last in run.stretches:
                if joined and first - travel_days <= joined[-1][1] + 1:
                    joined[-1] = (joined[-1][0], last + travel_days)
                else:
                    joined.append((first - travel_days, last + travel_days))
            known = self._away[run.id, travel_days] = tuple(joined)
        return known


@lru_cache(maxsize=2**16)
def later(day: int, months: int) -> int:
    """The day so many months later (earlier if negative)."""
    return add_months(dt.date.fromordinal(day), months).toordinal()


def _equivalents(courses: dict[str, Course]) -> dict[str, set[str]]:
    """Course to the courses with the same content, itself included."""
    same: dict[str, set[str]] = {id_: {id_} for id_ in courses}
    for course in courses.values():
        for other in course.equivalents:
            if other in same and same[other] is not same[course.id]:
                joined = same[course.id] | same[other]
                for member in joined:
                    same[member] = joined
    return same


def _completions(courses: dict[str, Course], same: dict[str, set[str]]) -> dict[str, frozenset[str]]:
    """Course to the courses for which a completion of it stands."""
    stands: dict[str, frozenset[str]] = {}
    for id_, alike in same.items():
        reach = set(alike)
        for member in alike:
            for other in courses[member].substitutes:
                reach |= same.get(other, set())
        stands[id_] = frozenset(reach)
    return stands
