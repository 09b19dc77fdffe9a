"""Institutions, courses and candidate sessions of every authority."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import numpy as np

from rotation_planner.domain.calendar import Calendar
from rotation_planner.domain.teaching import Channel, Course, CourseKind, Pattern
from rotation_planner.generate.body import Body
from rotation_planner.generate.careers import Careers
from rotation_planner.generate.realplans import Draw
from rotation_planner.generate.workdays import DAYS, START, YEARS, ZERO

HOURS_A_DAY = 7.5
"""90 hours for 12 days [S]."""


@dataclass
class School:
    """An institution, by number. Beds and rooms are first a target, after planting what is needed."""

    name: str
    authority: int
    place: int
    residential: bool
    beds: int | None
    rooms: int | None


@dataclass
class CourseSpec:
    """A course by numbers; sizes are settled after planting."""

    name: str
    kind: CourseKind
    owner: int
    school: int
    low: int
    high: int
    """Levels, by number."""
    categories: tuple[int | str, ...] = ()
    """Numbers of kinds of work, or names of extra ones."""
    duty: int | None = None
    days: int = 3
    channel: Channel = "centre"
    pattern: Pattern = "full_time"
    residential: bool = True
    fraction: int = 1000
    size: int = 50
    quota: bool = False
    validity: int = 36
    competencies: tuple[int, ...] = ()
    prerequisite: int | None = None
    equivalent: int | None = None
    substitute: int | None = None
    min_size: int = 1
    classes: int = 1

    @property
    def hours(self) -> int:
        """Hours credited."""
        return int(self.days * HOURS_A_DAY)

    @property
    def call_up(self) -> bool:
        """Whether attendance counts as a call-up."""
        return self.pattern == "full_time" and self.channel in ("centre", "going_out") and self.days >= 3


@dataclass
class Catalogue:
    """Schools, courses, and candidate sessions in order of start."""

    schools: list[School] = field(default_factory=list)
    courses: list[CourseSpec] = field(default_factory=list)
    course: list[int] = field(default_factory=list)
    """Course of each session; ``runs`` are its stretches of days (first, last), counted from the horizon's start."""
    runs: list[list[tuple[int, int]]] = field(default_factory=list)

    _owned: dict[int, tuple[list[int], list[int]]] = field(default_factory=dict)

    def owned(self, authorities: list[int]) -> list[int]:
        """Courses of an authority and those above it, in order."""
        return self._of(authorities)[0]

    def sessions_owned(self, authorities: list[int]) -> list[int]:
        """Sessions of these courses, in order."""
        return self._of(authorities)[1]

    def _of(self, authorities: list[int]) -> tuple[list[int], list[int]]:
        if authorities[0] not in self._owned:
            courses = [c for c, spec in enumerate(self.courses) if spec.owner in authorities]
            among = set(courses)
            self._owned[authorities[0]] = courses, [s for s, c in enumerate(self.course) if c in among]
        return self._owned[authorities[0]]

    def start(self, s: int) -> int:
        """First day of a session."""
        return self.runs[s][0][0]

    def end(self, s: int) -> int:
        """Last day of a session."""
        return self.runs[s][-1][1]

    def year(self, s: int) -> int:
        """Year of the start, from 0."""
        return (START + dt.timedelta(days=self.start(s))).year - START.year


COMPETENCIES = 24
DATES = 7
"""Candidate dates of a course in the five years."""


