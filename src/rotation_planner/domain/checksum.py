"""A checksum of what a scenario says, whatever file it came from."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

from rotation_planner.domain.policy import Policy
from rotation_planner.domain.scenario import MODELS, Scenario
from rotation_planner.domain.table import Table


def scenario_sha256(scenario: Scenario) -> str:
    """SHA-256 of the tables and the policy, in hexadecimal.

    Equal scenarios have equal checksums, whether read from CSV, a workbook or JSON; the name, files and row numbers
    do not count, the order of rows does. Empty tables, columns in which every row holds the default, and parameters at
    their default are left out, so that a table, column or parameter that joins the contract changes no checksum.
    """
    digest = hashlib.sha256()

    def add(value: object) -> None:
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=dt.date.isoformat)
        digest.update(text.encode("utf-8", "surrogatepass") + b"\n")

    add(_stated(scenario.policy))
    for name in MODELS:
        table = scenario[name]
        for field in table.fields:
            values = table.tolist(field)
            if not _at_default(table, field, values):
                add([name, field, values])
    return digest.hexdigest()


def _at_default(table: Table[Any], field: str, values: list[Any]) -> bool:
    """Whether a column says nothing; a required one always says something, unless there are no rows."""
    declared = table.model.model_fields[field]
    if declared.is_required():
        return not values
    default = declared.get_default(call_default_factory=True)
    return all(value == default for value in values)


def _stated(policy: Policy) -> dict[str, Any]:
    """Every rule by its kind, and what differs from the defaults."""
    rules = [{"kind": rule.kind, **rule.model_dump(mode="json", exclude_defaults=True)} for rule in policy.rules]
    return {**policy.model_dump(mode="json", exclude_defaults=True), "rules": rules}
