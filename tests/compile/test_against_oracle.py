"""Compile against a slow judge of single pairs, on random tiny scenarios full of edges."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rotation_planner.compile import REASONS, compile_candidates, eligibility
from rotation_planner.domain.calendar import Calendar, all_sessions
from rotation_planner.domain.organisation import Authority, Place, Travel, Unit
from rotation_planner.domain.people import Cadre, Category, Event, Leave, Level, Post, Record
from rotation_planner.domain.planning import Commitment, Horizon
from rotation_planner.domain.scenario import Scenario
from rotation_planner.domain.teaching import Course, Institution, Offer, Session, Term
from tests.compile.oracle import Oracle, later

START = dt.date(2027, 12, 31)  # a month's last day: validity and horizons are cut there
END = dt.date(2028, 12, 30)
CADRES, COURSES = ("c0", "c1", "c2"), ("k0", "k1", "k2", "k3")
POSTS, AUTHORITIES = ("p0", "p1", "p2"), ("a0", "a1", "a2")
LEVELS, CATEGORIES, DUTIES, PLACES = ("l0", "l1", "l2"), ("red", "blue"), ("law", "tax"), ("x", "y", "z", None)
CHANNELS = ("centre", "online")
THEMES = (
    "audience", "owners", "terms", "moves", "service", "leave", "records", "prerequisites", "commitments", "travel",
    "patterns",
)
"""What a scenario may be about. With all at once the first reasons would hide the later ones."""


def plus(day: dt.date, days: int) -> dt.date:
    """So many days later."""
    return day + dt.timedelta(days=days)


class Maker:
    """Makes a valid scenario about a few themes.

    Drawn from a seed, not from strategies, which favour empty tables too much to reach the edges.
    """

    def __init__(self, seed: int) -> None:
        self.r = r = Random(seed)
        self.about = frozenset(r.sample(THEMES, r.randint(1, 5)))

    def few(self, values: Sequence[str], most: int = 1) -> tuple[str, ...]:
        return tuple(self.r.sample(values, self.r.randint(0, most)))

    def one(self, *values: Any) -> Any:
        return self.r.choice(values)

    def rows(self, theme: str, most: int, row: Callable[[], Any], *key: str) -> list[Any]:
        """Rows with distinct keys, if the scenario is about the theme."""
        made = [row() for _ in range(self.r.randint(1, most))] if theme in self.about else []
        return list({tuple(getattr(m, k) for k in key) if key else i: m for i, m in enumerate(made)}.values())

    def edge(self, spread: int = 3) -> dt.date:
        """A day near the start or the end of a session."""
        return plus(self.r.choice(self.edges), self.r.randint(-spread, spread))

    def course(self, name: str) -> Course:
        on, r = self.about, self.r
        return Course(
            id=name, days=r.randint(1, 4), cost_per_trainee_day_yuan=r.randint(0, 3),
            pattern=self.one("weekends", "weekly", "evenings", "full_time") if "patterns" in on else "full_time",
            level_low=self.one(None, None, *LEVELS[:2]) if "audience" in on else None,
            level_high=self.one(None, None, *LEVELS[1:]) if "audience" in on else None,
            categories=self.few(CATEGORIES) if "audience" in on else (),
            duties=self.few(DUTIES) if "audience" in on else (),
            channel=self.one(*CHANNELS) if "terms" in on else "centre",
            owner=self.one(None, *AUTHORITIES) if "owners" in on else None,
            equivalents=self.few(COURSES) if "records" in on and r.random() < 0.4 else (),
            substitutes=self.few(COURSES, 2) if "records" in on and r.random() < 0.4 else (),
            validity_months=self.one(0, 1, 2, 12) if "records" in on else 0,
            prerequisites=self.few(COURSES, 2) if "prerequisites" in on and r.random() < 0.6 else (),
        )

    def session(self, n: int, course: Course, calendar: Calendar) -> Session:
        start = plus(START, self.r.randint(-1, 25)) if self.r.random() < 0.8 else plus(END, self.r.randint(-12, 1))
        natural = calendar.stretches(course, start)[-1][1]
        self.edges += [start, natural]
        end = self.one(None, natural, plus(natural, 2))
        institution = self.one("i0", "i1")
        return Session(id=f"s{n}", course=course.id, institution=institution, start=start, end=end)

    def record(self) -> Record:
        anchor = later(self.edge(1) if self.r.random() < 0.7 else START, -self.one(1, 2, 12, 60))
        date = plus(anchor, self.r.randint(-1, 1))
        return Record(cadre=self.one(*CADRES), course=self.one(*COURSES), date=date,
                      result=self.one("passed", "passed", "failed"))

    def term(self) -> Term:
        opened, first = self.one(True, False), self.edge()
        last = plus(first, self.r.randint(20, 300) if opened else self.r.randint(0, 5))
        return Term(institution=self.one("i0", "i1"), start=first, end=last, open=opened)

    def leave(self) -> Leave:
        first = self.edge()
        return Leave(cadre=self.one(*CADRES), start=first, end=plus(first, self.r.randint(0, 4)))

    def travel(self) -> Travel:
        origin, destination = self.one("x", "y", "z"), self.one("x", "y", "z")
        days, yuan = self.r.randint(0, 3), self.r.randint(0, 9)
        return Travel(origin=origin, destination=destination, cost_yuan=yuan, days=days)

    def commitment(self, names: list[str]) -> Commitment:
        kind = self.one("must", "must_not", "must_not", "published", "wish", "avoid")
        return Commitment(cadre=self.one(None, *CADRES), session=self.r.choice(names), kind=kind)

    def scenario(self) -> Scenario:
        one, r = self.one, self.r
        catalogue = [self.course(k) for k in COURSES]
        calendar = Calendar(Scenario.of(horizon=[Horizon(start=START, years=1)]))
        self.edges = [START]
        sessions = [self.session(n, r.choice(catalogue), calendar) for n in range(r.randint(1, 6))]
        offers = [Offer(course=one(*COURSES), institution="i0", months=(1, 12), every_weeks=2, offset_weeks=one(0, 1))]
        levels, units = ("moves" in self.about), ("u0", "u1")
        tables: dict[str, Any] = {
            "horizon": [Horizon(start=START, years=1)],
            "authorities": [
                Authority(id="a0", levels=self.few(LEVELS)),
                Authority(id="a1", parent="a0", levels=self.few(LEVELS), units=self.few(units)),
                Authority(id="a2", parent=one("a0", "a1"), levels=self.few(LEVELS)),
            ],
            "places": [Place(id="x", latitude=30.0, longitude=120.0), Place(id="y", latitude=31.5, longitude=119.0),
                       Place(id="z")],
            "travel": self.rows("travel", 4, self.travel, "origin", "destination"),
            "units": [Unit(id=u, authority=one(*AUTHORITIES), place=one(*PLACES)) for u in units],
            "levels": [Level(id=name, rank=rank) for rank, name in enumerate(LEVELS)],
            "categories": [Category(id=c) for c in CATEGORIES],
            "posts": [Post(id=p, unit=one(*units), level=one(*LEVELS), categories=self.few(CATEGORIES, 2),
                           duties=self.few(DUTIES, 2)) for p in POSTS],
            "cadres": [Cadre(id=c, post=one(*POSTS), categories=self.few(CATEGORIES),
                             entered=one(None, self.edge()) if "service" in self.about else None) for c in CADRES],
            "events": self.rows("moves", 4, lambda: Event(
                cadre=one(*CADRES), kind=one("appointment", "promotion", "transfer"), date=self.edge(),
                post=one(None, *POSTS)), "cadre", "kind", "date")
            + self.rows("service", 3, lambda: Event(
                cadre=one(*CADRES), kind=one("retirement", "entry"), date=self.edge(),
                post=one(None, *POSTS) if levels else None), "cadre", "kind", "date"),
            "leave": self.rows("leave", 5, self.leave),
            "courses": catalogue,
            "institutions": [
                Institution(id="i0", authority="a0", place=one(*PLACES)),
                Institution(id="i1", authority="a1", place="x",
                            channels=self.few(CHANNELS) if "terms" in self.about else ()),
            ],
            "terms": self.rows("terms", 2, self.term),
            "offers": offers if "terms" in self.about else [],
            "sessions": sessions,
            "records": self.rows("records", 6, self.record, "cadre", "course", "date")
            if r.random() < 0.7 else self.rows("prerequisites", 2, self.record, "cadre", "course", "date"),
        }
        names = all_sessions(Scenario.of(**tables)).tolist("id")
        tables["commitments"] = self.rows("commitments", 8, lambda: self.commitment(names), "cadre", "session", "kind")
        return Scenario.of(**tables)


@given(st.integers(0, 2**40), st.sampled_from([1, 2, 2048]))
@settings(max_examples=300)
@pytest.mark.no_cover
def test_same_as_judging_every_pair(seed: int, chunk: int) -> None:
    scenario = Maker(seed).scenario()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(eligibility, "CHUNK", chunk)
        found = compile_candidates(scenario)
    oracle = Oracle(scenario)
    assert found.sessions.ids == [s.id for s in oracle.sessions]
    expected: dict[tuple[int, int], tuple[str, int, int, bool]] = {}
    for i, cadre in enumerate(scenario["cadres"]):
        verdicts = [oracle.judge(cadre, s) for s in oracle.sessions]
        counted = Counter(v.reason for v in verdicts if v.reason)
        assert {r: int(found.excluded[r][i]) for r in REASONS} == {r: counted[r] for r in REASONS}, cadre
        for j, v in enumerate(verdicts):
            if not v.reason:
                expected[i, j] = (v.unit, v.travel_days, v.cost_yuan, v.must)
    units = scenario["units"].tolist("id")
    actual = {
        (i, j): (units[u], t, c, m)
        for i, j, u, t, c, m in zip(
            found.cadre.tolist(), found.session.tolist(), found.unit.tolist(), found.travel_days.tolist(),
            found.cost_yuan.tolist(), found.must.tolist(), strict=True,
        )
    }
    assert actual == expected
    assert len(found) == len(expected)
    order = np.lexsort((found.session, found.sessions.start[found.session], found.cadre))
    assert (order == np.arange(len(found))).all()
    assert found.satisfies.tolist() == [[oracle.stands_for(a, b) for b in COURSES] for a in COURSES]


def test_the_random_scenarios_reach_every_reason() -> None:
    seen: Counter[str] = Counter()
    for seed in range(150):
        scenario = Maker(seed).scenario()
        oracle = Oracle(scenario)
        seen.update(oracle.judge(cadre, s).reason for cadre in scenario["cadres"] for s in oracle.sessions)
    assert {r for r in REASONS if seen[r] < 10} == set()
