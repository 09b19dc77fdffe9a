"""Generated scenarios with a planted plan. Imported by the command line, benchmarks and tests only."""

from rotation_planner.generate.civil_service import civil_service, civil_service_with_plan, organisations
from rotation_planner.generate.packaged import PACKAGED, packaged
from rotation_planner.generate.presets import GENERATOR_VERSION, PRESETS, generate, generate_with_plan
from rotation_planner.generate.rule_book import rule_book, rule_book_with_plan

__all__ = [
    "GENERATOR_VERSION",
    "PACKAGED",
    "PRESETS",
    "civil_service",
    "civil_service_with_plan",
    "generate",
    "generate_with_plan",
    "organisations",
    "packaged",
    "rule_book",
    "rule_book_with_plan",
]
