"""The rules: one file per kind, each adding labelled rows to the program."""

from __future__ import annotations

from types import ModuleType

from rotation_planner.rules import (
    approval,
    beds,
    cadre_content,
    call_ups,
    carry_over,
    ceiling,
    class_size,
    commitments,
    course_content,
    coverage,
    cycle,
    cycle_hours,
    deadline,
    floor,
    group_share,
    hours,
    institution_content,
    long_training,
    no_repeat,
    one_place,
    precedence,
    prerequisites,
    rooms,
    seat_quota,
    sure_attendance,
    team_cover,
    theory_first,
    total,
    total_limit,
    unit_release,
)

RULES: tuple[ModuleType, ...] = (
    class_size, beds, rooms, one_place, no_repeat, call_ups, unit_release, team_cover, prerequisites, ceiling,
    long_training, theory_first, course_content, institution_content, cadre_content,
    commitments, coverage, hours, deadline, sure_attendance, floor,
    approval, seat_quota, precedence,
    total, total_limit, carry_over,
    cycle, cycle_hours, group_share,
)
"""Every rule, in the order of the catalogue."""

BY_KIND: dict[str, ModuleType] = {module.__name__.rsplit(".", 1)[-1]: module for module in RULES}
"""Kind (the file's name) to rule."""

__all__ = ["BY_KIND", "RULES"]
