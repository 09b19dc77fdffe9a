"""The rules: one file per kind, each adding labelled rows to the program."""

from __future__ import annotations

from types import ModuleType

from rotation_planner.rules import class_size, commitments, coverage

RULES: tuple[ModuleType, ...] = (class_size, commitments, coverage)
"""Every rule, in the order of the catalogue."""

BY_KIND: dict[str, ModuleType] = {module.__name__.rsplit(".", 1)[-1]: module for module in RULES}
"""Kind (the file's name) to rule."""

__all__ = ["BY_KIND", "RULES"]
