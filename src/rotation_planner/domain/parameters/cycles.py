"""Training that comes round again: cycles of validity, cycles of hours, a share of a group each year."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from rotation_planner.domain.parameters.base import EVERY_COURSE, CourseSelector, DutyParameters, RuleParameters
from rotation_planner.domain.people import EventKind


class Cycle(DutyParameters):
    """Nobody is ever without a valid completion."""

    kind: Literal["cycle"] = "cycle"
    which: CourseSelector = Field(EVERY_COURSE, description="Courses that renew the validity.")
    months: int = Field(ge=1, le=600, description="A completion is valid so long, its own day included.")
    anchor: Literal["completion", "expiry"] = Field(
        "completion",
        description="Validity runs from the completion; or from the old expiry, if done in the last `early_months`.",
    )
    early_months: int = Field(
        0, ge=0, le=60, description="With anchor `expiry`: done in so many last months counts from the old expiry."
    )
    events: tuple[EventKind, ...] = Field(
        (), description="The first event of these kinds starts the clock; empty: the entry into service."
    )
    first_months: int = Field(12, ge=0, le=120, description="First due so long after the clock has started.")


class CycleHours(DutyParameters):
    """Everyone gathers the hours due in each cycle, and cycles follow one another on fixed dates."""

    kind: Literal["cycle_hours"] = "cycle_hours"
    which: CourseSelector = Field(EVERY_COURSE, description="Courses whose hours count.")
    months: int = Field(ge=1, le=600, description="Length of a cycle.")
    hours: int = Field(ge=1, le=10_000, description="Hours due in each cycle.")
    min_block_hours: int = Field(1, ge=1, le=1000, description="Only trainings of at least so many hours count.")
    origin: CourseSelector | None = Field(
        None, description="Cycles run from the first passed record of such a course; empty: from events or entry."
    )
    events: tuple[EventKind, ...] = Field(
        (), description="Without `origin`: cycles run from the first event of these kinds; empty: from the entry."
    )


class GroupShare(RuleParameters):
    """In each calendar year a share of a group is trained."""

    kind: Literal["group_share"] = "group_share"
    which: CourseSelector = Field(EVERY_COURSE, description="Courses that count.")
    share_per_mille: int = Field(
        ge=1, le=1000, description="Share of the group trained in each calendar year, rounded up to whole people."
    )
    per: Literal["all", "authority", "unit", "team"] = Field(
        "all", description="One group, or one of each managing authority, unit or team."
    )
    weight: int = Field(1, ge=1, le=1000, description="Weight of a shortfall in the goal `duties`.")
    min_service_months: int = Field(
        12, ge=0, le=12, description="Who serves less of a year than this does not belong to the group in it."
    )
    once: bool = Field(
        False, description="Each person counts only in the first year of the horizon in which he or she is trained."
    )
