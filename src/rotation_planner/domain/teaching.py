"""What is taught, where and when: subjects, courses, institutions, sessions."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Literal

from rotation_planner.domain.base import MAX_YUAN, Row, col

CourseKind = Literal["induction", "on_appointment", "in_service", "specialised", "theory", "rotation"]
Channel = Literal[
    "centre", "online", "group_study", "self_study", "going_out", "invite_in", "send_down", "attachment",
    "field_practice",
]
PRACTICE: tuple[Channel, ...] = ("attachment", "field_practice")
"""Work elsewhere (a post held for a time, practice in the field): no class, so no bed and no room is taken."""
Pattern = Literal["full_time", "weekends", "weekly", "evenings", "mornings", "afternoons"]
SubjectKind = Literal["theory", "party_spirit", "other"]


class Subject(Row):
    """A field of content."""

    TABLE: ClassVar[str] = "subjects"
    ZH: ClassVar[str] = "学科"

    id: str = col("Identifier.", "编号", min_length=1)
    name: str = col("Name.", "名称", default="")
    kind: SubjectKind = col("Theory, party spirit, or other.", "性质", default="other")


class Course(Row):
    """What is taught, and for whom."""

    TABLE: ClassVar[str] = "courses"
    ZH: ClassVar[str] = "课程"

    id: str = col("Identifier.", "编号", min_length=1)
    name: str = col("Name.", "名称", default="")
    kind: CourseKind = col("Kind of training.", "培训类别", default="in_service")
    subjects: dict[str, int] = col(
        "Subjects with their share of the hours; the sum is at most 1000.", "学科比例",
        ref="subjects", default={}, unit="per mille",
    )
    interactive_per_mille: int = col(
        "Share of seminar and interactive teaching.", "互动比例", default=0, unit="per mille", ge=0, le=1000
    )
    leaders_per_mille: int = col(
        "Share of lectures that leaders give themselves.", "领导授课比例", default=0, unit="per mille", ge=0, le=1000
    )
    categories: tuple[str, ...] = col("Kinds of work it is for; empty: all.", "对象类别", ref="categories", default=())
    level_low: str | None = col("Lowest level; empty: no limit.", "最低职级", ref="levels", default=None)
    level_high: str | None = col("Highest level; empty: no limit.", "最高职级", ref="levels", default=None)
    duties: tuple[str, ...] = col("Only for posts with one of these duties; empty: all.", "对象职责", default=())
    competencies: tuple[str, ...] = col("Competencies it teaches.", "培养能力", ref="competencies", default=())
    teaches: dict[str, int] = col(
        "Mastery it gives of a competency (1 to 5), for competencies it teaches; one that is not named here is taught "
        "as far as any post requires.",
        "培养程度", ref="competencies", default={},
    )
    channel: Channel = col(
        "Channel. attachment and field_practice are long absences with credit: no class teaching, no bed, no room.",
        "渠道", default="centre",
    )
    days: int = col("Days of teaching (or of practice); a half-day is one.", "天数", default=1, unit="day", ge=1,
                    le=800)
    hours: int = col("Hours credited.", "学时", default=0, unit="hour", ge=0, le=10_000)
    pattern: Pattern = col(
        "Days it takes: full_time, every day from start to end; weekends, Saturdays and Sundays; weekly, one day "
        "a week; evenings, working days after hours; mornings and afternoons, half of each working day.",
        "时间方式", default="full_time",
    )
    day_fraction_per_mille: int = col(
        "Part of a day's work lost on each of its days; at most 500 for mornings and afternoons.", "占用比例",
        default=1000, unit="per mille", ge=0, le=1000,
    )
    residential: bool = col("Whether each trainee takes a bed every night from start to the day before the end.",
                            "住宿", default=True)
    min_size: int = col("Smallest class.", "最少人数", default=1, unit="person", ge=0)
    max_size: int = col("Largest class.", "最多人数", default=50, unit="person", ge=1)
    max_classes: int = col("Most parallel classes in a session.", "最多平行班", default=1, unit="class", ge=1, le=200)
    teachers_per_class: int = col("Teachers a class keeps busy.", "每班教师", default=0, unit="person", ge=0)
    staff_per_class: int = col("Class staff (head teacher, liaison) a class keeps busy.", "每班工作人员",
                               default=0, unit="person", ge=0)
    cost_per_class_yuan: int = col("Cost of each parallel class.", "每班费用",
                                   default=0, unit="yuan", ge=0, le=MAX_YUAN)
    cost_per_session_yuan: int = col("Cost of the session, once.", "每期费用",
                                     default=0, unit="yuan", ge=0, le=MAX_YUAN)
    cost_per_trainee_day_yuan: int = col("Cost of each trainee and day of teaching.", "每人每天费用",
                                         default=0, unit="yuan", ge=0, le=MAX_YUAN)
    equivalents: tuple[str, ...] = col(
        "Courses with the same content (symmetric and transitive): whoever has one has them all.",
        "等同课程", ref="courses", default=(),
    )
    substitutes: tuple[str, ...] = col(
        "Courses this one stands for, one way: whoever has this one need not and may not take those.",
        "可替代课程", ref="courses", default=(),
    )
    overlaps: dict[str, int] = col(
        "Part of the content of other courses that this one gives, where the shares of subjects do not tell it; one "
        "way. Read by rules on repeats with a limit on overlap.",
        "内容重合", ref="courses", default={}, unit="per mille",
    )
    validity_months: int = col(
        "How long a completion is valid; within it a repeat is not allowed. 0: no repeat within the horizon "
        "and the five years before it.",
        "有效月数", default=0, unit="month", ge=0, le=600,
    )
    prerequisites: tuple[str, ...] = col("Courses to be completed before.", "先修课程", ref="courses", default=())
    owner: str | None = col(
        "Authority that runs and pays it; only cadres it or an authority below it manages may attend. "
        "Empty: the institution's authority pays, and anybody may attend.",
        "主办机关", ref="authorities", default=None,
    )
    covers: bool = col("Whether it counts for coverage.", "计入轮训", default=True)


class Institution(Row):
    """A place of training."""

    TABLE: ClassVar[str] = "institutions"
    ZH: ClassVar[str] = "培训机构"

    id: str = col("Identifier.", "编号", min_length=1)
    name: str = col("Name.", "名称", default="")
    authority: str = col("Authority it belongs to.", "所属机关", ref="authorities")
    place: str | None = col("Where it is.", "所在地", ref="places", default=None)
    beds: int | None = col("Beds; empty: no limit.", "床位", default=None, unit="bed", ge=0)
    rooms: int | None = col("Classrooms; empty: no limit.", "教室", default=None, unit="room", ge=0)
    teachers: int | None = col("Teachers; empty: no limit.", "教师", default=None, unit="person", ge=0)
    staff: int | None = col("Class staff; empty: no limit.", "工作人员", default=None, unit="person", ge=0)
    channels: tuple[Channel, ...] = col("Channels it offers; empty: all.", "渠道", default=())


class Term(Row):
    """A term or a closure of an institution. With no term given it is open all year but for closures."""

    TABLE: ClassVar[str] = "terms"
    ZH: ClassVar[str] = "学期"
    KEY: ClassVar[tuple[str, ...]] = ("institution", "start")

    institution: str = col("Institution.", "培训机构", ref="institutions")
    start: dt.date = col("First day.", "开始日期")
    end: dt.date = col("Last day.", "结束日期")
    open: bool = col("True: a term; false: a closure.", "开放", default=True)


class Offer(Row):
    """A rule from which candidate sessions are derived: a course at an institution, every so many weeks.

    Candidate starts are the first working day of every ``every_weeks``-th ISO week, counted from the first week
    of the horizon plus ``offset_weeks``, in the given months, where all days of the session lie in the
    institution's terms and inside the horizon.
    """

    TABLE: ClassVar[str] = "offers"
    ZH: ClassVar[str] = "开班规则"
    KEY: ClassVar[tuple[str, ...]] = ("course", "institution")

    course: str = col("Course.", "课程", ref="courses")
    institution: str = col("Institution.", "培训机构", ref="institutions")
    months: tuple[int, ...] = col("Months it may start in, 1 to 12; empty: all.", "月份", default=())
    every_weeks: int = col("Weeks between candidate starts.", "间隔周数", default=4, unit="week", ge=1, le=520)
    offset_weeks: int = col("Weeks to the first candidate start.", "起始周", default=0, unit="week", ge=0, le=520)


class Session(Row):
    """One dated run of a course at an institution; it may stay unopened unless committed."""

    TABLE: ClassVar[str] = "sessions"
    ZH: ClassVar[str] = "期次"

    id: str = col("Identifier.", "编号", min_length=1)
    course: str = col("Course.", "课程", ref="courses")
    institution: str = col("Institution.", "培训机构", ref="institutions")
    start: dt.date = col("First day.", "开始日期")
    end: dt.date | None = col("Last day; empty: from the course's days and pattern.", "结束日期", default=None)
    max_classes: int | None = col("Most parallel classes; empty: the course's.", "最多平行班", default=None,
                                  unit="class", ge=1, le=200)
    cost_per_session_yuan: int | None = col("Cost of this session, once; empty: the course's.", "本期费用",
                                            default=None, unit="yuan", ge=0, le=MAX_YUAN)
