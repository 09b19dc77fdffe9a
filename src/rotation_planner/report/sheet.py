"""One sheet of a workbook: a title row, frozen headers, widths, number formats, a filter.

openpyxl's write-only mode streams each row to disk; reusing one styled cell per column keeps it near 100,000 cells
a second, so a county's workbook takes a few seconds and no second spreadsheet library is needed.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import Any, Literal, NamedTuple

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from rotation_planner.io.guard import guard

Kind = Literal["text", "long", "int", "yuan", "date", "percent", "person"]
_FORMATS = {"int": "#,##0", "yuan": "#,##0", "date": "yyyy-mm-dd", "percent": "0.0%", "person": "#,##0.##"}
_INK = "1F3A5F"
_HEAD_FILL = PatternFill("solid", fgColor=_INK)
_HEAD_FONT = Font(bold=True, color="FFFFFF")
_WARN_FILL = PatternFill("solid", fgColor="FDE9D9")
_LINE = Border(bottom=Side(style="thin", color="D9D9D9"))
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
MAX_TEXT = 32_767
"""Longest text a cell of an .xlsx may hold."""
MAX_ROWS = 1_048_576
"""Most rows a sheet of an .xlsx may hold."""


class Column(NamedTuple):
    """A column: header, width in characters, and how its values are shown."""

    header: str
    width: int
    kind: Kind = "text"


def clean(value: Any) -> Any:
    """A value that is safe in a cell: no formula, no control character, not too long; None stays empty."""
    if isinstance(value, str):
        return guard(_CONTROL.sub("\N{REPLACEMENT CHARACTER}", value))[:MAX_TEXT] or None
    return value


class Row(tuple[Any, ...]):
    """A row to be tinted, because somebody should look at it."""

    __slots__ = ()


def add_sheet(
    book: Workbook, title: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]], *, freeze: int = 1
) -> int:
    """Add a table; returns the number of rows written.

    Parameters
    ----------
    book : Workbook
        In write-only mode.
    title : str
        Name of the sheet.
    columns : sequence of Column
        Headers.
    rows : iterable of sequences
        Values in the order of the columns; a ``Row`` is tinted.
    freeze : int
        Columns that stay in view when scrolling sideways.

    Raises
    ------
    ValueError
        If there are more rows than a sheet can hold: part of a plan would be lost.
    """
    sheet = book.create_sheet(title)
    sheet.sheet_view.showGridLines = False
    for i, column in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(i)].width = column.width
    sheet.freeze_panes = f"{get_column_letter(freeze + 1)}2"
    sheet.row_dimensions[1].height = 30
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.append([_head(sheet, column) for column in columns])
    plain, tinted = ([_body(sheet, c, tint) for c in columns] for tint in (False, True))
    count = 0
    for row in rows:
        count += 1
        if count >= MAX_ROWS:
            raise ValueError(f"sheet {title!r}: more than {MAX_ROWS - 1:,} rows do not fit into an .xlsx")
        cells = tinted if isinstance(row, Row) else plain
        for cell, value in zip(cells, row, strict=True):
            cell.value = clean(value)
        sheet.append(cells)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{count + 1}"
    return count


def _head(sheet: Any, column: Column) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, column.header)
    cell.font, cell.fill = _HEAD_FONT, _HEAD_FILL
    side = "left" if column.kind in ("text", "long") else "right"
    cell.alignment = Alignment(horizontal=side, vertical="center", wrap_text=True)
    return cell


def _body(sheet: Any, column: Column, tint: bool) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet)
    cell.border = _LINE
    wrap = column.kind == "long"
    cell.alignment = Alignment(vertical="top", wrap_text=wrap, horizontal="right" if column.kind == "date" else None)
    cell.number_format = _FORMATS.get(column.kind, "@")
    if tint:
        cell.fill = _WARN_FILL
    return cell


def add_page(book: Workbook, title: str, lines: Iterable[Sequence[Any]], widths: Sequence[int]) -> None:
    """Add a page of text: a line whose first value ends in ``:`` alone is a heading; numbers get separators."""
    sheet = book.create_sheet(title)
    sheet.sheet_view.showGridLines = False
    for i, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(i)].width = width
    for number, line in enumerate(lines):
        cells = []
        for value in line:
            cell = WriteOnlyCell(sheet, clean(value))
            cell.alignment = Alignment(vertical="top", wrap_text=isinstance(value, str) and len(cells) > 0)
            if isinstance(value, float):
                cell.number_format = "0.00%"
            elif isinstance(value, int) and not isinstance(value, bool):
                cell.number_format = "#,##0"
            elif isinstance(value, dt.date):
                cell.number_format = "yyyy-mm-dd"
            if number == 0:
                cell.font = Font(bold=True, size=16, color=_INK)
            elif isinstance(line, Row):
                cell.font, cell.fill = _HEAD_FONT, _HEAD_FILL
            cells.append(cell)
        sheet.append(cells)
