"""Every reference leads somewhere, and every key is unique."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

import numpy as np

from rotation_planner.check.findings import Findings
from rotation_planner.domain.base import Row

MANY = 5_000
"""Beyond so many ids no similar one is looked for (it would take longer than the check)."""


def check(findings: Findings) -> None:
    """References and duplicate keys of every table."""
    scenario = findings.scenario
    ids = {name: set(t.tolist("id")) for name, t in scenario.tables.items() if "id" in t.fields}
    for name, table in scenario.tables.items():
        _duplicates(findings, name)
        for column, target in _references(table.model):
            if target == "sessions":
                continue
            _column(findings, name, column, target, ids[target])


def check_sessions(findings: Findings) -> None:
    """References to sessions, given or derived from the offers."""
    known = set(findings.scenario["sessions"].tolist("id")) | set(findings.sessions.tolist("id"))
    for name, table in findings.scenario.tables.items():
        for column, target in _references(table.model):
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
    for i, value in enumerate(findings.scenario[name].tolist(column)):
        items: Any = (value,) if isinstance(value, str) else (value or ())
        for item in items:
            if item not in known:
                near = get_close_matches(item, known, 1) if len(known) <= MANY else []
                mend = f"Did you mean {near[0]!r}?" if near else f"Add it to {target}, or correct it."
                findings.add("unknown_reference", name, i, column, item, f"There is no such id in {target}.", mend)


def _duplicates(findings: Findings, name: str) -> None:
    table = findings.scenario[name]
    key = table.model.KEY
    seen: dict[Any, int] = {}
    values = table.tolist(key[0]) if len(key) == 1 else list(zip(*(table.tolist(k) for k in key), strict=True))
    if len(set(values)) == len(values):
        return
    for i, value in enumerate(values):
        if value in seen:
            text = value if len(key) == 1 else " / ".join(str(v) for v in value if v is not None)
            first = table.row_number(seen[value])
            findings.add(
                "duplicate_key", name, i, key[0], text, f"The same {' and '.join(key)} stands in row {first}.",
                "Remove one of the two rows.",
            )
        else:
            seen[value] = i


def overlaps(owner: np.ndarray, start: np.ndarray, end: np.ndarray) -> list[int]:
    """Records whose range overlaps an earlier one of the same owner."""
    order = np.lexsort((start, owner.astype(str)))
    found = []
    last_owner, last_end = None, None
    for i in order.tolist():
        if owner[i] == last_owner and last_end is not None and start[i] <= last_end:
            found.append(i)
            last_end = max(last_end, end[i])
        else:
            last_owner, last_end = owner[i], end[i]
    return found
