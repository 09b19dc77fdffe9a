"""Cutting a body into blocks, each an exact slice of the program of all."""

from rotation_planner.slices.block import Block
from rotation_planner.slices.figures import BEYOND, figures
from rotation_planner.slices.parts import Parts
from rotation_planner.slices.shared import Shared
from rotation_planner.slices.ties import blocks

__all__ = ["BEYOND", "Block", "Parts", "Shared", "blocks", "figures"]
