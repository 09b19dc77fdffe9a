"""The policy of the rule book: every kind of rule at least once, each with parameters that bind somebody."""

from __future__ import annotations

import datetime as dt

from rotation_planner.domain.people import EventKind
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
    NamedSelector,
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

SELECTORS = (
    NamedSelector(id="heads", name="heads of offices", key_posts=True),
    NamedSelector(id="staff", name="everybody else", key_posts=False),
    NamedSelector(id="cashiers", name="cashiers", categories=("cashier",)),
    NamedSelector(id="trainers", name="trainers", categories=("trainer",)),
    NamedSelector(id="young", name="young cadres in reserve", categories=("reserve",)),
)
HEADS, STAFF, CASHIERS, TRAINERS, YOUNG = (Selector(named=(s.id,)) for s in SELECTORS)
FULL_TIME = CourseSelector(full_time=True)
THEORY = CourseSelector(kinds=("theory",))
ENTRY: tuple[EventKind, ...] = ("entry",)
PROMOTION: tuple[EventKind, ...] = ("promotion",)
YEAR_HOURS = 60
"""Due each year from everybody but heads."""


def policy(course: dict[str, str], deputy: str) -> Policy:
    """The policy.

    Parameters
    ----------
    course : dict of str to str
        Name of a course to its id.
    deputy : str
        Level from which a promotion asks for more days.
    """

    def only(name: str) -> CourseSelector:
        return CourseSelector(courses=(course[name],))

    limits = (
        ClassSize(), Beds(), Rooms(), OnePlace(), Prerequisites(), Ceiling(), Commitments(),
        NoRepeat(overlap_per_mille=850),
        CallUps(max_per_year=3, spacing_days=28, min_days=3),
        LongTraining(min_days=20, years=5),
        UnitRelease(per_mille=375),
        UnitRelease(name="release_month", per_mille=250, per="month", measure="person_days", own_figures=False),
        TeamCover(),
        TheoryFirst(which=CourseSelector(kinds=("specialised", "in_service"))),
        CourseContent(name="theory_share", subject_kinds=("theory", "party_spirit"), per_mille=700, which=THEORY),
        CourseContent(name="leaders_lecture", part="leaders", per_mille=200, which=THEORY),
        Approval(which=CourseSelector(kinds=("rotation",))),
        SeatQuota(only_granted=True, use_per_mille=800),
        Precedence(),
        TotalLimit(name="days_away", measure="days", which=FULL_TIME, amount=45, months=12),
    )
    duties = (
        BudgetFloor(),
        Coverage(),
        Hours(name="hours_year", who=STAFF, window="year", hours=YEAR_HOURS, supplement_cap_hours=20),
        CarryOver(name="hours_heads", who=HEADS, hours=54, cap_hours=12),
        Total(name="days_two_years", measure="days", which=FULL_TIME, amount=14, window="rolling", months=24,
              look_back=False),
        Total(name="party_spirit", measure="subject_hours", subjects=("party_spirit",), amount=30,
              replace=CourseSelector(channels=("online",), subjects=("theory",)), replace_per_mille=200,
              which=CourseSelector(channels=("centre",))),
        CadreContent(name="theory_heads", who=HEADS, subject_kinds=("theory", "party_spirit"), per_mille=500,
                     which=FULL_TIME, per_hours=200),
        InstitutionContent(name="interactive", part="interactive", per_mille=330),
        Deadline(name="induction", events=ENTRY, course_kinds=("induction",), min_days=10),
        Deadline(name="promotion", events=PROMOTION, months_before=3, min_days=5, min_days_by_level={deputy: 10}),
        SureAttendance(name="seminar", which=only("seminar"), by=dt.date(2028, 12, 31), hard=True),
        SureAttendance(name="young_class", who=YOUNG, which=only("young class"), months=48, weight=5),
        GroupShare(name="seminar_share", who=HEADS, which=only("seminar"), share_per_mille=400, per="authority"),
        Cycle(name="cash_rules", who=CASHIERS, which=only("cash rules"), months=24, anchor="expiry", early_months=3),
        CycleHours(name="trainers_hours", who=TRAINERS, which=only("workshop"), months=24, hours=24,
                   min_block_hours=6, origin=only("certificate")),
    )
    return Policy(rules=(*limits, *duties), study=StudyPrice(yuan_per_hour=10))
