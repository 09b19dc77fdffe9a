"""Each kind of rule on the packaged county: the county without it, and with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rotation_planner.domain.base import Row
from rotation_planner.domain.dealings import Decision, Quota
from rotation_planner.domain.planning import Commitment
from rotation_planner.domain.policy import (
    Approval,
    CadreContent,
    CarryOver,
    CourseContent,
    CourseSelector,
    Cycle,
    CycleHours,
    GroupShare,
    InstitutionContent,
    LongTraining,
    NoRepeat,
    Precedence,
    SeatQuota,
    Selector,
    SureAttendance,
    TeamCover,
    TheoryFirst,
    Total,
    TotalLimit,
    UnitRelease,
)
from rotation_planner.domain.scenario import Scenario
from rotation_planner.domain.table import Table
from rotation_planner.domain.teaching import SubjectKind

FULL_TIME = CourseSelector(full_time=True)
THEORY = CourseSelector(kinds=("theory",))
KEY = Selector(key_posts=True)
SECTION = Selector(level_high="section")
PARTY: tuple[SubjectKind, ...] = ("theory", "party_spirit")


@dataclass(frozen=True)
class Case:
    """A rule with parameters an office might choose.

    Attributes
    ----------
    name : str
        Kind, and what is special about it.
    rules : tuple
        What is added; nothing: the county's own rules of the kind are taken away instead.
    instead : bool
        Whether the county's own rules of the kind make place for them.
    """

    name: str
    rules: tuple[Any, ...] = ()
    instead: bool = False

    @property
    def kind(self) -> str:
        """Kind of rule."""
        return self.name.partition(" ")[0]

    def both(self, county: Scenario) -> tuple[Scenario, Scenario]:
        """The county without the rule, and with it; what only the rule reads is there in both."""
        own = [r for r in county.policy.rules if r.kind == self.kind]
        bare = _under(county, [r for r in county.policy.rules if r.kind != self.kind])
        if not self.rules:
            return bare, county
        base = county if self.instead or not own else bare
        rest = bare.policy.rules if self.instead else base.policy.rules
        base = _with_overlaps(base) if "stated" in self.name else _with_tables(base, self.kind)
        return base, _under(base, [*rest, *self.rules])


def _under(scenario: Scenario, rules: Iterable[Any]) -> Scenario:
    return scenario.with_policy(scenario.policy.model_copy(update={"rules": tuple(rules)}))


OWN = tuple(Case(kind) for kind in (
    "class_size", "beds", "rooms", "one_place", "no_repeat", "call_ups", "unit_release", "team_cover", "prerequisites",
    "ceiling", "commitments", "coverage", "hours", "deadline", "floor",
))
"""Rules of the county, each taken away."""
OTHER = (
    Case("no_repeat by stated overlap", (NoRepeat(overlap_per_mille=900),), instead=True),
    Case("no_repeat where nearly all overlap", (NoRepeat(overlap_per_mille=700),), instead=True),
    Case("unit_release of people per month", (UnitRelease(per="month"),), instead=True),
    Case("unit_release of days per month", (UnitRelease(per="month", measure="person_days"),), instead=True),
    Case("team_cover with leave and leavers", (TeamCover(),), instead=True),
)
"""Other parameters in the place of the county's."""
ADDED = (
    Case("long_training", (LongTraining(min_days=20),)),
    Case("theory_first", (TheoryFirst(),)),
    Case("course_content", (CourseContent(subject_kinds=PARTY, per_mille=860, which=THEORY),)),
    Case("institution_content", (InstitutionContent(part="interactive", per_mille=310),)),
    Case("cadre_content", (CadreContent(subject_kinds=PARTY, per_mille=400),)),
    Case("sure_attendance", (SureAttendance(which=FULL_TIME, by=dt.date(2029, 12, 31)),)),
    Case("approval", (Approval(),)),
    Case("seat_quota", (SeatQuota(),)),
    Case("precedence", (Precedence(),)),
    Case("total of five years", (Total(amount=20, measure="days", which=FULL_TIME),)),
    Case("total of each year", (Total(amount=6, measure="days", window="year", which=FULL_TIME),)),
    Case("total of rolling years", (Total(amount=12, measure="days", window="rolling", months=24, which=FULL_TIME),)),
    Case("total_limit of rolling years", (TotalLimit(amount=45, measure="days", which=FULL_TIME, months=12),)),
    Case("carry_over", (CarryOver(who=SECTION, hours=60, cap_hours=30),)),
    Case("cycle", (Cycle(which=THEORY, months=48, anchor="expiry", early_months=6),)),
    Case("cycle_hours", (CycleHours(who=SECTION, months=60, hours=200, min_block_hours=7),)),
    Case("group_share", (GroupShare(who=KEY, which=FULL_TIME, share_per_mille=200, per="unit"),)),
)
"""Rules that the county does not have."""
CASES = (*OWN, *OTHER, *ADDED)


