"""Career events that start a clock."""

from __future__ import annotations

from rotation_planner.domain.policy import Selector
from rotation_planner.verify.facts import Facts
from rotation_planner.verify.people import Person

ENTRY = "entry"


def clock_events(
    facts: Facts, person: Person, kinds: tuple[str, ...], who: Selector
) -> list[tuple[int, str]]:
    """Day and kind of the events of some kinds on whose day the cadre is selected, in order of the days."""
    known = {(day, kind) for kind, day in person.events if kind in kinds}
    if person.entry_given is not None and ENTRY in kinds:
        known.add((person.entry_given, ENTRY))
    return sorted((day, kind) for day, kind in known if facts.selected(who, person, day))
