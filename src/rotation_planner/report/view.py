"""A plan beside its scenario, looked up by id: what every sheet needs.

Dates, careers, ways and money are the verifier's; a report shows what was verified.
"""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from operator import attrgetter

from rotation_planner.domain.organisation import Unit
from rotation_planner.domain.people import Cadre, Level, Post
from rotation_planner.domain.plan import Plan
from rotation_planner.domain.scenario import Scenario
from rotation_planner.domain.teaching import Course, Institution
from rotation_planner.verify.facts import Attended, Facts
from rotation_planner.verify.teaching import Run


class View:
    """Scenario and plan, indexed.

    Parameters
    ----------
    scenario, plan : Scenario, Plan
        A plan made for this scenario.
    """

    def __init__(self, scenario: Scenario, plan: Plan) -> None:
        self.scenario = scenario
        self.plan = plan
        self.facts = Facts(scenario, plan)
        self.cadres: dict[str, Cadre] = {c.id: c for c in scenario["cadres"]}
        self.units: dict[str, Unit] = {u.id: u for u in scenario["units"]}
        self.levels: dict[str, Level] = {v.id: v for v in scenario["levels"]}
        self.institutions: dict[str, Institution] = {i.id: i for i in scenario["institutions"]}

    @property
    def runs(self) -> list[Run]:
        """Sessions that run, by start and id."""
        known = self.facts.teaching.runs
        return sorted((known[s] for s in self.facts.classes), key=attrgetter("start", "id"))

    @cached_property
    def study(self) -> dict[str, list[tuple[str, str, int]]]:
        """Supplement hours of each cadre who takes some: window, rule, hours."""
        return {
            cadre: [(window, rule, hours) for (rule, window), hours in of.items()]
            for cadre, of in self.facts.study.items()
        }

    def attending(self, run: Run) -> list[Attended]:
        """Who attends a session, by class and cadre."""
        return sorted(self.facts.by_session.get(run.id, ()), key=lambda a: (a.class_no, a.person.id))

    def attended_by(self, cadre: str) -> list[Attended]:
        """What a cadre attends, by date."""
        return self.facts.by_cadre.get(cadre, [])

    def spend_yuan(self, run: Run) -> int:
        """What a session costs: classes, session, trainee-days and travel."""
        classes = self.facts.classes.get(run.id, 0)
        fixed = classes * run.course.cost_per_class_yuan + (run.cost_per_session_yuan if classes else 0)
        return fixed + sum(a.cost_yuan for a in self.facts.by_session.get(run.id, ()))

    def post_on(self, cadre: str, day: int) -> Post:
        """The post a cadre holds on a day (ordinal)."""
        return self.facts.people.of[cadre].post_on(day)

    def unit_name(self, unit: str) -> str:
        """A unit's name, or its id."""
        return named(self.units[unit])


def named(row: Unit | Level | Course | Institution) -> str:
    """The name of something, or its id where it has none."""
    return row.name or row.id


def date(day: int) -> dt.date:
    """A day number as a date."""
    return dt.date.fromordinal(day)
