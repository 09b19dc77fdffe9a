"""Checksum of a scenario's content, to pin what the generator makes."""

from __future__ import annotations

import hashlib
import json

from rotation_planner.domain.scenario import MODELS, Scenario


def content_sha256(scenario: Scenario) -> str:
    """SHA-256 over every table, column by column, and the policy; names of scenario and files do not count."""
    digest = hashlib.sha256()
    for name in MODELS:
        table = scenario[name]
        for field in table.fields:
            digest.update(f"{name}.{field}\n".encode())
            digest.update(json.dumps(table.tolist(field), ensure_ascii=False, default=str).encode())
    digest.update(scenario.policy.model_dump_json().encode())
    return digest.hexdigest()
