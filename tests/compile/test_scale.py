"""Two thousand cadres: the counts add up, nothing depends on order or chunks, and the forecast is near."""

from __future__ import annotations

import datetime as dt
from random import Random

import numpy as np
import pytest

from rotation_planner.compile import Candidates, compile_candidates, eligibility
from rotation_planner.compile.forecast import EXACT_CANDIDATES, forecast
from rotation_planner.domain.organisation import Authority, Place, Unit
from rotation_planner.domain.people import Cadre, Event, Leave, Post, Record
from rotation_planner.domain.policy import Coverage, Deadline, Hours, Policy
from rotation_planner.domain.scenario import Scenario
from rotation_planner.domain.teaching import Institution, Offer
from tests.compile.oracle import Oracle
from tests.compile.tiny import course, settled, tiny

CADRES = 2000
FIRST = dt.date(2026, 1, 1)


@pytest.fixture(scope="module")
def large() -> Scenario:
    """Twelve units, 60 posts, 24 courses, some 600 sessions."""
    r = Random(5)
    levels, kinds, duties = ("low", "mid", "high"), ("red", "blue"), ("law", "tax", "party")
    units = [Unit(id=f"u{i}", authority=r.choice(["city", "other"]), place=r.choice(["x", "y"])) for i in range(12)]
    posts = [
        Post(id=f"p{i}", unit=f"u{i % 12}", level=r.choice(levels), categories=(r.choice(kinds),),
             duties=(r.choice(duties),))
        for i in range(60)
    ]
    courses = [
        course(f"k{i}", days=r.randint(1, 20), level_low=r.choice([None, *levels[:2]]),
               level_high=r.choice([None, "high"]), categories=r.choice([(), ("red",)]),
               duties=r.choice([(), ("law", "tax")]),
               owner=r.choice([None, None, "top", "other"]), validity_months=r.choice([0, 24]),
               prerequisites=("k0",) if i % 8 == 5 else (), substitutes=("k1",) if i == 2 else ())
        for i in range(24)
    ]

    def any_day() -> dt.date:
        return FIRST + dt.timedelta(days=r.randrange(-300, 1826))

    who = [f"c{i}" for i in range(CADRES)]
    events = [Event(cadre=c, kind="transfer", date=any_day(), post=f"p{r.randrange(60)}") for c in r.sample(who, 300)]
    events += [Event(cadre=c, kind="retirement", date=any_day()) for c in r.sample(who, 200)]
    leaves = [(c, any_day()) for c in r.sample(who, 200)]
    records = {(r.choice(who), f"k{r.randrange(24)}"): any_day() - dt.timedelta(days=1900) for _ in range(1500)}
    rules = (Coverage(), Hours(hours=90, window="year", supplement_cap_hours=20), Deadline(events=("transfer",)))
    offers = [
        Offer(course=f"k{i}", institution="i", every_weeks=r.randint(6, 14), offset_weeks=i % 6) for i in range(24)
    ]
    return tiny(
        Policy(rules=rules), offers=offers,
        authorities=[Authority(id="top", levels=("high",)), Authority(id="city", parent="top"),
                     Authority(id="other", parent="top")],
        places=[Place(id="x", latitude=30.0, longitude=120.0), Place(id="y", latitude=31.0, longitude=121.0)],
        units=units, posts=posts, courses=courses, sessions=[], events=events,
        cadres=[Cadre(id=c, post=f"p{r.randrange(60)}", categories=r.choice([(), (), ("red",)])) for c in who],
        institutions=[Institution(id="i", authority="city", place="x")],
        leave=[Leave(cadre=c, start=d, end=d + dt.timedelta(days=60)) for c, d in leaves],
        records=[Record(cadre=c, course=k, date=d) for (c, k), d in records.items()],
    )


@pytest.fixture(scope="module")
def compiled(large: Scenario) -> Candidates:
    return compile_candidates(large)


