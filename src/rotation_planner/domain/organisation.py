"""Who answers for whom, and where: authorities, places, units, teams."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from pydantic import Field

from rotation_planner.domain.base import MAX_YUAN, Row, col


class Authority(Row):
    """A body that manages cadres and answers for their training."""

    TABLE: ClassVar[str] = "authorities"
    ZH: ClassVar[str] = "管理机关"

    id: str = col("Identifier.", "编号", min_length=1)
    name: str = col("Name.", "名称", default="")
    parent: str | None = col("The authority above; empty at the top.", "上级机关", ref="authorities", default=None)
    levels: tuple[str, ...] = col(
        "Levels whose cadres it manages; empty: all levels not claimed by an authority above.",
        "管理层级", ref="levels", default=(),
    )
    units: tuple[str, ...] = col(
        "Units it manages beside those that name it as their authority.", "管理单位", ref="units", default=()
    )


class Place(Row):
    """A place of work or training."""

    TABLE: ClassVar[str] = "places"
    ZH: ClassVar[str] = "地点"

    id: str = col("Identifier.", "编号", min_length=1)
    name: str = col("Name.", "名称", default="")
    latitude: float | None = col("Latitude, north positive.", "纬度", default=None, unit="degree", ge=-90, le=90)
    longitude: float | None = col("Longitude, east positive.", "经度", default=None, unit="degree", ge=-180, le=180)


class Travel(Row):
    """The way from one place to another; both directions unless the other is given too.

    Pairs not given are measured between coordinates (great circle) at ``policy.travel``'s rate; where a
    coordinate is missing the way is free.
    """

    TABLE: ClassVar[str] = "travel"
    ZH: ClassVar[str] = "交通"
    KEY: ClassVar[tuple[str, ...]] = ("origin", "destination")

    origin: str = col("From this place.", "出发地", ref="places")
    destination: str = col("To this place.", "目的地", ref="places")
    cost_yuan: int = col("Cost of going there and back once.", "往返费用", default=0, unit="yuan", ge=0, le=MAX_YUAN)
    days: int = col("Whole days lost on the way, each way.", "单程天数", default=0, unit="day", ge=0, le=14)


class Unit(Row):
    """A workplace, which releases cadres and suffers their absence."""

    TABLE: ClassVar[str] = "units"
    ZH: ClassVar[str] = "单位"

    id: str = col("Identifier.", "编号", min_length=1)
    name: str = col("Name.", "名称", default="")
    authority: str = col("Authority it belongs to.", "所属机关", ref="authorities")
    place: str | None = col("Where it is.", "所在地", ref="places", default=None)
    release_per_mille: int | None = col(
        "Largest part of its people away at once; empty: as the rule says.",
        "可调出比例", default=None, unit="per mille", ge=0, le=1000,
    )
    release_at_least: int | None = col(
        "Persons that may be away at once however small it is; empty: as the rule says.",
        "至少可调出人数", default=None, unit="person", ge=0,
    )


class Busy(Row):
    """A busy period of a unit, in which it releases fewer people."""

    TABLE: ClassVar[str] = "busy"
    ZH: ClassVar[str] = "繁忙期"
    KEY: ClassVar[tuple[str, ...]] = ("unit", "start")

    unit: str = col("Unit.", "单位", ref="units")
    start: dt.date = col("First day.", "开始日期")
    end: dt.date = col("Last day.", "结束日期")
    release: int = col("Persons that may be away at once in this time.", "可调出人数", unit="person", ge=0)


class Team(Row):
    """A leading team, or people who stand in for one another."""

    TABLE: ClassVar[str] = "teams"
    ZH: ClassVar[str] = "班子"

    id: str = col("Identifier.", "编号", min_length=1)
    name: str = col("Name.", "名称", default="")
    unit: str | None = col("Its unit.", "单位", ref="units", default=None)
    members: tuple[str, ...] = Field(
        description="Its members, chief and deputies included.",
        json_schema_extra={"zh": "成员", "ref": "cadres"}, min_length=1,
    )
    chief: str | None = col("Its chief.", "正职", ref="cadres", default=None)
    deputies: tuple[str, ...] = col("Its deputies.", "副职", ref="cadres", default=())
    stand_ins: tuple[str, ...] = col(
        "Who may stand in for the chief: while the chief is away one of them is present. Empty: the deputies.",
        "代理人", ref="cadres", default=(),
    )
    never_together: tuple[str, ...] = col(
        "Of these at most one is away at a time.", "不得同时外出", ref="cadres", default=()
    )
    min_present: int = col(
        "Members that must be present on every working day.", "最少在岗", default=0, unit="person", ge=0
    )
    min_present_per_mille: int = col(
        "Part of its members that must be present on every working day, rounded up to whole persons.",
        "最低在岗比例", default=0, unit="per mille", ge=0, le=1000,
    )
    group_study_per_quarter: int = col(
        "Collective study meetings due each quarter.", "每季集体学习次数", default=0, ge=0, le=13
    )


class StandIn(Row):
    """Somebody who may stand in for a cadre: while the cadre is away one of them is present.

    It holds while the cadre works in the unit of the first day of service, for stand-ins who work there too.
    """

    TABLE: ClassVar[str] = "stand_ins"
    ZH: ClassVar[str] = "代理"
    KEY: ClassVar[tuple[str, ...]] = ("cadre", "stand_in")

    cadre: str = col("Who is stood in for.", "干部", ref="cadres")
    stand_in: str = col("Who stands in.", "代理人", ref="cadres")
