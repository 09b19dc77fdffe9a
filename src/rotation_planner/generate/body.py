"""The body of people to be trained: authorities, units, levels, kinds of work, ages, leading teams."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from rotation_planner.domain.organisation import Authority
from rotation_planner.domain.people import Level
from rotation_planner.generate.workdays import ZERO

LADDER = (
    ("below_section", "科员及以下", 0),
    ("deputy_section", "副科级", 1),
    ("section", "正科级", 1),
    ("deputy_county", "副处级", 2),
    ("county", "正处级", 2),
)
"""Level, Chinese name, band: 0 below section, 1 section level, 2 county level and above."""

COUNTY = (3000, 680, 280, 40, 5)
"""A county of 780,000 people: section leaders and county leaders [S], below section 3,000 [U] (domain.md)."""

PREFECTURE = (10637, 2769, 1140, 628, 78)
"""A prefecture of 15,252 cadres: 10,637 / 3,909 / 706 [S]; 3,909 and 706 split as in the county [D]."""

AGES = ((22, 30, 2564), (31, 35, 2606), (36, 40, 3256), (41, 45, 2371), (46, 50, 2133), (51, 55, 1392), (56, 60, 930))
"""First age, last age, cadres of the prefecture [S]."""

OFFICE_CATEGORIES = ("leading", "civil_servant", "enterprise", "professional", "rural")
DUTIES = ("party_affairs", "law", "finance", "personnel", "economy", "social_affairs")
EXTRAS = ("new_recruit", "newly_appointed", "reserve", "trainer")


@dataclass
class TeamSpec:
    """A leading team by person numbers; the chief is first, the deputies follow."""

    unit: int
    members: list[int]


@dataclass
class Body:
    """People and their workplaces, by number; ids are given at the very end."""

    levels: list[Level]
    band: np.ndarray
    categories: list[str]
    duties: list[str]
    authorities: list[Authority]
    """A tree; an authority stands after the one above it. The one above a unit's manages county level and up."""
    places: list[tuple[str, float, float]]
    unit_name: list[str]
    unit_authority: list[int]
    unit_place: list[int]
    seats: dict[int, int]
    """Place where each authority's own institutions stand."""
    level: np.ndarray
    unit: np.ndarray
    category: np.ndarray
    duty: np.ndarray
    key: np.ndarray
    birth: np.ndarray
    """Ordinals."""
    teams: list[TeamSpec] = field(default_factory=list)
    chinese: bool = True

    def __len__(self) -> int:
        return len(self.level)

    def manager(self, unit: int, level: int) -> int:
        """Authority that manages people of that level in that unit."""
        own = self.unit_authority[unit]
        return self.above[own][1] if self.band[level] == 2 else own

    @cached_property
    def above(self) -> list[list[int]]:
        """Of each authority itself, the one above it, and so on to the top."""
        number = {a.id: i for i, a in enumerate(self.authorities)}
        chains: list[list[int]] = []
        for i, a in enumerate(self.authorities):
            chains.append([i, *([] if a.parent is None else chains[number[a.parent]])])
        return chains

    @property
    def uppers(self) -> list[int]:
        """Authorities that manage county level and up: the parents of those with units."""
        return sorted({self.above[a][1] for a in set(self.unit_authority)})


def largest_remainder(shares: np.ndarray, total: int) -> np.ndarray:
    """Whole numbers in the proportion of the shares that add up to the total."""
    exact = shares * total / shares.sum()
    whole: np.ndarray = np.floor(exact).astype(np.int64)
    order = np.argsort(-(exact - whole), kind="stable")
    whole[order[: total - int(whole.sum())]] += 1
    return whole


def draw_births(rng: np.random.Generator, level_band: np.ndarray) -> np.ndarray:
    """Birth dates (ordinals) with the prefecture's ages; higher levels get the older ones more often."""
    n = len(level_band)
    counts = largest_remainder(np.array([c for _, _, c in AGES], dtype=float), n)
    ages = np.concatenate([rng.uniform(a, b + 1, c) for (a, b, _), c in zip(AGES, counts, strict=True)])
    ages.sort()
    rank = np.argsort(np.argsort(level_band * 0.45 + rng.random(n), kind="stable"), kind="stable")
    return (ZERO - (ages[rank] * 365.25).astype(np.int64)).astype(np.int64)


