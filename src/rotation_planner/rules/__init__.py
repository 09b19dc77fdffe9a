"""The rules: one file per kind, each adding labelled rows to the program."""

from __future__ import annotations

from types import ModuleType

from rotation_planner.rules import (
    approval,
    beds,
    call_ups,
    ceiling,
    class_size,
    commitments,
    coverage,
    deadline,
    floor,
    hours,
    long_training,
    no_repeat,
    one_place,
    prerequisites,
    rooms,
    seat_quota,
    sure_attendance,
    team_cover,
    unit_release,
)

RULES: tuple[ModuleType, ...] = (
    class_size, beds, rooms, one_place, no_repeat, call_ups, unit_release, team_cover, prerequisites, ceiling,
    long_training,
    commitments, coverage, hours, deadline, sure_attendance, floor,
    approval, seat_quota,
)
"""Every rule, in the order of the catalogue."""

BY_KIND: dict[str, ModuleType] = {module.__name__.rsplit(".", 1)[-1]: module for module in RULES}
"""Kind (the file's name) to rule."""

__all__ = ["BY_KIND", "RULES"]
