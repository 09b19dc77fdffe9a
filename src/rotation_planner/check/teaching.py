"""Courses, sessions and offers that could run."""

from __future__ import annotations

from rotation_planner.check.findings import Findings
from rotation_planner.check.structure import cycle
from rotation_planner.domain.calendar import Calendar
from rotation_planner.domain.teaching import Course, Offer, Session


def check(findings: Findings) -> None:
    """What is taught, and when."""
    scenario = findings.scenario
    rank = {level.id: level.rank for level in scenario["levels"]}
    courses: list[Course] = list(scenario["courses"])
    for i, c in enumerate(courses):
        _course(findings, i, c, rank)
    cycle(findings, "courses", "prerequisites", {c.id: c.prerequisites for c in courses})
    _sessions(findings, {c.id: c for c in courses})
    offer: Offer
    for i, offer in enumerate(scenario["offers"]):
        for month in offer.months:
            if not 1 <= month <= 12:
                findings.add("month", "offers", i, "months", month, "Not a month.", "Months run from 1 to 12.")


def _course(findings: Findings, i: int, c: Course, rank: dict[str, int]) -> None:
    if c.level_low is not None and c.level_high is not None and rank[c.level_low] > rank[c.level_high]:
        findings.add("levels_reversed", "courses", i, "level_low", c.level_low,
                     f"It is above level_high ({c.level_high}).", "Exchange the two.")
    if c.min_size > c.max_size:
        findings.add("min_above_max", "courses", i, "min_size", c.min_size, f"It is above max_size ({c.max_size}).",
                     "Correct one of the two.")
    total = sum(c.subjects.values())
    if total > 1000 or any(share < 0 for share in c.subjects.values()):
        findings.add("shares", "courses", i, "subjects", total, "Shares must be positive and sum to at most 1000.",
                     "Correct the shares.")
    for column in ("equivalents", "substitutes"):
        if c.id in getattr(c, column):
            findings.add("self_reference", "courses", i, column, c.id, "The course names itself.", "Remove it.")


def _sessions(findings: Findings, courses: dict[str, Course]) -> None:
    scenario = findings.scenario
    calendar = Calendar(scenario)
    s: Session
    for i, s in enumerate(scenario["sessions"]):
        if not scenario.start <= s.start <= scenario.end:
            findings.add("outside_horizon", "sessions", i, "start", s.start,
                         f"Outside the horizon ({scenario.start} to {scenario.end}).", "Correct the date, or remove it.")
            continue
        course = courses[s.course]
        end = s.end if s.end is not None else calendar.stretches(course, s.start)[-1][1]
        if end > scenario.end:
            findings.add("outside_horizon", "sessions", i, "end", end, f"It ends after the horizon ({scenario.end}).",
                         "Move it, or remove it.")
