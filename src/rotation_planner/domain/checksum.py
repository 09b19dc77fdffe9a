"""A checksum of what a scenario says, whatever file it came from."""

from __future__ import annotations

import datetime as dt
import hashlib
import json

from rotation_planner.domain.scenario import MODELS, Scenario


def scenario_sha256(scenario: Scenario) -> str:
    """SHA-256 of the tables and the policy, in hexadecimal.

    Equal scenarios have equal checksums, whether read from CSV, a workbook or JSON; the name, files and row numbers
    do not count, the order of rows does.
    """
    digest = hashlib.sha256()

    def add(value: object) -> None:
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=dt.date.isoformat)
        digest.update(text.encode("utf-8", "surrogatepass") + b"\n")

    add(scenario.policy.model_dump(mode="json"))
    for name in MODELS:
        table = scenario[name]
        for field in table.fields:
            add([name, field, table.tolist(field)])
    return digest.hexdigest()
