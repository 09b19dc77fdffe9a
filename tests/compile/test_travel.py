"""Cost and days of the way: given, given the other way round, measured, free."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rotation_planner.compile import compile_candidates
from rotation_planner.compile.travel import ways
from rotation_planner.domain.organisation import Place, Travel, Unit
from rotation_planner.domain.policy import Policy, TravelRate
from rotation_planner.domain.teaching import Institution
from tests.compile.tiny import course, day, session, tiny

QUARTER_KM = 10_008  # 6371 x pi / 2 = 10,007.54
PLACES = [
    Place(id="home", latitude=0.0, longitude=0.0), Place(id="away", latitude=0.0, longitude=90.0), Place(id="nowhere"),
]


def way(rate: int = 2, home: str | None = "home", away: str | None = "away", **tables: Any) -> tuple[int, int]:
    """Yuan and days from unit ``u`` to institution ``i``."""
    cost, days = ways(tiny(Policy(travel=TravelRate(yuan_per_km=rate)), **({
        "places": PLACES, "units": [Unit(id="u", authority="city", place=home)], "posts": [], "cadres": [],
        "institutions": [Institution(id="i", authority="city", place=away)],
    } | tables)))
    assert cost.shape == days.shape == (1, 1)
    return int(cost[0, 0]), int(days[0, 0])


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("home", "away", 30, 1)], (30, 1)),
        ([("away", "home", 40, 2)], (40, 2)),
        ([("away", "home", 40, 2), ("home", "away", 30, 1)], (30, 1)),
        ([("home", "away", 0, 0)], (0, 0)),  # given as free: not measured
        ([("home", "nowhere", 5, 5)], (2 * QUARTER_KM, 0)),
    ],
)
def test_given_before_measured(rows: list[tuple[str, str, int, int]], expected: tuple[int, int]) -> None:
    table = [Travel(origin=a, destination=b, cost_yuan=c, days=d) for a, b, c, d in rows]
    assert way(travel=table) == expected


def test_measured() -> None:
    assert way(rate=0) == (0, 0)
    assert way(rate=1) == (QUARTER_KM, 0)
    assert way(home="home", away="home") == (0, 0)


def test_round_the_globe_stays_in_range() -> None:
    poles = [Place(id="home", latitude=90.0, longitude=0.0), Place(id="away", latitude=-90.0, longitude=0.0)]
    assert way(rate=1, places=poles) == (20_015, 0)


@pytest.mark.parametrize(
    ("home", "away"),
    [(None, "away"), ("home", None), (None, None), ("nowhere", "away"), ("home", "nowhere")],
)
def test_unknown_is_free(home: str | None, away: str | None) -> None:
    assert way(home=home, away=away) == (0, 0)


def test_stretches_grow_at_both_ends() -> None:
    found = compile_candidates(tiny(
        institutions=[Institution(id="i", authority="city", place="away")],
        travel=[Travel(origin="home", destination="away", days=1)],
        courses=[course(), course("w", pattern="weekends", days=3)],
        sessions=[session("w", "2026-04-04", None, course="w"), session("s", "2026-03-02", None)],
    ))
    candidate, first, last = found.runs()
    base = day("2026-01-01").toordinal()
    assert found.sessions.ids == ["w", "s"]
    assert found.session.tolist() == [1, 0]  # in order of start
    assert candidate.tolist() == [0, 1, 1]
    # s: Monday 2 to Friday 6 March; w: 4 and 5 April, 11 April
    expected = [("2026-03-01", "2026-03-07"), ("2026-04-03", "2026-04-06"), ("2026-04-10", "2026-04-12")]
    assert [(a - base, b - base) for a, b in zip(first.tolist(), last.tolist(), strict=True)] == [
        (day(a).toordinal() - base, day(b).toordinal() - base) for a, b in expected
    ]
    assert found.travel_days.dtype == np.int16
