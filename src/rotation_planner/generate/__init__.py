"""Generated scenarios with a planted plan. Imported by the command line, benchmarks and tests only."""

from rotation_planner.generate.presets import GENERATOR_VERSION, generate, generate_with_plan

__all__ = ["GENERATOR_VERSION", "generate", "generate_with_plan"]
