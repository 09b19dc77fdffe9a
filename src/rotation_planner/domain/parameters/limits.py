"""Limits on places, calendars and money, and the floors."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from rotation_planner.domain.parameters.base import EVERY_COURSE, CourseSelector, RuleParameters


class ClassSize(RuleParameters):
    """Every class holds between its smallest and its largest number of people."""

    WHO_DAY = None

    kind: Literal["class_size"] = "class_size"


class Beds(RuleParameters):
    """Every resident trainee has a bed every night."""

    WHO_DAY = None

    kind: Literal["beds"] = "beds"


class Rooms(RuleParameters):
    """Every class has a room, its teachers and its staff on every day it takes."""

    WHO_DAY = None

    kind: Literal["rooms"] = "rooms"


class OnePlace(RuleParameters):
    """Nobody is in two places on one day."""

    kind: Literal["one_place"] = "one_place"


class NoRepeat(RuleParameters):
    """Nobody takes the same content again while it is still valid."""

    kind: Literal["no_repeat"] = "no_repeat"
    overlap_per_mille: int | None = Field(
        None, ge=0, le=999,
        description="A course of which an earlier one gives more than this part is a repeat too; empty: only what it "
        "stands for.",
    )


class LongTraining(RuleParameters):
    """Nobody is sent to long training twice within some years."""

    kind: Literal["long_training"] = "long_training"
    which: CourseSelector = Field(EVERY_COURSE, description="Courses it is about.")
    min_days: int = Field(30, ge=1, le=400, description="Courses of at least so many days of teaching are long.")
    years: int = Field(5, ge=1, le=20, description="Years from the end of one to the start of the next.")


class CallUps(RuleParameters):
    """Nobody is called up full-time too often, or twice too soon."""

    kind: Literal["call_ups"] = "call_ups"
    max_per_year: int = Field(3, ge=0, le=50, description="Full-time call-ups starting in a calendar year.")
    spacing_days: int = Field(30, ge=0, le=366, description="Free days between the end of one and the next start.")
    min_days: int = Field(1, ge=1, le=400, description="Only courses of at least so many days count as call-ups.")


class UnitRelease(RuleParameters):
    """No unit sends away more of its people at once, in a week or in a month than it can spare."""

    kind: Literal["unit_release"] = "unit_release"
    per_mille: int = Field(
        100, ge=0, le=1000, description="People of a unit away at once, per mille of its strength, rounded down."
    )
    at_least: int = Field(1, ge=0, le=10_000, description="Persons that may always be away, however small the unit.")
    per: Literal["day", "week", "month"] = Field("day", description="Working day, week or calendar month.")
    measure: Literal["people", "person_days"] = Field(
        "people",
        description="In a week or month: different people away, or the days that all are away together.",
    )
    own_figures: bool = Field(True, description="The units' own figures take the place of these.")


class TeamCover(RuleParameters):
    """A leading team keeps its chief or a stand-in, and enough members, at work."""

    kind: Literal["team_cover"] = "team_cover"
    leave_counts: bool = Field(True, description="Who is on leave is away too.")
    leavers: Literal["gone", "replaced"] = Field(
        "gone",
        description="Who has retired or works elsewhere no longer belongs to the team and stands in for nobody; or "
        "counts as present, because a successor will be.",
    )


class Prerequisites(RuleParameters):
    """What a course builds on comes first."""

    kind: Literal["prerequisites"] = "prerequisites"


class Ceiling(RuleParameters):
    """No fund pays more than its ceiling."""

    WHO_DAY = None

    kind: Literal["ceiling"] = "ceiling"


class Commitments(RuleParameters):
    """What is promised or ruled out stays so."""

    WHO_DAY = None

    kind: Literal["commitments"] = "commitments"


class BudgetFloor(RuleParameters):
    """Every fund with a floor pays for at least so much useful training."""

    WHO_DAY = None

    kind: Literal["floor"] = "floor"
