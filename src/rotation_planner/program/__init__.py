"""The one integer program that rules write and engines read."""

from rotation_planner.program.builder import Builder
from rotation_planner.program.program import Family, GoalRow, Kind, Program

__all__ = ["Builder", "Family", "GoalRow", "Kind", "Program"]
