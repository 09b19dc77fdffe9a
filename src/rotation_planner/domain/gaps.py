"""What of an input could not be read, so that nothing is concluded from what is only not there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from rotation_planner.domain.base import Row


@dataclass
class Gaps:
    """Gaps in the tables of a scenario that was read from a file with defects.

    Rows of which some cells could not be read are kept; those cells hold a filler that nobody may look at.

    Attributes
    ----------
    tables : set of str
        Tables of which rows are missing, nobody knows which.
    columns : mapping of str to set of str
        Columns, by table, that could be read in no row.
    cells : mapping of str to mapping of str to set of int
        Records, by table and column, whose cell could not be read.
    policy : bool
        Whether rules or other parts of the policy are missing.
    """

    tables: set[str] = field(default_factory=set)
    columns: dict[str, set[str]] = field(default_factory=dict)
    cells: dict[str, dict[str, set[int]]] = field(default_factory=dict)
    policy: bool = False

    def __bool__(self) -> bool:
        return bool(self.tables or self.columns or self.cells or self.policy)

    def lose_column(self, table: str, columns: Iterable[str]) -> None:
        """Note columns that were read in no row."""
        lost = set(columns)
        if lost:
            self.columns.setdefault(table, set()).update(lost)

    def lose_cells(self, table: str, record: int, columns: Iterable[str]) -> None:
        """Note cells of a record."""
        for column in columns:
            self.cells.setdefault(table, {}).setdefault(column, set()).add(record)

    def lose_everything(self, models: Iterable[str]) -> None:
        """Note that nothing could be read."""
        self.tables.update(models)
        self.policy = True

    def touches(self, table: str) -> bool:
        """Whether anything is missing in the rows that are there."""
        return table in self.columns or table in self.cells

    def lost(self, model: type[Row], columns: Iterable[str] | None = None) -> set[int] | None:
        """Records of which one of these columns (default: any) could not be read; None stands for all records."""
        wanted = set(model.model_fields if columns is None else columns)
        if wanted & self.columns.get(model.TABLE, set()):
            return None
        cells = self.cells.get(model.TABLE, {})
        return set().union(*(cells[column] for column in wanted & cells.keys()))
