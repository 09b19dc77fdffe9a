"""Cost and days of the way between places."""

from __future__ import annotations

import math

import numpy as np

from rotation_planner.domain.organisation import Place
from rotation_planner.domain.scenario import Scenario

EARTH_RADIUS_KM = 6371


def ways(scenario: Scenario) -> tuple[np.ndarray, np.ndarray]:
    """Cost in yuan and days each way, [unit, institution]."""
    places = {p.id: p for p in scenario["places"]}
    given = {(t.origin, t.destination): (t.cost_yuan, t.days) for t in scenario["travel"]}
    rate = scenario.policy.travel.yuan_per_km
    units, institutions = scenario["units"].tolist("place"), scenario["institutions"].tolist("place")
    cost = np.zeros((len(units), len(institutions)), np.int64)
    days = np.zeros_like(cost)
    known: dict[tuple[str, str], tuple[int, int]] = {}
    for i, origin in enumerate(units):
        for j, destination in enumerate(institutions):
            if origin is None or destination is None:
                continue
            pair = (origin, destination)
            if pair not in known:
                known[pair] = given.get(pair) or given.get(pair[::-1]) or (_km(places, *pair) * rate, 0)
            cost[i, j], days[i, j] = known[pair]
    return cost, days


def _km(places: dict[str, Place], origin: str, destination: str) -> int:
    a, b = places[origin], places[destination]
    if a.latitude is None or a.longitude is None or b.latitude is None or b.longitude is None:
        return 0
    north, south = math.radians(a.latitude), math.radians(b.latitude)
    dlat, dlon = south - north, math.radians(b.longitude - a.longitude)
    h = math.sin(dlat / 2) ** 2 + math.cos(north) * math.cos(south) * math.sin(dlon / 2) ** 2
    return round(2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(h))))
