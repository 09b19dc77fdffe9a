"""Draw the limits around a planted plan: beds, rooms, releases, busy periods, ceilings and floors."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from rotation_planner.generate.careers import Careers
from rotation_planner.generate.duties import year_span
from rotation_planner.generate.packing import Packed
from rotation_planner.generate.planting import PAD, Planter
from rotation_planner.generate.workdays import DAYS, YEARS


@dataclass(frozen=True)
class Costs:
    """Costs of a course in yuan."""

    trainee_day: int
    per_class: int
    per_session: int


@dataclass
class Limits:
    """Limits that the planted plan just keeps."""

    beds: list[int | None]
    rooms: list[int]
    release: list[tuple[int | None, int | None]]
    """Of each unit, per mille and persons; None as the rule says."""
    busy: list[tuple[int, int, int, int]]
    """Unit, first day, last day, persons."""
    costs: list[Costs]
    spend: dict[tuple[int, int], int] = field(default_factory=dict)
    """Spend by payer and year."""
    counted: dict[tuple[int, int], int] = field(default_factory=dict)
    """Spend that surely counts toward floors."""
    theory: dict[tuple[int, int], int] = field(default_factory=dict)
    """The same for theory and rotation alone."""


def draw_costs(rng: np.random.Generator, planter: Planter) -> list[Costs]:
    """Draw costs within the standards.

    At most 550 yuan a day below bureau level, 260 in a poorer city [S]; lecture fees of 500, 1,000 or 1,500 yuan an
    hour, paid once for parallel classes [S]; costs of a class [U].
    """
    costs = []
    local = set(planter.body.unit_authority)
    for spec in planter.cat.courses:
        day = int(rng.choice([260, 300, 340, 380])) if spec.residential else int(rng.choice([60, 80, 100]))
        if spec.channel == "going_out" or spec.owner not in local:
            day = int(rng.choice([400, 450, 550]))
        fee = int(rng.choice([500, 500, 1000, 1500])) if not spec.quota else 0
        costs.append(Costs(day, 0 if spec.quota else 1500 + 300 * spec.days, fee * spec.hours))
    return costs


def draw_limits(rng: np.random.Generator, planter: Planter, packed: Packed, workdays: np.ndarray) -> Limits:
    """Measure the plan and set every limit to what it needs, or just beside it."""
    cat = planter.cat
    house = np.zeros((len(cat.schools), DAYS + PAD), dtype=np.int64)
    rooms = np.zeros((len(cat.schools), DAYS + PAD), dtype=np.int64)
    for s, k in packed.classes.items():
        spec = cat.courses[cat.course[s]]
        if spec.residential and spec.pattern == "full_time":
            house[spec.school, planter.start[s] : planter.end[s]] += len(planter.people[s])
        for x, z in cat.runs[s]:
            rooms[spec.school, x : z + 1] += k
    beds: list[int | None] = [
        int(max(house[i].max(), 1)) if school.residential and (i != 1) else None for i, school in enumerate(cat.schools)
    ]
    release, busy = _releases(rng, planter, workdays)
    limits = Limits(beds, [int(max(1, r.max())) for r in rooms], release, busy, draw_costs(rng, planter))
    _money(planter, packed, limits)
    return limits


def _releases(
    rng: np.random.Generator, planter: Planter, workdays: np.ndarray
) -> tuple[list[tuple[int | None, int | None]], list[tuple[int, int, int, int]]]:
    careers: Careers = planter.careers
    units = len(planter.body.unit_name)
    strength = np.bincount(careers.unit[0], minlength=units)
    away = planter.away[:, PAD : PAD + DAYS] * workdays[None, :]
    release: list[tuple[int | None, int | None]] = []
    busy: list[tuple[int, int, int, int]] = []
    for u in range(units):
        peak = int(-(-away[u].max() // 1000))
        usual = max(1, int(strength[u]) * 100 // 1000)
        if peak == usual:
            release.append((None, None))
        else:
            share = min(1000, peak * 1000 // max(1, int(strength[u])))
            release.append((share, max(1, peak)))
        if rng.random() < 0.4:
            first, length = int(rng.integers(0, 330)), int(rng.integers(14, 50))
            for y in range(YEARS):
                a = year_span(y)[0] + first
                z = min(DAYS - 1, a + length)
                least = int(-(-away[u, a : z + 1].max() // 1000))
                busy.append((u, a, z, least))
    return release, busy


def _money(planter: Planter, packed: Packed, limits: Limits) -> None:
    cat = planter.cat
    for s, k in packed.classes.items():
        c = cat.course[s]
        spec, cost = cat.courses[c], limits.costs[c]
        members = planter.people[s]
        spend = k * cost.per_class + cost.per_session + len(members) * spec.days * cost.trainee_day
        spend += sum(planter.ways.cost(planter.unit_at(p, planter.start[s]), spec.school) for p in members)
        key = (spec.owner, planter.year[s])
        limits.spend[key] = limits.spend.get(key, 0) + spend
        if sum(_useful(planter, p, s) for p in members) >= spec.min_size * k:
            limits.counted[key] = limits.counted.get(key, 0) + spend
            if spec.kind in ("theory", "rotation"):
                limits.theory[key] = limits.theory.get(key, 0) + spend


def _useful(planter: Planter, p: int, s: int) -> bool:
    """Whether the course surely serves an open duty: the hours of a window that applies, or coverage."""
    if planter.duties.coverage(p) and planter.cat.courses[planter.cat.course[s]].days >= 3:
        return True
    return planter.duties.yearly(p)[planter.year[s]] > 0 or planter.duties.horizon(p) > 0
