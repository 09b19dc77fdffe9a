"""Coverage, hours, deadlines."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from rotation_planner.domain.parameters.base import DutyParameters
from rotation_planner.domain.people import EventKind
from rotation_planner.domain.teaching import Channel, CourseKind


class Coverage(DutyParameters):
    """Everyone attends one counting course within the horizon."""

    kind: Literal["coverage"] = "coverage"
    history_months: int = Field(
        0, ge=0, le=60, description="A completion so many months before the horizon counts, as one inside it does."
    )
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

    WHO_DAY = "event"

    kind: Literal["deadline"] = "deadline"
    events: tuple[EventKind, ...] = Field(("appointment", "promotion"), description="Events that start the clock.")
    course_kinds: tuple[CourseKind, ...] = Field(("on_appointment",), description="Courses that fulfil it.")
    months_before: int = Field(0, ge=0, le=60, description="May be completed so long before the event.")
    months_after: int = Field(12, ge=0, le=60, description="Must be completed so long after the event.")
    min_days: int = Field(1, ge=1, le=400, description="Days one course must have at least.")
    min_days_by_level: dict[str, Annotated[int, Field(ge=1, le=400)]] = Field(
        {},
        description="Days it must have at least from a level upward, by the post held on the day of the event; the "
        "highest level listed at or below the cadre's counts, below all of them `min_days`.",
    )
