"""Dates of a life: birth, entry, events, records."""

from __future__ import annotations

import datetime as dt

from rotation_planner.check.findings import Findings

FIRST_YEAR, LAST_YEAR = 1900, 2200
"""Years in which a date of a life may lie."""
POSTING = ("appointment", "promotion", "transfer", "entry")
"""Events after which another post may be held."""

YOUNGEST = 16
"""Years of age below which an entry date is a mistake."""


def check(findings: Findings) -> None:
    """Dates that contradict one another."""
    for i, born, entry in findings.rows("cadres", "birth_date", "entered"):
        if born is not None and entry is not None and entry.year - born.year < YOUNGEST:
            findings.add("entry_before_age", "cadres", i, "entered", entry,
                         f"Younger than {YOUNGEST} at entry (born {born}).", "Correct one of the two dates.")
    retired: dict[str, dt.date] = {}
    for _, cadre, kind, day in findings.rows("events", "cadre", "kind", "date"):
        if kind == "retirement":
            retired[cadre] = min(day, retired.get(cadre, day))
    of = {cadre: entry for _, cadre, entry in findings.rows("cadres", "id", "entered")}
    for i, cadre, kind, day in findings.rows("events", "cadre", "kind", "date"):
        if cadre in retired and day > retired[cadre]:
            findings.add("after_retirement", "events", i, "date", day,
                         f"After the retirement on {retired[cadre]}.", "Correct one of the two dates.")
        entry = of.get(cadre)
        if kind == "entry" and entry is not None and entry != day:
            findings.add("two_entries", "events", i, "date", day, f"The cadres table gives {entry}.", "Give one date.")
    _far(findings)
    _two_posts(findings)


def check_dated(findings: Findings) -> None:
    """Dates that contradict the horizon."""
    start = findings.scenario.start
    for i, born in findings.rows("cadres", "birth_date"):
        if born is not None and born >= start:
            findings.add("born_late", "cadres", i, "birth_date", born, "Born after the horizon begins.", "Correct it.")
    for i, day in findings.rows("records", "date"):
        if day >= start:
            findings.warn("record_in_horizon", "records", i, "date", day, "Completed inside the horizon.",
                          "It counts as done; remove it if it is only planned.")


def _far(findings: Findings) -> None:
    for table, column in (("cadres", "birth_date"), ("cadres", "entered"), ("events", "date"), ("records", "date")):
        for i, day in findings.rows(table, column):
            if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
                findings.add("date_far", table, i, column, day,
                             f"Not in the years {FIRST_YEAR} to {LAST_YEAR}.", "Correct the date.")


def _two_posts(findings: Findings) -> None:
    held: dict[tuple[str, dt.date], str] = {}
    for i, cadre, day, kind, post in findings.rows("events", "cadre", "date", "kind", "post"):
        if post is None or kind not in POSTING:
            continue
        other = held.setdefault((cadre, day), post)
        if other != post:
            findings.add("two_posts", "events", i, "post", post, f"On {day} {cadre} takes up post {other} too.",
                         "Keep one of the two, or correct a date.")
