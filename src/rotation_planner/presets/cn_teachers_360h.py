"""Chinese school teachers: 360 hours in five years, 120 hours for new teachers.

The figures are those of the notes on the domain, which do not say how sure they are: both are unverified (U). So is
that the 120 hours fall into the first year of service, and that they count toward the 360 as well.
"""

from __future__ import annotations

from rotation_planner.domain.people import Category, Event, Post
from rotation_planner.domain.policy import EVERY_COURSE, EVERYONE, CourseSelector, Policy, Selector, Total
from rotation_planner.domain.scenario import Scenario
from rotation_planner.presets.figures import Figure, elsewhere
from rotation_planner.presets.limits import LIMITS
from rotation_planner.presets.small import course, day, office, people, record, sessions

SOURCE = elsewhere("Chinese school teachers | 360 h in 5 years, 120 h for new teachers | multi-year total, event rule")
FIVE_YEARS = Figure(360, "hours", "due from every teacher in five years", SOURCE, "U")
NEW_TEACHERS = Figure(120, "hours", "due from a new teacher", SOURCE, "U")
NEW_YEARS = Figure(1, "years of service", "in which a new teacher gathers them", "our reading; no source", "U")

SUMMARY = "School teachers in China: 360 hours in five years; new teachers 120 hours."
SOURCES = (FIVE_YEARS, NEW_TEACHERS, NEW_YEARS)
LEFT_OUT = ("Shares of subjects, practice and levels of training within the 360 hours: the notes state none.",)

INDUCTION = CourseSelector(kinds=("induction",))


def policy(
    *,
    who: Selector = EVERYONE,
    which: CourseSelector = EVERY_COURSE,
    induction: CourseSelector = INDUCTION,
    new_years: int = NEW_YEARS.value,
) -> Policy:
    """Rules for teachers.

    Parameters
    ----------
    who : Selector
        Teachers, where others are planned together with them.
    which : CourseSelector
        Courses whose hours count toward the five years (induction too, unless left out here).
    induction : CourseSelector
        Courses whose hours count for new teachers.
    new_years : int
        Years of service in which these are due [U].

    Notes
    -----
    The five years are the horizon, which therefore should have five. Who serves only part of them owes a part by
    days of service; who serves less than twelve months owes nothing. The hours of new teachers are due in full, for
    everybody whose first year ends in the horizon; records of it count, also from before the horizon.
    """
    return Policy(
        rules=(
            *LIMITS,
            Total(name="five_years", amount=FIVE_YEARS.value, window="horizon", who=who, which=which),
            Total(
                name="new_teachers", amount=NEW_TEACHERS.value, window="service", years_low=1, years_high=new_years,
                part_service="full", who=who, which=induction,
            ),
        )
    )


def scenario() -> Scenario:
    """Seven teachers: one of long service, one who retires, five new ones at different times."""
    long_ago = day(2010, 9, 1)
    return office(
        policy(), "cn_teachers_360h",
        categories=[Category(id="new", name="新任教师")],
        posts=[Post(id="post", unit="unit", level="staff"),
               Post(id="first_post", unit="unit", level="staff", categories=("new",))],
        cadres=people(wang=long_ago, li=long_ago) + people(
            post="first_post", wu=day(2025, 9, 1), zhao=day(2026, 9, 1), qian=day(2027, 3, 1), sun=day(2028, 5, 1),
            zhou=day(2030, 6, 1),
        ),
        events=[Event(cadre="li", kind="retirement", date=day(2028, 7, 1))],
        courses=[
            course("summer", hours=60, days=10),
            course("winter", hours=40, days=7),
            course("first_part", kind="induction", hours=72, days=12, categories=("new",)),
            course("second_part", kind="induction", hours=48, days=8, categories=("new",)),
        ],
        sessions=[
            *sessions("summer", *(day(y, 7, 6) for y in range(2026, 2031))),
            *sessions("winter", day(2027, 1, 18), day(2029, 1, 15)),
            *sessions("first_part", day(2026, 10, 12), day(2027, 10, 11)),
            *sessions("second_part", *(day(y, 4, 13) for y in range(2026, 2030))),
        ],
        records=[record("wang", "summer", day(2025, 7, 17), 60), record("wu", "first_part", day(2025, 10, 24), 72)],
    )
