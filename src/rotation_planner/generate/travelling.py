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

    def _way(self, origin: int, destination: int) -> tuple[int, int]:
        if origin == destination:
            return 0, 0
        key = (origin, destination)
        if key not in self._known:
            km = distance_km(self._body.places[origin][1:], self._body.places[destination][1:])
            self._known[key] = (round(0.9 * km) + 5, 1 if km > 250 else 0)
        return self._known[key]

    def days(self, unit: int, school: int) -> int:
        """Days lost each way."""
        return self._way(self._body.unit_place[unit], self._cat.schools[school].place)[1]

    def cost(self, unit: int, school: int) -> int:
        """Yuan there and back."""
        return self._way(self._body.unit_place[unit], self._cat.schools[school].place)[0]

    def rows(self, place_ids: list[str]) -> list[Travel]:
        """The travel table: each way that anybody may take."""
        for origin in sorted(set(self._body.unit_place)):
            for school in self._cat.schools:
                self._way(origin, school.place)
        return [
            Travel(origin=place_ids[a], destination=place_ids[b], cost_yuan=cost, days=days)
            for (a, b), (cost, days) in sorted(self._known.items())
        ]


def distance_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great circle distance of two points given by latitude and longitude."""
    (la, lo), (lb, lp) = (tuple(map(math.radians, point)) for point in (a, b))
    h = math.sin((lb - la) / 2) ** 2 + math.cos(la) * math.cos(lb) * math.sin((lp - lo) / 2) ** 2
    return 2 * 6371.0 * math.asin(math.sqrt(h))
