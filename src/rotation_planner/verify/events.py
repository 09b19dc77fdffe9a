"""Career events that start a clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from rotation_planner.domain.policy import Selector
from rotation_planner.verify.facts import Facts
from rotation_planner.verify.people import Person

ENTRY = "entry"


def entries(facts: Facts) -> dict[str, int]:
    """Cadre to the day of entry, where the cadres table gives it."""
    cadres = facts.scenario["cadres"]
    given: Iterable[tuple[str, dt.date | None]] = zip(cadres.tolist("id"), cadres.tolist("entered"), strict=True)
    return {id_: day.toordinal() for id_, day in given if day is not None}


def clock_events(
    facts: Facts, person: Person, entered: int | None, kinds: tuple[str, ...], who: Selector
) -> list[tuple[int, str]]:
    """Day and kind of the events of some kinds on whose day the cadre is selected, in order of the days."""
    known = {(day, kind) for kind, day in person.events if kind in kinds}
    if entered is not None and ENTRY in kinds:
        known.add((entered, ENTRY))
    return sorted((day, kind) for day, kind in known if facts.selected(who, person, day))
