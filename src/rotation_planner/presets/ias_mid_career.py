"""Mid-career training of the Indian Administrative Service: phases at 7 to 9, 14 to 16 and 26 to 28 years of service.

The years are read as completed ones: phase III from the day on which 7 years are completed to the day before 10 are,
three chances as the batches called up in 2023 had (the officers of the years 2013 to 2015). That is our reading (D);
with ``counted="running"`` they are the 7th to the 9th year of service, a year earlier. Phases I and II belong to
induction.
"""

from __future__ import annotations

from typing import Literal

from rotation_planner.domain.people import Cadre, Event, Leave
from rotation_planner.domain.policy import EVERYONE, CourseSelector, Policy, Selector, Total
from rotation_planner.domain.scenario import Scenario
from rotation_planner.presets.figures import Figure, elsewhere
from rotation_planner.presets.limits import LIMITS
from rotation_planner.presets.small import course, day, office, record, sessions

SOURCE = (
    elsewhere("Indian Administrative Service | mid-career phases at 7-9, 14-16 and 26-28 years of service")
    + "; http://m.timesofindia.com/articleshow/44985081.cms (October 2014)"
)
PHASES = {
    "phase_3": (Figure(7, "years", "of service from which phase III is due", SOURCE, "S"),
                Figure(9, "years", "of service up to which phase III is due", SOURCE, "S")),
    "phase_4": (Figure(14, "years", "of service from which phase IV is due", SOURCE, "S"),
                Figure(16, "years", "of service up to which phase IV is due", SOURCE, "S")),
    "phase_5": (Figure(26, "years", "of service from which phase V is due", SOURCE, "S"),
                Figure(28, "years", "of service up to which phase V is due", SOURCE, "S")),
}
COMPLETED = Figure(
    1, "year", "added where years are completed ones: 7 to 9 end before the 10th anniversary",
    ""
    "https://www.eastcoastdaily.in/2023/04/15/over-1000-ias-officers-eligible-for-mid-career-skill-development-training.html",
    "D",
)

SUMMARY = "Indian Administrative Service: one mid-career course each at 7 to 9, 14 to 16 and 26 to 28 years of service."
SOURCES = (*(figure for pair in PHASES.values() for figure in pair), COMPLETED)
LEFT_OUT = (
    "Later changes of phase V (23 to 24 years was proposed in 2014): give other years by `years`.",
    "That increments and promotion hang on each phase: weigh the rules by `weight` where it matters.",
)


def policy(
    *,
    courses: dict[str, tuple[str, ...]] | None = None,
    years: dict[str, tuple[int, int]] | None = None,
    counted: Literal["completed", "running"] = "completed",
    who: Selector = EVERYONE,
) -> Policy:
    """One rule per phase: a course of it within the window of service.

    Parameters
    ----------
    courses : dict of str to tuple of str, optional
        Phase (``phase_3``, ``phase_4``, ``phase_5``) to its courses; by default the course of that name.
    years : dict of str to (int, int), optional
        Phase to its first and last year, where they differ from the figures.
    counted : str
        ``completed``: 7 to 9 means that 7, 8 or 9 years are completed; ``running``: in the 7th, 8th or 9th year.
    who : Selector
        Officers, where others are planned together with them.

    Notes
    -----
    Officers need a day of entry. Whoever leaves within a window owes the course in full if at least twelve months of it
    were served.
    """
    for name, given in (("courses", courses), ("years", years)):
        unknown = set(given or ()) - set(PHASES)
        if unknown:
            raise ValueError(f"{name} names {', '.join(sorted(unknown))}; the phases are {', '.join(PHASES)}")
    if counted not in ("completed", "running"):
        raise ValueError(f"counted is completed or running, not {counted!r}")
    later = COMPLETED.value if counted == "completed" else 0
    rules = []
    for phase, (first, last) in PHASES.items():
        low, high = (years or {}).get(phase, (first.value, last.value))
        named = (courses or {}).get(phase, (phase,))
        rules.append(Total(
            name=phase, measure="sessions", amount=1, which=CourseSelector(courses=named), who=who, window="service",
            years_low=low + later, years_high=high + later, part_service="full",
        ))
    return Policy(rules=(*LIMITS, *rules))


def scenario() -> Scenario:
    """Eight officers, named after the year of entry."""
    entered = {f"of_{y}": day(y, 8, n) for y, n in (
        (2022, 29), (2019, 26), (2018, 27), (2016, 29), (2015, 31), (2010, 30), (2001, 27), (1999, 30),
    )}
    return office(
        policy(), "ias_mid_career",
        cadres=[Cadre(id=i, post="post", entered=date) for i, date in entered.items()],
        events=[Event(cadre="of_1999", kind="retirement", date=day(2026, 3, 1))],
        leave=[Leave(cadre="of_2016", start=day(2026, 5, 1), end=day(2026, 7, 31))],
        courses=[
            course(phase, days=20, hours=120, kind="in_service", validity_months=0)
            for phase in ("phase_3", "phase_4", "phase_5")
        ],
        sessions=[
            *sessions("phase_3", *(day(y, 5, 11) for y in range(2026, 2031))),
            *sessions("phase_4", *(day(y, 6, 15) for y in range(2026, 2031))),
            *sessions("phase_5", *(day(y, 10, 12) for y in range(2026, 2031, 2))),
        ],
        records=[record("of_2015", "phase_3", day(2024, 6, 7), 120)],
    )
