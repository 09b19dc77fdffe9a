"""Lorry and bus drivers in the European Union: 35 hours in five years in blocks of at least 7.

Cycles run from the initial qualification, from expiry date to expiry date: training done early moves nothing, and
hours beyond the 35 are not carried over. The notes on the domain do not say how sure they are; the pages read are
those of trainers, not the directive itself. That a cycle goes on unmoved after a missed expiry is our reading (U).
"""

from __future__ import annotations

from rotation_planner.domain.people import Event
from rotation_planner.domain.policy import EVERYONE, CourseSelector, CycleHours, Policy, Selector
from rotation_planner.domain.scenario import Scenario
from rotation_planner.presets.figures import Figure, elsewhere
from rotation_planner.presets.limits import LIMITS
from rotation_planner.presets.small import course, day, office, people, record, sessions

LINE = elsewhere(
    "EU lorry and bus drivers | 35 h in 5 years in blocks of at least 7 h; next cycle runs from the expiry date"
)
BLOCKS = f"{LINE}; https://www.novadata.co.uk/pages/1814/How-often-should-periodic-Driver-CPC-training-take-place/"
ANCHOR = f"{LINE}; https://www.guaranteedpass.co.uk/35-hours-drivers-cpc.html"
CYCLE = Figure(60, "months", "of a cycle; the next one runs from its expiry date", ANCHOR, "S")
HOURS = Figure(35, "hours", "due in each cycle", BLOCKS, "S")
BLOCK = Figure(7, "hours", "that a training has at least to count", BLOCKS, "S")
MIN_SERVICE = Figure(12, "months", "of a cycle served at least, else nothing is due in it", "our choice", "U")

SUMMARY = "Lorry and bus drivers in the EU: 35 hours in five years, in blocks of 7, from expiry date to expiry date."
SOURCES = (CYCLE, HOURS, BLOCK, MIN_SERVICE)
LEFT_OUT = (
    ("Blocks split over two days, and the part that may be done online: the notes state neither. Give a "
    "split block as one "
    "course of 7 hours."),
)

QUALIFICATION, PERIODIC = CourseSelector(courses=("qualification",)), CourseSelector(kinds=("in_service",))


def policy(
    *,
    qualification: CourseSelector = QUALIFICATION,
    who: Selector = EVERYONE,
    which: CourseSelector = PERIODIC,
    min_service_months: int = MIN_SERVICE.value,
) -> Policy:
    """Rules for professional drivers.

    Parameters
    ----------
    qualification : CourseSelector
        Courses by which the initial qualification is on record; cycles run from the first such record.
    who : Selector
        Drivers, where others are planned together with them.
    which : CourseSelector
        Courses of periodic training.
    min_service_months : int
        Months of a cycle (of its part in the horizon) served at least; who serves fewer owes nothing in it [U].
    """
    return Policy(
        rules=(
            *LIMITS,
            CycleHours(
                name="periodic_training", months=CYCLE.value, hours=HOURS.value, min_block_hours=BLOCK.value,
                origin=qualification, which=which, who=who, min_service_months=min_service_months,
            ),
        )
    )


def scenario() -> Scenario:
    """Seven drivers at different points of their cycles."""
    qualified = {
        "anna": day(2021, 9, 10), "ben": day(2022, 3, 1), "carl": day(2023, 6, 15), "dora": day(2020, 1, 20),
        "emil": day(2021, 2, 3), "fay": day(2029, 1, 8), "gus": day(2021, 6, 1),
    }
    past = [
        *(("anna", "block", day(y, 5, 4), 7) for y in (2022, 2023, 2024)),
        ("anna", "evening", day(2025, 5, 5), 4),
        *(("ben", "block", day(2023, m, 6), 7) for m in (2, 3, 4, 9, 11)),
        *(("dora", "block", day(2025, 1, n), 7) for n in (17, 18, 19)), ("dora", "double", day(2025, 1, 20), 14),
        ("emil", "double", day(2024, 2, 7), 14),
    ]
    return office(
        policy(), "eu_drivers_35h",
        cadres=people(*qualified),
        events=[Event(cadre="gus", kind="retirement", date=day(2026, 5, 31))],
        courses=[
            course("qualification", kind="induction", hours=140, days=20),
            course("block", hours=7), course("double", hours=14, days=2),
            course("evening", hours=4, pattern="evenings", day_fraction_per_mille=0),
        ],
        sessions=[
            *sessions("block", day(2026, 1, 12), day(2026, 3, 2), day(2026, 9, 9), day(2026, 9, 10)),
            *sessions("double", day(2026, 2, 2), day(2027, 2, 1), day(2029, 3, 5)),
            *sessions("evening", day(2026, 1, 14), day(2026, 8, 3)),
            *sessions("block", *(day(y, 10, 4) for y in (2027, 2028, 2029))),
        ],
        records=[
            *(record(d, "qualification", date, 140) for d, date in qualified.items() if date < day(2026, 1, 1)),
            *(record(*r) for r in past),
        ],
    )
