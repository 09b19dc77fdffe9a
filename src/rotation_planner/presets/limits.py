"""The limits that every preset brings along: those that need no figure of an office."""

from __future__ import annotations

from rotation_planner.domain.policy import (
    AnyRule,
    Beds,
    BudgetFloor,
    Ceiling,
    ClassSize,
    Commitments,
    NoRepeat,
    OnePlace,
    Prerequisites,
    Rooms,
    TeamCover,
)

LIMITS: tuple[AnyRule, ...] = (
    ClassSize(), Beds(), Rooms(), OnePlace(), NoRepeat(), TeamCover(), Prerequisites(), Ceiling(), Commitments(),
    BudgetFloor(),
)
"""They read the tables only. `call_ups` and `unit_release` have figures of their own, which no source states: an office
adds them with its own (``preset.model_copy(update={"rules": (*preset.rules, UnitRelease(...))})``)."""
