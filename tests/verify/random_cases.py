"""Small scenarios drawn at random, dense in conflicts, for holding program and verifier against each other."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterable
from typing import Any

from rotation_planner.domain.organisation import Authority, Busy, Place, StandIn, Team, Travel, Unit
from rotation_planner.domain.people import Cadre, Category, Competency, Event, Holding, Leave, Level, Need, Post, Record
from rotation_planner.domain.planning import CalendarDay, Commitment, Fund, Horizon
from rotation_planner.domain.policy import (
    EVERY_COURSE,
    EVERYONE,
    BudgetFloor,
    CadreContent,
    CallUps,
    Ceiling,
    Commitments,
    CourseContent,
    CourseSelector,
    Coverage,
    Cycle,
    CycleHours,
    Deadline,
    GroupShare,
    Hours,
    InstitutionContent,
    LongTraining,
    NamedSelector,
    NeedWeights,
    NoRepeat,
    OnePlace,
    Policy,
    Prerequisites,
    Rooms,
    Selector,
    StudyPrice,
    SureAttendance,
    TeamCover,
    TheoryFirst,
    UnitRelease,
    default_rules,
)
from rotation_planner.domain.scenario import Scenario
from rotation_planner.domain.teaching import Course, Institution, Session, Subject, Term
from tests.verify.random_dealings import with_dealings

POSTS = ("p", "q", "m")
SELECTORS = (
    EVERYONE, EVERYONE, EVERYONE, Selector(units=("u",)), Selector(key_posts=False), Selector(level_low="mid"),
    Selector(authorities=("b",)), Selector(categories=("red",)), Selector(authorities=("a",), with_below=False),
    Selector(events=("entry", "promotion", "transfer")), Selector(post_years_high=0), Selector(named=("old", "new")),
)


class Draw:
    """A random scenario in parts."""

    def __init__(self, seed: int) -> None:
        self.r = random.Random(seed)
        self.years = self.r.choice([1, 2])
        self.cadres = [f"c{i}" for i in range(self.r.randint(2, 5))]
        self.courses = [f"k{i}" for i in range(self.r.randint(2, 4))]

    def day(self, low: int, high: int) -> dt.date:
        return dt.date(2026, 1, 1) + dt.timedelta(days=self.r.randint(low, high))

    def maybe(self, value: Any, p: float = 0.5) -> Any:
        return value if self.r.random() < p else None

    def some(self, values: Iterable[Any], p: float = 0.3) -> tuple[Any, ...]:
        return tuple(v for v in values if self.r.random() < p)

    def course(self, i: int) -> Course:
        r, others = self.r, [c for j, c in enumerate(self.courses) if j != i]
        least = r.randint(0, 3)
        taught = self.some(["law", "tax"], 0.5)
        return Course(
            id=self.courses[i], kind=r.choice(["in_service", "on_appointment", "theory"]),
            channel=r.choice(["centre", "centre", "online", "going_out", "attachment"]), days=r.randint(1, 6),
            hours=r.randint(0, 40),
            pattern=r.choice(["full_time", "full_time", "weekends", "weekly", "evenings", "mornings", "afternoons"]),
            day_fraction_per_mille=r.choice([1000, 500, 499, 0, 250]), residential=r.random() < 0.7, min_size=least,
            max_size=max(1, least) + r.randint(0, 2), max_classes=r.randint(1, 3), teachers_per_class=r.randint(0, 2),
            staff_per_class=r.randint(0, 1), cost_per_class_yuan=r.randint(0, 500),
            cost_per_session_yuan=r.choice([0, 100]), cost_per_trainee_day_yuan=r.randint(0, 9),
            equivalents=self.some(others, 0.15), substitutes=self.some(others, 0.15),
            validity_months=r.choice([0, 1, 3, 12]), prerequisites=self.some(self.courses[:i], 0.25),
            owner=self.maybe(r.choice("abt"), 0.3), covers=r.random() < 0.7,
            competencies=taught, teaches={k: r.randint(1, 4) for k in self.some(taught, 0.5)},
            categories=self.some(["red", "blue"], 0.2),
            subjects=r.choice([{}, {"theory": 500}, {"theory": 200, "spirit": 300}, {"trade": 700, "spirit": 300}]),
            interactive_per_mille=r.choice([100, 300, 500]), leaders_per_mille=r.choice([0, 150, 200]),
            overlaps={c: r.choice([0, 200, 500, 900]) for c in self.some(others, 0.1)},
            level_low=self.maybe("mid", 0.2), level_high=self.maybe("mid", 0.1),
        )

    def session(self, i: int, course: Course) -> Session:
        start = self.day(-2, 365 * self.years if self.r.random() < 0.1 else 120)
        fixed = course.pattern == "full_time" and self.r.random() < 0.5
        return Session(
            id=f"s{i}", course=course.id, institution=self.r.choice("ij"), start=start,
            end=start + dt.timedelta(days=course.days - 1) if fixed else None,
            max_classes=self.maybe(self.r.randint(1, 2), 0.2), cost_per_session_yuan=self.maybe(50, 0.2),
        )

    def commitments(self, sessions: list[Session]) -> list[Commitment]:
        found: dict[tuple[str | None, str], Commitment] = {}
        for _ in range(self.r.randint(0, 4)):
            cadre, session = self.maybe(self.r.choice(self.cadres), 0.7), self.r.choice(sessions).id
            kinds = ["must", "must_not", "published", "wish", "avoid"] if cadre else ["must", "must_not"]
            found[cadre, session] = Commitment(cadre=cadre, session=session, kind=self.r.choice(kinds))
        return list(found.values())

    def rules(self) -> tuple[Any, ...]:
        r = self.r

        def who() -> Selector:
            return r.choice(SELECTORS)

        plain = {rule.kind: rule for rule in default_rules()}
        drawn = [
            plain["class_size"], plain["beds"], Rooms(), OnePlace(who=who()), NoRepeat(
                who=who(), overlap_per_mille=r.choice([None, 0, 300, 600])
            ),
            CallUps(
                max_per_year=r.randint(0, 2), spacing_days=r.choice([0, 10, 30]), min_days=r.choice([1, 3]), who=who(),
            ),
            UnitRelease(per_mille=r.choice([0, 300, 500]), at_least=r.choice([0, 1]), who=who()),
            UnitRelease(
                name="period", per=r.choice(["week", "month"]), measure=r.choice(["people", "person_days"]),
                per_mille=r.choice([0, 300, 500]), at_least=r.choice([0, 1]), own_figures=r.random() < 0.5, who=who(),
            ),
            TeamCover(
                who=who(), leave_counts=r.random() < 0.7, leavers=r.choice(["gone", "gone", "replaced"]),
            ),
            Prerequisites(who=who()), Ceiling(),
            Coverage(history_months=r.choice([0, 12]), min_service_months=r.choice([0, 6, 12]), who=who()),
            Hours(
                hours=r.randint(1, 100), supplement_cap_hours=r.choice([0, 10, 30]), who=who(),
                min_service_months=r.choice([0, 12]), free_study=r.random() < 0.7, carry_opening=r.random() < 0.5,
            ),
            Hours(name="y", window="year", hours=r.randint(1, 50), supplement_cap_hours=r.choice([0, 10]), who=who()),
            Deadline(
                months_before=r.choice([0, 2]), months_after=r.choice([1, 6, 12]), min_days=r.choice([1, 3]), who=who(),
                events=r.choice([("appointment", "promotion"), ("entry", "transfer")]),
                min_days_by_level=r.choice([{}, {"mid": 2}, {"mid": 2, "high": 5}]),
            ),
            *self.cycles(who),
            TheoryFirst(same_year=r.random() < 0.5, history_months=r.choice([0, 24]), who=who()),
            CourseContent(part="interactive", per_mille=r.choice([100, 300])),
            InstitutionContent(
                subject_kinds=("theory", "party_spirit"), per_mille=r.choice([200, 500]), per_hours=r.choice([7, 100]),
            ),
            CadreContent(
                name="spirit", subject_kinds=("party_spirit",), per_mille=r.choice([100, 300]), who=who(),
                history_months=r.choice([0, 12]), min_service_months=r.choice([0, 12]), per_hours=r.choice([9, 550]),
            ),
            CadreContent(part="leaders", per_mille=150, per_hours=60),
            LongTraining(min_days=r.choice([2, 4]), years=1, who=who()),
            SureAttendance(
                name="sure", who=who(),
                which=r.choice([CourseSelector(kinds=("theory",)), CourseSelector(courses=("k0",))]),
                months=self.maybe(r.randint(1, 14)), min_service_months=r.choice([0, 3]), hard=r.random() < 0.3,
                level_priority={"high": 2}, category_priority={"red": 3},
            ),
            BudgetFloor(),
        ]
        return (*self.some(drawn, 0.75), Commitments())

    def cycles(self, who: Callable[[], Selector]) -> list[Any]:
        r = self.r
        which = r.choice([EVERY_COURSE, CourseSelector(courses=("k0", "k1")), CourseSelector(kinds=("theory",))])
        months = r.choice([2, 4, 9])
        early = r.choice([0, 1, months - 1])
        events = r.choice([(), (), ("entry",), ("appointment", "promotion", "transfer")])
        return [
            Cycle(
                which=which, months=months, anchor="expiry" if early else "completion", early_months=early, who=who(),
                events=events, first_months=r.choice([0, 3]), min_service_months=r.choice([0, 12]),
            ),
            CycleHours(
                which=which, months=r.choice([3, 7]), hours=r.randint(1, 60), min_block_hours=r.choice([1, 10]),
                who=who(), min_service_months=r.choice([0, 2]),
                **r.choice([{}, {"events": ("transfer", "entry")}, {"origin": CourseSelector(courses=("k0",))}]),
            ),
            *(
                GroupShare(
                    name=f"share {once}", which=which, share_per_mille=r.choice([200, 500, 1000]), who=who(), once=once,
                    per=r.choice(["all", "authority", "unit", "team"]), min_service_months=r.choice([0, 2, 12]),
                )
                for once in (False, True)
            ),
        ]

    def people(self) -> dict[str, list[Any]]:
        r, span = self.r, 365 * self.years
        away = [(c, self.day(0, 100), dt.timedelta(days=r.randint(0, 10))) for c in self.some(self.cadres, 0.2)]
        return {
            "cadres": [
                Cadre(
                    id=c, post=r.choice(POSTS), categories=self.some(["red", "blue"], 0.4),
                    entered=self.maybe(self.day(-50, 100), 0.15), opening_hours=r.choice([0, 5]),
                )
                for c in self.cadres
            ],
            "events": once(("cadre", "date"), (
                Event(
                    cadre=r.choice(self.cadres), date=self.day(-200, span), post=self.maybe(r.choice(POSTS), 0.6),
                    kind=r.choice(["appointment", "promotion", "transfer", "retirement", "entry"]),
                )
                for _ in range(r.randint(0, 3))
            )),
            "leave": [Leave(cadre=c, start=first, end=first + length) for c, first, length in away],
            "records": once(("cadre", "course", "date"), (
                Record(
                    cadre=r.choice(self.cadres), course=r.choice(self.courses), date=self.day(-500, 60),
                    hours=r.randint(0, 20), result=r.choice(["passed", "passed", "failed"]),
                )
                for _ in range(r.randint(0, 4))
            )),
            "holdings": [
                Holding(cadre=c, competency="law", mastery=r.randint(1, 3)) for c in self.some(self.cadres, 0.3)
            ],
            "needs": once(("cadre", "competency", "source"), (
                Need(
                    cadre=r.choice(self.cadres), competency=r.choice(["law", "tax"]), weight=r.randint(1, 5),
                    source=r.choice(["organisation", "post", "personal"]),
                )
                for _ in range(4)
            )),
            "stand_ins": once(("cadre", "stand_in"), (
                StandIn(cadre=a, stand_in=b) for a, b in
                (r.sample(self.cadres, 2) for _ in range(r.choice([0, 0, 1, 2])))
            )),
            "teams": [
                Team(
                    id=f"t{i}", members=tuple(self.cadres[: r.randint(1, len(self.cadres))]),
                    chief=self.maybe(self.cadres[0]), deputies=tuple(self.cadres[1 : r.randint(1, len(self.cadres))]),
                    never_together=self.some(self.cadres, 0.4), min_present=r.choice([0, 0, 1, 2, 5]),
                    min_present_per_mille=r.choice([0, 0, 300, 600]), unit=self.maybe(r.choice("uv"), 0.3),
                )
                for i in range(r.randint(0, 2))
            ],
        }

    def organisation(self) -> dict[str, list[Any]]:
        r = self.r
        busy = [(r.choice("uv"), self.day(0, 90), r.randint(0, 30)) for _ in range(r.randint(0, 2))]
        days, yuan = r.randint(0, 2), r.randint(0, 50)
        way = Travel(origin=r.choice("xyz"), destination=r.choice("xyz"), days=days, cost_yuan=yuan)
        off = [(self.day(0, 60), r.random() < 0.5) for _ in range(3)]
        closure = self.day(0, 100)
        return {
            "horizon": [Horizon(start=dt.date(2026, r.choice([1, 1, 7]), 1), years=self.years)],
            "calendar": once(("date",), (CalendarDay(date=day, working=works) for day, works in off)),
            "authorities": [
                Authority(id="t", levels=("high",)), Authority(id="a", parent="t", units=self.some(["v"])),
                Authority(id="b", parent="a"),
            ],
            "places": [
                Place(id="x", latitude=30.0, longitude=110.0), Place(id="y", latitude=31.5, longitude=112.0),
                Place(id="z"),
            ],
            "travel": [way] if r.random() < 0.5 else [],
            "units": [
                Unit(id="u", authority="b", place=self.maybe("x")),
                Unit(
                    id="v", authority=r.choice("ab"), place=self.maybe("y"), release_per_mille=self.maybe(400, 0.3),
                    release_at_least=self.maybe(1, 0.3),
                ),
            ],
            "busy": once(("unit", "start"), (
                Busy(unit=u, start=first, end=first + dt.timedelta(days=length), release=r.randint(0, 2))
                for u, first, length in busy
            )),
            "levels": [Level(id="low", rank=1), Level(id="mid", rank=2), Level(id="high", rank=3)],
            "categories": [Category(id="red"), Category(id="blue")],
            "selectors": [NamedSelector(id="old", post_years_low=1), NamedSelector(id="new", service_years_high=1)],
            "competencies": [Competency(id="law"), Competency(id="tax")],
            "subjects": [
                Subject(id="theory", kind="theory"), Subject(id="spirit", kind="party_spirit"), Subject(id="trade"),
            ],
            "posts": [
                Post(id="p", unit="u", level="mid", categories=self.some(["red", "blue"])),
                Post(id="q", unit="v", level="high", key=True, requires={"law": r.randint(1, 5)}),
                Post(id="m", unit="v", level=r.choice(["low", "mid"]), categories=("red",),
                     requires={"law": 2, "tax": 4}),
            ],
            "institutions": [
                Institution(
                    id="i", authority="a", place=self.maybe("y"),
                    **{what: self.maybe(r.randint(0, 4), 0.6) for what in ("beds", "rooms", "teachers", "staff")},
                ),
                Institution(id="j", authority="b", place="z", beds=2, channels=r.choice([(), ("centre", "online")])),
            ],
            "terms": [Term(institution="i", start=closure, end=closure + dt.timedelta(days=5), open=False)],
            "funds": [
                Fund(
                    id="f", authority="a", year=2026, floor_yuan=r.choice([0, 1000, 1500]),
                    ceiling_yuan=self.maybe(r.randint(1500, 3000)),
                ),
                Fund(id="g", authority="a", year=2027, index_per_mille=1055),
                Fund(id="h", authority="b", year=2026, earmark=("theory",), ceiling_yuan=1000),
            ],
        }


def once(key: tuple[str, ...], rows: Iterable[Any]) -> list[Any]:
    """Rows without repeated keys."""
    return list({tuple(getattr(row, k) for k in key): row for row in rows}.values())


def random_scenario(seed: int) -> Scenario:
    """The scenario of a seed."""
    draw = Draw(seed)
    courses = [draw.course(i) for i in range(len(draw.courses))]
    sessions = [draw.session(i, draw.r.choice(courses)) for i in range(draw.r.randint(3, 7))]
    policy = Policy(rules=draw.rules(), study=StudyPrice(yuan_per_hour=draw.r.randint(0, 3)),
        need=NeedWeights(post=draw.r.choice([0, 1, 3]), second_per_mille=draw.r.choice([0, 300, 1000])),
    )
    plain = Scenario.of(
        policy, courses=courses, sessions=sessions, commitments=draw.commitments(sessions), **draw.people(),
        **draw.organisation(),
    )
    return with_dealings(plain, seed)
