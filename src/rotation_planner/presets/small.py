"""What the small scenarios have in common: one office, one school."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from rotation_planner.domain.base import Row
from rotation_planner.domain.organisation import Authority, Unit
from rotation_planner.domain.people import Cadre, Level, Post, Record
from rotation_planner.domain.planning import Horizon
from rotation_planner.domain.policy import Policy
from rotation_planner.domain.scenario import Scenario
from rotation_planner.domain.teaching import Course, Institution, Session

START = dt.date(2026, 1, 1)


def office(policy: Policy, name: str, start: dt.date = START, years: int = 5, **tables: Iterable[Row]) -> Scenario:
    """A scenario of one authority, one unit, one level, one post and one school, where the tables say nothing else."""
    rows: dict[str, Any] = {
        "horizon": [Horizon(start=start, years=years)],
        "authorities": [Authority(id="office")],
        "units": [Unit(id="unit", authority="office")],
        "levels": [Level(id="staff", rank=1)],
        "posts": [Post(id="post", unit="unit", level="staff")],
        "institutions": [Institution(id="school", authority="office")],
    }
    return Scenario.of(policy, name, **{**rows, **tables})


def course(id_: str, **fields: Any) -> Course:
    """A course by day that may be taken again after a month."""
    return Course(**{"id": id_, "validity_months": 1, "residential": False, **fields})


def sessions(course_: str, *starts: dt.date) -> list[Session]:
    """Sessions of a course, named after their start."""
    return [Session(id=f"{course_}-{start}", course=course_, institution="school", start=start) for start in starts]


def people(*ids: str, post: str = "post", **entered: dt.date) -> list[Cadre]:
    """Cadres by id, those named with a day of entry last."""
    rows = [Cadre(id=i, post=post) for i in ids]
    return rows + [Cadre(id=i, post=post, entered=day) for i, day in entered.items()]


def record(cadre: str, course_: str, date: dt.date, hours: int = 0) -> Record:
    """A passed record."""
    return Record(cadre=cadre, course=course_, date=date, hours=hours)


def day(year: int, month: int, number: int) -> dt.date:
    """A date."""
    return dt.date(year, month, number)


def monday(year: int, month: int, number: int) -> dt.date:
    """The first Monday on or after a date."""
    date = dt.date(year, month, number)
    return date + dt.timedelta(days=-date.weekday() % 7)
