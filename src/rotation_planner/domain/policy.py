"""What the office demands: rules with their parameters, goals in order, weights.

The parameters stand in ``rotation_planner.domain.parameters``, apart from the rules' rows
(``rotation_planner.rules``) and checks (``rotation_planner.verify``), because both read them and neither may import
the other. The same kind may be listed several times with different parameters; ``name`` tells them apart.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from rotation_planner.domain.base import MAX_YUAN, Strict
from rotation_planner.domain.parameters.authority import Approval, Precedence, SeatQuota
from rotation_planner.domain.parameters.base import (
    EVERY_COURSE,
    CourseSelector,
    DutyParameters,
    RuleParameters,
)
from rotation_planner.domain.parameters.content import (
    CadreContent,
    ContentShare,
    CourseContent,
    InstitutionContent,
    TheoryFirst,
)
from rotation_planner.domain.parameters.cycles import Cycle, CycleHours, GroupShare
from rotation_planner.domain.parameters.duties import Coverage, Deadline, Hours
from rotation_planner.domain.parameters.limits import (
    Beds,
    BudgetFloor,
    CallUps,
    Ceiling,
    ClassSize,
    Commitments,
    LongTraining,
    NoRepeat,
    OnePlace,
    Prerequisites,
    Rooms,
    TeamCover,
    UnitRelease,
)
from rotation_planner.domain.parameters.posts import SureAttendance
from rotation_planner.domain.parameters.selector import EVERYONE, Conditions, NamedSelector, Selector, Who
from rotation_planner.domain.parameters.windows import CarryOver, Measured, Total, TotalLimit

__all__ = [
    "EVERYONE",
    "EVERY_COURSE",
    "GOALS",
    "AnyRule",
    "Approval",
    "Beds",
    "BudgetFloor",
    "CadreContent",
    "CallUps",
    "CarryOver",
    "Ceiling",
    "ClassSize",
    "ComfortWeights",
    "Commitments",
    "Conditions",
    "ContentShare",
    "CourseContent",
    "CourseSelector",
    "Coverage",
    "Cycle",
    "CycleHours",
    "Deadline",
    "DutyParameters",
    "GoalName",
    "GroupShare",
    "Hours",
    "InstitutionContent",
    "LongTraining",
    "Measured",
    "NamedSelector",
    "NeedWeights",
    "NoRepeat",
    "OnePlace",
    "Policy",
    "Precedence",
    "Prerequisites",
    "Rooms",
    "RuleParameters",
    "SeatQuota",
    "Selector",
    "StudyPrice",
    "SureAttendance",
    "TeamCover",
    "TheoryFirst",
    "Total",
    "TotalLimit",
    "TravelRate",
    "UnitRelease",
    "Who",
    "default_rules",
]

GoalName = Literal["duties", "floor", "need", "cost", "comfort"]
GOALS: tuple[GoalName, ...] = ("duties", "floor", "need", "cost", "comfort")

AnyRule = Annotated[
    ClassSize | Beds | Rooms | OnePlace | NoRepeat | CallUps | UnitRelease | TeamCover | Prerequisites | Ceiling
    | LongTraining | TheoryFirst | CourseContent | InstitutionContent | CadreContent
    | Commitments | Coverage | Hours | Deadline | SureAttendance | BudgetFloor
    | Approval | SeatQuota | Precedence
    | Total | TotalLimit | CarryOver
    | Cycle | CycleHours | GroupShare,
    Field(discriminator="kind"),
]


class NeedWeights(Strict):
    """Points of a stated need are its weight times that of its source, of a gap its mastery times that of `post`."""

    organisation: int = Field(3, ge=0, le=1000, description="Weight of organisational need.")
    post: int = Field(2, ge=0, le=1000, description="Weight of post need.")
    personal: int = Field(1, ge=0, le=1000, description="Weight of personal need.")
    second_per_mille: int = Field(
        500, ge=0, le=1000,
        description="Part that a second course on the same gap counts, and every further one; the best counts in full.",
    )


class ComfortWeights(Strict):
    """Integer weights of the goal `comfort`."""

    late: int = Field(1, ge=0, le=10_000, description="Each attendance, per whole year after the first of the horizon.")
    wish: int = Field(10, ge=0, le=10_000, description="A wish not granted, or attendance against one.")
    change: int = Field(50, ge=0, le=10_000, description="A published place given up.")
    evenness: int = Field(1, ge=0, le=10_000, description="Attendances in the fullest calendar year.")
    scale: int | None = Field(None, ge=1, le=10**12, description="Divisor of the gap; empty: number of cadres x years.")


class TravelRate(Strict):
    """Cost of the way where the travel table does not give it."""

    yuan_per_km: int = Field(1, ge=0, le=1000, description="Yuan per km of great circle, there and back together.")


class StudyPrice(Strict):
    """Cost of supplement hours taken without a session."""

    yuan_per_hour: int = Field(0, ge=0, le=MAX_YUAN, description="Yuan per hour; charged to no fund.")


def default_rules() -> tuple[AnyRule, ...]:
    """Rules of a policy that lists none: every limit, coverage, and the floors."""
    return (
        ClassSize(), Beds(), Rooms(), OnePlace(), NoRepeat(), CallUps(), UnitRelease(), TeamCover(),
        Prerequisites(), Ceiling(), Commitments(), Coverage(), BudgetFloor(),
    )


class Policy(Strict):
    """Rules, goals and weights (``policy.toml``)."""

    rules: tuple[AnyRule, ...] = Field(default_factory=default_rules, description="Rules in force.")
    goals: tuple[GoalName, ...] = Field(GOALS, description="Goals, most important first.")
    need: NeedWeights = Field(NeedWeights(), description="Weights of the sources of need.")
    comfort: ComfortWeights = Field(ComfortWeights(), description="Weights of comfort.")
    travel: TravelRate = Field(TravelRate(), description="Travel where no cost is given.")
    study: StudyPrice = Field(StudyPrice(), description="Hours without a session.")
