"""What people already did, need and have: records, needs, competencies held, opening hours."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from rotation_planner.domain.people import NeedSource, RecordResult
from rotation_planner.domain.scenario import add_months
from rotation_planner.generate.body import Body
from rotation_planner.generate.careers import NEVER, Careers
from rotation_planner.generate.catalogue import COMPETENCIES, Catalogue, CourseSpec
from rotation_planner.generate.workdays import START, ZERO


@dataclass
class History:
    """Per person: records as (course, day, result), needs as (competency, source, weight), opening hours."""

    records: list[list[tuple[int, int, RecordResult]]]
    needs: list[list[tuple[int, NeedSource, int]]]
    holdings: list[list[tuple[int, int]]]
    opening: np.ndarray


def fits(
    body: Body, spec: CourseSpec, level: int, unit: int, category: int, duty: int, extras: tuple[str, ...]
) -> bool:
    """Whether a course is meant for somebody."""
    if not spec.low <= level <= spec.high or (spec.duty is not None and spec.duty != duty):
        return False
    if spec.categories and category not in spec.categories and not any(e in spec.categories for e in extras):
        return False
    return spec.owner in body.above[body.manager(unit, level)]


def draw_history(rng: np.random.Generator, body: Body, careers: Careers, cat: Catalogue) -> History:
    """Draw a history for each person: about a fifth of the open courses done in the last five years."""
    n = len(body)
    audience: dict[tuple[object, ...], list[int]] = {}
    records: list[list[tuple[int, int, RecordResult]]] = []
    needs: list[list[tuple[int, NeedSource, int]]] = []
    holdings: list[list[tuple[int, int]]] = []
    one_need: dict[tuple[int, NeedSource, int], tuple[int, NeedSource, int]] = {}  # equal ones are kept once
    one_holding: dict[tuple[int, int], tuple[int, int]] = {}
    first, last = (dt.date(2022, 1, 10) - START).days, (dt.date(2026, 11, 10) - START).days
    sources: tuple[NeedSource, ...] = ("organisation", "post", "personal")
    for p in range(n):
        level, unit = int(careers.level[0][p]), int(careers.unit[0][p])
        key = (level, body.manager(unit, level), int(body.category[p]), int(body.duty[p]), careers.extras[p])
        if key not in audience:
            audience[key] = [
                c
                for c in cat.owned(body.above[key[1]])
                if cat.courses[c].kind not in ("induction", "on_appointment")
                and fits(body, cat.courses[c], level, unit, key[2], key[3], key[4])
            ]
        open_to = audience[key]
        mine: list[tuple[int, int, RecordResult]] = []
        if careers.entered[p] == -NEVER and open_to:
            drawn = rng.random(len(open_to))
            for c, chance in zip(open_to, drawn, strict=True):
                if chance < 0.22:
                    outcome = rng.random()
                    result: RecordResult = "passed" if outcome < 0.9 else "failed" if outcome < 0.95 else "withdrawn"
                    mine.append((c, int(rng.integers(first, last)), result))
        records.append(mine)
        count = int(rng.integers(1, 5))
        wanted = rng.choice(COMPETENCIES, count + 2, replace=False)
        stated = [(int(k), sources[int(rng.integers(3))], int(rng.integers(1, 6))) for k in wanted[:count]]
        needs.append([one_need.setdefault(x, x) for x in stated])
        known = [(int(k), int(rng.integers(1, 6))) for k in wanted[count:]]
        holdings.append([one_holding.setdefault(x, x) for x in known])
    opening = np.where(rng.random(n) < 0.15, rng.integers(1, 13, n), 0)
    opening[careers.entered > -NEVER] = 0
    return History(records, needs, holdings, opening)


def stands_for(cat: Catalogue) -> list[set[int]]:
    """Per course the courses it stands for: itself, its equivalents, what they substitute."""
    group = list(range(len(cat.courses)))
    for c, spec in enumerate(cat.courses):
        if spec.equivalent is not None:
            old, new = group[spec.equivalent], group[c]
            group = [new if g == old else g for g in group]
    members: dict[int, set[int]] = {}
    for c, g in enumerate(group):
        members.setdefault(g, set()).add(c)
    found: list[set[int]] = []
    for c in range(len(cat.courses)):
        mine = set(members[group[c]])
        for x in members[group[c]]:
            listed = cat.courses[x].substitute
            if listed is not None:
                mine |= members[group[listed]]
        found.append(mine)
    return found


def valid_until(day: int, validity_months: int) -> int:
    """First day on which a completion is no longer valid (counted from the horizon's start)."""
    if validity_months == 0:
        return NEVER
    return add_months(dt.date.fromordinal(ZERO + day), validity_months).toordinal() - ZERO
