"""Chinese physicians: 25 credits a year, class I 5 to 10 and class II 15 to 20, not interchangeable.

Credits stand in the column ``hours`` of courses and records. At least 5 credits of class I and 15 of class II are due
in each calendar year, and 25 together, of which class I gives at most 10 and class II at most 20: what is beyond the
upper part is a surplus that stands for nothing. The three rules say exactly that: with 5 credits of class I or more,
the cap of 20 on class II cannot bind before the 25 are reached. That the surplus is lost is our reading of "5 to 10",
"15 to 20" and "not interchangeable" (D); the page read says "not below 15 to 20" for class II. That whoever serves
only part of a year owes a part by days of service is unverified (U).
"""

from __future__ import annotations

from rotation_planner.domain.people import Leave
from rotation_planner.domain.policy import EVERYONE, CourseSelector, Policy, Selector, Total
from rotation_planner.domain.scenario import Scenario
from rotation_planner.domain.teaching import Subject
from rotation_planner.presets.figures import Figure, elsewhere
from rotation_planner.presets.limits import LIMITS
from rotation_planner.presets.small import course, day, monday, office, people, record, sessions

LINE = elsewhere("Chinese physicians | 25 credits a year: class I 5-10, class II 15-20, not interchangeable")
PAGE = f"{LINE}; http://www.c29tqzr.cn/20241201/1/218389 (a notice of 2022)"
YEAR = Figure(25, "credits", "due in a year", PAGE, "S")
CLASS_1_LEAST = Figure(5, "credits", "of class I due in a year", PAGE, "S")
CLASS_1_MOST = Figure(10, "credits", "of class I that count in a year", PAGE, "S")
CLASS_2_LEAST = Figure(15, "credits", "of class II due in a year", PAGE, "S")
CLASS_2_MOST = Figure(
    20, "credits", "of class II that count in a year", f"{LINE}; follows from 25 and at least 5 of class I", "D"
)
MIN_SERVICE = Figure(6, "months", "of a year served at least, else nothing is due in it", "our choice", "U")

SUMMARY = "Physicians in China: 25 credits a year, class I 5 to 10, class II 15 to 20, not interchangeable."
SOURCES = (YEAR, CLASS_1_LEAST, CLASS_1_MOST, CLASS_2_LEAST, CLASS_2_MOST, MIN_SERVICE)
LEFT_OUT = (
    ("10 credits of national projects in five years for higher institutions (on the same page): a `total` "
    "over the horizon "
    "says it where an office wants it."),
    "Hours to credits: state credits in the column hours.",
)

CLASS_1, CLASS_2 = CourseSelector(subjects=("class_1",)), CourseSelector(subjects=("class_2",))


def policy(
    *,
    who: Selector = EVERYONE,
    class_1: CourseSelector = CLASS_1,
    class_2: CourseSelector = CLASS_2,
    min_service_months: int = MIN_SERVICE.value,
) -> Policy:
    """Rules for physicians.

    Parameters
    ----------
    who : Selector
        Physicians, where others are planned together with them.
    class_1, class_2 : CourseSelector
        Courses that give credits of each class; by default those with the subject of that name.
    min_service_months : int
        Months of a calendar year served at least; who serves fewer owes nothing in it [U].
    """

    def least(name: str, amount: Figure, which: CourseSelector) -> Total:
        return Total(
            name=name, amount=amount.value, window="year", who=who, which=which, min_service_months=min_service_months
        )

    return Policy(
        rules=(
            *LIMITS,
            least("class_1", CLASS_1_LEAST, class_1),
            least("class_2", CLASS_2_LEAST, class_2),
            least("credits", YEAR, class_2).model_copy(
                update={"replace": class_1, "replace_per_mille": 1000 * CLASS_1_MOST.value // YEAR.value}
            ),
        )
    )


def scenario() -> Scenario:
    """Six physicians over two years from February on: surplus in either class, leave, two who join."""
    return office(
        policy(), "cn_physicians_25_credits", start=day(2026, 2, 1), years=2,
        subjects=[Subject(id="class_1", name="I类学分"), Subject(id="class_2", name="II类学分")],
        cadres=people("chen", "lin", "he", "ma", guo=day(2026, 7, 1), hu=day(2027, 9, 1)),
        leave=[
            Leave(cadre="he", start=day(2026, 4, 1), end=day(2026, 5, 31)),
            Leave(cadre="ma", start=day(2026, 8, 15), end=day(2026, 12, 31)),
        ],
        courses=[
            course("congress", hours=6, days=2, subjects={"class_1": 1000}),
            course("national_course", hours=4, days=2, subjects={"class_1": 1000}),
            course("ward_teaching", hours=10, days=5, subjects={"class_2": 1000}),
            course("journal_club", hours=8, days=4, subjects={"class_2": 1000}),
            course("seminar", hours=5, days=2, subjects={"class_2": 1000}),
        ],
        sessions=[
            one for y in (2026, 2027) for one in (
                *sessions("ward_teaching", monday(y, 2, 8)), *sessions("congress", monday(y, 4, 19)),
                *sessions("journal_club", monday(y, 6, 14)), *sessions("national_course", monday(y, 9, 6)),
                *sessions("seminar", monday(y, 10, 18)),
            )
        ],
        records=[
            record("lin", "congress", day(2026, 1, 15), 12), record("he", "ward_teaching", day(2026, 1, 20), 30),
        ],
    )
