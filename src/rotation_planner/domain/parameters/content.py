"""Shares of content: of a course, of an institution's year, of a cadre's years."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from rotation_planner.domain.base import Strict
from rotation_planner.domain.parameters.base import EVERY_COURSE, CourseSelector, DutyParameters, RuleParameters
from rotation_planner.domain.teaching import SubjectKind

Part = Literal["subjects", "interactive", "leaders"]


class ContentShare(Strict):
    """A least share of the hours of courses."""

    part: Part = Field(
        "subjects",
        description="What is measured: some subjects, seminar and interactive teaching, or lectures that leaders give.",
    )
    subject_kinds: tuple[SubjectKind, ...] = Field((), description="Subjects of these kinds (part `subjects`).")
    subjects: tuple[str, ...] = Field((), description="And these subjects (part `subjects`).")
    per_mille: int = Field(ge=1, le=1000, description="Least share of the hours.")
    which: CourseSelector = Field(EVERY_COURSE, description="Courses whose hours are looked at; others do not count.")


class CourseContent(ContentShare, RuleParameters):
    """A course without enough of some content does not run."""

    WHO_DAY = None

    kind: Literal["course_content"] = "course_content"


class InstitutionContent(ContentShare, RuleParameters):
    """What an institution teaches in a year holds enough of some content."""

    WHO_DAY = None

    kind: Literal["institution_content"] = "institution_content"
    institutions: tuple[str, ...] = Field((), description="Institutions it is about; empty: all.")
    per_hours: int = Field(
        1000, ge=1, le=1_000_000,
        description="Missing hours are counted in per mille of what so many hours of teaching require.",
    )
    weight: int = Field(1, ge=1, le=1000, description="Weight of a shortfall in the goal `duties`.")


class CadreContent(ContentShare, DutyParameters):
    """What a cadre attends over the horizon holds enough of some content."""

    kind: Literal["cadre_content"] = "cadre_content"
    history_months: int = Field(0, ge=0, le=60, description="Records so many months before the horizon count too.")
    per_hours: int = Field(
        550, ge=1, le=10_000, description="Missing hours are counted in per mille of what so many hours require."
    )


class TheoryFirst(RuleParameters):
    """Theory comes before other training."""

    kind: Literal["theory_first"] = "theory_first"
    theory: CourseSelector = Field(CourseSelector(kinds=("theory",)), description="Courses that must come first.")
    which: CourseSelector = Field(EVERY_COURSE, description="Other courses it is about, each after one of these.")
    same_year: bool = Field(True, description="Theory in the same calendar year is enough, before or after.")
    history_months: int = Field(
        60, ge=0, le=600, description="Records of theory count from so many months before the horizon on."
    )
