"""Tiny scenarios with two rules that both bind: a small world, and for every kind of rule what makes it bite."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from typing import Any

from rotation_planner.domain.dealings import Decision, Quota
from rotation_planner.domain.organisation import Authority, Busy, Place, Team, Unit
from rotation_planner.domain.people import Cadre, Competency, Event, Level, Post
from rotation_planner.domain.planning import Commitment, Fund, Horizon
from rotation_planner.domain.policy import (
    Approval,
    Beds,
    BudgetFloor,
    CadreContent,
    CallUps,
    CarryOver,
    Ceiling,
    ClassSize,
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
    NeedWeights,
    NoRepeat,
    OnePlace,
    Policy,
    Precedence,
    Prerequisites,
    Rooms,
    SeatQuota,
    Selector,
    StudyPrice,
    SureAttendance,
    TeamCover,
    TheoryFirst,
    Total,
    TotalLimit,
    UnitRelease,
)
from rotation_planner.domain.scenario import Scenario
from rotation_planner.domain.teaching import Course, Institution, Session

NAMES = ("c0", "c1", "c2")
CLASH = {"one_place", "call_ups", "no_repeat"}
"""Rules without one of which no two promises clash."""


class World:
    """Two cadres, three courses, three sessions: every attendance is wanted, each costs something."""

    def __init__(self, seed: str) -> None:
        r = self.r = random.Random(seed)
        self.rules: list[Any] = []
        self.courses: dict[str, dict[str, Any]] = {
            id_: {
                "days": r.randint(2, 4), "hours": r.choice([6, 12, 20]), "min_size": 0, "max_size": 9,
                "residential": False, "covers": False, "validity_months": 1, "competencies": ("x",),
                "teaches": {"x": r.choice([1, 1, 2])}, "cost_per_class_yuan": r.choice([70, 110, 200]),
                "cost_per_trainee_day_yuan": r.choice([3, 10]),
            }
            for id_ in NAMES
        }
        starts = r.choice([
            [(3, 2), (3, 30), (9, 7)], [(3, 2), (3, 3), (9, 7)], [(3, 2), (8, 31), (9, 1)], [(3, 2), (3, 12), (3, 12)],
        ])
        of = r.choice([NAMES, NAMES, ("c0", "c1", "c1"), ("c0", "c0", "c1")])
        self.sessions = [
            {"course": c, "institution": r.choice("iij"), "start": dt.date(2026, *day)}
            for c, day in zip(of, starts, strict=True)
        ]
        self.gaps = r.choice([(5, 5), (5, 3), (4, 2)])
        self.institutions: dict[str, dict[str, Any]] = {"i": {"authority": "t"}, "j": {"authority": "o"}}
        self.tables: dict[str, list[Any]] = {"events": [], "teams": [], "funds": [], "commitments": []}

    @property
    def some_session(self) -> int:
        """One of the sessions."""
        return self.r.randrange(len(self.sessions))

    def of(self, session: int) -> dict[str, Any]:
        """Course of a session."""
        return self.courses[self.sessions[session]["course"]]

    def together(self) -> tuple[int, int]:
        """Two sessions that share a day."""
        first, second = self.r.sample(range(len(self.sessions)), 2)
        self.sessions[second]["start"] = self.sessions[first]["start"] + dt.timedelta(days=self.r.randint(0, 1))
        return first, second

    def teach(self, session: int, mastery: int) -> None:
        """The course of a session gives so much of what is needed; at 0 nobody gains by it."""
        self.of(session).update(competencies=("x",) if mastery else (), teaches={"x": mastery} if mastery else {})

    @property
    def price(self) -> int:
        """What it costs if both cadres attend everything."""
        return sum(
            c["cost_per_class_yuan"] + 2 * c["days"] * c["cost_per_trainee_day_yuan"]
            for c in map(self.of, range(len(self.sessions)))
        )

    def scenario(self) -> Scenario:
        """The world as a scenario."""
        policy = Policy(
            rules=tuple(self.rules), need=NeedWeights(post=10, second_per_mille=1000), study=StudyPrice(yuan_per_hour=1)
        )
        return Scenario.of(
            policy, "pair",
            horizon=[Horizon(start=dt.date(2026, 1, 1), years=1)],
            authorities=[Authority(id="t"), Authority(id="o", parent="t")], places=[Place(id="p")],
            units=[Unit(id="u", authority="o", place="p")], levels=[Level(id="l", rank=1)],
            competencies=[Competency(id="x")],
            posts=[
                Post(id="key", unit="u", level="l", key=True, requires={"x": self.gaps[0]}),
                Post(id="d", unit="u", level="l", requires={"x": self.gaps[1]}),
            ],
            cadres=[
                Cadre(id=id_, post=post, entered=dt.date(2020, 7, 1))
                for id_, post in (("a", "key"), ("b", "d"))
            ],
            courses=[Course(id=id_, **fields) for id_, fields in self.courses.items()],
            institutions=[Institution(id=id_, **fields) for id_, fields in self.institutions.items()],
            sessions=[Session(id=f"s{i}", **fields) for i, fields in enumerate(self.sessions)], **self.tables,
        )


def class_size(w: World) -> None:
    for fields in w.courses.values():
        least, most, classes = w.r.choice([(2, 2, 1), (0, 1, 1), (1, 1, 2), (0, 2, 1)])
        fields.update(min_size=least, max_size=most, max_classes=classes)
    w.rules.append(ClassSize())


def beds(w: World) -> None:
    for fields in w.courses.values():
        fields["residential"] = True
    for where in w.r.choice(["i", "j", "ij", "ij"]):
        w.institutions[where]["beds"] = w.r.choice([0, 1, 1])
    w.rules.append(Beds())


def rooms(w: World) -> None:
    a, b = w.together()
    w.sessions[a]["institution"] = w.sessions[b]["institution"]
    what, each = w.r.choice([("rooms", {}), ("teachers", {"teachers_per_class": 2}), ("staff", {"staff_per_class": 2})])
    w.institutions["i"][what] = w.institutions["j"][what] = 1
    w.of(a).update(each)
    w.rules.append(Rooms())


def one_place(w: World) -> None:
    w.together()
    w.rules.append(OnePlace())


def no_repeat(w: World) -> None:
    a, b = w.r.sample(range(3), 2)
    if w.r.random() < 0.5:
        w.sessions[a]["course"] = w.sessions[b]["course"]
    elif w.sessions[a]["course"] != w.sessions[b]["course"]:
        w.of(a)["equivalents"] = (w.sessions[b]["course"],)
    for session in (a, b):
        w.of(session)["validity_months"] = 24
    w.rules.append(NoRepeat())


def call_ups(w: World) -> None:
    w.rules.append(w.r.choice([
        CallUps(max_per_year=1, spacing_days=0), CallUps(max_per_year=2, spacing_days=0),
        CallUps(max_per_year=9, spacing_days=28), CallUps(max_per_year=2, spacing_days=0, min_days=3),
        CallUps(max_per_year=9, spacing_days=28, min_days=3),
    ]))


def unit_release(w: World) -> None:
    if w.r.random() < 0.3:
        w.together()
    day = w.sessions[w.some_session]["start"]
    w.tables["busy"] = w.r.choice([[], [Busy(unit="u", start=day, end=day, release=0)]])
    w.rules.append(UnitRelease(per_mille=0, at_least=w.r.choice([1, 3]) if w.tables["busy"] else 1))


def team_cover(w: World) -> None:
    fields = w.r.choice([
        {"never_together": ("a", "b")}, {"chief": "a", "deputies": ("b",)}, {"min_present": 1},
    ])
    w.tables["teams"].append(Team(id="team", members=("a", "b"), **fields))
    w.rules.append(TeamCover())


def prerequisites(w: World) -> None:
    order = sorted(range(3), key=lambda i: w.sessions[i]["start"])
    first, second = order[0], w.r.choice(order[1:])
    if w.sessions[first]["course"] != w.sessions[second]["course"]:
        w.of(second)["prerequisites"] = (w.sessions[first]["course"],)
        w.teach(second, 2)
        if w.r.random() < 0.7:
            w.teach(first, 0)
    w.rules.append(Prerequisites())


def ceiling(w: World) -> None:
    top = w.price * w.r.choice([1, 2, 3, 4]) // 5
    w.tables["funds"] += [Fund(id=f"top {a}", authority=a, year=2026, ceiling_yuan=top) for a in "to"]
    w.rules.append(Ceiling())


def floor(w: World) -> None:
    least = w.price * w.r.choice([1, 2, 3, 4]) // 4
    w.tables["funds"] += [Fund(id=f"low {a}", authority=a, year=2026, floor_yuan=least) for a in "to"]
    w.rules.append(BudgetFloor())


def long_training(w: World) -> None:
    w.rules.append(LongTraining(min_days=w.r.choice([2, 3, 4]), years=1))


def theory_first(w: World) -> None:
    theory = w.some_session
    w.of(theory)["kind"] = "theory"
    w.teach(theory, 0)
    w.rules.append(TheoryFirst(same_year=w.r.random() < 0.5))


def course_content(w: World) -> None:
    for fields in w.courses.values():
        fields["interactive_per_mille"] = w.r.choice([100, 300])
    w.rules.append(CourseContent(part="interactive", per_mille=200))


def institution_content(w: World) -> None:
    for fields in w.courses.values():
        fields["leaders_per_mille"] = w.r.choice([0, 100, 600])
    w.rules.append(InstitutionContent(part="leaders", per_mille=w.r.choice([200, 400]), per_hours=50))


def cadre_content(w: World) -> None:
    for fields in w.courses.values():
        fields["leaders_per_mille"] = w.r.choice([0, 100, 600])
    w.rules.append(CadreContent(part="leaders", per_mille=w.r.choice([200, 400]), per_hours=50))


def commitments(w: World) -> None:
    one, other = w.r.sample(range(3), 2)
    if w.r.random() < 0.7:
        w.teach(one, 0)
    w.tables["commitments"] += w.r.choice([
        [Commitment(cadre=w.r.choice("ab"), session=f"s{one}", kind="must")],
        [Commitment(session=f"s{one}", kind="must")],
        [Commitment(session=f"s{other}", kind="must_not")],
    ])
    w.rules.append(Commitments())


def coverage(w: World) -> None:
    of = w.some_session
    w.of(of)["covers"] = True
    w.teach(of, 0)
    w.rules.append(Coverage())


def hours(w: World) -> None:
    w.rules.append(Hours(hours=w.r.choice([13, 25, 37, 60]), supplement_cap_hours=w.r.choice([0, 1])))


def deadline(w: World) -> None:
    of = w.some_session
    w.of(of)["kind"] = "on_appointment"
    w.teach(of, 0)
    promoted = w.r.choice(["a", "ab"])
    w.tables["events"] += [Event(cadre=c, kind="promotion", date=dt.date(2025, 12, 15)) for c in promoted]
    w.rules.append(Deadline(months_after=w.r.choice([6, 12]), min_days=w.r.choice([1, 3])))


def sure_attendance(w: World) -> None:
    of = w.some_session
    w.teach(of, 0)
    which = CourseSelector(courses=(w.sessions[of]["course"],))
    w.rules.append(SureAttendance(which=which, hard=w.r.random() < 0.3, by=w.r.choice([None, dt.date(2026, 6, 30)])))


def approval(w: World) -> None:
    w.tables["approvals"] = [
        Decision(authority="t", date=dt.date(2026, 1, 5), course=w.r.choice(NAMES), cadre="a"),
    ]
    w.rules.append(Approval(who=w.r.choice([Selector(key_posts=True), Selector()])))


def seat_quota(w: World) -> None:
    course = w.sessions[w.some_session]["course"]
    w.tables["seat_quotas"] = [Quota(course=course, year=2026, authority=w.r.choice("to"), granted=w.r.choice([0, 1]))]
    w.rules.append(SeatQuota())


def precedence(w: World) -> None:
    one, other = w.together()
    w.sessions[one]["institution"], w.sessions[other]["institution"] = "ij"
    promised = w.r.choice(["a", "b", "ab"])
    w.tables["commitments"] += [
        Commitment(cadre=c, session=f"s{s}", kind="published") for c in promised for s in (one, other)
    ]
    w.teach(one, 1)
    w.teach(other, 2)
    w.rules.append(Precedence())


def total(w: World) -> None:
    w.rules.append(w.r.choice([
        Total(amount=w.r.choice([13, 25, 37, 60])), Total(measure="sessions", amount=w.r.choice([2, 3]), window="year"),
    ]))


def total_limit(w: World) -> None:
    w.rules.append(w.r.choice([
        TotalLimit(measure="sessions", amount=w.r.choice([1, 2]), months=12),
        TotalLimit(measure="days", amount=w.r.choice([3, 5]), window="horizon"),
        TotalLimit(amount=w.r.choice([12, 20, 25]), months=2),
    ]))


def carry_over(w: World) -> None:
    w.rules.append(CarryOver(hours=w.r.choice([13, 25, 37, 60]), cap_hours=w.r.choice([0, 10])))


def cycle(w: World) -> None:
    w.rules.append(Cycle(months=w.r.choice([3, 6, 9]), which=CourseSelector(courses=w.r.choice([NAMES, ("c0", "c1")]))))


def cycle_hours(w: World) -> None:
    w.rules.append(CycleHours(months=w.r.choice([4, 12]), hours=w.r.choice([13, 25, 37]), min_service_months=0))


def group_share(w: World) -> None:
    which = CourseSelector(courses=(w.sessions[w.some_session]["course"],))
    if w.r.random() < 0.5:
        w.teach(w.some_session, 0)
    w.rules.append(GroupShare(share_per_mille=w.r.choice([400, 1000]), which=which))


INGREDIENTS: dict[str, Callable[[World], None]] = {f.__name__: f for f in (
    class_size, beds, rooms, one_place, no_repeat, call_ups, unit_release, team_cover, prerequisites, ceiling, floor,
    long_training, theory_first, course_content, institution_content, cadre_content, commitments, coverage, hours,
    deadline, sure_attendance, approval, seat_quota, precedence, total, total_limit, carry_over, cycle, cycle_hours,
    group_share,
)}


def pair_of(one: str, other: str, seed: int) -> Scenario:
    """A world with what makes two rules bind, in either order; at first both rules, then what else they need."""
    w = World(f"{one} {other} {seed}")
    kinds = [one, other]
    for kind in w.r.sample(kinds, 2):
        INGREDIENTS[kind](w)
    w.rules.sort(key=lambda rule: kinds.index(rule.kind))
    if "precedence" in kinds and not CLASH.intersection(kinds):
        w.rules.append(OnePlace(name="companion"))
    return w.scenario()
