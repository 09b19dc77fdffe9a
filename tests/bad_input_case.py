"""One kind of bad input, and what it gets."""

from __future__ import annotations

from typing import NamedTuple

from tests.damage import Damage

Place = tuple[str, str, int | None, str]
"""Code, table, row, column."""


class Case(NamedTuple):
    """One kind of bad input.

    ``title`` says what is wrong; ``kind`` is the format of the office that is damaged; ``expect`` lists all defects.
    """

    title: str
    damage: Damage
    expect: tuple[Place, ...]
    kind: str = "csv"
    severity: str = "error"


def one(code: str, table: str = "", at: int | None = None, column: str = "") -> tuple[Place, ...]:
    """A single defect."""
    return ((code, table, at, column),)
