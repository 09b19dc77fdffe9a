"""Small bodies of cadres with lives of all kinds, and selectors drawn at random."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from typing import Any

from rotation_planner.domain.organisation import Authority, Team, Unit
from rotation_planner.domain.people import Cadre, Category, Competency, Event, Holding, Level, Post
from rotation_planner.domain.planning import Horizon
from rotation_planner.domain.policy import NamedSelector, Selector
from rotation_planner.domain.scenario import Scenario

START = dt.date(2028, 2, 29)
"""A leap day, so that anniversaries of leap days fall on edges."""
EDGES = (
    *(
        dt.date(year, month, day)
        for year in (1968, 1988, 2008, 2018, 2023, 2026, 2027, 2028, 2030)
        for month, day in ((1, 1), (2, 28), (3, 1), (7, 1), (12, 31))
    ),
    dt.date(1968, 2, 29), dt.date(1988, 2, 29), dt.date(2008, 2, 29), dt.date(2024, 2, 29), START,
)


def body(seed: int) -> Scenario:
    """Cadres with and without dates, in and out of teams, moved and retired."""
    r = random.Random(seed)

    def maybe(value: Any, p: float = 0.6) -> Any:
        return value if r.random() < p else None

    def some(values: tuple[str, ...], p: float = 0.4) -> tuple[str, ...]:
        return tuple(v for v in values if r.random() < p)

    levels = ("low", "mid", "high")
    units, categories, skills = ("u", "v", "w"), ("red", "blue"), ("law", "tax")
    posts = [
        Post(
            id=f"p{i}", unit=r.choice(units), level=r.choice(levels), categories=some(categories),
            duties=some(("finance", "law")), requires=dict.fromkeys(some(skills), 3), key=r.random() < 0.3,
        )
        for i in range(5)
    ]
    cadres = [
        Cadre(
            id=f"c{i}", post=r.choice(posts).id, categories=some(categories),
            birth_date=maybe(r.choice((*EDGES[:10], *EDGES[-5:-3]))),
            entered=maybe(r.choice(EDGES[5:])),
        )
        for i in range(8)
    ]
    ids = tuple(c.id for c in cadres)
    kinds = ("entry", "appointment", "promotion", "transfer", "retirement")
    events = {}
    for _ in range(r.randint(0, 14)):
        event = Event(
            cadre=r.choice(ids), kind=r.choice(kinds), date=r.choice(EDGES[10:]), post=maybe(r.choice(posts).id),
        )
        events[event.cadre, event.date] = event
    return Scenario.of(
        horizon=[Horizon(start=START, years=2)],
        authorities=[
            Authority(id="t", levels=some(levels, 0.2)), Authority(id="a", parent="t", units=some(("w",))),
            Authority(id="b", parent="a"),
        ],
        units=[Unit(id="u", authority="b"), Unit(id="v", authority="a"), Unit(id="w", authority="t")],
        levels=[Level(id=name, rank=i) for i, name in enumerate(levels)],
        categories=[Category(id=c) for c in categories], competencies=[Competency(id=c) for c in skills],
        posts=posts, cadres=cadres, events=list(events.values()),
        teams=[Team(id=t, members=some(ids) or ids[:1]) for t in ("t1", "t2")],
        holdings=[
            Holding(cadre=c, competency=s, mastery=r.randint(1, 5)) for c in ids for s in skills if r.random() < 0.3
        ],
        selectors=[NamedSelector(id=n, **conditions(r, r.randint(0, 3))) for n in ("x", "y")],
    )


def conditions(r: random.Random, count: int) -> dict[str, Any]:
    """So many conditions (or pairs that belong together), by field."""
    drawn: dict[str, Any] = {}
    for field in r.sample(sorted(DRAWN), count):
        drawn |= DRAWN[field](r)
    return drawn


def selector(seed: int, field: str | None = None) -> Selector:
    """A selector of one field, or of several; sometimes on a day of its own, or with a name."""
    r = random.Random(seed)
    drawn = DRAWN[field](r) if field is not None else conditions(r, r.randint(1, 4))
    if r.random() < 0.3:
        drawn["on"] = r.choice(EDGES[20:])
    if field == "named" or (field is None and r.random() < 0.3):
        drawn["named"] = tuple(r.sample(("x", "y"), r.randint(1, 2)))
    return Selector(**drawn)


def _some(field: str, *values: str) -> Callable[[random.Random], dict[str, Any]]:
    return lambda r: {field: tuple(r.sample(values, r.randint(1, 2)))}


def _span(field: str, *values: int) -> Callable[[random.Random], dict[str, Any]]:
    def draw(r: random.Random) -> dict[str, Any]:
        low, high = sorted((r.choice(values), r.choice(values)))
        return r.choice(({f"{field}_low": low}, {f"{field}_high": high}, {f"{field}_low": low, f"{field}_high": high}))

    return draw


def _event(r: random.Random) -> dict[str, Any]:
    first, last = sorted((r.choice(EDGES[10:]), r.choice(EDGES[10:])))
    kinds = ("entry", "appointment", "promotion", "transfer", "retirement")
    return {
        "events": tuple(r.sample(kinds, r.randint(0, 2))),
        **({"event_from": first} if r.random() < 0.7 else {}), **({"event_to": last} if r.random() < 0.7 else {}),
    }


DRAWN: dict[str, Callable[[random.Random], dict[str, Any]]] = {
    "authorities": _some("authorities", "t", "a", "b"),
    "without_below": lambda r: {**_some("authorities", "t", "a", "b")(r), "with_below": False},
    "units": _some("units", "u", "v", "w"),
    "teams": _some("teams", "t1", "t2"),
    "level_low": lambda r: {"level_low": r.choice(("low", "mid", "high"))},
    "level_high": lambda r: {"level_high": r.choice(("low", "mid", "high"))},
    "categories": _some("categories", "red", "blue"),
    "duties": _some("duties", "finance", "law"),
    "requires": _some("requires", "law", "tax"),
    "holds": _some("holds", "law", "tax"),
    "key_posts": lambda r: {"key_posts": r.random() < 0.5},
    "age": _span("age", 0, 19, 20, 21, 39, 40, 41, 59, 60, 61),
    "service_years": _span("service_years", 0, 1, 2, 4, 5, 9, 10, 19, 20),
    "post_years": _span("post_years", 0, 1, 2, 4, 5, 9, 10),
    "events": _event,
    "named": lambda _: {},
}
"""Field (or group of fields) to how it is drawn."""
