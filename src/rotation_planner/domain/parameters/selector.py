"""Who is meant: one language for all rules, for the table ``selectors``, and for Python."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, ClassVar, TypeAlias

from pydantic import GetCoreSchemaHandler, SerializerFunctionWrapHandler, model_serializer
from pydantic_core import CoreSchema, core_schema

from rotation_planner.domain.base import Row, Strict, col
from rotation_planner.domain.people import EventKind

CONDITIONS = "conditions"
"""Part of the place of a validation error that tells conditions from a name; no key of a file is called so."""
AGE: dict[str, Any] = {"unit": "year", "ge": 0, "le": 120}
YEARS: dict[str, Any] = {"unit": "year", "ge": 0, "le": 80}


class Conditions(Strict):
    """What may be asked of a cadre. Every stated condition must hold; an empty one says nothing.

    Unit, level, categories, duties, key post, required competencies, managing authority, age and years are measured on
    one day: ``on`` where it is stated, else the day of the rule. That is the cadre's first day of service in the
    horizon; for a duty that hangs on an event of the cadre (a deadline) it is the day of the event.
    Teams, holdings and events are not measured on a day.
    """

    authorities: tuple[str, ...] = col(
        "Managed by one of these authorities.", "管理机关", ref="authorities", default=()
    )
    with_below: bool = col("Or by an authority below one of them.", "含下级", default=True)
    units: tuple[str, ...] = col("Working in one of these units.", "单位", ref="units", default=())
    teams: tuple[str, ...] = col("Member of one of these teams.", "班子", ref="teams", default=())
    level_low: str | None = col("At this level or above.", "最低职级", ref="levels", default=None)
    level_high: str | None = col("At this level or below.", "最高职级", ref="levels", default=None)
    categories: tuple[str, ...] = col(
        "Of one of these categories, by the post or in person.", "类别", ref="categories", default=()
    )
    duties: tuple[str, ...] = col("In a post with one of these duties.", "职责", default=())
    requires: tuple[str, ...] = col(
        "In a post that requires one of these competencies.", "要求能力", ref="competencies", default=()
    )
    holds: tuple[str, ...] = col(
        "Holding one of these competencies, whatever the mastery.", "已具能力", ref="competencies", default=()
    )
    key_posts: bool | None = col("Only key posts, or only others.", "重要岗位", default=None)
    age_low: int | None = col(
        "At least so many whole years old; nobody without a date of birth.", "最小年龄", default=None, **AGE
    )
    age_high: int | None = col(
        "At most so many whole years old; nobody without a date of birth.", "最大年龄", default=None, **AGE
    )
    service_years_low: int | None = col(
        "At least so many whole years since entry; nobody without a date of entry.", "最少工龄", default=None, **YEARS
    )
    service_years_high: int | None = col(
        "At most so many whole years since entry; nobody without a date of entry.", "最多工龄", default=None, **YEARS
    )
    post_years_low: int | None = col(
        "At least so many whole years since the last event that gave a post, else since entry; nobody without either.",
        "最少任职年限", default=None, **YEARS,
    )
    post_years_high: int | None = col(
        "At most so many whole years since the last event that gave a post, else since entry; nobody without either.",
        "最多任职年限", default=None, **YEARS,
    )
    events: tuple[EventKind, ...] = col(
        "With an event of one of these kinds, past or planned; `entered` counts as an entry.", "事项", default=()
    )
    event_from: dt.date | None = col(
        "With an event (of one of the kinds named, if any) on or after this day.", "事项起始日期", default=None
    )
    event_to: dt.date | None = col(
        "With an event (of one of the kinds named, if any) on or before this day; one event fits both days.",
        "事项截止日期", default=None,
    )
    on: dt.date | None = col(
        "The day on which post, age and years are measured; empty: the day of the rule.", "计算日期", default=None
    )

    @property
    def asks_event(self) -> bool:
        """Whether an event is asked for."""
        return bool(self.events) or self.event_from is not None or self.event_to is not None


class Selector(Conditions):
    """Who a rule is about. Every stated condition must hold; an empty one says nothing.

    Where a rule asks who, ``who = "heads"`` is short for ``who = { named = ["heads"] }``.
    """

    named: tuple[str, ...] = col(
        "Meant by one of these rows of the table selectors.", "选择条件", ref="selectors", default=()
    )

    @model_serializer(mode="wrap")
    def _stated(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Only what is stated, so that a policy stays readable."""
        fields = type(self).model_fields
        return {k: v for k, v in dump(self).items() if getattr(self, k) != fields[k].default}


EVERYONE = Selector()


class _OrName:
    """Accepts the name of a row of the table instead of conditions.

    A validator of the whole field would turn JSON into Python values first and then refuse its lists and dates.
    """

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        by_name = core_schema.no_info_after_validator_function(
            lambda name: Selector(named=(name,)), core_schema.str_schema(strict=True)
        )
        return core_schema.tagged_union_schema(
            {"name": by_name, CONDITIONS: handler(source)},
            discriminator=lambda given: "name" if isinstance(given, str) else CONDITIONS,
        )


Who: TypeAlias = Annotated[Selector, _OrName()]
"""A selector, or the name of one."""


class _Named(Row):
    id: str = col("Name by which rules and Python mean it.", "编号", min_length=1)
    name: str = col("In words.", "名称", default="")


class NamedSelector(Conditions, _Named):
    """Conditions under a name, so that several rules can mean the same cadres (``who = "heads"``).

    Every stated condition must hold; an empty one says nothing. Unit, level, categories, duties, key post, required
    competencies, managing authority, age and years are measured on one day: ``on`` where it is stated, else the day of
    the rule (first day of service in the horizon; for a deadline the day of the event).
    """

    TABLE: ClassVar[str] = "selectors"
    ZH: ClassVar[str] = "选择条件"
