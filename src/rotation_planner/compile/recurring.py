"""How many columns and rows the training that comes round again takes."""

from __future__ import annotations

import numpy as np

from rotation_planner.compile.career import Careers
from rotation_planner.compile.selector import selected
from rotation_planner.compile.which import fits
from rotation_planner.domain.policy import CourseSelector, Cycle, CycleHours, GroupShare
from rotation_planner.domain.scenario import Scenario
from rotation_planner.domain.teaching import Course


def recurring(
    scenario: Scenario, career: Careers, courses: list[Course], candidates: np.ndarray
) -> tuple[int, int]:
    """Estimate the columns and rows of cycles and of shares of groups.

    Parameters
    ----------
    candidates : int array
        Pairs of a cadre and a session, per course.
    """
    serving = career.service_end > career.service_start
    years, span = len(scenario.years), 12 * scenario.horizon.years

    def pairs(which: CourseSelector) -> int:
        return int(candidates[np.array([fits(which, c) for c in courses], bool)].sum())

    columns = rows = 0
    for rule in scenario.policy.rules:
        if not isinstance(rule, (Cycle, CycleHours, GroupShare)):
            continue
        about = serving & selected(scenario, rule.who, career.service_start, career)
        if not isinstance(rule, GroupShare) and (rule.events or isinstance(rule, CycleHours)):
            about = serving & _clocked(scenario, rule, courses)
        who = int(about.sum())
        if isinstance(rule, CycleHours):
            columns += who * span // rule.months
            rows += who * span // rule.months
            continue
        attend = pairs(rule.which) * who // max(1, len(about))
        if isinstance(rule, GroupShare):
            counted = min(who * years, attend)
            columns += counted
            rows += counted * (3 if rule.once else 1)
            continue
        # Validities that end inside the horizon: one of each completion, and those renewed from it.
        turns = range(1, (span // rule.months if rule.anchor == "expiry" else 1) + 1)
        ending = sum(attend * max(0, span - k * rule.months) // span for k in turns)
        renewed = ending if rule.anchor == "expiry" else 0
        columns += who + attend + ending + renewed
        rows += 2 * who + attend + ending + 2 * renewed
    return columns, rows


def _clocked(scenario: Scenario, rule: Cycle | CycleHours, courses: list[Course]) -> np.ndarray:
    """Cadres with an event or a record that starts the clock."""
    cadres, events, records = scenario["cadres"], scenario["events"], scenario["records"]
    if isinstance(rule, CycleHours) and rule.origin is not None:
        chosen = [c.id for c in courses if fits(rule.origin, c)]
        return np.isin(cadres.column("id"), records.column("cadre")[np.isin(records.column("course"), chosen)])
    kinds = rule.events or ("entry",)
    clocked = np.isin(cadres.column("id"), events.column("cadre")[np.isin(events.column("kind"), kinds)])
    return clocked | ~np.isnat(cadres.column("entered")) if "entry" in kinds else clocked
