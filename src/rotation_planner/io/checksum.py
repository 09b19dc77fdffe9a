"""The checksum of a scenario, as the other parts of the library ask for it."""

from __future__ import annotations

from rotation_planner.domain.checksum import scenario_sha256
from rotation_planner.domain.scenario import Scenario


def checksum(scenario: Scenario) -> str:
    """SHA-256 (hexadecimal) of all tables and the policy; the file format and the name do not count."""
    return scenario_sha256(scenario)
