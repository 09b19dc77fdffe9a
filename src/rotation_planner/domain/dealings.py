"""What authorities settle between them: approvals of call-ups, seats granted downward."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from rotation_planner.domain.base import Row, col


class Decision(Row):
    """A decision on calling up leading members of a lower level.

    It is about one course or one session, and about one cadre or all that an authority (or one below it) manages. Of
    the decisions about the same call-up dated on or before its first day the latest counts; on one day a refusal does.
    """

    TABLE: ClassVar[str] = "approvals"
    ZH: ClassVar[str] = "调训审批"
    KEY: ClassVar[tuple[str, ...]] = ("authority", "course", "session", "target", "cadre", "date")

    authority: str = col("Authority that decides.", "审批机关", ref="authorities")
    course: str | None = col("Course it is about; empty: one session.", "课程", ref="courses", default=None)
    session: str | None = col("Session it is about; empty: a course.", "期次", ref="sessions", default=None)
    target: str | None = col(
        "Authority whose people, or those of one below it, are called up; empty: one cadre.", "调训对象机关",
        ref="authorities", default=None,
    )
    cadre: str | None = col(
        "Cadre who is called up; empty: people of an authority.", "干部", ref="cadres", default=None
    )
    date: dt.date = col("Day of the decision.", "审批日期")
    granted: bool = col("Whether it is granted.", "是否同意", default=True)


class Quota(Row):
    """Seats of a course that an authority and those below it have in a year.

    They may use what is granted less what is returned. A grant to an authority below is a part of its own.
    """

    TABLE: ClassVar[str] = "seat_quotas"
    ZH: ClassVar[str] = "名额分配"
    KEY: ClassVar[tuple[str, ...]] = ("course", "year", "authority")

    course: str = col("Course.", "课程", ref="courses")
    year: int = col("Calendar year in which the sessions start.", "年度", ge=1900, le=2200)
    authority: str = col("Authority whose people, and those below it, use the seats.", "机关", ref="authorities")
    asked: int = col("Seats asked for.", "申请名额", default=0, unit="seat", ge=0, le=1_000_000)
    granted: int = col("Seats granted.", "分配名额", unit="seat", ge=0, le=1_000_000)
    returned: int = col("Seats given back.", "退回名额", default=0, unit="seat", ge=0, le=1_000_000)
