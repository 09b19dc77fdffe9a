"""Dates of a life: birth, entry, events, records."""

from __future__ import annotations

import datetime as dt

from rotation_planner.check.findings import Findings

YOUNGEST = 16
"""Years of age below which an entry date is a mistake."""


def check(findings: Findings) -> None:
    """Dates that contradict one another."""
    scenario = findings.scenario
    cadres, events = scenario["cadres"], scenario["events"]
    birth = cadres.tolist("birth_date")
    entered = cadres.tolist("entered")
    for i, (born, entry) in enumerate(zip(birth, entered, strict=True)):
        if born is not None and entry is not None and entry.year - born.year < YOUNGEST:
            findings.add("entry_before_age", "cadres", i, "entered", entry,
                         f"Younger than {YOUNGEST} at entry (born {born}).", "Correct one of the two dates.")
        if born is not None and born >= scenario.start:
            findings.add("born_late", "cadres", i, "birth_date", born, "Born after the horizon begins.", "Correct it.")
    retired: dict[str, dt.date] = {}
    kinds, days, who = events.tolist("kind"), events.tolist("date"), events.tolist("cadre")
    for cadre, kind, day in zip(who, kinds, days, strict=True):
        if kind == "retirement":
            retired[cadre] = min(day, retired.get(cadre, day))
    of = dict(zip(cadres.tolist("id"), entered, strict=True))
    for i, (cadre, kind, day) in enumerate(zip(who, kinds, days, strict=True)):
        if cadre in retired and day > retired[cadre]:
            findings.add("after_retirement", "events", i, "date", day,
                         f"After the retirement on {retired[cadre]}.", "Correct one of the two dates.")
        entry = of[cadre]
        if kind == "entry" and entry is not None and entry != day:
            findings.add("two_entries", "events", i, "date", day, f"The cadres table gives {entry}.", "Give one date.")
    for i, day in enumerate(scenario["records"].tolist("date")):
        if day >= scenario.start:
            findings.warn("record_in_horizon", "records", i, "date", day, "Completed inside the horizon.",
                          "It counts as done; remove it if it is only planned.")
