"""The scenarios shipped with the package, always the same."""

from __future__ import annotations

from rotation_planner.domain.scenario import Scenario
from rotation_planner.generate.civil_service import BIS, civil_service
from rotation_planner.generate.presets import generate
from rotation_planner.generate.rule_book import rule_book

PACKAGED = ("county", "civil-service", "rule-book")
SEED = 2027


def packaged(name: str) -> Scenario:
    """A packaged scenario by name: ``county``, ``civil-service``, or ``rule-book``, a town under every kind of rule."""
    if name == "county":
        return generate("county", seed=SEED)
    if name == "civil-service":
        return civil_service(BIS, seed=SEED)
    if name == "rule-book":
        return rule_book(SEED)
    raise ValueError(f"no packaged scenario {name!r}; there are {', '.join(PACKAGED)}")
