"""An empty workbook to fill in: headers with notes, drop-down lists, frozen header rows."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo
from xlsxwriter import Workbook

from rotation_planner.domain.base import Row
from rotation_planner.domain.errors import InputError
from rotation_planner.domain.policy import Policy
from rotation_planner.domain.scenario import MODELS
from rotation_planner.io.atomic import write_file
from rotation_planner.io.cells import Kind, kind_of, write_text
from rotation_planner.io.load import unknown_type
from rotation_planner.io.page import A4, across
from rotation_planner.io.policy_file import policy_text
from rotation_planner.io.rule_template import rule_sheets
from rotation_planner.io.source import REQUIRED, chinese
from rotation_planner.io.workbook import POLICY_HEADER

LAST = 1_048_575
"""Last row of a sheet, counted from 0."""
MEANING_WIDTH = 110
_INK, _OPTIONAL, _LIST_MOST = "#1F3A5F", "#6B7C93", 255
_FORMS: dict[Kind, str] = {
    "text": "Text.", "integer": "Whole number.", "number": "Number.", "truth": "true or false (是 or 否).",
    "date": "Date, as 2027-01-31.", "list": "List: a;b;c.", "integers": "List of whole numbers: 3;9.",
    "map": "Map: key=value;key=value.",
}


def template(path: str | Path) -> None:
    """Write an empty workbook.

    Parameters
    ----------
    path : path
        Name ending in ``.xlsx``; what stands there is replaced.

    Raises
    ------
    InputError
        If the name ends otherwise.
    """
    path = Path(path)
    if path.suffix.lower() != ".xlsx":
        raise InputError([unknown_type(path)])
    write_file(path, _write)


def _write(path: Path) -> None:
    with Workbook(path) as book:
        book.set_properties({"title": "Rotation training: tables to fill in", "author": "rotation-planner"})
        _read_me(book)
        head = {"bold": True, "font_color": "#FFFFFF", "valign": "vcenter", "text_wrap": True, "border": 1,
                "border_color": "#FFFFFF"}
        must, may = (book.add_format({**head, "bg_color": color}) for color in (_INK, _OPTIONAL))
        forms = {
            "date": book.add_format({"num_format": "yyyy-mm-dd"}), "text": book.add_format({"num_format": "@"}),
            "integer": book.add_format({"num_format": "0"}),
        }
        for table, model in MODELS.items():
            sheet = book.add_worksheet(table)
            sheet.set_tab_color(_INK if table in REQUIRED else _OPTIONAL)
            sheet.freeze_panes(1, 1)
            sheet.set_row(0, 30)
            across(sheet)
            for j, (name, field) in enumerate(model.model_fields.items()):
                kind = kind_of(field.annotation)
                shape = forms.get(kind, forms["text"] if kind in ("list", "integers", "map") else None)
                sheet.set_column(j, j, max(14, len(name) + 4), shape)
                sheet.write_string(0, j, name, must if field.is_required() else may)
                note = _note(model, name, field, kind)
                sheet.write_comment(0, j, note, {"x_scale": 2.2, "y_scale": 1 + note.count("\n") / 4})
                _rule(sheet, j, field, kind)
        rule_sheets(book, must, may)
        sheet = book.add_worksheet("policy")
        sheet.set_column(0, 0, 90)
        sheet.write_string(0, 0, POLICY_HEADER, must)
        sheet.freeze_panes(1, 0)
        sheet.set_paper(A4)
        for i, line in enumerate(policy_text(Policy(), rules_apart=True).splitlines(), 1):
            if line:
                sheet.write_string(i, 0, write_text(line))


def _read_me(book: Workbook) -> None:
    sheet = book.add_worksheet("read me")
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 14)
    sheet.set_column(2, 2, MEANING_WIDTH)
    across(sheet)
    title = book.add_format({"bold": True, "font_size": 16, "font_color": _INK})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    top = book.add_format({"valign": "top"})
    bold = book.add_format({"bold": True, "bottom": 1})
    link = book.add_format({"font_color": "#1155CC", "underline": 1, "valign": "top"})
    lines = (
        "One sheet for each table; dark headers and dark tabs are required, the others may stay empty.",
        "Point at a header to see what the column means. Chinese headers and sheet names are read as well.",
        "Join several values in a cell by a semicolon. Paste values, not formulas.",
        "The sheet rules holds a rule in each row, the sheet policy goals and weights; what stands there is default.",
    )
    sheet.write_string(0, 0, "Rotation training 轮训计划", title)
    for i, line in enumerate(lines, 2):
        sheet.write_string(i, 0, line)
    row = len(lines) + 3
    for j, text in enumerate(("table", "表", "meaning")):
        sheet.write_string(row, j, text, bold)
    for i, (table, model) in enumerate(MODELS.items(), row + 1):
        meaning = " ".join((model.__doc__ or "").split()).replace("``", "")
        sheet.set_row(i, 15 * len(textwrap.wrap(meaning, MEANING_WIDTH)))  # not every program fits rows to texts
        sheet.write_url(i, 0, f"internal:'{table}'!A1", link, table)
        sheet.write_string(i, 1, model.ZH, top)
        sheet.write_string(i, 2, meaning, wrap)


def _note(model: type[Row], name: str, field: FieldInfo, kind: Kind) -> str:
    extra: Any = field.json_schema_extra
    lines = [chinese(model, name), field.description or "", _FORMS[kind]]
    if "unit" in extra:
        lines.append(f"Unit: {extra['unit']}.")
    if "ref" in extra:
        lines.append(f"An id of the sheet {extra['ref']}.")
    if field.is_required():
        lines.append("Required.")
    elif field.get_default(call_default_factory=True) not in (None, "", (), {}):
        lines.append(f"Empty means {field.get_default()}.")
    return "\n".join(lines)


def choices(annotation: Any) -> tuple[str, ...]:
    """Allowed values of a column, or none."""
    if get_origin(annotation) is Union or not get_args(annotation):
        return ()
    return get_args(annotation) if get_origin(annotation) is Literal else ()


def _rule(sheet: Any, j: int, field: FieldInfo, kind: Kind) -> None:
    """A drop-down list where a cell holds one of few values; a warning (not a ban) for ids of another sheet."""
    extra: Any = field.json_schema_extra
    allowed = ("true", "false") if kind == "truth" else choices(field.annotation)
    if allowed and len(",".join(allowed)) <= _LIST_MOST:
        sheet.data_validation(1, j, LAST, j, {"validate": "list", "source": list(allowed)})
    elif kind == "text" and "ref" in extra:
        source = f"='{extra['ref']}'!$A$2:$A$10000"
        sheet.data_validation(1, j, LAST, j, {"validate": "list", "source": source, "error_type": "information"})
