"""What the office demands: rules with their parameters, goals in order, weights.

The parameters stand here, apart from the rules' rows (``rotation_planner.rules``) and checks
(``rotation_planner.verify``), because both read them and neither may import the other. The same kind may be
listed several times with different parameters; ``name`` tells them apart.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from rotation_planner.domain.base import MAX_YUAN, Strict
from rotation_planner.domain.people import EventKind
from rotation_planner.domain.teaching import Channel, CourseKind

GoalName = Literal["duties", "floor", "need", "cost", "comfort"]
GOALS: tuple[GoalName, ...] = ("duties", "floor", "need", "cost", "comfort")


class Selector(Strict):
    """Who a rule is about. Every stated condition must hold; an empty one says nothing."""

    authorities: tuple[str, ...] = Field((), description="Managed by one of these authorities or one below.")
    units: tuple[str, ...] = Field((), description="Working in one of these units.")
    level_low: str | None = Field(None, description="At this level or above.")
    level_high: str | None = Field(None, description="At this level or below.")
    categories: tuple[str, ...] = Field((), description="Of one of these categories.")
    duties: tuple[str, ...] = Field((), description="With one of these duties.")
    key_posts: bool | None = Field(None, description="Only key posts, or only others.")


EVERYONE = Selector()


class RuleParameters(Strict):
    """What all rules share."""

    name: str = Field("", description="Tells rules of the same kind apart; empty: the kind.")
    who: Selector = Field(EVERYONE, description="Cadres the rule is about.")

    @property
    def label(self) -> str:
        """Name under which rows, violations and shortfalls are reported."""
        return self.name or str(getattr(self, "kind", ""))


class DutyParameters(RuleParameters):
    """A rule that can be missed, at a price."""

    weight: int = Field(1, ge=1, le=1000, description="Weight of a shortfall in the goal `duties`.")
    key_factor: int = Field(3, ge=1, le=100, description="Factor on the weight for key posts.")
    min_service_months: int = Field(12, ge=0, le=120, description="Exempt who serves less of the window than this.")


class ClassSize(RuleParameters):
    """Every class holds between its smallest and its largest number of people."""

    kind: Literal["class_size"] = "class_size"


class Beds(RuleParameters):
    """Every resident trainee has a bed every night."""

    kind: Literal["beds"] = "beds"


class Rooms(RuleParameters):
    """Every class has a room, its teachers and its staff on every day it takes."""

    kind: Literal["rooms"] = "rooms"


class OnePlace(RuleParameters):
    """Nobody is in two places on one day."""

    kind: Literal["one_place"] = "one_place"


class NoRepeat(RuleParameters):
    """Nobody takes the same content again while it is still valid."""

    kind: Literal["no_repeat"] = "no_repeat"


class CallUps(RuleParameters):
    """Nobody is called up full-time too often, or twice too soon."""

    kind: Literal["call_ups"] = "call_ups"
    max_per_year: int = Field(3, ge=0, le=50, description="Full-time call-ups starting in a calendar year.")
    spacing_days: int = Field(30, ge=0, le=366, description="Free days between the end of one and the next start.")
    min_days: int = Field(1, ge=1, le=400, description="Only courses of at least so many days count as call-ups.")


class UnitRelease(RuleParameters):
    """No unit sends away more of its people at once than it can spare."""

    kind: Literal["unit_release"] = "unit_release"
    per_mille: int = Field(
        100, ge=0, le=1000, description="People of a unit away at once, per mille of its strength, rounded down."
    )
    at_least: int = Field(1, ge=0, le=10_000, description="Persons that may always be away, however small the unit.")


class TeamCover(RuleParameters):
    """A leading team keeps its chief or a stand-in, and enough members, at work."""

    kind: Literal["team_cover"] = "team_cover"


class Prerequisites(RuleParameters):
    """What a course builds on comes first."""

    kind: Literal["prerequisites"] = "prerequisites"


class Ceiling(RuleParameters):
    """No fund pays more than its ceiling."""

    kind: Literal["ceiling"] = "ceiling"


class Commitments(RuleParameters):
    """What is promised or ruled out stays so."""

    kind: Literal["commitments"] = "commitments"


class Coverage(DutyParameters):
    """Everyone attends one counting course within the horizon."""

    kind: Literal["coverage"] = "coverage"
    history_months: int = Field(0, ge=0, le=60, description="A completion so many months before the horizon counts.")
    weight: int = Field(4, ge=1, le=1000, description="Weight of a shortfall in the goal `duties`.")


class Hours(DutyParameters):
    """Everyone gathers the hours due over the horizon, or in each year of it."""

    kind: Literal["hours"] = "hours"
    window: Literal["horizon", "year"] = Field(
        "horizon", description="A total over the horizon, or each calendar year of it."
    )
    hours: int = Field(ge=1, le=10_000, description="Hours due in a window; pro rata by days of service, rounded down.")
    supplements: tuple[Channel, ...] = Field(
        ("online", "self_study"), description="Channels that count only up to the cap."
    )
    supplement_cap_hours: int = Field(
        0, ge=0, le=10_000, description="Most hours of a window from supplements; pro rata like the hours due."
    )
    free_study: bool = Field(
        True, description="Supplement hours may be taken without a session, at the policy's price."
    )
    carry_opening: bool = Field(True, description="The opening balance counts in the first window.")


class Deadline(DutyParameters):
    """Whoever is appointed or promoted is trained for it in time."""

    kind: Literal["deadline"] = "deadline"
    events: tuple[EventKind, ...] = Field(("appointment", "promotion"), description="Events that start the clock.")
    course_kinds: tuple[CourseKind, ...] = Field(("on_appointment",), description="Courses that fulfil it.")
    months_before: int = Field(0, ge=0, le=60, description="May be completed so long before the event.")
    months_after: int = Field(12, ge=0, le=60, description="Must be completed so long after the event.")
    min_days: int = Field(1, ge=1, le=400, description="Days one course must have at least.")


class BudgetFloor(RuleParameters):
    """Every fund with a floor pays for at least so much useful training."""

    kind: Literal["floor"] = "floor"


AnyRule = Annotated[
    ClassSize | Beds | Rooms | OnePlace | NoRepeat | CallUps | UnitRelease | TeamCover | Prerequisites | Ceiling
    | Commitments | Coverage | Hours | Deadline | BudgetFloor,
    Field(discriminator="kind"),
]


class NeedWeights(Strict):
    """Points of a need are its weight times that of its source."""

    organisation: int = Field(3, ge=0, le=1000, description="Weight of organisational need.")
    post: int = Field(2, ge=0, le=1000, description="Weight of post need.")
    personal: int = Field(1, ge=0, le=1000, description="Weight of personal need.")


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
