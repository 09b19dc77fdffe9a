"""The sheets of a plan: headers, and rows of the whole or of a part of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from rotation_planner.domain.plan import Unmet
from rotation_planner.report.parts import Part
from rotation_planner.report.sheet import Column, Row
from rotation_planner.report.view import View, date, named
from rotation_planner.report.words import reason_words

CADRE = (Column("Cadre", 14), Column("Name", 16), Column("Unit", 26), Column("Post", 22), Column("Level", 14))

SESSIONS = (
    Column("Session", 30), Column("Course", 34), Column("Kind", 14), Column("Institution", 26),
    Column("Start", 12, "date"), Column("End", 12, "date"), Column("Classes", 9, "int"), Column("Attending", 10, "int"),
    Column("Seats", 9, "int"), Column("Seats filled", 13, "percent"), Column("Spend (yuan)", 14, "yuan"),
)
ROSTER = (
    Column("Session", 30), Column("Class", 7, "int"), Column("Course", 34), Column("Institution", 26),
    Column("Start", 12, "date"), Column("End", 12, "date"), *CADRE,
)
SCHEDULE = (
    *CADRE, Column("Start", 12, "date"), Column("End", 12, "date"), Column("Course", 34), Column("Session", 30),
    Column("Institution", 26), Column("Class", 7, "int"), Column("Hours", 8, "int"), Column("Remark", 60),
)
UNITS = (
    Column("Unit", 14), Column("Name", 30), Column("From", 12, "date"), Column("To", 12, "date"),
    Column("Most away on a working day", 14, "person"), Column("Release", 10, "person"),
    Column("Still free", 10, "person"), Column("Used", 9, "percent"),
)
LEDGER = (
    Column("Authority", 16), Column("Fund", 24), Column("Earmark", 20), Column("Year", 8),
    Column("Floor (yuan)", 16, "yuan"),
    Column("Planned (yuan)", 16, "yuan"), Column("Counted to floor (yuan)", 16, "yuan"),
    Column("Ceiling (yuan)", 16, "yuan"), Column("Missing to floor (yuan)", 16, "yuan"),
    Column("Left to ceiling (yuan)", 16, "yuan"),
)
UNMET = (
    Column("Duty", 16), Column("Cadre or fund", 16), Column("Name", 16), Column("Unit", 26), Column("Window", 14),
    Column("Required", 10, "int"), Column("Achieved", 10, "int"), Column("Shortfall", 10, "int"),
    Column("Missing", 9, "percent"), Column("Weight", 8, "int"), Column("Reason", 16), Column("In words", 80, "words"),
)


class Sheet(NamedTuple):
    """A sheet: name, headers, rows, and how many columns stay in view."""

    title: str
    columns: tuple[Column, ...]
    rows: Iterator[tuple[Any, ...]]
    freeze: int


def sheets_of(view: View, part: Part) -> Iterator[Sheet]:
    """The sheets of a part, in the order in which they are read."""
    yield Sheet("Sessions opened", SESSIONS, _sessions(view, part), 1)
    yield Sheet("Roster", ROSTER, _roster(view, part), 2)
    yield Sheet("Schedule", SCHEDULE, _schedule(view, part), 2)
    yield Sheet("Unit calendar", UNITS, _units(view, part), 2)
    yield Sheet("Ledger", LEDGER, _ledger(view, part), 4)
    yield Sheet("Unmet duties", UNMET, _unmet(view, part), 3)


def _cadre(view: View, cadre: str, day: int) -> tuple[str | None, ...]:
    post = view.post_on(cadre, day)
    return (
        cadre, view.cadres[cadre].name, view.unit_name(post.unit), post.title or post.id, named(view.levels[post.level])
    )


def _sessions(view: View, part: Part) -> Iterator[tuple[Any, ...]]:
    for run in part.runs:
        classes, heads = view.facts.classes[run.id], len(view.attending(run))
        seats = classes * run.course.max_size
        place = view.institutions[run.institution]
        yield (
            run.id, named(run.course), run.course.kind, named(place), date(run.start), date(run.end), classes, heads,
            seats, heads / seats, view.spend_yuan(run),
        )


def _roster(view: View, part: Part) -> Iterator[tuple[Any, ...]]:
    for a in part.attending(view):
        run = a.run
        yield (
            run.id, a.class_no, named(run.course), named(view.institutions[run.institution]), date(run.start),
            date(run.end), *_cadre(view, a.person.id, run.start),
        )


def _schedule(view: View, part: Part) -> Iterator[tuple[Any, ...]]:
    study = view.study
    for cadre in part.cadres:
        attended = view.attended_by(cadre)
        for a in attended:
            run = a.run
            yield (
                *_cadre(view, cadre, run.start), date(run.start), date(run.end), named(run.course), run.id,
                named(view.institutions[run.institution]), a.class_no, run.course.hours, None,
            )
        person = view.facts.people.of[cadre]
        for window, rule, hours in sorted(study.get(cadre, ())):
            remark = f"online or self-study, {window}, toward {rule}"
            yield (*_cadre(view, cadre, person.serves_from), None, None, None, None, None, None, hours, remark)
        if not attended and cadre not in study:
            yield Row((*_cadre(view, cadre, person.serves_from), *(None,) * 7, "nothing planned"))


def _units(view: View, part: Part) -> Iterator[tuple[Any, ...]]:
    for unit, first, last, away, release in part.units:
        row = (unit, view.unit_name(unit), first, last, away, release)
        if release is None:
            yield (*row, None, None)
            continue
        used = away / release if release else None
        yield (Row if away > release else tuple)((*row, release - away, used))


def _ledger(view: View, part: Part) -> Iterator[tuple[Any, ...]]:
    funds = view.scenario["funds"]
    earmarks = dict(zip(funds.tolist("id"), funds.tolist("earmark"), strict=True))
    for r in part.ledger:
        missing = max(0, r.floor_yuan - r.counted_yuan) if r.floor_yuan is not None else None
        left = r.ceiling_yuan - r.planned_yuan if r.ceiling_yuan is not None else None
        wrong = bool(missing) or (left is not None and left < 0)
        yield (Row if wrong else tuple)((
            r.authority, r.fund, ", ".join(earmarks.get(r.fund, ())) or "all", str(r.year), r.floor_yuan,
            r.planned_yuan, r.counted_yuan, r.ceiling_yuan, missing, left,
        ))


def _unmet(view: View, part: Part) -> Iterator[tuple[Any, ...]]:
    return (_unmet_row(view, u) for u in part.unmet)


def _unmet_row(view: View, u: Unmet) -> tuple[Any, ...]:
    subject = u.subject[0] if u.subject else ""
    name = unit = None
    if subject in view.cadres:
        name = view.cadres[subject].name
        unit = view.unit_name(view.post_on(subject, view.facts.people.of[subject].serves_from).unit)
    return (
        u.duty, subject, name, unit, " / ".join(u.subject[1:]) or None, u.required, u.achieved, u.shortfall,
        u.shortfall / u.required if u.required else None, u.weight or None, u.reason, reason_words(u),
    )