def office(
    rng: np.random.Generator, cadres: int, shares: tuple[int, ...], regions: int, provinces: int | None = None
) -> Body:
    """A generated body: one or more regions under an upper authority, or under several of one nation.

    Parameters
    ----------
    rng : numpy.random.Generator
        Stream of draws.
    cadres : int
        People in all.
    shares : tuple of int
        Proportion of the five levels.
    regions : int
        Authorities below an upper one, each with its own units and schools.
    provinces : int, optional
        Upper authorities under a nation, with so many regions each; without it one upper authority at the top.
    """
    levels = [Level(id=i, name=n, rank=r + 1) for r, (i, n, _) in enumerate(LADDER)]
    band = np.array([b for _, _, b in LADDER])
    weights = np.sort(rng.uniform(0.6, 1.4, regions))[::-1] if regions > 1 else np.ones(1)
    if provinces is not None:
        weights = np.concatenate([rng.uniform(0.7, 1.3) * weights for _ in range(provinces)])
    sizes = largest_remainder(weights, cadres)
    senior = tuple(i for i, _, b in LADDER if b == 2)
    upper = Authority(id="upper", name="上级组织部", levels=senior)
    top = upper if provinces is None else Authority(id="nation", name="中央组织部")
    none = np.empty(0, dtype=np.int64)
    body = Body(
        levels=levels,
        band=band,
        categories=list(OFFICE_CATEGORIES),
        duties=list(DUTIES),
        authorities=[top],
        places=[("upper seat", 30.60, 114.30)],
        unit_name=[],
        unit_authority=[],
        unit_place=[],
        seats={0: 0},
        level=none,
        unit=none,
        category=none,
        duty=none,
        key=none,
        birth=none,
    )
    parts: list[dict[str, np.ndarray]] = []
    start = 0
    for k in range(provinces or 1):
        parent = top
        if provinces is not None:
            parent = Authority(id=f"province_{k + 1}", name=f"省{k + 1}", parent=top.id, levels=senior)
            body.seats[len(body.authorities)] = len(body.places)
            body.authorities.append(parent)
            body.places.append((f"seat of {parent.id}", *_somewhere(rng)))
        for r in range(k * regions + 1, (k + 1) * regions + 1):
            body.authorities.append(Authority(id=f"region_{r}", name=f"地区{r}", parent=parent.id))
            parts.append(_region(rng, body, len(body.authorities) - 1, int(sizes[r - 1]), shares, start))
            start += int(sizes[r - 1])
    for name in ("level", "unit", "category", "duty", "key"):
        setattr(body, name, np.concatenate([p[name] for p in parts]))
    body.birth = draw_births(rng, band[body.level])
    return body


def _somewhere(rng: np.random.Generator) -> tuple[float, float]:
    return 29.0 + 3 * rng.random(), 112.0 + 4 * rng.random()


def _region(
    rng: np.random.Generator, body: Body, authority: int, n: int, shares: tuple[int, ...], first: int
) -> dict[str, np.ndarray]:
    """Units, people and teams of one region."""
    lat, lon = _somewhere(rng)
    seat = len(body.places)
    body.places.append((f"seat {authority}", round(lat, 4), round(lon, 4)))
    body.seats[authority] = seat
    units = max(4, round(n / 55))
    towns = units // 3
    weight = np.exp(rng.normal(0, 0.55, units))
    first_unit = len(body.unit_name)
    for u in range(units):
        place = seat
        if u < towns and u < 40:
            place = len(body.places)
            body.places.append(
                (f"town {authority}-{u + 1}", round(lat + 0.5 * rng.normal(), 4), round(lon + 0.5 * rng.normal(), 4))
            )
        body.unit_name.append(f"{'乡镇' if u < towns else '部门'}{authority}-{u + 1}")
        body.unit_authority.append(authority)
        body.unit_place.append(place)
    level = np.repeat(np.arange(len(shares)), largest_remainder(np.array(shares, dtype=float), n))
    # leaders spread over all units, staff by the units' weights
    leaders = level > 0
    unit = np.empty(n, dtype=np.int64)
    turn = np.concatenate([rng.permutation(units) for _ in range(int(leaders.sum()) // units + 1)])
    unit[leaders] = turn[: int(leaders.sum())]
    unit[~leaders] = rng.choice(units, int((~leaders).sum()), p=weight / weight.sum())
    town = unit < towns
    kind = np.where(town, 4, rng.choice([1, 2, 3], n, p=[0.6, 0.12, 0.28]))
    kind = np.where(town & (rng.random(n) < 0.4), 1, kind)
    kind = np.where(leaders & (rng.random(n) < 0.74), 0, kind)  # 708 of 960 section cadres lead [S]
    kind[level >= 3] = 0
    duty = rng.integers(0, len(body.duties), n)
    key = leaders & (rng.random(n) < 0.1)
    for u in range(units):
        here = np.flatnonzero(leaders & (unit == u) & (kind == 0) & (level < 3))
        here = here[np.argsort(-level[here], kind="stable")][:5]
        if len(here) >= 2:
            key[here[0]] = True
            body.teams.append(TeamSpec(first_unit + u, [first + int(i) for i in here]))
    return {"level": level, "unit": unit + first_unit, "category": kind, "duty": duty, "key": key.astype(np.int64)}
