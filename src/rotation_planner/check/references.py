"""Every reference leads somewhere, and every key is unique."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from rotation_planner.check.findings import Findings
from rotation_planner.domain.base import Row
from rotation_planner.domain.scenario import MODELS

MANY = 5_000
"""Beyond so many ids no similar one is looked for (it would take longer than the check)."""


def check(findings: Findings) -> None:
    """References and duplicate keys of every table."""
    # Where an identifier could not be read, nobody knows which references it would have satisfied.
    ids = {
        name: {value for _, value in findings.rows(name, "id")}
        for name, model in MODELS.items() if "id" in model.model_fields and findings.complete(name, "id")
    }
    for name, model in MODELS.items():
        _duplicates(findings, name)
        for column, target in _references(model):
            if target in ids and target != "sessions":
                _column(findings, name, column, target, ids[target])


def check_sessions(findings: Findings) -> None:
    """References to sessions, given or derived from the offers."""
    if not findings.complete("sessions", "id") or not findings.whole("offers", "courses", "calendar", "terms"):
        return
    known = {value for _, value in findings.rows("sessions", "id")} | set(findings.sessions.tolist("id"))
    for name, model in MODELS.items():
        for column, target in _references(model):
            if target == "sessions":
                _column(findings, name, column, target, known)


def _references(model: type[Row]) -> list[tuple[str, str]]:
    found = []
    for column, field in model.model_fields.items():
        extra = field.json_schema_extra
        if isinstance(extra, dict) and isinstance(extra.get("ref"), str):
            found.append((column, str(extra["ref"])))
    return found


def _column(findings: Findings, name: str, column: str, target: str, known: set[str]) -> None:
    for i, value in findings.rows(name, column):
        items: Any = (value,) if isinstance(value, str) else (value or ())
        for item in items:
            if item not in known:
                near = get_close_matches(item, known, 1) if len(known) <= MANY else []
                mend = f"Did you mean {near[0]!r}?" if near else f"Add it to {target}, or correct it."
                findings.add("unknown_reference", name, i, column, item, f"There is no such id in {target}.", mend)


def _duplicates(findings: Findings, name: str) -> None:
    key = MODELS[name].KEY
    seen: dict[tuple[Any, ...], int] = {}
    for i, *values in findings.rows(name, *key):
        value = tuple(values)
        if value in seen:
            text = " / ".join(str(v) for v in value if v is not None)
            first = findings.place(name, seen[value])
            findings.add(
                "duplicate_key", name, i, key[0], text, f"The same {' and '.join(key)} stands in {first}.",
                "Remove one of the two.",
            )
        else:
            seen[value] = i


def overlaps(ranges: Iterable[tuple[int, str, dt.date, dt.date]]) -> list[int]:
    """Places of the ranges (place, owner, start, end) that overlap an earlier one of the same owner."""
    found = []
    last_owner, last_end = None, None
    for i, owner, start, end in sorted(ranges, key=lambda r: (r[1], r[2])):
        if owner == last_owner and last_end is not None and start <= last_end:
            found.append(i)
            last_end = max(last_end, end)
        else:
            last_owner, last_end = owner, end
    return found
