"""Flight crew under EASA: recurrent checks of 6, 12 and 36 months.

A check done in the last three months before its expiry counts from that expiry; done earlier, or after a lapse, it
counts from its own day. The notes on the domain do not say how sure they are; the page read states the rule of the
last three months. It also counts an early check from the *end of the month* in which it is done: here it counts from
its own day, so a plan never relies on those days and keeps the regulation with up to a month to spare. Which checks
have which period is taken from the notes, the names of the courses are ours (U), and so is that a new member must
hold each from the first day of service (U).
"""

from __future__ import annotations

from rotation_planner.domain.policy import EVERYONE, CourseSelector, Cycle, Policy, Selector
from rotation_planner.domain.scenario import Scenario
from rotation_planner.presets.figures import Figure, elsewhere
from rotation_planner.presets.limits import LIMITS
from rotation_planner.presets.small import course, day, office, people, record, sessions

LINE = elsewhere(
    "EASA flight crew | recurrent checks of 6, 12, 36 months; done in the last 3 months: next period "
    "counts from the old "
    "expiry"
)
PERIOD_PAGE = f"{LINE}; http://online.flipbuilder.com/xuei/etxh/files/basic-html/page156.html (ORO.FC.230, UK text)"
EARLY_PAGE = (
    f"{LINE}; "
    f"https://aviation.bot/EASA/AIR-OPERATIONS-FEB-2025/amc1-orofc145g-provision-of-training-checking-and-assessment"
)
HALF_YEAR = Figure(6, "months", "that an operator proficiency check is valid", PERIOD_PAGE, "S")
YEAR = Figure(12, "months", "that a line check or emergency training is valid", LINE, "U")
THREE_YEARS = Figure(36, "months", "that the longest recurrent training is valid", LINE, "U")
EARLY = Figure(3, "months", "before the expiry in which a check counts from the expiry", EARLY_PAGE, "S")
FIRST = Figure(0, "months", "after entry until the first check must be held", "our reading: nobody flies without", "U")

SUMMARY = "Flight crew under EASA: checks of 6, 12 and 36 months; in the last 3 months they count from the old expiry."
SOURCES = (HALF_YEAR, YEAR, THREE_YEARS, EARLY, FIRST)
LEFT_OUT = (
    "The end of the month: an early check counts from its own day (see above).",
    "Programmes with longer periods (evidence-based or alternative training): give the months yourself.",
)


def policy(
    *,
    half_year: tuple[str, ...] = ("proficiency_check",),
    year: tuple[str, ...] = ("line_check", "emergency_training"),
    three_years: tuple[str, ...] = ("full_emergency_training",),
    who: Selector = EVERYONE,
    first_months: int = FIRST.value,
) -> Policy:
    """Rules for flight crew: one per check, since one does not stand for another.

    Parameters
    ----------
    half_year, year, three_years : tuple of str
        Courses to be renewed every 6, 12 and 36 months.
    who : Selector
        Crew, where others are planned together with them.
    first_months : int
        Months after entry until a new member must hold each [U].
    """
    periods = ((HALF_YEAR, half_year), (YEAR, year), (THREE_YEARS, three_years))
    return Policy(
        rules=(
            *LIMITS,
            *(
                Cycle(
                    name=name, months=period.value, anchor="expiry", early_months=EARLY.value, who=who,
                    which=CourseSelector(courses=(name,)), first_months=first_months, min_service_months=0,
                )
                for period, names in periods for name in names
            ),
        )
    )


def scenario() -> Scenario:
    """Four members over two years: two on time, one lapsed, one new."""
    long_past = {
        "line_check": day(2025, 5, 20), "emergency_training": day(2025, 4, 8),
        "full_emergency_training": day(2024, 4, 10),
    }
    return office(
        policy(), "easa_recurrent", years=2,
        cadres=people("kim", "lee", "noa", max=day(2026, 6, 1)),
        courses=[
            course("proficiency_check"), course("line_check"), course("emergency_training"),
            course("full_emergency_training"),
        ],
        sessions=[
            *sessions(
                "proficiency_check", day(2026, 1, 20), day(2026, 7, 20), day(2027, 1, 20), day(2027, 7, 20)
            ),
            *sessions("line_check", day(2026, 5, 5), day(2026, 6, 2), day(2027, 5, 4)),
            *sessions("emergency_training", day(2026, 3, 3), day(2026, 6, 3), day(2027, 3, 2)),
            *sessions("full_emergency_training", day(2026, 6, 1), day(2027, 3, 1)),
        ],
        records=[
            record("kim", "proficiency_check", day(2025, 10, 15)), record("lee", "proficiency_check", day(2025, 9, 10)),
            record("noa", "proficiency_check", day(2025, 6, 30)),
            *(record(who, name, date) for who in ("kim", "lee", "noa") for name, date in long_past.items()),
        ],
    )
