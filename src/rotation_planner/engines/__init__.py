"""Engines: they take a program and know no rule."""

from rotation_planner.engines.construct import construct
from rotation_planner.engines.guide import Guide
from rotation_planner.engines.options import Options, Outcome
from rotation_planner.engines.supervise import run

__all__ = ["Guide", "Options", "Outcome", "construct", "run"]
