"""The small scenario of the preset cn_2023: thirteen cadres of a county and one of its townships."""

from __future__ import annotations

from rotation_planner.domain.organisation import Unit
from rotation_planner.domain.people import Category, Event, Leave, Level, Post
from rotation_planner.domain.policy import Policy
from rotation_planner.domain.scenario import Scenario
from rotation_planner.domain.teaching import Course, Session, Subject
from rotation_planner.presets.small import course, day, monday, office, people, record, sessions

YEARS = range(2026, 2031)
LEVELS = ("below_section", "deputy_section", "section", "deputy_county", "county")


def made_up(policy: Policy) -> Scenario:
    """Thirteen cadres: leaders, one who retires, one away for three years, promotions, recruits, a township."""
    lead = ("leading",)
    return office(
        policy, "cn_2023",
        units=[Unit(id="county_office", authority="office"), Unit(id="town", authority="office")],
        levels=[Level(id=name, rank=rank) for rank, name in enumerate(LEVELS, 1)],
        categories=[Category(id="leading", name="领导干部"), Category(id="new", name="初任")],
        subjects=[
            Subject(id="theory", kind="theory"), Subject(id="spirit", kind="party_spirit"), Subject(id="economy"),
        ],
        posts=[
            Post(id="secretary_post", unit="county_office", level="county", categories=lead),
            Post(id="deputy_post", unit="county_office", level="deputy_county", categories=lead),
            Post(id="section_post", unit="county_office", level="section", categories=lead),
            Post(id="clerk_post", unit="county_office", level="below_section"),
            Post(id="recruit_post", unit="county_office", level="below_section", categories=("new",)),
            Post(id="town_clerk_post", unit="town", level="below_section"),
            Post(id="town_head_post", unit="town", level="deputy_section", categories=lead),
        ],
        cadres=[
            *people("secretary", post="secretary_post"),
            *people("mayor", "engineer", "absent", post="deputy_post"),
            *people("chief", "late_chief", "head", post="section_post"),
            *people("clerk", post="clerk_post"),
            *people("away", "town_head", post="town_clerk_post"), *people("town_deputy", post="town_head_post"),
            *people(post="recruit_post", recruit=day(2026, 9, 1), late_recruit=day(2028, 11, 1)),
        ],
        events=[
            Event(cadre="engineer", kind="retirement", date=day(2028, 7, 1)),
            Event(cadre="chief", kind="promotion", date=day(2027, 7, 1), post="deputy_post"),
            Event(cadre="late_chief", kind="promotion", date=day(2026, 3, 1), post="deputy_post"),
            Event(cadre="town_head", kind="promotion", date=day(2028, 2, 1), post="town_head_post"),
        ],
        leave=[
            Leave(cadre="absent", start=day(2026, 1, 1), end=day(2028, 12, 31)),
            Leave(cadre="away", start=day(2027, 5, 1), end=day(2027, 6, 30)),
            Leave(cadre="away", start=day(2028, 11, 1), end=day(2028, 12, 31)),
        ],
        courses=_courses(),
        sessions=_sessions(),
        records=[record("late_chief", "fifteen_days", day(2025, 10, 24), 90)],
    )


def _courses() -> list[Course]:
    """Those of county level, of the others, of newcomers and the promoted, and online."""
    full = {"theory": 500, "spirit": 250, "economy": 250}
    return [
        course("main_class", kind="theory", days=20, hours=150, level_low="deputy_county", subjects=full,
               interactive_per_mille=300, leaders_per_mille=200),
        # 75 % theory and party spirit, but only 15 % party spirit: it never runs.
        course("lectures", kind="theory", days=20, hours=150, level_low="deputy_county",
               subjects={"theory": 600, "spirit": 150}, interactive_per_mille=300, leaders_per_mille=200),
        course("finance_week", kind="specialised", days=5, hours=35, level_low="county"),
        course("yearly_class", days=12, hours=72, level_high="section"),
        course("induction", kind="induction", days=12, hours=72, categories=("new",)),
        course("fifteen_days", kind="on_appointment", days=15, hours=90, level_low="deputy_section"),
        course("thirty_days", kind="on_appointment", days=30, hours=180, level_low="deputy_section"),
        course("web", days=10, hours=50, channel="online", pattern="evenings", day_fraction_per_mille=0, covers=False),
    ]


def _sessions() -> list[Session]:
    """Main classes in April and lectures in September, the rest around them; no finance week in 2030."""
    return [
        *sessions("main_class", *(monday(y, 4, 20) for y in YEARS)),
        *sessions("lectures", *(monday(y, 9, 1) for y in YEARS)),
        *sessions("finance_week", *(monday(y, 6, 8) for y in range(2026, 2030))),
        *sessions("yearly_class", *(monday(y, 5, 25) for y in YEARS)),
        *sessions("induction", *(monday(y, 10, 8) for y in (2026, 2027))),
        *sessions("fifteen_days", monday(2026, 10, 8), monday(2028, 10, 8)),
        *sessions("thirty_days", monday(2028, 3, 1)),
        *sessions("web", *(monday(y, 11, 5) for y in YEARS)),
    ]
