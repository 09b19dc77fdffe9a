"""Chinese cadres under the regulation of 2023 and the plans around it.

Verified (S): 550 hours or three months in five years from county level up, 90 hours or 12 days a year below, 50 hours
online a year, a fifth of the leading teams a year, the shares of content of main classes, and what a prefecture asks
of county teams. From a machine translation (M): the days of induction (12) and of training for a promotion (30 and
15). Unverified (U): that a month has 22 days of teaching; how long before a promotion its training may lie; that days
count of collective training only, and online hours not toward the five years; which courses are main classes.

Either measure is enough: whoever reaches the hours or the days owes nothing more, and what is missing is told in the
nearer of the two. Some figures come from plans of earlier periods (2018-2022, the 13th five-year plan); they say so.
"""

from __future__ import annotations

from typing import Literal

from rotation_planner.domain.policy import (
    EVERYONE,
    AnyRule,
    CourseContent,
    CourseSelector,
    Coverage,
    GroupShare,
    InstitutionContent,
    Policy,
    Selector,
    Total,
)
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
from rotation_planner.presets.cn_2023_office import made_up
from rotation_planner.presets.figures import Figure, line
from rotation_planner.presets.limits import LIMITS

_TEAMS = line(
    "county team members | system theory every 2-3 years; at least 2 months in five years; about one "
    "specialised week a year "
    "(a prefecture's 2018-2022 plan) | S"
)
_CONTENT = line(
    "content of main classes | theory + party spirit >= 70 % of hours, party spirit >= 20 %, leaders' "
    "lectures >= 20 %, "
    "interactive methods >= 30 % | S"
)
_LEADERS = line(
    "leading team members | at least 1/5 a year, and 1/5 of township heads a year (2018-2022 plan) | S"
)
ONLINE = Figure(
    50, "hours", "online in a year",
    line("online | at least 50 hours a year (2023-2027 plan, as cited by a provincial academy) | S"), "S",
)
ROTATION = Figure(
    1, "course", "in five years for everyone",
    "notes on the domain, Words: rotation training | every cadre trained once in about five years", "U",
)
LEADERS = Figure(200, "per mille", "of the members of leading teams trained each year", _LEADERS, "S")
TOWNSHIP_HEADS = Figure(200, "per mille", "of the township heads trained each year", _LEADERS, "S")
THEORY_AND_SPIRIT = Figure(700, "per mille", "of the hours: theory and party spirit", _CONTENT, "S")
SPIRIT = Figure(200, "per mille", "of the hours: party spirit", _CONTENT, "S")
LEADERS_LECTURES = Figure(200, "per mille", "of the hours: lectures that leaders give", _CONTENT, "S")
INTERACTIVE = Figure(300, "per mille", "of the hours: interactive methods", _CONTENT, "S")
TEAM_THEORY = Figure(36, "months", "in which a member of a county team has a theory course", _TEAMS, "S")
TEAM_MONTHS = Figure(2, "months", "full-time in five years, members of county teams", _TEAMS, "S")
TEAM_WEEK = Figure(5, "days", "of specialised training in a year, members of county teams (a week)", _TEAMS, "D")
GRASS_ROOTS = Figure(
    6, "days", "full-time in a year, grass-roots posts",
    line("grass-roots posts | at least 6 full-time days a year (13th five-year plan) | S"), "S",
)

SUMMARY = "Cadres in China under the regulation of 2023: hours or days, online, induction, promotion, teams, content."
SOURCES = (
    *IN_SERVICE_FIGURES, ONLINE, *EVENT_FIGURES, ROTATION, LEADERS, TOWNSHIP_HEADS, THEORY_AND_SPIRIT, SPIRIT,
    LEADERS_LECTURES, INTERACTIVE, TEAM_THEORY, TEAM_MONTHS, TEAM_WEEK, GRASS_ROOTS,
)
LEFT_OUT = (
    "One collective study of each leading team a quarter: there is no rule for team events yet.",
    ("Withdrawal after leave above 1/7 of a session's hours: there is no rule for attendance yet; record "
    "such a training "
    "with the result withdrawn."),
    ("Approval of call-ups, declaration of sessions, budget figures and fees: rules `approval` and `seat_quota`, table "
     "`funds`; their figures are those of an office."),
    "Carry-over of surplus hours (some places): put `carry_over` in the place of the rule `yearly`.",
    "Call-ups in a year and people released at once: no source states a figure; add `call_ups` and `unit_release`.",
)

