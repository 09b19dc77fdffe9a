"""Warehouse location as a rotation plan: optima that others have published, reached to the last digit.

One course; each site is a candidate session with its fixed cost; each customer is one cadre in a unit of its own;
the way from the unit to the institution costs what the file says for the pair. Everyone must attend once, so the
cost of the plan is the cost of the location problem. The four OR-Library cases (J. E. Beasley 1988, uncapacitated
use) are read from the folder in ``ROTATION_PLANNER_DATA``; a tiny one beside the tests is enumerated.
"""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

import rotation_planner as rp
from rotation_planner.domain.organisation import Authority, Place, Travel, Unit
from rotation_planner.domain.people import Cadre, Level, Post
from rotation_planner.domain.planning import Fund, Horizon
from rotation_planner.domain.scenario import Scenario
from rotation_planner.domain.teaching import Course, Institution, Session
from rotation_planner.result import Result

pytestmark = pytest.mark.clock

SCALE = 100_000
"""Files have at most five decimals: one yuan of the scenario is 0.00001 of the file's unit."""


@dataclass(frozen=True)
class Location:
    """Fixed cost of each site, and cost of each customer at each site, as scaled integers."""

    fixed: tuple[int, ...]
    service: tuple[tuple[int, ...], ...]


def read(path: Path) -> Location:
    """Read the OR-Library format; capacities and demands are not used."""
    words = iter(path.read_text(encoding="ascii").split())

    def money() -> int:
        scaled = Decimal(next(words)) * SCALE
        assert scaled == int(scaled), "more than five decimals"
        return int(scaled)

    sites, customers = int(next(words)), int(next(words))
    fixed = []
    for _ in range(sites):
        next(words)
        fixed.append(money())
    service = []
    for _ in range(customers):
        next(words)
        service.append(tuple(money() for _ in range(sites)))
    assert next(words, None) is None
    return Location(tuple(fixed), tuple(service))


def as_scenario(
    case: Location, least: int = 0, most: int | None = None, ceiling: int | None = None, floor: int | None = None
) -> Scenario:
    """The location problem as a rotation plan under the default policy."""
    sites, customers = range(len(case.fixed)), range(len(case.service))
    day = dt.date(2026, 3, 2)
    funds = [Fund(id="F", authority="A", year=2026, floor_yuan=floor, ceiling_yuan=ceiling)]
    return Scenario.of(
        horizon=[Horizon(start=dt.date(2026, 1, 1), years=1)],
        authorities=[Authority(id="A")],
        places=[*(Place(id=f"P{i}") for i in customers), *(Place(id=f"Q{j}") for j in sites)],
        travel=[
            Travel(origin=f"P{i}", destination=f"Q{j}", cost_yuan=case.service[i][j]) for i in customers for j in sites
        ],
        units=[Unit(id=f"U{i}", authority="A", place=f"P{i}") for i in customers],
        levels=[Level(id="L", rank=1)],
        posts=[Post(id=f"T{i}", unit=f"U{i}", level="L") for i in customers],
        cadres=[Cadre(id=f"C{i}", post=f"T{i}") for i in customers],
        courses=[Course(id="K", min_size=least, max_size=most or len(customers))],
        institutions=[Institution(id=f"I{j}", authority="A", place=f"Q{j}") for j in sites],
        sessions=[
            Session(id=f"S{j}", course="K", institution=f"I{j}", start=day, cost_per_session_yuan=case.fixed[j])
            for j in sites
        ],
        funds=funds if (ceiling, floor) != (None, None) else [],
    )


def cost_of(result: Result, case: Location) -> int:
    """Cost of the plan, from the file's figures alone."""
    plan = result.require_plan()
    pairs = [(int(a.cadre[1:]), int(a.session[1:])) for a in plan.attendances]
    assert sorted(i for i, _ in pairs) == list(range(len(case.service))), "everyone once"
    opened = {int(o.session[1:]) for o in plan.opened}
    assert opened == {j for _, j in pairs}
    return sum(case.fixed[j] for j in opened) + sum(case.service[i][j] for i, j in pairs)