def _with_tables(scenario: Scenario, kind: str) -> Scenario:
    """What the rule reads beside courses and people, where the county has none of it."""
    makers: dict[str, Callable[[Scenario], Sequence[Row]]] = {
        "approval": _approvals, "seat_quota": _quotas, "precedence": _published,
    }
    if kind not in makers:
        return scenario
    if kind == "approval":  # in the county nobody is called up from above but those managed there
        top = next(a.id for a in scenario["authorities"] if a.parent is None)
        courses = [c.model_copy(update={"owner": top}) for c in scenario["courses"]]
        scenario = scenario.with_tables(courses=Table.of(type(courses[0]), courses))
    rows = makers[kind](scenario)
    table = rows[0].TABLE
    return scenario.with_tables(**{table: Table.of(type(rows[0]), [*scenario[table], *rows])})


def _with_overlaps(scenario: Scenario) -> Scenario:
    """Each course gives nearly all of the next two of its kind."""
    kinds: dict[str, list[str]] = {}
    for c in scenario["courses"]:
        kinds.setdefault(c.kind, []).append(c.id)
    after = {c: dict.fromkeys(ids[i + 1:i + 3], 950) for ids in kinds.values() for i, c in enumerate(ids)}
    rows = [c.model_copy(update={"overlaps": after[c.id]}) for c in scenario["courses"]]
    return scenario.with_tables(courses=Table.of(type(rows[0]), rows))


def _approvals(scenario: Scenario) -> list[Decision]:
    """The region's people may be called up to every other course."""
    top = next(a.id for a in scenario["authorities"] if a.parent is None)
    target = next(a.id for a in scenario["authorities"] if a.parent is not None)
    date = scenario.start - dt.timedelta(days=30)
    return [Decision(authority=top, course=c, target=target, date=date)
            for c in sorted(scenario["courses"].tolist("id"))[::2]]


def _quotas(scenario: Scenario) -> list[Quota]:
    """A third of the seats of each course and year for the region."""
    target = next(a.id for a in scenario["authorities"] if a.parent is not None)
    size = {c.id: c.max_size * c.max_classes for c in scenario["courses"]}
    seats: dict[tuple[str, int], int] = {}
    for s in scenario["sessions"]:
        key = s.course, s.start.year
        seats[key] = seats.get(key, 0) + size[s.course]
    return [Quota(course=c, year=y, authority=target, granted=n // 3) for (c, y), n in sorted(seats.items())]


def _published(scenario: Scenario) -> list[Commitment]:
    """Every tenth cadre has a published place in each of the first twenty sessions."""
    cadres, sessions = scenario["cadres"].tolist("id")[::10], scenario["sessions"].tolist("id")[:20]
    known = {(c.cadre, c.session) for c in scenario["commitments"]}
    return [Commitment(cadre=c, session=s, kind="published") for c in cadres for s in sessions if (c, s) not in known]
