"""The courses of the rule book's town, its calendar of sessions, and who attends which in the planted plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from rotation_planner.domain.people import Competency
from rotation_planner.domain.teaching import Course, Institution, Subject, Term
from rotation_planner.generate.rule_book_people import COUNTY, EAST, WEST, Person
from rotation_planner.generate.workdays import START, YEARS

SCHOOL, ACADEMY = "school", "academy"
COURSES = (
    "theory", "finance east", "finance west", "governance east", "governance west", "seminar", "study tour",
    "cash rules", "workshop", "certificate", "on appointment", "induction", "young class", "online theory",
)
"""What the courses are called here; their ids are shuffled."""
SUBJECTS = (
    Subject(id="theory", name="理论", kind="theory"),
    Subject(id="party_spirit", name="党性", kind="party_spirit"),
    Subject(id="finance", name="财务"),
    Subject(id="governance", name="治理"),
    Subject(id="practice", name="实务"),
    Subject(id="cash", name="出纳"),
    Subject(id="teaching", name="教学"),
)
COMPETENCIES = tuple(Competency(id=i) for i in ("theory", "finance", "governance", "leadership"))
INSTITUTIONS = (
    Institution(id=SCHOOL, name="town school", authority=COUNTY, beds=24, rooms=3, teachers=4, staff=4),
    Institution(id=ACADEMY, name="county academy", authority=COUNTY, beds=6, rooms=1, teachers=2, staff=2),
)


def terms() -> list[Term]:
    """Two terms a year at both places."""
    spans = (((2, 25), (7, 20)), ((8, 25), (12, 20)))
    return [
        Term(institution=i, start=dt.date(START.year + y, *a), end=dt.date(START.year + y, *z))
        for i in (SCHOOL, ACADEMY)
        for y in range(YEARS)
        for a, z in spans
    ]


def courses(ids: dict[str, str]) -> list[Course]:
    """Every course, under shuffled ids."""

    def course(name: str, **said: object) -> Course:
        base = {
            "id": ids[name], "name": f"{name} (generated)", "interactive_per_mille": 300, "teachers_per_class": 1,
            "staff_per_class": 1, "cost_per_class_yuan": 3000, "cost_per_session_yuan": 1500,
            "cost_per_trainee_day_yuan": 260,
        }
        return Course.model_validate(base | said)

    def business(name: str, owner: str, subject: str, before: str | None = None) -> Course:
        return course(
            name, kind="specialised", subjects={"theory": 200, subject: 700}, interactive_per_mille=400, days=3,
            hours=18, min_size=6, max_size=10, validity_months=18, owner=owner, competencies=(subject,),
            teaches={subject: 3}, prerequisites=() if before is None else (ids[before],),
        )

    mixed = {"theory": 400, "party_spirit": 200, "practice": 400}
    return [
        course("theory", kind="theory", subjects={"theory": 600, "party_spirit": 250}, leaders_per_mille=250, days=5,
               hours=30, min_size=12, max_size=20, validity_months=10, competencies=("theory",), teaches={"theory": 2}),
        business("finance east", EAST, "finance"),
        business("finance west", WEST, "finance"),
        business("governance east", EAST, "governance", "finance east"),
        business("governance west", WEST, "governance", "finance west"),
        course("seminar", kind="rotation", subjects={"theory": 300, "governance": 500}, interactive_per_mille=500,
               days=3, hours=18, max_size=6, validity_months=18, owner=COUNTY, competencies=("leadership",)),
        course("study tour", kind="rotation", subjects={"practice": 1000}, channel="going_out", days=5, hours=20,
               max_size=6, validity_months=24, owner=EAST, residential=False),
        course("cash rules", subjects={"cash": 1000}, pattern="afternoons", day_fraction_per_mille=500, days=4,
               hours=12, validity_months=18, residential=False, categories=("cashier",), covers=False),
        course("workshop", subjects={"teaching": 1000}, interactive_per_mille=600, pattern="weekends",
               day_fraction_per_mille=0, days=2, hours=12, validity_months=8, residential=False,
               categories=("trainer",), covers=False),
        course("certificate", subjects={"practice": 600, "teaching": 100}, days=5, hours=30, categories=("trainer",)),
        course("on appointment", kind="on_appointment", subjects=mixed, days=12, hours=72),
        course("induction", kind="induction", subjects=mixed, days=10, hours=60),
        course("young class", kind="in_service", subjects={"theory": 500, "party_spirit": 200, "practice": 300},
               days=20, hours=120, validity_months=60, categories=("reserve",), max_size=8),
        course("online theory", kind="theory", subjects={"theory": 700, "party_spirit": 300}, leaders_per_mille=300,
               channel="online", pattern="evenings", day_fraction_per_mille=0, days=5, hours=10, validity_months=10,
               residential=False, max_size=80, teachers_per_class=0, staff_per_class=0),
    ]


@dataclass(frozen=True)
class Run:
    """A session, and who attends it in the planted plan (nobody: it does not run)."""

    course: str
    start: dt.date
    place: str = SCHOOL
    attends: Callable[[Person], bool] = lambda _: False


def nth(year: int, month: int, n: int, weekday: int = 0) -> dt.date:
    """The n-th Monday (or other day) of a month."""
    first = dt.date(year, month, 1)
    return first + dt.timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))


THEORY_WEEKS = ((3, 2), (4, 2), (5, 2), (6, 2))
BUSINESS_WEEKS = ((9, 2), (10, 3), (11, 1), (11, 4))
"""Month, and which Monday of it, of each wave: so at most two of an office are away at once."""


def calendar() -> list[Run]:
    """Every session of the horizon."""
    return [run for y in range(YEARS) for run in (*_waves(y), *_special(y), *_unused(y))]


def _waves(y: int) -> list[Run]:
    year, runs = START.year + y, []
    subject = "governance" if y % 2 else "finance"
    for wave in range(4):
        first = nth(year, *THEORY_WEEKS[wave])

        def studies(p: Person, w: int = wave, d: dt.date = first) -> bool:
            return p.wave == w and p.serves(d)

        runs.append(Run("theory", first, SCHOOL, studies))
        start = nth(year, *BUSINESS_WEEKS[wave])
        for side, authority in (("east", EAST), ("west", WEST)):

            def attends(p: Person, w: int = wave, a: str = authority, d: dt.date = start) -> bool:
                new = p.entered is not None and p.entered.year == d.year
                return p.wave == w and p.authority == a and p.serves(d) and not new

            runs.append(Run(f"{subject} {side}", start, SCHOOL, attends))
    return runs


def _special(y: int) -> list[Run]:
    year = START.year + y
    june = nth(year, 6, 4)
    runs = [
        Run("seminar", june, ACADEMY, lambda p: p.head and (p.unit + y) % 2 == 0),
        Run("workshop", nth(year, 10, 3, 5), SCHOOL, lambda p: p.category == "trainer"),
        Run("cash rules", nth(year, 9, 4), SCHOOL, lambda p: p.category == "cashier" and y % 2 == 0),
        Run("on appointment", nth(year, 6, 3), SCHOOL, lambda p: p.promoted is not None and p.promoted.year == year),
    ]
    if y == 1:
        runs += [
            Run("induction", nth(year, 9, 3), SCHOOL, lambda p: p.entered is not None),
            Run("young class", dt.date(year, 8, 28), SCHOOL, lambda p: p.category == "reserve" and not p.long_before),
            Run("study tour", june),
        ]
    return runs


def _unused(y: int) -> list[Run]:
    """Sessions that the planted plan leaves closed."""
    year = START.year + y
    december = nth(year, 12, 1)
    subject = "governance" if y % 2 else "finance"
    runs = [
        Run("theory", december), Run(f"{subject} east", december + dt.timedelta(days=7)),
        Run(f"{subject} west", december + dt.timedelta(days=7)), Run("seminar", nth(year, 7, 1), ACADEMY),
        Run("cash rules", nth(year, 11, 2)), Run("workshop", nth(year, 12, 1, 5)),
        Run("online theory", nth(year, 3, 1)), Run("on appointment", nth(year, 11, 1)),
    ]
    if y in (2, 3):
        runs += [Run("induction", nth(year, 3, 3)), Run("young class", dt.date(year, 8, 27))]
    return runs
