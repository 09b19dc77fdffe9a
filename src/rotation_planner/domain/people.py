"""The people: levels, categories, posts, cadres, and what is known of each."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Literal

from rotation_planner.domain.base import Row, col

EventKind = Literal["entry", "appointment", "promotion", "transfer", "retirement"]
NeedSource = Literal["organisation", "post", "personal"]
RecordResult = Literal["passed", "failed", "withdrawn"]


class Level(Row):
    """A rank on the ordered ladder."""

    TABLE: ClassVar[str] = "levels"
    ZH: ClassVar[str] = "职级"

    id: str = col("Identifier.", "编号", min_length=1)
    name: str = col("Name.", "名称", default="")
    rank: int = col("Order: a higher number is a higher level; no two alike.", "次序")


class Category(Row):
    """A kind of work."""

    TABLE: ClassVar[str] = "categories"
    ZH: ClassVar[str] = "类别"

    id: str = col("Identifier.", "编号", min_length=1)
    name: str = col("Name.", "名称", default="")


class Competency(Row):
    """Something a post may require and a course may teach."""

    TABLE: ClassVar[str] = "competencies"
    ZH: ClassVar[str] = "能力"

    id: str = col("Identifier.", "编号", min_length=1)
    name: str = col("Name.", "名称", default="")


class Post(Row):
    """A job in a unit."""

    TABLE: ClassVar[str] = "posts"
    ZH: ClassVar[str] = "岗位"

    id: str = col("Identifier.", "编号", min_length=1)
    title: str = col("Title.", "名称", default="")
    unit: str = col("Unit.", "单位", ref="units")
    level: str = col("Level.", "职级", ref="levels")
    categories: tuple[str, ...] = col("Kinds of work it belongs to.", "类别", ref="categories", default=())
    duties: tuple[str, ...] = col("Duties, in words of the office (finance, law, party affairs).", "职责", default=())
    requires: dict[str, int] = col(
        "Competencies required, each with the mastery (1 to 5).", "要求能力", ref="competencies", default={}
    )
    key: bool = col("An important post, whose duties weigh more.", "重要岗位", default=False)


class Cadre(Row):
    """An official who must be trained."""

    TABLE: ClassVar[str] = "cadres"
    ZH: ClassVar[str] = "干部"

    id: str = col("Identifier.", "编号", min_length=1)
    name: str | None = col("Name; never needed.", "姓名", default=None)
    birth_date: dt.date | None = col("Date of birth.", "出生日期", default=None)
    post: str = col("Post held at the start of the horizon, or at entry.", "岗位", ref="posts")
    categories: tuple[str, ...] = col(
        "Kinds of work beside those of the post (reserve, training manager).", "类别", ref="categories", default=()
    )
    entered: dt.date | None = col(
        "Entered the service; empty: before the horizon. Nobody attends before.", "入职日期", default=None
    )
    opening_hours: int = col(
        "Hours carried into the first year's balance.", "结转学时", default=0, unit="hour", ge=0, le=10_000
    )


class Event(Row):
    """A dated career event, past or planned.

    From a transfer, an appointment or a promotion with a ``post`` on, the cadre holds that post. From
    retirement on, the cadre attends nothing.
    """

    TABLE: ClassVar[str] = "events"
    ZH: ClassVar[str] = "任免"
    KEY: ClassVar[tuple[str, ...]] = ("cadre", "kind", "date")

    cadre: str = col("Cadre.", "干部", ref="cadres")
    kind: EventKind = col("What happens.", "事项")
    date: dt.date = col("When it takes effect.", "日期")
    post: str | None = col("The post from then on, where it changes.", "岗位", ref="posts", default=None)


class Leave(Row):
    """A time in which a cadre cannot be called up. Leaves of one cadre do not overlap."""

    TABLE: ClassVar[str] = "leave"
    ZH: ClassVar[str] = "请假"
    KEY: ClassVar[tuple[str, ...]] = ("cadre", "start")

    cadre: str = col("Cadre.", "干部", ref="cadres")
    start: dt.date = col("First day.", "开始日期")
    end: dt.date = col("Last day.", "结束日期")
    reason: str = col("Why.", "事由", default="")


class Holding(Row):
    """A competency a cadre has."""

    TABLE: ClassVar[str] = "holdings"
    ZH: ClassVar[str] = "已具能力"
    KEY: ClassVar[tuple[str, ...]] = ("cadre", "competency")

    cadre: str = col("Cadre.", "干部", ref="cadres")
    competency: str = col("Competency.", "能力", ref="competencies")
    mastery: int = col("Mastery.", "程度", ge=1, le=5)


class Need(Row):
    """A training need of a cadre. It is met by one course that teaches the competency."""

    TABLE: ClassVar[str] = "needs"
    ZH: ClassVar[str] = "需求"
    KEY: ClassVar[tuple[str, ...]] = ("cadre", "competency", "source")

    cadre: str = col("Cadre.", "干部", ref="cadres")
    competency: str = col("What is missing.", "能力", ref="competencies")
    source: NeedSource = col("Who stated it; the policy weighs the sources.", "来源")
    weight: int = col("How much it matters.", "权重", default=1, unit="point", ge=1, le=1000)


class Record(Row):
    """A training in the register. Only ``passed`` gives credit."""

    TABLE: ClassVar[str] = "records"
    ZH: ClassVar[str] = "培训记录"
    KEY: ClassVar[tuple[str, ...]] = ("cadre", "course", "date")

    cadre: str = col("Cadre.", "干部", ref="cadres")
    course: str = col("Course.", "课程", ref="courses")
    date: dt.date = col("Day of completion.", "完成日期")
    hours: int = col("Hours credited.", "学时", default=0, unit="hour", ge=0, le=10_000)
    result: RecordResult = col("Result.", "结果", default="passed")
    source: str = col("Where the entry comes from.", "来源", default="")
