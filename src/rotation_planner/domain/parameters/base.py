"""Who a rule is about, and what all rules share."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from rotation_planner.domain.base import Strict
from rotation_planner.domain.parameters.selector import EVERYONE, Selector, Who
from rotation_planner.domain.teaching import Channel, CourseKind

__all__ = ["EVERYONE", "EVERY_COURSE", "CourseSelector", "DutyParameters", "RuleParameters", "Selector", "Who"]


class CourseSelector(Strict):
    """Which courses a rule is about. Every stated condition must hold; an empty one says nothing."""

    courses: tuple[str, ...] = Field((), description="One of these courses.")
    kinds: tuple[CourseKind, ...] = Field((), description="Of one of these kinds.")
    channels: tuple[Channel, ...] = Field((), description="Through one of these channels.")
    subjects: tuple[str, ...] = Field((), description="With one of these subjects.")
    competencies: tuple[str, ...] = Field((), description="Teaching one of these competencies.")
    owners: tuple[str, ...] = Field((), description="Run by one of these authorities.")
    full_time: bool | None = Field(None, description="Only courses of the pattern full_time, or only others.")
    min_days: int = Field(1, ge=1, le=400, description="Days of teaching it has at least.")


EVERY_COURSE = CourseSelector()


class RuleParameters(Strict):
    """What all rules share.

    Attributes
    ----------
    WHO_DAY : str or None
        Day on which `who` is measured: ``service``, the cadre's first day of service in the horizon; ``event``, that of
        the career event on which the duty hangs; ``session``, the first day of the session in question. None: the rule
        is about sessions, institutions or funds, and `who` is refused.
    """

    WHO_DAY: ClassVar[Literal["service", "event", "session"] | None] = "service"

    name: str = Field("", description="Tells rules of the same kind apart; empty: the kind.")
    who: Who = Field(EVERYONE, description="Cadres the rule is about: conditions, or the name of a row of selectors.")

    @property
    def label(self) -> str:
        """Name under which rows, violations and shortfalls are reported."""
        return self.name or str(getattr(self, "kind", ""))


class DutyParameters(RuleParameters):
    """A rule that can be missed, at a price."""

    weight: int = Field(1, ge=1, le=1000, description="Weight of a shortfall in the goal `duties`.")
    key_factor: int = Field(3, ge=1, le=100, description="Factor on the weight for key posts.")
    min_service_months: int = Field(12, ge=0, le=120, description="Exempt who serves less of the window than this.")