def solve_to_optimum(case: Location, optimum: int, **limits: int | None) -> None:
    """Plan, and demand the optimum with its proof."""
    result = rp.solve(as_scenario(case, **limits), time_limit=30, workers=2, seed=1)
    goals = {g.name: g for g in result.goals}
    assert (goals["duties"].value, goals["duties"].bound) == (0, 0)
    assert goals["floor"].value == 0
    assert cost_of(result, case) == goals["cost"].value == goals["cost"].bound == optimum
    assert goals["cost"].gap == 0
    assert result.unmet == ()


PUBLISHED = {  # optimum, smallest and largest attendance in it
    "cap71": ("932615.750", 1, 9),
    "cap72": ("977799.400", 1, 10),
    "cap73": ("1010641.450", 2, 27),
    "cap74": ("1034976.975", 2, 23),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_optimum(shared_data: Path, name: str) -> None:
    case = read(shared_data / "facility_location" / f"{name}.txt")
    solve_to_optimum(case, int(Decimal(PUBLISHED[name][0]) * SCALE))


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_optimum_under_limits_that_bind_nothing(shared_data: Path, name: str) -> None:
    case = read(shared_data / "facility_location" / f"{name}.txt")
    published, least, most = PUBLISHED[name]
    optimum = int(Decimal(published) * SCALE)
    solve_to_optimum(case, optimum, least=least, most=most, ceiling=optimum, floor=optimum - 1)


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_ceiling_one_below_the_optimum_leaves_somebody_out(shared_data: Path, name: str) -> None:
    case = read(shared_data / "facility_location" / f"{name}.txt")
    optimum = int(Decimal(PUBLISHED[name][0]) * SCALE)
    result = rp.solve(as_scenario(case, ceiling=optimum - 1), time_limit=100, work_limit=1.0, workers=2, seed=1)
    assert [u.shortfall for u in result.unmet] == [1]
    assert len(result.require_plan().attendances) == len(case.service) - 1


@pytest.fixture(scope="module")
def tiny() -> Location:
    return read(Path(__file__).parent / "data" / "facility_tiny.txt")


def enumerate_all(case: Location, least: int = 0, most: int = 10**9) -> int:
    """Least cost over every way to send each customer to a site."""
    sites = range(len(case.fixed))
    best = None
    for choice in itertools.product(sites, repeat=len(case.service)):
        counts = [choice.count(j) for j in sites]
        if all(least <= n <= most for n in counts if n):
            fixed = sum(f for f, n in zip(case.fixed, counts, strict=True) if n)
            cost = fixed + sum(row[j] for row, j in zip(case.service, choice, strict=True))
            best = cost if best is None else min(best, cost)
    assert best is not None
    return best


@pytest.mark.parametrize(("least", "most"), [(0, 7), (4, 7), (0, 2), (2, 3), (1, 3)])
def test_tiny_case_is_as_enumerated(tiny: Location, least: int, most: int) -> None:
    solve_to_optimum(tiny, enumerate_all(tiny, least, most), least=least, most=most)


def test_tiny_case_ceiling(tiny: Location) -> None:
    optimum = enumerate_all(tiny)
    solve_to_optimum(tiny, optimum, ceiling=optimum, floor=optimum)
    result = rp.solve(as_scenario(tiny, ceiling=optimum - 1), time_limit=100, work_limit=0.2, workers=2, seed=1)
    assert [(u.required, u.achieved, u.shortfall) for u in result.unmet] == [(1, 0, 1)]


def test_enumeration_sees_the_limits_of_the_tiny_case(tiny: Location) -> None:
    free = enumerate_all(tiny)
    assert free == enumerate_all(tiny, 0, 7)
    assert len({free, enumerate_all(tiny, 4, 7), enumerate_all(tiny, 0, 2), enumerate_all(tiny, 2, 3)}) == 4


def test_reading_keeps_every_decimal(tiny: Location) -> None:
    assert tiny.fixed == (70_000_000, 65_050_000, 90_025_000, 61_000_000)
    assert tiny.service[2] == (40_200_000, 7_750_000, 30_100_001, 9_900_000)
    assert tiny.service[6][0] == 19_999_999
