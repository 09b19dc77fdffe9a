"""A tiny scenario, every plan of it, and a rule's rows in words."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from rotation_planner.compile import compile_candidates
from rotation_planner.domain.organisation import Authority, Place, Unit
from rotation_planner.domain.people import Cadre, Category, Competency, Event, Level, Post, Record
from rotation_planner.domain.plan import Plan
from rotation_planner.domain.planning import Commitment, Fund, Horizon
from rotation_planner.domain.policy import Policy
from rotation_planner.domain.scenario import Scenario
from rotation_planner.domain.teaching import Course, Institution, Session
from rotation_planner.model import Built, build, complete, to_plan
from rotation_planner.verify import verify

YEAR = 2026  # 1 January 2026 is a Thursday


def day(month: int, number: int, year: int = YEAR) -> dt.date:
    return dt.date(year, month, number)


def course(id_: str = "k", **fields: Any) -> Course:
    return Course(**{"id": id_, "min_size": 0, "max_size": 9, "residential": False, **fields})


def session(id_: str, start: dt.date, end: dt.date | None = None, course: str = "k", at: str = "i") -> Session:
    return Session(id=id_, course=course, institution=at, start=start, end=end or start)


def must(session_: str, cadre: str | None = None, kind: Any = "must") -> Commitment:
    return Commitment(cadre=cadre, session=session_, kind=kind)


def record(cadre: str, course_: str, date: dt.date, hours: int = 0, result: Any = "passed") -> Record:
    return Record(cadre=cadre, course=course_, date=date, hours=hours, result=result)


def tiny(*rules: Any, n: int = 2, years: int = 1, policy: dict[str, Any] | None = None, **tables: Any) -> Scenario:
    """``n`` cadres a, b, ... of one unit, one institution i, one course k; tables replace the usual ones."""
    rows: dict[str, Any] = {
        "horizon": [Horizon(start=day(1, 1), years=years)],
        "authorities": [Authority(id="o")],
        "places": [Place(id="p")],
        "units": [Unit(id="u", authority="o", place="p")],
        "levels": [Level(id="l", rank=1)],
        "categories": [Category(id="g")],
        "competencies": [Competency(id="x"), Competency(id="y")],
        "posts": [Post(id="d", unit="u", level="l"), Post(id="key", unit="u", level="l", key=True)],
        "cadres": [Cadre(id="abcdefgh"[i], post="d") for i in range(n)],
        "courses": [course()],
        "institutions": [Institution(id="i", authority="o", place="p")],
    }
    return Scenario.of(Policy(rules=rules, **(policy or {})), "tiny", **{**rows, **tables})


def built(scenario: Scenario) -> Built:
    return build(compile_candidates(scenario))


@dataclass(frozen=True)
class View:
    """A point in plain words."""

    attends: frozenset[tuple[str, str]]
    classes: dict[str, int]
    study: dict[tuple[str, str], int]
    x: np.ndarray
    plan: Plan

    def sessions_of(self, cadre: str) -> list[str]:
        return sorted(s for c, s in self.attends if c == cadre)

    def heads(self, session_: str) -> int:
        return sum(s == session_ for _, s in self.attends)


def views(b: Built, classes: bool = False, study: tuple[int, ...] = ()) -> Iterator[View]:
    """Every attendance; with ``classes`` every number of classes, else one where anybody attends."""
    c = b.model.candidates
    pairs = [(c.cadres.ids[i], c.sessions.ids[j]) for i, j in zip(c.cadre, c.session, strict=True)]
    columns = [int(k) for s in b.model.studies for k in s.columns]
    for taken in itertools.product((0, 1), repeat=len(pairs)):
        heads = np.bincount(c.session, weights=np.array(taken), minlength=len(c.sessions.ids))
        ranges = [range(int(m) + 1) for m in c.sessions.max_classes] if classes else [[int(h > 0)] for h in heads]
        choices = [[h for h in study if h <= b.program.upper[k]] for k in columns] if study else [[0]] * len(columns)
        for k, hours in itertools.product(itertools.product(*ranges), itertools.product(*choices)):
            if "class_size" not in b.model.by_kind and any(h and not o for h, o in zip(heads, k, strict=True)):
                continue  # nobody attends what does not run, whatever the rules
            x = np.zeros(b.program.n_columns, np.int64)
            x[b.model.attend], x[b.model.classes], x[columns] = taken, k, hours
            x = complete(b, x)
            plan = to_plan(b, x)
            done = {(s.cadre, s.window): s.hours for s in plan.study}
            attends = frozenset(p for p, t in zip(pairs, taken, strict=True) if t)
            yield View(attends, dict(zip(c.sessions.ids, k, strict=True)), done, x, plan)


def limit_holds_where(scenario: Scenario, allowed: Callable[[View], bool], classes: bool = False) -> int:
    """The rows allow exactly the plans that the statement allows, and the check agrees; returns how many."""
    b = built(scenario)
    label = scenario.policy.rules[0].label
    count = seen = 0
    for view in views(b, classes):
        said = allowed(view)
        assert b.program.feasible(view.x) == said, (view.attends, view.classes, said)
        found = [v for v in verify(scenario, view.plan).violations if v.rule == label]
        assert (not found) == said, (view.attends, view.classes, found)
        count, seen = count + said, seen + 1
    assert 0 < count < seen, "the rule must forbid something and allow something"
    return count


def duty_misses(
    scenario: Scenario, missing: Callable[[View], dict[tuple[str, ...], int]], study: tuple[int, ...] = ()
) -> None:
    """The least shortfalls (per mille, by subject) are those stated, the check agrees, and goals are equal."""
    b = built(scenario)
    rule = scenario.policy.rules[0]
    names = {f.name for f in b.program.families if f.name.startswith(f"{rule.label}.short")}
    columns = np.concatenate([b.program.columns_of(n) for n in names])
    for view in views(b, study=study):
        assert b.program.feasible(view.x), (view.attends, view.study)
        said = {k: v for k, v in missing(view).items() if v}
        shown = {label_of(b, int(k)): int(view.x[k]) * SCALE.get(rule.kind, 1) for k in columns if view.x[k]}
        assert shown == said, view.attends
        checked = verify(scenario, view.plan)
        if rule.kind != "floor":
            assert {u.subject: u.per_mille for u in checked.unmet if u.duty == rule.label} == said, view.attends
        else:
            assert {u.subject: u.shortfall for u in checked.unmet} == said, view.attends
        goals = dict(zip([g.name for g in b.program.goals], b.program.goal_values(view.x), strict=True))
        assert goals == checked.goals, view.attends
        for k in columns[view.x[columns] > b.program.lower[columns]]:
            less = view.x.copy()
            less[k] -= 1
            assert b.program.violations(less).any(), "a smaller shortfall must break a row"


SCALE = {"coverage": 1000, "deadline": 1000, "sure_attendance": 1000}


def label_of(b: Built, column: int) -> tuple[str, ...]:
    return b.program.families[b.program.column_family[column]].where(int(b.program.column_index[column]))


Row = tuple[dict[tuple[str, ...], int], int | None, int | None]


def rows_of(b: Built, family: str) -> dict[tuple[str, ...], Row]:
    """Place of each row of a family to its coefficients by (column family, place) and its sides (None: open)."""
    program = b.program
    found: dict[tuple[str, ...], Row] = {}
    for r in range(program.n_rows):
        name, where = program.row_label(r)
        if name != family:
            continue
        part = program.matrix[[r]].tocoo()
        coefs = {
            (program.families[program.column_family[k]].name, *label_of(b, int(k))): int(v)
            for k, v in zip(part.col, part.data, strict=True)
        }
        low, high = int(program.low[r]), int(program.high[r])
        assert where not in found, f"two rows at {where}"
        found[where] = (coefs, low if low > -(1 << 52) else None, high if high < 1 << 52 else None)
    return found



__all__ = [
    "Authority", "Cadre", "Commitment", "Event", "Fund", "Institution", "Place", "Post", "Unit", "View", "built",
    "course", "day", "duty_misses", "label_of", "limit_holds_where", "must", "record", "rows_of", "session", "tiny",
    "views",
]
