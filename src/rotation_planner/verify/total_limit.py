"""Totals that nobody may exceed."""

from __future__ import annotations

from typing import NamedTuple

from rotation_planner.domain.policy import TotalLimit
from rotation_planner.verify.dues import selected_people
from rotation_planner.verify.facts import Facts
from rotation_planner.verify.findings import Findings
from rotation_planner.verify.measures import counted, steps
from rotation_planner.verify.teaching import later
from rotation_planner.verify.windows import Window, calendar_years, stretch

UNITS = {"hours": "hour", "days": "day", "sessions": "session", "subject_hours": "thousandth of an hour"}


class Done(NamedTuple):
    """Something that counts: its last day, how much, and whether it is settled."""

    day: int
    amount: int
    settled: bool


def check(rule: TotalLimit, facts: Facts, findings: Findings) -> None:
    """Sum in every window, passed records included."""
    limit = rule.amount * steps(rule)
    for person in selected_people(rule, facts):
        cadre, attended = person.id, facts.by_cadre.get(person.id, ())
        done = [
            Done(day, counted(rule, facts.teaching.courses[course], hours), settled=True)
            for course, day, hours in person.passed
        ]
        done += [Done(a.run.end, counted(rule, a.run.course, a.run.course.hours), a.must) for a in attended]
        for window in _windows(rule, facts, {d.day for d in done if d.amount}):
            inside = [d for d in done if window.first <= d.day <= window.last]
            total = sum(d.amount for d in inside)
            findings.exceed(
                rule.label, (cadre, window.name), total, limit, sum(d.amount for d in inside if d.settled),
                UNITS[rule.measure], f"{cadre}: {total} in {window.name}, at most {limit}",
            )


def _windows(rule: TotalLimit, facts: Facts, days: set[int]) -> list[Window]:
    """The windows; of those of so many months, the ones that end in the horizon with something that counts."""
    if rule.window == "horizon":
        return [Window("horizon", facts.start, facts.end, None)]
    if rule.window == "year":
        return calendar_years(facts)
    if rule.window == "dates":
        assert rule.first is not None
        assert rule.last is not None
        return [stretch(rule.first.toordinal(), rule.last.toordinal())]
    assert rule.months is not None
    # A day is inside as long as so many months have not gone by since.
    return [
        stretch(min(d for d in days if later(d, rule.months) > last), last, rule.months)
        for last in sorted(days) if last >= facts.start
    ]