def draw_catalogue(
    rng: np.random.Generator, body: Body, careers: Careers, calendar: Calendar, shared: bool
) -> Catalogue:
    """Draw the courses and candidate sessions of a body.

    Parameters
    ----------
    shared : bool
        Whether each upper authority has an academy of its own whose places all its regions share.
    """
    cat = Catalogue()
    draw = Draw(rng, body.chinese)
    people = np.bincount(np.array(body.unit_authority)[body.unit], minlength=len(body.authorities))
    upper_of = np.array([body.above[a][1] for a in body.unit_authority])[body.unit]
    band = body.band[body.level]
    words = ("上级党校", "共享学院", "高校") if body.chinese else ("Central school", "Shared academy", "University")
    body.places.append(("university city", 32.06, 118.80) if body.chinese else ("university city", 51.75, -1.26))
    for i, upper in enumerate(body.uppers):
        under = upper_of == upper
        n, seat, central = int(under.sum()), body.seats[upper], len(cat.schools)
        cat.schools.append(School(words[0], upper, seat, True, max(40, n // 40), None))
        if i == 0:
            cat.schools.append(School(words[2], 0, len(body.places) - 1, True, None, None))
        _senior_courses(rng, draw, cat, body, upper, central, int((under & (band == 2)).sum()))
        if shared:
            academy = len(cat.schools)
            beds, rooms = max(60, min(4000, n // 60)), max(3, min(80, n // 1500))  # no academy is larger
            cat.schools.append(School(words[1], upper, seat, True, beds, rooms))
            _shared_courses(rng, draw, cat, body, upper, academy, float((under & (band == 1)).sum()))
    if 0 not in body.uppers:
        seniors = int((band == 2).sum())
        cat.schools.append(School("国家行政学院", 0, 0, True, max(60, seniors // 40), max(3, seniors // 2000)))
        _national_courses(rng, draw, cat, body, len(cat.schools) - 1, seniors)
    for a in sorted(set(body.unit_authority)):
        _region_courses(rng, draw, cat, body, careers, a, int(people[a]))
    _relations(rng, cat)
    _sessions(rng, draw, cat, calendar)
    return cat


UNIVERSITY = 1
"""Number of the school to which people go out."""
GENERIC: tuple[tuple[CourseKind, int, int], ...] = (("theory", 5, 7), ("rotation", 3, 5), ("theory", 3, 4))
"""Courses for everybody of a band: kind, days from, days to."""
OWN: tuple[tuple[CourseKind, int, int], ...] = (
    ("specialised", 4, 5),
    ("specialised", 2, 3),
    ("in_service", 7, 10),
    ("specialised", 4, 7),
    ("rotation", 2, 3),
)
"""Courses for one kind of work."""
SPECIAL: tuple[tuple[str, CourseKind, int], ...] = (
    ("new_recruit", "induction", 12),
    ("new_recruit", "induction", 14),
    ("newly_appointed", "on_appointment", 15),
    ("newly_appointed", "on_appointment", 15),
    ("reserve", "in_service", 30),
    ("trainer", "in_service", 5),
)
"""Courses for recruits, the newly appointed, the reserve and trainers: at least 12 and 15 days [M]."""


def _levels(body: Body, band: int) -> tuple[int, int]:
    numbers = np.flatnonzero(body.band == band)
    return int(numbers[0]), int(numbers[-1])


def _finish(rng: np.random.Generator, draw: Draw, spec: CourseSpec, audience: float) -> CourseSpec:
    """Draw what does not depend on the audience's kind: size, validity, competencies."""
    expected = audience * 0.75  # attendances in five years
    real = draw.class_size()
    if expected < 36:
        spec.quota = True
        spec.size = max(2, min(12, round(expected / 3)))
    else:
        spec.size = int(np.clip(real, 8, max(10, expected / 3)))
    spec.validity = int(rng.choice([24, 24, 36, 36, 48]))
    spec.competencies = tuple(int(k) for k in rng.choice(COMPETENCIES, int(rng.integers(2, 5)), replace=False))
    return spec


def _senior_courses(
    rng: np.random.Generator, draw: Draw, cat: Catalogue, body: Body, owner: int, central: int, seniors: int
) -> None:
    """County level and above: a month, theory, themes; quotas at the upper school (1-3 months in five years [S])."""
    if not seniors:
        return
    low, high = _levels(body, 2)
    plan: list[tuple[CourseKind, int, int, int]] = [
        ("in_service", 30, 30, 1),
        ("in_service", 20, 30, 1),
        ("theory", 14, 15, 0),
        ("theory", 5, 10, 1),
        ("rotation", 3, 5, 0),
        ("specialised", 5, 8, 0),
        ("specialised", 7, 10, 1),
        ("specialised", 4, 7, 0),
        ("on_appointment", 30, 30, 0),
    ]
    for kind, a, b, out in plan:
        days = 30 if a == 30 else draw.days(a, b)
        school = UNIVERSITY if out else central
        spec = CourseSpec(draw.name(kind, 2), kind, owner, school, low, high, days=days)
        if kind == "on_appointment":
            spec.categories = ("newly_appointed",)
        if out:
            spec.channel = "going_out"
        cat.courses.append(_finish(rng, draw, spec, seniors))


def _shared_courses(
    rng: np.random.Generator, draw: Draw, cat: Catalogue, body: Body, owner: int, school: int, leaders: float
) -> None:
    """Courses at section level at the academy that all regions of an upper authority share."""
    low, high = _levels(body, 1)
    plan: list[tuple[CourseKind, int, int]] = [("theory", 5, 10), ("specialised", 4, 7), ("in_service", 10, 15)]
    for kind, a, b in plan:
        spec = CourseSpec(draw.name(kind, 1), kind, owner, school, low, high, days=draw.days(a, b))
        cat.courses.append(_finish(rng, draw, spec, leaders * 0.5))


def _national_courses(
    rng: np.random.Generator, draw: Draw, cat: Catalogue, body: Body, school: int, seniors: int
) -> None:
    """Courses at county level and above at the national academy, whose places all provinces share."""
    low, high = _levels(body, 2)
    plan: list[tuple[CourseKind, int, int]] = [("theory", 14, 15), ("in_service", 20, 30), ("specialised", 5, 8)]
    for kind, a, b in plan:
        spec = CourseSpec(draw.name(kind, 2), kind, 0, school, low, high, days=draw.days(a, b))
        cat.courses.append(_finish(rng, draw, spec, seniors * 0.2))


def _region_courses(
    rng: np.random.Generator, draw: Draw, cat: Catalogue, body: Body, careers: Careers, a: int, count: int
) -> None:
    """Courses that one authority runs for its own people."""
    place = body.seats[a]
    school = len(cat.schools)
    words = ("党校", "基层教学点") if body.chinese else ("Residential college", "Day centre")
    # 150-200 beds for a county of 4,005 [S]
    beds = max(40, round(0.04 * count))
    cat.schools.append(School(f"{words[0]}{a}", a, place, True, beds, max(3, round(count / 700))))
    cat.schools.append(School(f"{words[1]}{a}", a, place, False, None, max(3, round(count / 800))))
    mine = np.array(body.unit_authority)[body.unit] == a
    band = body.band[body.level]
    for b in (0, 1):
        group = mine & (band == b)
        total = float(group.sum())
        if not total:
            continue
        low, high = _levels(body, b)
        numbers = np.bincount(body.category[group], minlength=len(body.categories))
        groups: list[tuple[int, ...]] = [(int(c),) for c in np.flatnonzero(numbers)]
        if total < 700:  # a small body cannot fill classes of one kind of work only
            ordered = sorted(groups, key=lambda g: -numbers[g[0]])
            groups = [tuple(sorted(g[0] for g in ordered[i::2])) for i in range(min(2, len(ordered)))]
        for kind, x, y in GENERIC:
            spec = CourseSpec(draw.name(kind, b), kind, a, school, low, high, days=draw.days(x, y))
            _channel(rng, spec, school)
            cat.courses.append(_finish(rng, draw, spec, total))
        for g in groups:
            for kind, x, y in OWN:
                spec = CourseSpec(draw.name(kind, b), kind, a, school, low, high, g, days=draw.days(x, y))
                _channel(rng, spec, school)
                cat.courses.append(_finish(rng, draw, spec, float(numbers[list(g)].sum())))
        for d in range(len(body.duties)):
            at = low if b == 1 else 0
            name = draw.name("specialised", b)
            spec = CourseSpec(name, "specialised", a, school, at, high, duty=d, days=draw.days(3, 5))
            _channel(rng, spec, school)
            cat.courses.append(_finish(rng, draw, spec, total / len(body.duties)))
    top = _levels(body, 1)[1]
    for extra, kind, days in SPECIAL:
        who = sum(1 for p in np.flatnonzero(mine) if extra in careers.extras[int(p)])
        spec = CourseSpec(draw.name(kind, 1), kind, a, school, 0, top, (extra,), days=days)
        if kind == "on_appointment":
            spec.low = _levels(body, 1)[0]
        cat.courses.append(_finish(rng, draw, spec, who * (0.6 if days > 6 else 1.2)))
        spec.validity = 0 if days > 6 else 36


def _channel(rng: np.random.Generator, spec: CourseSpec, school: int) -> None:
    """Where and how a short course is held: at the school, invited in, sent down, a day a week, or going out."""
    draw = rng.random()
    if spec.days <= 4 and draw < 0.45:
        spec.school, spec.residential = school + 1, False
        spec.channel = "invite_in" if draw < 0.3 else "send_down"
    elif spec.days <= 5 and draw < 0.6:
        spec.school, spec.residential, spec.pattern = school + 1, False, "weekly"
    elif 5 <= spec.days <= 10 and draw > 0.88:
        spec.school, spec.channel = UNIVERSITY, "going_out"


def _relations(rng: np.random.Generator, cat: Catalogue) -> None:
    """Equivalents, one-way substitutes and prerequisites among courses for the same people."""
    by_audience: dict[tuple[object, ...], list[int]] = {}
    for c, spec in enumerate(cat.courses):
        if spec.kind in ("specialised", "in_service", "theory") and spec.categories[:1] not in (
            ("reserve",),
            ("trainer",),
        ):
            by_audience.setdefault((spec.owner, spec.low, spec.high, spec.categories, spec.duty), []).append(c)
    for same in by_audience.values():
        if len(same) < 4:
            continue
        one, two, three, four = (int(c) for c in rng.permutation(same)[:4])
        draw = rng.random()
        if draw < 0.25:
            cat.courses[one].equivalent = two
        elif draw < 0.5:
            long, short = sorted((one, two), key=lambda c: -cat.courses[c].days)
            cat.courses[long].substitute = short
        if rng.random() < 0.5:
            basic, advanced = sorted((three, four), key=lambda c: cat.courses[c].days)
            cat.courses[advanced].prerequisite = basic


def _sessions(rng: np.random.Generator, draw: Draw, cat: Catalogue, calendar: Calendar) -> None:
    """Candidate dates of every course: at least one a year, by the real months, none in the closures."""
    found: list[tuple[int, int, list[tuple[int, int]]]] = []
    for c, spec in enumerate(cat.courses):
        urgent = spec.kind in ("induction", "on_appointment")
        count = 10 if urgent else DATES + int(rng.integers(-1, 2))
        years = list(range(YEARS)) * 2 if urgent else [*range(YEARS), *rng.choice(YEARS, count - YEARS).tolist()]
        model = Course(id="x", days=spec.days, pattern=spec.pattern)
        taken: list[int] = []
        for i, y in enumerate(years):
            for attempt in range(200):
                month = draw.month()
                if urgent and attempt < 100 and (month <= 6) != (i < YEARS):
                    continue
                day = dt.date(START.year + y, month, int(rng.integers(1, 29)))
                day = calendar.next_working(day - dt.timedelta(days=day.weekday()))
                if day < START or day.year != START.year + y:
                    continue
                runs = [(x.toordinal() - ZERO, z.toordinal() - ZERO) for x, z in calendar.stretches(model, day)]
                last = START + dt.timedelta(days=runs[-1][1])
                if runs[-1][1] >= DAYS or last.year != day.year or not _in_term(day, last):
                    continue
                if any(abs(runs[0][0] - t) < 21 for t in taken):
                    continue
                taken.append(runs[0][0])
                found.append((runs[0][0], c, runs))
                break
    found.sort(key=lambda f: (f[0], f[1]))
    cat.course = [c for _, c, _ in found]
    cat.runs = [r for _, _, r in found]


TERMS = (((2, 24), (7, 20)), ((8, 28), (12, 24)))
"""Terms of all schools: from March and from September [S], a little wider."""


def _in_term(first: dt.date, last: dt.date) -> bool:
    return any(a <= (first.month, first.day) and (last.month, last.day) <= b for a, b in TERMS)
