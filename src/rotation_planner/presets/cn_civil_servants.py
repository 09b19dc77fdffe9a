"""Chinese civil servants by the four kinds of their training: induction, on appointment, specialised, in service.

Induction (初任): at least 12 days within the year of probation (M). On appointment (任职): before, or within a year
after (S); at least 30 days from deputy county level up, 15 at section level (M). Specialised business (专门业务): the
notes on the domain give no figure, so one such course in the horizon for whoever works in the field is our choice (U).
In service (在职): 550 hours or three months in five years from county level up, 90 hours or 12 days a year below (S);
that a month has 22 days of teaching is unverified (U), and so is that days count only of collective training, not
online.
"""

from __future__ import annotations

from rotation_planner.domain.organisation import Unit
from rotation_planner.domain.people import Category, Event, Level, Post
from rotation_planner.domain.policy import CourseSelector, Policy, Selector, Total
from rotation_planner.domain.scenario import Scenario
from rotation_planner.presets.chinese_cadres import (
    EVENT_FIGURES,
    IN_SERVICE_FIGURES,
    MONTH_DAYS,
    PROMOTION_BEFORE,
    five_years,
    induction,
    on_appointment,
    yearly,
)
from rotation_planner.presets.figures import Figure
from rotation_planner.presets.limits import LIMITS
from rotation_planner.presets.small import course, day, monday, office, people, record, sessions

SPECIALISED = Figure(1, "course", "of specialised business in the horizon", "our choice; no source states it", "U")

SUMMARY = "Civil servants in China: induction, on-appointment, specialised and in-service training."
SOURCES = (*EVENT_FIGURES, SPECIALISED, *IN_SERVICE_FIGURES)
LEFT_OUT = (
    "Online hours, leading teams and content: see cn_2023.",
    "Withdrawal after leave above 1/7 of the hours: record such a training with the result withdrawn.",
)

CIVIL_SERVANTS = Selector(categories=("civil_servant",))


def policy(
    *,
    county: str = "deputy_county",
    below_county: str = "section",
    section: str = "deputy_section",
    who: Selector = CIVIL_SERVANTS,
    specialised: Selector | None = None,
    specialised_courses: int = SPECIALISED.value,
    month_days: int = MONTH_DAYS.value,
    months_before: int = PROMOTION_BEFORE.value,
) -> Policy:
    """Rules for civil servants.

    Parameters
    ----------
    county, below_county, section : str
        Lowest level counted to the county level; highest level below it; lowest level of section leaders.
    who : Selector
        Civil servants. It must not state levels.
    specialised : Selector, optional
        Who needs specialised training; without it there is no such rule.
    specialised_courses : int
        Specialised courses due from each of these in the horizon [U].
    month_days : int
        Days of teaching in a month [U].
    months_before : int
        Months before a promotion from which a training for it counts [U].

    Notes
    -----
    The five years are the horizon, which therefore should have five. Levels of the in-service rules are those of the
    first day of service in the horizon: whoever is promoted later is still counted with the level held then.
    """
    rules = [
        *LIMITS, induction(who), on_appointment(who, section, county, months_before),
        five_years(who, county, month_days), yearly(who, below_county),
    ]
    if specialised is not None:
        rules.append(Total(
            name="specialised", measure="sessions", amount=specialised_courses, window="horizon", who=specialised,
            which=CourseSelector(kinds=("specialised",)), part_service="full",
        ))
    return Policy(rules=tuple(rules))


def scenario() -> Scenario:
    """Nine civil servants, and a manager whom the rules are not about, over five years."""
    posts = {
        "clerk": "below_section", "deputy_head": "deputy_section", "head": "section", "deputy_chief": "deputy_county",
    }
    servant = ("civil_servant",)
    return office(
        policy(specialised=Selector(duties=("law",))), "cn_civil_servants",
        units=[Unit(id="unit", authority="office")],
        levels=[
            Level(id=name, rank=rank) for rank, name in
            enumerate(("below_section", "deputy_section", "section", "deputy_county", "county"), 1)
        ],
        categories=[Category(id="civil_servant"), Category(id="enterprise")],
        posts=[
            *(Post(id=p, unit="unit", level=level, categories=servant) for p, level in posts.items()),
            Post(id="lawyer", unit="unit", level="below_section", categories=servant, duties=("law",)),
            Post(id="manager", unit="unit", level="section", categories=("enterprise",)),
        ],
        cadres=[
            *people("chief", post="deputy_chief"), *people("old_chief", post="deputy_chief"),
            *people("rising", "risen", post="head"), *people("climbing", post="clerk"),
            *people("judge", "advocate", post="lawyer"),
            *people(post="clerk", recruit=day(2026, 7, 1), late_recruit=day(2026, 11, 2)),
            *people("director", post="manager"),
        ],
        events=[
            Event(cadre="rising", kind="promotion", date=day(2026, 9, 1), post="deputy_chief"),
            Event(cadre="risen", kind="promotion", date=day(2025, 6, 2), post="head"),
            Event(cadre="climbing", kind="promotion", date=day(2026, 6, 1), post="deputy_head"),
            Event(cadre="old_chief", kind="retirement", date=day(2028, 7, 1)),
        ],
        courses=[
            course("induction", kind="induction", days=12, hours=72, level_high="below_section"),
            course("fifteen", kind="on_appointment", days=15, hours=90, level_high="section"),
            course("thirty", kind="on_appointment", days=30, hours=180, level_high="section"),
            course("law", kind="specialised", days=5, hours=30, duties=("law",)),
            course("county_class", kind="theory", days=14, hours=84, level_low="deputy_county"),
            course("yearly_class", days=12, hours=72, level_high="section"),
            course("web", days=10, hours=50, channel="online", pattern="evenings", day_fraction_per_mille=0),
        ],
        sessions=[
            *sessions("induction", day(2026, 9, 7)), *sessions("fifteen", day(2026, 2, 2), day(2027, 9, 6)),
            *sessions("thirty", day(2026, 3, 9)), *sessions("law", day(2026, 5, 11)),
            *sessions("county_class", *(monday(y, 8, 1) for y in range(2026, 2031))),
            *sessions("yearly_class", *(monday(y, 6, 1) for y in range(2026, 2031))),
            *sessions("web", *(monday(y, 11, 5) for y in range(2026, 2031))),
        ],
        records=[record("judge", "law", day(2025, 5, 15), 30)],
    )
