"""Time, money and what is already settled: horizon, calendar, funds, commitments."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Literal

from rotation_planner.domain.base import MAX_YUAN, Row, col
from rotation_planner.domain.teaching import CourseKind

Grain = Literal["week", "half_month", "month"]
CommitmentKind = Literal["must", "must_not", "published", "wish", "avoid"]


class Horizon(Row):
    """The years planned; exactly one row."""

    TABLE: ClassVar[str] = "horizon"
    ZH: ClassVar[str] = "规划期"
    KEY: ClassVar[tuple[str, ...]] = ("start",)

    start: dt.date = col("First day.", "开始日期")
    years: int = col("Length.", "年数", default=5, unit="year", ge=1, le=10)
    grain: Grain = col("Period of the unit calendars.", "粒度", default="week")


class CalendarDay(Row):
    """An exception to Monday-to-Friday working days."""

    TABLE: ClassVar[str] = "calendar"
    ZH: ClassVar[str] = "日历"
    KEY: ClassVar[tuple[str, ...]] = ("date",)

    date: dt.date = col("Day.", "日期")
    working: bool = col("Whether it is a working day.", "工作日", default=False)
    name: str = col("Name of the holiday.", "名称", default="")


class Fund(Row):
    """A yearly budget line. A session is charged to every fund of its payer and starting year whose earmark fits."""

    TABLE: ClassVar[str] = "funds"
    ZH: ClassVar[str] = "经费"

    id: str = col("Identifier.", "编号", min_length=1)
    authority: str = col("Authority that pays.", "机关", ref="authorities")
    year: int = col("Calendar year.", "年度", ge=1900, le=2200)
    floor_yuan: int | None = col("Least to be spent.", "下限", default=None, unit="yuan", ge=0, le=MAX_YUAN)
    index_per_mille: int | None = col(
        "Growth against the floor of the same authority and earmark the year before, where no floor is given; "
        "rounded up to the yuan.",
        "增长指数", default=None, unit="per mille", ge=0, le=10_000,
    )
    ceiling_yuan: int | None = col("Most that may be spent.", "上限", default=None, unit="yuan", ge=0, le=MAX_YUAN)
    earmark: tuple[CourseKind, ...] = col("Kinds of training it is for; empty: all.", "专项", default=())


class Commitment(Row):
    """Something already settled about a cadre and a session, or about a session.

    ``must`` and ``must_not`` bind. ``published`` may change at a price in ``comfort``. ``wish`` and ``avoid``
    (with a cadre) earn or cost ``comfort``.
    """

    TABLE: ClassVar[str] = "commitments"
    ZH: ClassVar[str] = "既定安排"
    KEY: ClassVar[tuple[str, ...]] = ("cadre", "session", "kind")

    cadre: str | None = col("Cadre; empty: the session itself runs, or not.", "干部", ref="cadres", default=None)
    session: str = col("Session.", "期次", ref="sessions")
    kind: CommitmentKind = col("How it binds.", "性质")
