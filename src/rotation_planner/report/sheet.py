"""One sheet of a workbook: frozen headers, widths, number formats, a filter.

XlsxWriter streams each row to disk: about 200,000 cells a second, three times as fast as openpyxl's write-only mode,
in memory that does not grow. A county's workbook has 900,000 cells.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from xlsxwriter import Workbook

from rotation_planner.io.guard import guard

Kind = Literal["text", "words", "int", "yuan", "date", "percent", "person"]
_FORMATS = {
    "text": "@", "words": "@", "int": "#,##0", "yuan": "#,##0", "date": "yyyy-mm-dd", "percent": "0.0%",
    "person": "#,##0.##",
}
_INK, _TINT, _LINE = "#1F3A5F", "#FDE9D9", "#D9D9D9"
_FONT = {"font_name": "Calibri", "font_size": 11}
_HEAD = {**_FONT, "bold": True, "font_color": "#FFFFFF", "bg_color": _INK, "valign": "vcenter", "text_wrap": True}
_TITLE = {"font_size": 18, "bold": True, "font_color": _INK, "valign": "vcenter"}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_EPOCH = dt.date(1899, 12, 30)
_OPTIONS = {"constant_memory": True}
TEXTS = ("text", "words")
LINE_HEIGHT = 15
MARGIN = 4
"""Room beside a text for indent and filter button."""
MAX_TEXT = 32_767
"""Longest text a cell of an .xlsx may hold."""
MAX_ROWS = 1_048_576
"""Most rows a sheet of an .xlsx may hold."""


class Column(NamedTuple):
    """A column: header, width in characters (of texts: at most), and how its values are shown.

    ``words`` are sentences, which go on in a second line where one is not enough.
    """

    header: str
    width: int
    kind: Kind = "text"


class Row(tuple[Any, ...]):
    """A row to be tinted, because somebody should look at it; on a page, a heading."""

    __slots__ = ()


def open_book(path: Path, title: str) -> Workbook:
    """A new workbook, to be used in a ``with`` statement."""
    book = Workbook(path, _OPTIONS)
    book.set_properties({"title": title, "author": "rotation-planner"})
    return book


def clean(text: str) -> str:
    """A text that is safe in a cell: no formula, no control character, not too long."""
    return guard(_CONTROL.sub("\N{REPLACEMENT CHARACTER}", text))[:MAX_TEXT]


def add_sheet(
    book: Workbook, title: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]], *, freeze: int = 1
) -> int:
    """Add a table; returns the number of rows written.

    Parameters
    ----------
    book : Workbook
        From :func:`open_book`.
    title : str
        Name of the sheet.
    columns : sequence of Column
        Headers.
    rows : iterable of sequences
        Values in the order of the columns, None for an empty cell; a ``Row`` is tinted.
    freeze : int
        Columns that stay in view when scrolling sideways.

    Raises
    ------
    ValueError
        If there are more rows than a sheet can hold: part of a plan would be lost.
    """
    sheet = _sheet(book, title, [c.width for c in columns])
    sheet.set_landscape()
    sheet.repeat_rows(0)
    sheet.freeze_panes(1, freeze)
    sheet.set_row(0, 32)
    heads = {text: book.add_format({**_HEAD, **_side(text)}) for text in (True, False)}
    for i, column in enumerate(columns):
        sheet.write_string(0, i, column.header, heads[column.kind in TEXTS])
    plain, tinted = ([_format(book, c.kind, tint) for c in columns] for tint in (False, True))
    texts = [i for i, column in enumerate(columns) if column.kind in TEXTS]
    sentences = [i for i, column in enumerate(columns) if column.kind == "words"]
    widest = dict.fromkeys(texts, 0)
    count = 0
    for count, row in enumerate(rows, 1):
        if count >= MAX_ROWS:
            raise ValueError(f"sheet {title!r}: more than {MAX_ROWS - 1:,} rows do not fit into an .xlsx")
        formats = tinted if isinstance(row, Row) else plain
        lines = max((-(-wide(row[i]) // columns[i].width) for i in sentences), default=1)
        if lines > 1:
            sheet.set_row(count, LINE_HEIGHT * lines)  # not every program fits rows to texts
        for i, (value, form) in enumerate(zip(row, formats, strict=True)):
            _write(sheet, count, i, value, form)
        for i in texts:
            widest[i] = max(widest[i], wide(row[i]))
    for i, width in widest.items():
        sheet.set_column(i, i, min(columns[i].width, max(wide(columns[i].header), width) + MARGIN))
    if count:
        sheet.autofilter(0, 0, count, len(columns) - 1)
    return count


def wide(text: str | None) -> int:
    """Width of a text in characters; Chinese ones, of three bytes, are twice as wide as others."""
    if not text:
        return 0
    return len(text) if text.isascii() else (2 * len(text.encode(errors="replace")) + 2) // 3


def add_page(book: Workbook, title: str, lines: Iterable[Sequence[Any]], widths: Sequence[int]) -> None:
    """Add a page of short tables.

    Parameters
    ----------
    book : Workbook
        From :func:`open_book`.
    title : str
        Name of the sheet.
    lines : iterable of sequences
        The first is the title of the page; a ``Row`` is a heading; a float is shown as a percentage.
    widths : sequence of int
        Widths of the columns in characters.
    """
    sheet = _sheet(book, title, widths)
    sheet.set_row(0, 30)
    big = book.add_format({**_FONT, **_side(True), **_TITLE})
    sides = {text: _side(text) for text in (True, False)}
    heads = {text: book.add_format({**_HEAD, **side}) for text, side in sides.items()}
    texts = {text: book.add_format({**_FONT, **side}) for text, side in sides.items()}
    whole, share = (book.add_format({**_FONT, "num_format": form}) for form in ("#,##0", "0.00%"))
    for number, line in enumerate(lines):
        for i, value in enumerate(line):
            form = texts[i == 0]
            if number == 0:
                form = big
            elif isinstance(line, Row):
                form = heads[i == 0]
            elif isinstance(value, (int, float)):
                form = share if isinstance(value, float) else whole
            _write(sheet, number, i, value, form)


def _sheet(book: Workbook, title: str, widths: Sequence[int]) -> Any:
    sheet = book.add_worksheet(title)
    sheet.hide_gridlines(2)
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    for i, width in enumerate(widths):
        sheet.set_column(i, i, width)
    return sheet


def _write(sheet: Any, row: int, column: int, value: Any, form: Any) -> None:
    if value is None or value == "":
        sheet.write_blank(row, column, None, form)
    elif isinstance(value, str):
        sheet.write_string(row, column, clean(value), form)
    elif isinstance(value, dt.date):
        sheet.write_number(row, column, (value - _EPOCH).days, form)
    else:
        sheet.write_number(row, column, value, form)


def _side(text: bool) -> dict[str, Any]:
    # The indent keeps a text apart from the number that ends where it begins.
    return {"align": "left", "indent": 1} if text else {"align": "right"}


def _format(book: Workbook, kind: Kind, tint: bool) -> Any:
    look = {**_FONT, **_side(kind in TEXTS), "num_format": _FORMATS[kind], "bottom": 1, "bottom_color": _LINE,
            "valign": "top", "text_wrap": kind == "words"}
    return book.add_format({**look, "bg_color": _TINT} if tint else look)
