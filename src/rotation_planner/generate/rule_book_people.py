"""The people of the rule book's town: ten offices of eight, who joins, leaves, is promoted or moves."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from rotation_planner.domain.base import Row
from rotation_planner.domain.organisation import Authority, Busy, StandIn, Team, Unit
from rotation_planner.domain.people import Cadre, Category, Event, Holding, Leave, Level, Need, Post, Record

CITY, COUNTY, EAST, WEST = "city", "county", "east", "west"
AUTHORITIES = (
    Authority(id=CITY, name="city (generated)"),
    Authority(id=COUNTY, name="county (generated)", parent=CITY),
    Authority(id=EAST, name="eastern town (generated)", parent=COUNTY),
    Authority(id=WEST, name="western town (generated)", parent=COUNTY),
)
LEVELS = (Level(id="officer", rank=1), Level(id="deputy", rank=2), Level(id="head", rank=3))
CATEGORIES = tuple(Category(id=i) for i in ("cashier", "trainer", "reserve"))
UNITS, SEATS = 10, 8
ENTERED, RETIRED, MOVED = dt.date(2028, 7, 1), dt.date(2030, 7, 1), dt.date(2029, 1, 1)
PROMOTIONS = {1: dt.date(2028, 2, 1), 3: dt.date(2028, 2, 1), 5: dt.date(2029, 2, 1), 7: dt.date(2030, 2, 1)}
"""Office to the day on which its sixth seat is promoted."""


@dataclass(frozen=True)
class Person:
    """One seat of an office: seats 0 to 3 are its leading team, and seat i goes with wave i modulo 4."""

    id: str
    unit: int
    seat: int

    @property
    def wave(self) -> int:
        """With whom the person is trained."""
        return self.seat % 4

    @property
    def head(self) -> bool:
        """Whether the person heads the office."""
        return self.seat == 0

    @property
    def authority(self) -> str:
        """Managing authority."""
        return EAST if self.unit < UNITS // 2 else WEST

    @property
    def category(self) -> str | None:
        """Cashiers in every other office, trainers in the east, young cadres in reserve in six offices."""
        if self.seat == 4 and self.unit % 2 == 0:
            return "cashier"
        if self.seat == 7 and self.unit < 5:
            return "trainer"
        return "reserve" if self.seat == 6 and self.unit < 6 else None

    @property
    def long_before(self) -> bool:
        """Whether the person was at the long class in 2024."""
        return self.category == "reserve" and self.unit >= 4

    @property
    def entered(self) -> dt.date | None:
        """Day of entry, inside the horizon."""
        return ENTERED if self.seat == 7 and self.unit in (5, 6, 7) else None

    @property
    def retired(self) -> dt.date | None:
        """Day of retirement."""
        return RETIRED if self.seat == 7 and self.unit in (8, 9) else None

    @property
    def promoted(self) -> dt.date | None:
        """Day of promotion."""
        return PROMOTIONS.get(self.unit) if self.seat == 5 else None

    @property
    def moves(self) -> bool:
        """Whether the person moves to the office before, on ``MOVED``."""
        return self.seat == 3 and self.unit == UNITS - 1

    def serves(self, day: dt.date) -> bool:
        """Whether the person is in service."""
        return not (self.entered and day < self.entered) and not (self.retired and day >= self.retired)


def people(ids: list[str]) -> list[Person]:
    """Everybody, office by office."""
    return [Person(ids[u * SEATS + i], u, i) for u in range(UNITS) for i in range(SEATS)]


def unit_id(u: int) -> str:
    """Id of an office."""
    return f"office-{u + 1:02d}"


def organisation(town: list[Person]) -> dict[str, list[Row]]:
    """Units, busy periods, teams and stand-ins."""
    at = {(p.unit, p.seat): p.id for p in town}
    return {
        "units": [
            Unit(id=unit_id(u), name=f"office {u + 1} (generated)", authority=at_authority)
            for u, at_authority in ((p.unit, p.authority) for p in town if p.head)
        ],
        "busy": [
            Busy(unit=unit_id(u), start=dt.date(y, 1, 4), end=dt.date(y, 1, 31), release=0)
            for u in range(0, UNITS, 3) for y in range(2027, 2032)
        ],
        "teams": [
            Team(
                id=f"team-{u + 1:02d}", unit=unit_id(u), members=tuple(at[u, i] for i in range(4)), chief=at[u, 0],
                deputies=(at[u, 1], at[u, 2]), never_together=(at[u, 0], at[u, 1]), min_present=2,
                min_present_per_mille=500,
            )
            for u in range(UNITS)
        ],
        "stand_ins": [StandIn(cadre=at[u, 4], stand_in=at[u, 5]) for u in range(0, UNITS, 2)],
    }


def posts() -> list[Post]:
    """Posts of every office, by level; the head's is a key post."""
    asks = {
        "officer": {"finance": 2}, "deputy": {"finance": 3, "governance": 2},
        "head": {"governance": 4, "leadership": 3},
    }
    return [
        Post(id=_post(u, level), unit=unit_id(u), level=level, requires=requires, key=level == "head")
        for u in range(UNITS) for level, requires in asks.items()
    ]


