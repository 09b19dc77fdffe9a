"""A plan too long for a sheet: a workbook per authority, and every sheet as a whole in Parquet beside them."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from itertools import chain, islice
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

from rotation_planner.report.parts import Part
from rotation_planner.report.sheet import Column, Kind, add_sheet, open_book
from rotation_planner.report.sheets import Sheet, sheets_of
from rotation_planner.report.view import View

BY_AUTHORITY, PARQUET = "plan-by-authority", "plan-parquet"
"""Folders beside the workbook."""
FILES_OF = (
    Column("Authority", 30), Column("Name", 40), Column("File", 50), Column("Sessions opened", 12, "int"),
    Column("Roster", 12, "int"), Column("Schedule", 12, "int"), Column("Unit calendar", 12, "int"),
    Column("Ledger", 12, "int"), Column("Unmet duties", 12, "int"),
)
BATCH = 65_536
"""Rows written to Parquet at once."""

logger = logging.getLogger(__name__)


def write_parts(folder: Path, view: View, parts: Mapping[str, Part], row_limit: int) -> list[tuple[Any, ...]]:
    """Write the workbooks and the Parquet files; returns a row of ``FILES_OF`` for each workbook.

    Without pyarrow there is no Parquet, and a warning says so. A sheet of one authority that is still too long goes on
    in the next sheet.
    """
    store = _Store(folder / PARQUET) if find_spec("pyarrow") else None
    if store is None:
        logger.warning("no Parquet beside the workbooks: install rotation-planner[parquet]")
    names = {a.id: a.name for a in view.scenario["authorities"]}
    files = _file_names([a for a in parts if a])
    target = folder / BY_AUTHORITY
    target.mkdir()
    found: list[tuple[Any, ...]] = []
    try:
        for authority, part in parts.items():
            if part == Part():
                continue
            if not authority:  # these stand in the workbook of all
                for sheet in sheets_of(view, part):
                    if store is not None:
                        list(store.kept("", sheet))
                continue
            counts = []
            with open_book(target / files[authority], names[authority] or authority) as book:
                for sheet in sheets_of(view, part):
                    rows = sheet.rows if store is None else store.kept(authority, sheet)
                    counts.append(add_long_sheet(book, sheet, rows, row_limit))
            found.append((authority, names[authority] or None, f"{BY_AUTHORITY}/{files[authority]}", *counts))
    finally:
        if store is not None:
            store.close()
    return found


def add_long_sheet(book: Workbook, sheet: Sheet, rows: Iterator[tuple[Any, ...]], row_limit: int) -> int:
    """Add a sheet and as many more as its rows need; returns the number of rows."""
    total, number = 0, 1
    while True:
        title = sheet.title if number == 1 else f"{sheet.title} ({number})"
        total += add_sheet(book, title, sheet.columns, islice(rows, row_limit - 1), freeze=sheet.freeze)
        following = next(rows, None)
        if following is None:
            return total
        rows, number = chain([following], rows), number + 1


def _file_names(authorities: list[str]) -> dict[str, str]:
    """A file name per authority: its id without what a file system refuses, told apart by a number where needed."""
    taken: set[str] = set()
    found = {}
    for authority in authorities:
        bare = re.sub(r"[^\w.-]+", "_", authority)[:80].strip(".") or "authority"
        name, number = bare, 1
        while name.casefold() in taken:
            number += 1
            name = f"{bare}-{number}"
        taken.add(name.casefold())
        found[authority] = f"{name}.xlsx"
    return found


class _Store:
    """One Parquet file per sheet, and before its own columns the authority whose workbook has the row."""

    def __init__(self, folder: Path) -> None:
        import pyarrow.parquet

        self._arrow: Any = pyarrow
        self._folder = folder
        self._open: dict[str, Any] = {}
        folder.mkdir()

    def kept(self, authority: str, sheet: Sheet) -> Iterator[tuple[Any, ...]]:
        """The rows of a sheet, each of them kept when it is handed out."""
        pa = self._arrow
        types: dict[Kind, Any] = {
            "text": pa.string(), "words": pa.string(), "int": pa.int64(), "yuan": pa.int64(), "date": pa.date32(),
            "percent": pa.float64(), "person": pa.float64(),
        }
        schema = pa.schema([("Workbook", pa.string()), *((c.header, types[c.kind]) for c in sheet.columns)])
        if sheet.title not in self._open:
            name = sheet.title.lower().replace(" ", "_")
            self._open[sheet.title] = pa.parquet.ParquetWriter(self._folder / f"{name}.parquet", schema)
        writer = self._open[sheet.title]
        while batch := list(islice(sheet.rows, BATCH)):
            columns = [[authority] * len(batch), *map(list, zip(*batch, strict=True))]
            arrays = [pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)]
            writer.write_batch(pa.record_batch(arrays, schema=schema))
            yield from batch

    def close(self) -> None:
        for writer in self._open.values():
            writer.close()