MAIN_CLASSES = CourseSelector(kinds=("theory", "rotation"), channels=("centre",))
FULL_TIME = CourseSelector(channels=("centre", "going_out"), full_time=True)
LEADING = Selector(categories=("leading",))


def policy(
    *,
    county: str = "deputy_county",
    below_county: str = "section",
    section: str = "deputy_section",
    who: Selector = EVERYONE,
    leaders: Selector = LEADING,
    township_heads: Selector | None = None,
    county_teams: Selector | None = None,
    grass_roots: Selector | None = None,
    main_classes: CourseSelector = MAIN_CLASSES,
    content_per: Literal["course", "institution"] = "course",
    month_days: int = MONTH_DAYS.value,
    months_before: int = PROMOTION_BEFORE.value,
) -> Policy:
    """Rules for the cadres of an office.

    Parameters
    ----------
    county, below_county, section : str
        Lowest level counted to the county level (with rank 四级调研员 and above); highest level below it; lowest level
        of section leaders.
    who : Selector
        Cadres, where others are planned together with them. It must not state levels.
    leaders : Selector
        Members of leading teams.
    township_heads, county_teams, grass_roots : Selector, optional
        Whom the further rules of earlier plans are about; without it there is no such rule.
    main_classes : CourseSelector
        Main classes, whose content has its shares [U].
    content_per : str
        ``course``: a main class without its shares does not run; ``institution``: the shares are a duty of each
        institution's year.
    month_days : int
        Days of teaching in a month [U].
    months_before : int
        Months before a promotion from which a training for it counts [U].

    Notes
    -----
    The five years are the horizon, which therefore should have five. Whose level counts toward the hours is that of the
    first day of service in the horizon: whoever is promoted later is still counted with the level held then. Who serves
    less than twelve months of a window owes nothing in it.
    """
    if content_per not in ("course", "institution"):
        raise ValueError(f"content_per is course or institution, not {content_per!r}")
    rules: list[AnyRule] = [
        *LIMITS,
        Coverage(who=who),
        five_years(who, county, month_days),
        yearly(who, below_county),
        Total(
            name="online", amount=ONLINE.value, window="year", who=who, which=CourseSelector(channels=("online",))
        ),
        induction(who),
        on_appointment(who, section, county, months_before),
        GroupShare(
            name="leaders", share_per_mille=LEADERS.value, per="authority", who=leaders, which=FULL_TIME
        ),
        *_content(main_classes, content_per),
    ]
    if township_heads is not None:
        rules.append(GroupShare(
            name="township_heads", share_per_mille=TOWNSHIP_HEADS.value, per="authority", who=township_heads,
            which=FULL_TIME,
        ))
    if county_teams is not None:
        rules += _of_county_teams(county_teams, month_days)
    if grass_roots is not None:
        rules.append(Total(
            name="grass_roots", measure="days", amount=GRASS_ROOTS.value, window="year", who=grass_roots,
            which=FULL_TIME,
        ))
    return Policy(rules=tuple(rules))


def _content(which: CourseSelector, per: str) -> list[AnyRule]:
    """The four shares."""
    rule = CourseContent if per == "course" else InstitutionContent
    return [
        rule(name="theory_and_spirit", subject_kinds=("theory", "party_spirit"), per_mille=THEORY_AND_SPIRIT.value,
             which=which),
        rule(name="party_spirit", subject_kinds=("party_spirit",), per_mille=SPIRIT.value, which=which),
        rule(name="leaders_lectures", part="leaders", per_mille=LEADERS_LECTURES.value, which=which),
        rule(name="interactive", part="interactive", per_mille=INTERACTIVE.value, which=which),
    ]


def _of_county_teams(who: Selector, month_days: int) -> list[AnyRule]:
    """Theory within any three years, two months in five years, a specialised week a year."""
    return [
        Total(
            name="team_theory", measure="sessions", amount=1, window="rolling", months=TEAM_THEORY.value,
            look_back=False, who=who, which=CourseSelector(kinds=("theory",)), part_service="exempt",
        ),
        Total(
            name="team_months", measure="days", amount=TEAM_MONTHS.value * month_days, window="horizon", who=who,
            which=FULL_TIME,
        ),
        Total(
            name="team_week", measure="days", amount=TEAM_WEEK.value, window="year", who=who,
            which=CourseSelector(kinds=("specialised",)),
        ),
    ]


def scenario() -> Scenario:
    """Thirteen cadres of a county and a township over five years."""
    every = policy(
        township_heads=Selector(units=("town",), categories=("leading",)), county_teams=Selector(level_low="county"),
        grass_roots=Selector(units=("town",)),
    )
    return made_up(every)
