"""Who may call up whom: approvals, seats granted downward, which of two call-ups stands."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from rotation_planner.domain.parameters.base import EVERY_COURSE, CourseSelector, RuleParameters
from rotation_planner.domain.parameters.selector import Selector, Who
from rotation_planner.domain.teaching import CourseKind


class Approval(RuleParameters):
    """No leading member of a lower level is called up without the approval of the department in charge."""

    WHO_DAY = "session"

    kind: Literal["approval"] = "approval"
    who: Who = Field(
        Selector(key_posts=True), description="Leading members, as they are on the session's first day."
    )
    which: CourseSelector = Field(EVERY_COURSE, description="Courses for which approval is needed.")
    departments: tuple[str, ...] = Field(
        (),
        description="Departments in charge. Their own call-ups need no approval; others need that of one with the same "
        "parent, else of the nearest above. Empty: the authority above decides, at the top the authority itself.",
    )


class SeatQuota(RuleParameters):
    """Nobody uses more seats of a course than were granted."""

    WHO_DAY = None

    kind: Literal["seat_quota"] = "seat_quota"
    only_granted: bool = Field(
        False,
        description="Where a course has quotas for a year, who is under none of the authorities listed gets no seat.",
    )
    use_per_mille: int = Field(
        0, ge=0, le=1000, description="Share of its seats that an authority should use; fewer are shown as idle."
    )


class Precedence(RuleParameters):
    """Of two call-ups that clash, the one of lower precedence is not attended."""

    kind: Literal["precedence"] = "precedence"
    authorities: tuple[str, ...] = Field(
        (), description="Authorities, highest first; those not listed follow, nearest to the top of the tree first."
    )
    kinds: tuple[CourseKind, ...] = Field(
        ("induction", "on_appointment", "theory", "rotation", "specialised", "in_service"),
        description="Kinds of courses, highest first; those not listed follow, all alike.",
    )
