"""A tiny office: two authorities below one, two units, one course, one session in March 2026."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from rotation_planner.compile import Candidates
from rotation_planner.domain.organisation import Authority, Place, Unit
from rotation_planner.domain.people import Cadre, Category, Event, Leave, Level, Post, Record
from rotation_planner.domain.planning import Commitment, Horizon
from rotation_planner.domain.policy import Policy
from rotation_planner.domain.scenario import Scenario
from rotation_planner.domain.teaching import Course, Institution, Session

START, END = "2026-03-02", "2026-03-06"
"""Monday and Friday of the usual session."""


def day(text: str) -> dt.date:
    """A date from ISO text."""
    return dt.date.fromisoformat(text)


def course(name: str = "k", **changes: Any) -> Course:
    """A course of five days for everybody."""
    return Course(**({"id": name, "days": 5} | changes))


def session(name: str = "s", start: str = START, end: str | None = END, **changes: Any) -> Session:
    """A session of course ``k`` at institution ``i``."""
    given = {"id": name, "course": "k", "institution": "i", "start": day(start), "end": day(end) if end else None}
    return Session(**(given | changes))


def event(kind: str, date: str, post: str | None = None, cadre: str = "c") -> Event:
    """A career event."""
    return Event(cadre=cadre, kind=kind, date=day(date), post=post)  # type: ignore[arg-type]


def leave(start: str, end: str, cadre: str = "c") -> Leave:
    """A leave."""
    return Leave(cadre=cadre, start=day(start), end=day(end))


def record(date: str, name: str = "k", result: str = "passed", cadre: str = "c") -> Record:
    """An entry of the register."""
    return Record(cadre=cadre, course=name, date=day(date), result=result)  # type: ignore[arg-type]


def settled(kind: str, cadre: str | None = "c", name: str = "s") -> Commitment:
    """A commitment."""
    return Commitment(cadre=cadre, session=name, kind=kind)  # type: ignore[arg-type]


def tiny(policy: Policy | None = None, **tables: Iterable[Any]) -> Scenario:
    """One cadre ``c`` in post ``p`` (level mid, unit u of authority city); tables replace the usual ones."""
    usual: dict[str, Iterable[Any]] = {
        "horizon": [Horizon(start=day("2026-01-01"))],
        "authorities": [
            Authority(id="top"), Authority(id="city", parent="top"), Authority(id="other", parent="top"),
        ],
        "places": [Place(id="home"), Place(id="away")],
        "units": [Unit(id="u", authority="city", place="home"), Unit(id="v", authority="other", place="away")],
        "levels": [Level(id="low", rank=1), Level(id="mid", rank=2), Level(id="high", rank=3)],
        "categories": [Category(id="red"), Category(id="blue")],
        "posts": [
            Post(id="p", unit="u", level="mid", categories=("red",), duties=("law",)),
            Post(id="q", unit="v", level="high", categories=("blue",), duties=("tax",), key=True),
        ],
        "cadres": [Cadre(id="c", post="p")],
        "courses": [course()],
        "institutions": [Institution(id="i", authority="city", place="home")],
        "sessions": [session()],
    }
    return Scenario.of(policy, **(usual | tables))


def may(candidates: Candidates) -> set[tuple[str, str]]:
    """Pairs of cadre and session."""
    c = candidates
    return {(c.cadres.ids[i], c.sessions.ids[s]) for i, s in zip(c.cadre.tolist(), c.session.tolist(), strict=True)}


def reasons(candidates: Candidates, cadre: int = 0) -> dict[str, int]:
    """Reasons that exclude a cadre from any session, with their counts."""
    return {reason: int(count[cadre]) for reason, count in candidates.excluded.items() if count[cadre]}