def _post(u: int, level: str) -> str:
    return f"{level}-{u + 1:02d}"


def careers(town: list[Person], course: dict[str, str], rng: np.random.Generator, seed: int) -> dict[str, list[Row]]:
    """Cadres, events, leave, records, holdings and needs."""
    tables: dict[str, list[Row]] = {t: [] for t in ("cadres", "events", "leave", "records", "holdings", "needs")}
    source = f"generated, seed {seed}"
    for p in town:
        level = "head" if p.head else "deputy" if p.seat in (1, 2) else "officer"
        tables["cadres"].append(Cadre(
            id=p.id, post=_post(p.unit, level), entered=p.entered,
            categories=() if p.category is None else (p.category,),
            birth_date=dt.date(1968 + int(rng.integers(30)), 1 + int(rng.integers(12)), 1 + int(rng.integers(28))),
            opening_hours=10 if p.head and p.unit % 2 else 0,
        ))
        if p.entered:
            tables["events"].append(Event(cadre=p.id, kind="entry", date=p.entered))
        if p.retired:
            tables["events"].append(Event(cadre=p.id, kind="retirement", date=p.retired))
        if p.promoted:
            tables["events"].append(Event(cadre=p.id, kind="promotion", date=p.promoted, post=_post(p.unit, "deputy")))
        if p.moves:
            tables["events"].append(Event(cadre=p.id, kind="transfer", date=MOVED, post=_post(p.unit - 1, "officer")))
        if rng.random() < 0.15:
            start = dt.date(2027 + int(rng.integers(5)), 8, 1)
            tables["leave"].append(Leave(cadre=p.id, start=start, end=start + dt.timedelta(days=13), reason="leave"))
        tables["records"] += [
            Record(cadre=p.id, course=course[name], date=date, hours=hours, source=source)
            for name, date, hours in _register(p)
        ]
        for competency in ("finance", "governance"):
            if rng.random() < 0.6:
                tables["holdings"].append(Holding(cadre=p.id, competency=competency, mastery=1 + int(rng.integers(3))))
        if rng.random() < 0.3:
            weight = 1 + int(rng.integers(3))
            tables["needs"].append(Need(cadre=p.id, competency="theory", source="personal", weight=weight))
        if p.head:
            tables["needs"].append(Need(cadre=p.id, competency="leadership", source="organisation", weight=2))
    return tables


def _register(p: Person) -> list[tuple[str, dt.date, int]]:
    """What the register holds: course, day, hours."""
    if p.category == "cashier":
        return [("cash rules", dt.date(2025, 10, 20), 12)]
    if p.category == "trainer":
        return [("certificate", dt.date(2025, 3, 20), 30), ("workshop", dt.date(2025, 10, 18), 12),
                ("workshop", dt.date(2026, 10, 17), 12)]
    return [("young class", dt.date(2024, 10, 10), 120)] if p.long_before else []
