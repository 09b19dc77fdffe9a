"""Working days, and the days a session takes."""

from __future__ import annotations

import datetime as dt

import numpy as np

from rotation_planner.domain.scenario import Scenario
from rotation_planner.domain.table import Table
from rotation_planner.domain.teaching import Course, Session


class Calendar:
    """Working days from some years before the horizon to some after it.

    Parameters
    ----------
    scenario : Scenario
        Gives the horizon and the exceptions to Monday-to-Friday.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.first = dt.date(scenario.start.year - 1, 1, 1)
        last = dt.date(scenario.end.year + 2, 12, 31)
        days = np.arange(np.datetime64(self.first), np.datetime64(last) + 1)
        self._working = np.is_busday(days)
        table = scenario["calendar"]
        offset = (table.column("date") - days[0]).astype(np.int64)
        inside = (offset >= 0) & (offset < len(days))
        self._working[offset[inside]] = table.column("working")[inside]
        self._count = np.concatenate([[0], np.cumsum(self._working)])

    def is_working(self, day: dt.date) -> bool:
        """Whether it is a working day."""
        return bool(self._working[(day - self.first).days])

    def next_working(self, day: dt.date) -> dt.date:
        """The first working day on or after a day."""
        while not self.is_working(day):
            day += dt.timedelta(days=1)
        return day

    def stretches(self, course: Course, start: dt.date, end: dt.date | None = None) -> list[tuple[dt.date, dt.date]]:
        """First and last day of every unbroken run of days that a session takes, travel not included.

        Full time is one run from the start to the working day on which ``course.days`` working days have passed
        (or the given end). Other patterns take ``course.days`` single days, weekends joined where they touch.
        """
        one = dt.timedelta(days=1)
        if course.pattern == "full_time":
            if end is None:
                end = start
                taught = int(self.is_working(end))
                while taught < course.days:
                    end += one
                    taught += self.is_working(end)
            return [(start, end)]
        days: list[dt.date] = []
        day = start
        while len(days) < course.days and (end is None or day <= end):
            if course.pattern == "weekly":
                days.append(day)
                day += 7 * one
                continue
            fits = day.weekday() >= 5 if course.pattern == "weekends" else self.is_working(day)
            if fits:
                days.append(day)
            day += one
        runs: list[tuple[dt.date, dt.date]] = []
        for day in days:
            if runs and day - runs[-1][1] == one:
                runs[-1] = (runs[-1][0], day)
            else:
                runs.append((day, day))
        return runs


def all_sessions(scenario: Scenario, calendar: Calendar | None = None) -> Table[Session]:
    """Given sessions and those derived from the offers, each with its end filled in.

    Derived sessions are named ``course@institution@start``. One that lies outside the institution's terms, within
    a closure or beyond the horizon is not derived.
    """
    calendar = calendar or Calendar(scenario)
    courses = {c.id: c for c in scenario["courses"]}
    rows: list[Session] = []
    for s in scenario["sessions"]:
        if s.end is None:
            s = s.model_copy(update={"end": calendar.stretches(courses[s.course], s.start)[-1][1]})
        rows.append(s)
    known = {s.id for s in rows}
    terms = Terms(scenario)
    monday = scenario.start - dt.timedelta(days=scenario.start.weekday())
    for offer in scenario["offers"]:
        course = courses[offer.course]
        week = monday + dt.timedelta(weeks=offer.offset_weeks)
        while week <= scenario.end:
            day = week + dt.timedelta(days=5) if course.pattern == "weekends" else calendar.next_working(week)
            week += dt.timedelta(weeks=offer.every_weeks)
            if day < scenario.start or day > scenario.end or (offer.months and day.month not in offer.months):
                continue
            end = calendar.stretches(course, day)[-1][1]
            name = f"{course.id}@{offer.institution}@{day}"
            if end > scenario.end or name in known or not terms.open(offer.institution, day, end):
                continue
            rows.append(Session(id=name, course=course.id, institution=offer.institution, start=day, end=end))
    return Table.of(Session, rows)


class Terms:
    """When institutions are open."""

    def __init__(self, scenario: Scenario) -> None:
        self._open: dict[str, list[tuple[dt.date, dt.date]]] = {}
        self._closed: dict[str, list[tuple[dt.date, dt.date]]] = {}
        for t in scenario["terms"]:
            (self._open if t.open else self._closed).setdefault(t.institution, []).append((t.start, t.end))

    def open(self, institution: str, start: dt.date, end: dt.date) -> bool:
        """Whether every day from start to end lies in one term, if any is given, and in no closure."""
        terms = self._open.get(institution)
        if terms is not None and not any(a <= start and end <= b for a, b in terms):
            return False
        return not any(a <= end and start <= b for a, b in self._closed.get(institution, ()))
