"""Call-ups: how many start in a year, and how many free days lie between them."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from rotation_planner.domain.policy import CallUps
from rotation_planner.domain.teaching import Course
from rotation_planner.verify.facts import Attended, Facts
from rotation_planner.verify.findings import Findings


class Stay(NamedTuple):
    """A call-up: first and last day, name, whether it is settled, whether it is a record."""

    start: int
    end: int
    name: str
    settled: bool
    past: bool


def check(rule: CallUps, facts: Facts, findings: Findings) -> None:
    """Count per cadre and year, then measure the days between, passed records included."""
    counts = {id_: is_call_up(rule, course) for id_, course in facts.teaching.courses.items()}
    for cadre, attended in facts.by_cadre.items():
        person = attended[0].person
        if not facts.selected(rule.who, person):
            continue
        planned = [a for a in attended if counts[a.run.course.id]]
        if not planned:
            continue
        records = [day for course, day, _ in person.passed if counts[course]]
        if len(planned) + len(records) > rule.max_per_year:  # over all years: else no year can have too many
            _check_years(rule, facts, findings, cadre, planned, records)
        if _some_close(rule, [*((a.run.start, a.run.end) for a in planned), *((day, day) for day in records)]):
            _check_spacing(rule, findings, cadre, planned, records)


def is_call_up(rule: CallUps, course: Course) -> bool:
    """Whether a course calls people up from their work."""
    away = course.pattern == "full_time" and course.channel in ("centre", "going_out")
    return away and course.days >= rule.min_days


def _check_years(
    rule: CallUps, facts: Facts, findings: Findings, cadre: str, planned: list[Attended], records: list[int]
) -> None:
    years = [a.run.year for a in planned]
    past = [dt.date.fromordinal(day).year for day in records]
    for year in sorted(set(years)):
        before = past.count(year) if year in facts.scenario.years else 0
        count = years.count(year) + before
        if count > rule.max_per_year:
            settled = sum(a.must for a in planned if a.run.year == year) + before
            findings.exceed(
                rule.label, (cadre, str(year)), count, rule.max_per_year, settled, "call-up",
                f"{cadre}: {count} call-ups in {year}, at most {rule.max_per_year}",
            )


def _some_close(rule: CallUps, spans: list[tuple[int, int]]) -> bool:
    """Whether any two are too close: the quick look that spares most cadres the one at each pair."""
    spans.sort()
    until = spans[0][1]
    for start, end in spans[1:]:
        if start - until - 1 < rule.spacing_days:
            return True
        until = max(until, end)
    return False


def _check_spacing(
    rule: CallUps, findings: Findings, cadre: str, planned: list[Attended], records: list[int]
) -> None:
    stays = sorted([
        *(Stay(a.run.start, a.run.end, a.run.id, settled=a.must, past=False) for a in planned),
        *(Stay(day, day, f"record {dt.date.fromordinal(day)}", settled=True, past=True) for day in records),
    ])
    for i, second in enumerate(stays):
        for first in stays[:i]:
            free = second.start - first.end - 1  # negative where they overlap: then nothing is far enough apart
            if free < rule.spacing_days and not (first.past and second.past):
                a, b = first.name, second.name
                findings.either(
                    rule.label, (cadre, a, b), rule.spacing_days - free, "day",
                    f"{cadre}: {max(0, free)} days free between {a} and {b}, at least {rule.spacing_days}",
                    first.settled and second.settled,
                )
