"""What every table row has in common."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

MAX_YUAN = 10**12
"""Largest amount of money the library accepts, in yuan (keeps every sum inside 64 bits)."""


class Strict(BaseModel):
    """A frozen, strict model that refuses unknown fields."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", validate_default=True)


class Row(Strict):
    """One row of a table.

    Attributes
    ----------
    TABLE : str
        Name of the table (file, sheet, JSON key).
    ZH : str
        Chinese name of the table.
    KEY : tuple of str
        Columns that together identify a row; duplicates are a defect.
    """

    TABLE: ClassVar[str]
    ZH: ClassVar[str]
    KEY: ClassVar[tuple[str, ...]] = ("id",)


def col(
    description: str,
    zh: str,
    *,
    ref: str | None = None,
    default: Any = ...,
    unit: str | None = None,
    **bounds: Any,
) -> Any:
    """Declare a column: its meaning, Chinese header, unit, and the table its values refer to.

    Parameters
    ----------
    description : str
        Meaning, in a sentence; becomes the data dictionary.
    zh : str
        Chinese header.
    ref : str, optional
        Table whose ``id`` the value (or each item, or each key of a map) must be.
    default : optional
        Value of an empty cell; without it the column is required.
    unit : str, optional
        Unit of measure.
    **bounds
        Passed to Pydantic (``ge``, ``le``, ``min_length`` ...).
    """
    extra: dict[str, Any] = {"zh": zh}
    if ref is not None:
        extra["ref"] = ref
    if unit is not None:
        extra["unit"] = unit
    return Field(default, description=description, json_schema_extra=extra, **bounds)
