"""Supervisors of the US federal government: within a year of the first appointment, then every three years.

Both figures are those of 5 CFR 412.202 (b), read as of April 2014. A career needs an event for the first appointment
to a supervisory post: without one the rule is not about the cadre. A training before the appointment counts while it
is valid, which the regulation does not say (U).
"""

from __future__ import annotations

from rotation_planner.domain.organisation import Unit
from rotation_planner.domain.people import Event, Leave, Post
from rotation_planner.domain.policy import CourseSelector, Cycle, Policy, Selector
from rotation_planner.domain.scenario import Scenario
from rotation_planner.presets.figures import Figure, elsewhere
from rotation_planner.presets.limits import LIMITS
from rotation_planner.presets.small import course, day, office, people, record, sessions

SOURCE = (
    elsewhere("US federal supervisors | within 1 year of appointment, then every 3 years")
    + "; http://www.ecfr.gov/cgi-bin/text-idx?c=ecfr&rgn=div8&view=text&node=5:1.0.1.2.59.2.18.2&idno=5 (2014)"
)
FIRST = Figure(12, "months", "after the first appointment to a supervisory position", SOURCE, "S")
AGAIN = Figure(36, "months", "from one training to the next at most", SOURCE, "S")

SUMMARY = "US federal supervisors: training within a year of the first appointment, then at least every three years."
SOURCES = (FIRST, AGAIN)
LEFT_OUT = ("What the training is about (mentoring, performance, appraisal): name the courses by `which`.",)

SUPERVISORS = Selector(duties=("supervision",))
TRAINING = CourseSelector(kinds=("on_appointment",))


def policy(*, who: Selector = SUPERVISORS, which: CourseSelector = TRAINING, early_months: int = 0) -> Policy:
    """One rule: from a year after the first appointment on, nobody is without a training of the last three years.

    Parameters
    ----------
    who : Selector
        Supervisory posts. The clock starts with the first appointment, promotion, transfer or entry into one.
    which : CourseSelector
        Courses that train supervisors.
    early_months : int
        Where an office counts a training in so many last months from the old date; 0, as in the regulation: each counts
        from its own day.
    """
    return Policy(
        rules=(
            *LIMITS,
            Cycle(
                name="supervisors", months=AGAIN.value, first_months=FIRST.value, who=who, which=which,
                events=("appointment", "promotion", "transfer", "entry"), min_service_months=0,
                anchor="expiry" if early_months else "completion", early_months=early_months,
            ),
        )
    )


def scenario() -> Scenario:
    """Six supervisors: new, long lapsed, promoted later, too late to be due, away, and one who moves."""
    return office(
        policy(), "us_supervisors",
        units=[Unit(id="unit", authority="office"), Unit(id="branch", authority="office")],
        posts=[
            Post(id="clerk", unit="unit", level="staff"),
            Post(id="supervisor", unit="unit", level="staff", duties=("supervision",)),
            Post(id="head_of_branch", unit="branch", level="staff", duties=("supervision",)),
        ],
        cadres=people("ada", "bob", "fred", "finn", post="supervisor") + people("cy", "dee", post="clerk"),
        events=[
            Event(cadre="ada", kind="appointment", date=day(2025, 9, 1), post="supervisor"),
            Event(cadre="bob", kind="appointment", date=day(2018, 2, 1), post="supervisor"),
            Event(cadre="fred", kind="appointment", date=day(2025, 3, 3), post="supervisor"),
            Event(cadre="finn", kind="appointment", date=day(2025, 3, 3), post="supervisor"),
            Event(cadre="finn", kind="transfer", date=day(2027, 1, 4), post="head_of_branch"),
            Event(cadre="cy", kind="promotion", date=day(2027, 6, 1), post="supervisor"),
            Event(cadre="dee", kind="promotion", date=day(2030, 3, 1), post="supervisor"),
        ],
        leave=[Leave(cadre="fred", start=day(2026, 2, 1), end=day(2026, 12, 31))],
        courses=[course("supervising", kind="on_appointment", days=3, hours=24, duties=("supervision",))],
        sessions=sessions(
            "supervising", day(2026, 2, 9), day(2026, 8, 10), day(2027, 10, 4), day(2029, 2, 5), day(2030, 9, 9)
        ),
        records=[record("bob", "supervising", day(2022, 3, 15), 24)],
    )
