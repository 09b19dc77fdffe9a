"""Ways between units and schools."""

from __future__ import annotations

import math

from rotation_planner.domain.organisation import Travel
from rotation_planner.generate.body import Body
from rotation_planner.generate.catalogue import Catalogue


class Ways:
    """Cost and days of every way from a unit's place to a school's, all given in the travel table."""

    def __init__(self, body: Body, cat: Catalogue) -> None:
        self._body, self._cat = body, cat
        self._known: dict[tuple[int, int], tuple[int, int]] = {}
        self._rows: dict[int, list[int]] = {}

    def _way(self, origin: int, destination: int) -> tuple[int, int]:
        if origin == destination:
            return 0, 0
        key = (origin, destination)
        if key not in self._known:
            km = distance_km(self._body.places[origin][1:], self._body.places[destination][1:])
            self._known[key] = (round(0.9 * km) + 5, days_lost(km))
        return self._known[key]

    def row(self, unit: int) -> list[int]:
        """Days lost each way from a unit to every school; units of one place share the list."""
        place = self._body.unit_place[unit]
        if place not in self._rows:
            here = self._body.places[place]
            self._rows[place] = [
                days_lost(distance_km(here[1:], self._body.places[s.place][1:])) if s.place != place else 0
                for s in self._cat.schools
            ]
        return self._rows[place]

    def cost(self, unit: int, school: int) -> int:
        """Yuan there and back."""
        return self._way(self._body.unit_place[unit], self._cat.schools[school].place)[0]

    def rows(self, place_ids: list[str]) -> list[Travel]:
        """The travel table: each way to a school of the nation or of the same upper authority's area."""
        body = self._body
        areas = sorted(set(zip(body.unit_place, (body.above[a][1] for a in body.unit_authority), strict=True)))
        for origin, upper in areas:
            for school in self._cat.schools:
                if upper in body.above[school.authority] or school.authority == 0:
                    self._way(origin, school.place)
        return [
            Travel(origin=place_ids[a], destination=place_ids[b], cost_yuan=cost, days=days)
            for (a, b), (cost, days) in sorted(self._known.items())
        ]


def days_lost(km: float) -> int:
    """Days a way takes: one beyond 250 km."""
    return 1 if km > 250 else 0


def distance_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great circle distance of two points given by latitude and longitude."""
    (la, lo), (lb, lp) = (tuple(map(math.radians, point)) for point in (a, b))
    h = math.sin((lb - la) / 2) ** 2 + math.cos(la) * math.cos(lb) * math.sin((lp - lo) / 2) ** 2
    return 2 * 6371.0 * math.asin(math.sqrt(h))
