"""Tiny scenarios and plans for the verifier's tests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rotation_planner.domain.organisation import Authority, Unit
from rotation_planner.domain.people import Cadre, Category, Competency, Level, Post
from rotation_planner.domain.plan import Attendance, Opened, Plan, Study, Violation
from rotation_planner.domain.planning import Commitment, Horizon
from rotation_planner.domain.policy import Policy
from rotation_planner.domain.scenario import Scenario
from rotation_planner.domain.table import Table
from rotation_planner.domain.teaching import Course, Institution, Session
from rotation_planner.verify import Verification, verify


def day(text: str) -> dt.date:
    """A date from ISO text."""
    return dt.date.fromisoformat(text)


def course(id: str = "k", **changes: Any) -> Course:  # noqa: A002
    """A course without any limit of its own."""
    return Course(**({"id": id, "days": 5, "max_size": 100, "max_classes": 9} | changes))


def session(id: str, start: str, end: str | None = None, **changes: Any) -> Session:  # noqa: A002
    """A session of course ``k`` at institution ``i``."""
    given = {"id": id, "course": "k", "institution": "i", "start": day(start), "end": None if end is None else day(end)}
    return Session(**(given | changes))


def must(session_: str, cadre: str | None = None, kind: str = "must") -> Commitment:
    """A commitment."""
    return Commitment(cadre=cadre, session=session_, kind=kind)  # type: ignore[arg-type]


def small(*rules: Any, people: int = 4, policy: Mapping[str, Any] | None = None, **tables: Iterable[Any]) -> Scenario:
    """Cadres c0, c1, ... in unit u; course k; institution i; session s, Monday 2026-03-02 to Friday; 2026 to 2030."""
    given: dict[str, Iterable[Any]] = {
        "horizon": [Horizon(start=day("2026-01-01"))],
        "authorities": [Authority(id="a")],
        "units": [Unit(id="u", authority="a")],
        "levels": [Level(id="low", rank=1), Level(id="mid", rank=2), Level(id="high", rank=3)],
        "categories": [Category(id="red"), Category(id="blue")],
        "competencies": [Competency(id="law"), Competency(id="tax")],
        "posts": [Post(id="p", unit="u", level="mid"), Post(id="key", unit="u", level="mid", key=True)],
        "cadres": [Cadre(id=f"c{n}", post="p") for n in range(people)],
        "courses": [course()],
        "institutions": [Institution(id="i", authority="a")],
        "sessions": [session("s", "2026-03-02", "2026-03-06")],
    }
    return Scenario.of(Policy(rules=tuple(rules), **(policy or {})), **(given | tables))


def plan_of(
    attend: Mapping[str, Sequence[str]],
    classes: Mapping[str, int] | None = None,
    study: Iterable[tuple[str, str, str, int]] = (),
) -> Plan:
    """Session to cadres; one class each unless stated, cadres dealt out in turn."""
    counts = dict.fromkeys(attend, 1) | dict(classes or {})
    rows = [
        Attendance(cadre=cadre, session=s, class_no=n % max(1, counts[s]) + 1)
        for s, cadres in attend.items() for n, cadre in enumerate(cadres)
    ]
    return Plan(
        Table.of(Attendance, rows),
        Table.of(Opened, [Opened(session=s, classes=n) for s, n in counts.items() if n]),
        Table.of(Study, [Study(cadre=c, rule=r, window=w, hours=h) for c, r, w, h in study]),
    )


def found(scenario: Scenario, plan: Plan) -> list[tuple[str, tuple[str, ...], int]]:
    """Violations as (rule, where, amount)."""
    return brief(verify(scenario, plan).violations)


def brief(violations: Iterable[Violation]) -> list[tuple[str, tuple[str, ...], int]]:
    """Rule, place and amount."""
    return [(v.rule, v.where, v.amount) for v in violations]


def short(verification: Verification) -> list[tuple[tuple[str, ...], int, int, int, int]]:
    """Unmet duties as (subject, required, achieved, shortfall, per mille)."""
    return [(u.subject, u.required, u.achieved, u.shortfall, u.per_mille) for u in verification.unmet]


def people(n: int, first: int = 0) -> list[str]:
    """Ids of cadres."""
    return [f"c{k}" for k in range(first, first + n)]
