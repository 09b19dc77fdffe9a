"""The rule book: a small town under every kind of rule, with a plan that keeps and meets them all.

Everything is made up. The calendar is laid by hand so that the planted plan works; the seed draws ids, ages, leave,
needs, what people hold, and wishes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TypeVar

import numpy as np

from rotation_planner.domain.base import Row
from rotation_planner.domain.dealings import Decision, Quota
from rotation_planner.domain.plan import Attendance, Opened, Plan, Study
from rotation_planner.domain.planning import Commitment, CommitmentKind, Fund, Horizon
from rotation_planner.domain.scenario import Scenario
from rotation_planner.domain.table import Table
from rotation_planner.domain.teaching import Course, Session
from rotation_planner.generate.rule_book_people import (
    AUTHORITIES,
    CATEGORIES,
    CITY,
    COUNTY,
    EAST,
    LEVELS,
    SEATS,
    UNITS,
    WEST,
    Person,
    careers,
    organisation,
    people,
    posts,
)
from rotation_planner.generate.rule_book_policy import SELECTORS, YEAR_HOURS, policy
from rotation_planner.generate.rule_book_teaching import (
    COMPETENCIES,
    COURSES,
    INSTITUTIONS,
    SUBJECTS,
    Run,
    calendar,
    courses,
    terms,
)
from rotation_planner.generate.workdays import START, YEARS, holidays

NAME = "rule-book"
R = TypeVar("R", bound=Row)


def rule_book(seed: int = 0) -> Scenario:
    """The scenario; the same seed gives the same one."""
    return rule_book_with_plan(seed)[0]


def rule_book_with_plan(seed: int = 0) -> tuple[Scenario, Plan]:
    """The scenario, and the plan planted in it: every limit kept, every duty and floor met."""
    return _Town(seed).made()


class _Town:
    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.rng = np.random.Generator(np.random.PCG64(seed))
        self.people = people(self._ids("P", UNITS * SEATS))
        self.runs = calendar()
        self.course = dict(zip(COURSES, self._ids("C", len(COURSES)), strict=True))
        self.courses = {c.id: c for c in courses(self.course)}
        self.session = self._ids("S", len(self.runs))
        self.attends = [[p for p in self.people if run.attends(p)] for run in self.runs]

    def _ids(self, letter: str, n: int) -> list[str]:
        return [f"{letter}{int(i) + 1:04d}" for i in self.rng.permutation(n)]

    def _of(self, run: Run) -> Course:
        return self.courses[self.course[run.course]]

    def made(self) -> tuple[Scenario, Plan]:
        """Scenario and plan."""
        tables = {**organisation(self.people), **careers(self.people, self.course, self.rng, self.seed)}
        scenario = Scenario.of(
            policy(self.course, "deputy"),
            NAME,
            horizon=[Horizon(start=START, years=YEARS)],
            calendar=holidays(),
            authorities=AUTHORITIES,
            levels=LEVELS,
            categories=CATEGORIES,
            subjects=SUBJECTS,
            competencies=COMPETENCIES,
            posts=posts(),
            institutions=INSTITUTIONS,
            terms=terms(),
            courses=_sorted(self.courses.values()),
            sessions=_sorted(
                Session(id=i, course=self.course[run.course], institution=run.place, start=run.start)
                for i, run in zip(self.session, self.runs, strict=True)
            ),
            funds=self._funds(),
            commitments=_sorted(self._commitments()),
            approvals=self._approvals(),
            seat_quotas=self._quotas(),
            selectors=SELECTORS,
            **{name: _sorted(rows) for name, rows in tables.items()},
        )
        return scenario, self._plan()

    def _spend(self) -> dict[tuple[str, int], int]:
        """Yuan that the planted plan spends, by payer and year; nobody has a way to go."""
        spend: dict[tuple[str, int], int] = {}
        for run, who in zip(self.runs, self.attends, strict=True):
            course = self._of(run)
            if who:
                key = course.owner or COUNTY, run.start.year
                once = course.cost_per_class_yuan + course.cost_per_session_yuan
                spend[key] = spend.get(key, 0) + once + len(who) * course.days * course.cost_per_trainee_day_yuan
        return spend

    def _funds(self) -> list[Fund]:
        """Ceilings 3 per cent above what the planted plan spends, floors 15 per cent below."""
        return [
            Fund(id=f"{payer}-{year}", authority=payer, year=year, floor_yuan=yuan * 85 // 100,
                 ceiling_yuan=-(-yuan * 103 // 100_000) * 1000)
            for (payer, year), yuan in sorted(self._spend().items())
        ]

    def _quotas(self) -> list[Quota]:
        """Exactly the seats of the seminar that the planted plan uses, after one was returned."""
        rows = []
        for run, who in zip(self.runs, self.attends, strict=True):
            if run.course == "seminar" and who:
                for town in (EAST, WEST):
                    used = sum(p.authority == town for p in who)
                    rows.append(Quota(course=self.course["seminar"], year=run.start.year, authority=town,
                                      asked=used + 2, granted=used + 1, returned=1))
        return rows

    def _approvals(self) -> list[Decision]:
        """The city lets both towns' heads go to the seminar, but one of them not to its last July session."""
        seminar, agreed = self.course["seminar"], dt.date(2026, 12, 1)
        july = max((run.start, i) for i, run in zip(self.session, self.runs, strict=True)
                   if run.course == "seminar" and run.start.month == 7)[1]
        last = next(p for p in self.people if p.head and p.unit == UNITS - 1)
        rows = [Decision(authority=CITY, course=seminar, target=town, date=agreed) for town in (EAST, WEST)]
        tour = Decision(authority=COUNTY, course=self.course["study tour"], target=EAST, date=agreed)
        refused = Decision(authority=CITY, session=july, cadre=last.id, date=dt.date(2027, 12, 1), granted=False)
        return [*rows, tour, refused]

    def _commitments(self) -> list[Commitment]:
        """A seminar promised, a tour published at the same time (which yields), and wishes."""
        at = {(run.course, run.start.year, bool(who)): (i, who)
              for i, run, who in zip(self.session, self.runs, self.attends, strict=True)}
        seminar, who = at["seminar", 2028, True]
        tour = at["study tour", 2028, False][0]
        theory = next(i for i, run in zip(self.session, self.runs, strict=True) if run.course == "theory")
        promised = next(p for p in who if p.unit == 1)
        rows = [
            Commitment(cadre=promised.id, session=seminar, kind="must"),
            Commitment(cadre=promised.id, session=tour, kind="published"),
            Commitment(session=theory, kind="must"),
        ]
        spare = [(i, run) for i, run, group in zip(self.session, self.runs, self.attends, strict=True)
                 if run.course == "theory" and not group]
        for p in self.rng.choice(len(self.people), 12, replace=False):
            i, _ = spare[int(self.rng.integers(len(spare)))]
            kind: CommitmentKind = ("must_not", "wish", "avoid")[int(self.rng.integers(3))]
            rows.append(Commitment(cadre=self.people[int(p)].id, session=i, kind=kind))
        return rows

    def _plan(self) -> Plan:
        """The planted plan under the ids of the scenario."""
        attendances, opened = [], []
        hours: dict[tuple[str, int], int] = {}
        for i, run, who in zip(self.session, self.runs, self.attends, strict=True):
            if not who:
                continue
            opened.append(Opened(session=i, classes=1))
            for p in who:
                attendances.append(Attendance(cadre=p.id, session=i))
                key = p.id, run.start.year
                hours[key] = hours.get(key, 0) + self._of(run).hours
        study = [row for p in self.people if not p.head for row in _study(p, hours)]
        return Plan(attendances=Table.of(Attendance, _sorted(attendances)), opened=Table.of(Opened, _sorted(opened)),
                    study=Table.of(Study, _sorted(study)))


def _study(p: Person, hours: dict[tuple[str, int], int]) -> list[Study]:
    """What somebody has to study alone in each full year of service."""
    rows = []
    for y in range(START.year, START.year + YEARS):
        if p.serves(dt.date(y, 1, 1)) and p.serves(dt.date(y, 12, 31)):
            missing = YEAR_HOURS - hours.get((p.id, y), 0)
            if missing > 0:
                rows.append(Study(cadre=p.id, rule="hours_year", window=str(y), hours=missing))
    return rows


def _sorted(rows: Iterable[R]) -> list[R]:
    """By key, so that nothing tells how they were made."""
    return sorted(rows, key=lambda row: tuple("" if getattr(row, k) is None else getattr(row, k) for k in row.KEY))
