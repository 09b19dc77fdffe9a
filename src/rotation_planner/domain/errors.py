"""Errors and defects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

Severity = Literal["error", "warning"]
SHOWN = 100
"""Defects that the text of an error lists; ``defects`` has them all."""
Counted = Literal["row", "record", "line"]


class RotationPlannerError(Exception):
    """Root of the errors this library raises.

    ::

        RotationPlannerError
        ├── InputError        the input has defects; all of them are in ``defects``
        ├── NoPlanError       ``Result.require_plan`` on a result without a plan
        └── InternalError     our fault: a plan that fails its own verification
    """


@dataclass(frozen=True, slots=True)
class Defect:
    """One thing wrong with an input.

    Attributes
    ----------
    table, column : str
        Where; empty where it does not apply.
    row : int or None
        Where in the table, counted as ``counted`` says.
    value : str
        The offending value, shortened.
    problem, mend : str
        What is wrong, and how to mend it.
    file : str
        File (and sheet), as far as known.
    severity : str
        ``error`` stops planning, ``warning`` does not.
    code : str
        Stable machine name of the kind of defect.
    counted : str
        ``row``: as a spreadsheet numbers the rows of a sheet or of a CSV file (the header is row 1, empty rows count,
        line breaks inside a cell do not); for a scenario that comes from no file, as it would be saved in CSV.
        ``record``: the records of a table in JSON or Parquet (the first is 1). ``line``: the lines of ``policy.toml``.
    """

    code: str
    table: str
    row: int | None
    column: str
    value: str
    problem: str
    mend: str
    file: str = ""
    severity: Severity = "error"
    counted: Counted = "row"

    def __str__(self) -> str:
        place = [part for part in (self.file, self.table) if part]
        if self.row is not None:
            place.append(f"{self.counted} {self.row}")
        if self.column:
            place.append(f"column {self.column}")
        shown = f" = {self.value!r}" if self.value else ""
        return f"{self.severity}: {', '.join(place)}{shown}: {self.problem} {self.mend}".strip()


class InputError(RotationPlannerError):
    """The input cannot be used; ``defects`` lists everything that is wrong with it."""

    def __init__(self, defects: Sequence[Defect]) -> None:
        self.defects = tuple(defects)
        more = len(self.defects) - SHOWN
        end = [f"... and {more:,} more"] if more > 0 else []
        super().__init__("\n".join([*map(str, self.defects[:SHOWN]), *end]))

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[Defect, ...]]]:
        # As it was made: it may come from another process.
        return type(self), (self.defects,)


class NoPlanError(RotationPlannerError):
    """There is no plan to return."""


class InternalError(RotationPlannerError):
    """The library broke a promise of its own; ``plan`` is the plan that shows it, if there is one."""

    def __init__(self, message: str, plan: Any = None) -> None:
        self.plan = plan
        super().__init__(message)