def flat(c: Candidates) -> np.ndarray:
    """Candidates as rows, cadres by the number in their id."""
    number = np.array([int(name[1:]) for name in c.cadres.ids])[c.cadre]
    rows = np.stack([number, c.session, c.unit, c.travel_days, c.cost_yuan, c.must], axis=1)
    return rows[np.lexsort((c.session, number))]


def test_every_session_is_a_candidate_or_counted(compiled: Candidates) -> None:
    m = len(compiled.sessions.ids)
    assert m > 500
    candidates = np.bincount(compiled.cadre, minlength=CADRES)
    assert (candidates + sum(compiled.excluded.values()) == m).all()
    assert len(compiled) > EXACT_CANDIDATES
    for reason in ("retired", "level", "category", "duties", "authority", "leave", "held", "prerequisite"):
        assert compiled.excluded[reason].sum() > 0, reason


def test_sample_is_as_judged(large: Scenario, compiled: Candidates) -> None:
    r, oracle = Random(6), Oracle(large)
    found = {(a, b) for a, b in zip(compiled.cadre.tolist(), compiled.session.tolist(), strict=True)}
    for _ in range(40):
        i, j = r.randrange(CADRES), r.randrange(len(oracle.sessions))
        assert ((i, j) in found) == (oracle.judge(large["cadres"][i], oracle.sessions[j]).reason == "")


def test_order_and_chunks_change_nothing(
    large: Scenario, compiled: Candidates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(eligibility, "CHUNK", 333)
    mixed = {}
    for table in ("cadres", "events", "leave", "records", "posts", "authorities"):
        mixed[table] = large[table].take(np.random.default_rng(7).permutation(len(large[table])))
    again = compile_candidates(large.with_tables(**mixed))
    assert again.sessions.ids == compiled.sessions.ids
    assert (flat(again) == flat(compiled)).all()
    back = np.argsort([int(name[1:]) for name in again.cadres.ids])
    for reason, count in compiled.excluded.items():
        assert (again.excluded[reason][back] == count).all(), reason


def test_forecast_is_near(large: Scenario, compiled: Candidates) -> None:
    size = forecast(large, seconds=600)
    assert (size.cadres, size.sessions) == (CADRES, len(compiled.sessions.ids))
    missed = sum(int(compiled.excluded[r].sum()) for r in ("leave", "held", "prerequisite"))
    assert len(compiled) + missed <= size.candidates <= 1.01 * (len(compiled) + missed)
    assert size.engine == "cohort"
    assert "more than 30,000" in size.why
    # coverage, five years of hours with study, a deadline for each transfer, two columns a session
    serving = int((compiled.cadres.service_end > compiled.cadres.service_start).sum())
    assert size.columns == size.candidates + 2 * size.sessions + 11 * serving + 300


def test_forecast_counts_exactly_where_nothing_personal_excludes() -> None:
    scenario = tiny(
        cadres=[Cadre(id="c", post="p"), Cadre(id="d", post="q"), Cadre(id="e", post="p", entered=dt.date(2027, 1, 1))],
        courses=[course(), course("h", level_low="high")], commitments=[settled("must_not", None, "k@i@2026-01-26")],
        events=[Event(cadre="c", kind="transfer", date=dt.date(2027, 1, 4), post="q"),
                Event(cadre="d", kind="retirement", date=dt.date(2028, 1, 1))],
        offers=[Offer(course="k", institution="i"), Offer(course="h", institution="i", every_weeks=3)],
    )
    size, found = forecast(scenario), compile_candidates(scenario)
    assert found.excluded["session_must_not"].tolist() == [1, 1, 1]
    assert size.candidates == len(found)
    assert size.engine == "exact"


def test_forecast_of_nothing() -> None:
    size = forecast(tiny(cadres=[], sessions=[]))
    assert (size.cadres, size.sessions, size.candidates, size.columns, size.rows) == (0, 0, 0, 0, 0)
    assert len(compile_candidates(tiny(cadres=[], sessions=[], courses=[]))) == 0
    assert forecast(tiny(cadres=[])).candidates == 0
