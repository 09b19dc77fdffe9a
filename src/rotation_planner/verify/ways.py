"""The way from a unit to an institution: days lost each way, and cost."""

from __future__ import annotations

import math

from rotation_planner.domain.scenario import Scenario

EARTH_RADIUS_KM = 6371


class Ways:
    """Travel between units and institutions."""

    def __init__(self, scenario: Scenario) -> None:
        self._places = {place.id: place for place in scenario["places"]}
        self._given = {(t.origin, t.destination): (t.days, t.cost_yuan) for t in scenario["travel"]}
        self._rate = scenario.policy.travel.yuan_per_km
        self._unit_place = {unit.id: unit.place for unit in scenario["units"]}
        self._site = {institution.id: institution.place for institution in scenario["institutions"]}
        self._known: dict[tuple[str, str], tuple[int, int]] = {}

    def between(self, unit: str, institution: str) -> tuple[int, int]:
        """Days each way, and yuan there and back."""
        known = self._known.get((unit, institution))
        if known is None:
            known = self._measure(self._unit_place[unit], self._site[institution])
            self._known[unit, institution] = known
        return known

    def _measure(self, origin: str | None, destination: str | None) -> tuple[int, int]:
        if origin is None or destination is None:
            return 0, 0
        for pair in ((origin, destination), (destination, origin)):
            if pair in self._given:
                return self._given[pair]
        a, b = self._places.get(origin), self._places.get(destination)
        if a is None or b is None or None in (a.latitude, a.longitude, b.latitude, b.longitude):
            return 0, 0
        return 0, round(great_circle_km(a.latitude, a.longitude, b.latitude, b.longitude)) * self._rate


def great_circle_km(latitude_a: float, longitude_a: float, latitude_b: float, longitude_b: float) -> float:
    """Distance on the sphere in km (haversine)."""
    phi_a, phi_b = math.radians(latitude_a), math.radians(latitude_b)
    half_phi, half_lambda = (phi_b - phi_a) / 2, math.radians(longitude_b - longitude_a) / 2
    h = math.sin(half_phi) ** 2 + math.cos(phi_a) * math.cos(phi_b) * math.sin(half_lambda) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, h)))
