"""Key posts: who is sure to attend."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from rotation_planner.domain.parameters.base import EVERY_COURSE, CourseSelector, DutyParameters, Selector, Who

HARD_FACTOR = 10_000
"""How much more a shortfall weighs where a rule is ``hard``."""

Factor = Annotated[int, Field(ge=1, le=10)]


class SureAttendance(DutyParameters):
    """Whoever holds an important post is sure to attend, by a date."""

    kind: Literal["sure_attendance"] = "sure_attendance"
    who: Who = Field(
        Selector(key_posts=True),
        description="Cadres the rule is about: conditions, or the name of a row of selectors.",
    )
    which: CourseSelector = Field(EVERY_COURSE, description="Courses of which one is to be attended.")
    by: dt.date | None = Field(
        None, description="Last day; empty: `months`, and where that is empty too, the end of the horizon."
    )
    months: int | None = Field(
        None, ge=1, le=120, description="Months from the start (of the horizon, or of the service if later)."
    )
    hard: bool = Field(
        False, description="Comes before all else: a shortfall weighs 10,000 times as much as it would otherwise."
    )
    weight: int = Field(20, ge=1, le=1000, description="Weight of a shortfall in the goal `duties`.")
    level_priority: dict[str, Factor] = Field(
        {}, description="Level to factor on the weight (1 to 10); 1 for levels not named."
    )
    category_priority: dict[str, Factor] = Field(
        {}, description="Category to factor on the weight (1 to 10); the largest counts, 1 where none is named."
    )
