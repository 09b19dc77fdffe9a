"""A share of a group each year."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from rotation_planner.domain.plan import Unmet
from rotation_planner.domain.policy import GroupShare
from rotation_planner.verify.dues import SHORT_SERVICE, Due, per_mille, served_long_enough
from rotation_planner.verify.facts import Facts
from rotation_planner.verify.findings import Findings
from rotation_planner.verify.people import Person
from rotation_planner.verify.teaching import Run
from rotation_planner.verify.which import chosen


def check(rule: GroupShare, facts: Facts, findings: Findings) -> list[Due]:
    """Note every group and year with too few people trained; returns what its members may do about it."""
    dues: list[Due] = []
    exempt: dict[str, None] = {}
    teams = _teams(facts)
    by_record = {p.id: _years(rule, facts, p, planned=False) for p in facts.people.of.values()}
    by_both = {p.id: _years(rule, facts, p, planned=True) for p in facts.people.of.values()}
    for year in facts.scenario.years:
        first = max(facts.start, dt.date(year, 1, 1).toordinal())
        last = min(facts.end, dt.date(year, 12, 31).toordinal())
        for name, people in _groups(rule, facts, first, last, teams, exempt).items():
            needed = -(-len(people) * rule.share_per_mille // 1000)
            history = sum(_counts(rule, by_record[p.id], year) for p in people)
            reached = sum(_counts(rule, by_both[p.id], year) for p in people)
            if reached < needed:
                short = needed - reached
                share = per_mille(short, needed)
                findings.unmet.append(
                    Unmet(rule.label, (name, str(year)), needed, reached, short, share, rule.weight)
                )
            if history < needed:
                for person in people:
                    known = by_record[person.id]
                    idle = any(y <= year for y in known) if rule.once else year in known
                    dues.append(Due(person, (name, str(year)), first, last, 1, int(idle), int(idle)))
    findings.exempt.extend((rule.label, cadre, SHORT_SERVICE) for cadre in exempt)
    return dues


def serves(rule: GroupShare, due: Due, run: Run) -> bool:
    """Whether a session serves what is owed."""
    return chosen(rule.which, run.course) and due.first <= run.end <= min(due.last, due.person.serves_until - 1)


def _counts(rule: GroupShare, years: set[int], year: int) -> bool:
    """Whether somebody trained in some years counts in one of them."""
    return year == min(years, default=None) if rule.once else year in years


def _years(rule: GroupShare, facts: Facts, person: Person, planned: bool) -> set[int]:
    """Years of the horizon in which the cadre completes a training."""
    courses = facts.teaching.courses
    days = [day for course, day, _ in person.passed if chosen(rule.which, courses[course])]
    if planned:
        days += [
            a.run.end for a in facts.by_cadre.get(person.id, ())
            if chosen(rule.which, a.run.course) and a.run.end < person.serves_until
        ]
    return {dt.date.fromordinal(day).year for day in days if facts.start <= day <= facts.end}


def _teams(facts: Facts) -> dict[str, list[str]]:
    """Cadre to teams."""
    teams: dict[str, list[str]] = defaultdict(list)
    for team in facts.scenario["teams"]:
        for member in dict.fromkeys(team.members):
            teams[member].append(team.id)
    return teams


def _groups(
    rule: GroupShare, facts: Facts, first: int, last: int, teams: dict[str, list[str]], exempt: dict[str, None]
) -> dict[str, list[Person]]:
    """Group to its people between two days; notes who serves too little of them."""
    groups: dict[str, list[Person]] = defaultdict(list)
    for person in facts.people.of.values():
        served = person.service_within(first, last)
        day = max(person.serves_from, first)
        if served == 0 or not facts.selected(rule.who, person, day):
            continue
        if not served_long_enough(served, rule.min_service_months, last - first + 1):
            exempt[person.id] = None
            continue
        post = person.post_on(day)
        names = {
            "all": ["all"], "unit": [post.unit], "team": teams.get(person.id, []),
            "authority": [facts.people.manager(post.unit, post.level)],
        }[rule.per]
        for name in names:
            groups[name].append(person)
    return groups
