"""The sheets ``rules``, ``rule kinds`` and ``rule parameters`` of the workbook to fill in."""

from __future__ import annotations

import textwrap
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from xlsxwriter import Workbook

from rotation_planner.domain.policy import Policy
from rotation_planner.io.cells import as_text, write
from rotation_planner.io.page import across
from rotation_planner.io.rule_rows import HEADER, MODELS_OF_RULES, PARAMETER, PARAMETER_ZH, RULES, part_of
from rotation_planner.io.workbook import put_rules

KINDS, PARAMETERS = "rule kinds", "rule parameters"
WIDTH = 100
LAST = 1_048_575
"""Last row of a sheet, counted from 0."""
NOTES = {
    "kind": "What the rule asks; the sheet rule kinds explains each.\nRequired.",
    "name": "Tells rules of one kind apart.\nEmpty: the kind.",
    "who": "Whom it is about: ids of the sheet selectors, joined by a semicolon.\nConditions may be stated in a cell "
    "for parameters too: who.key_posts = true.\nEmpty: as the kind says, mostly everybody.",
    PARAMETER: "parameter = value, one in a cell, as many cells as needed, in any order.\nLists: a;b;c. Parts: "
    "which.kinds = theory.\nWhat is not said is at its default (sheet rule parameters).",
}


def rule_sheets(book: Workbook, must: Any, may: Any) -> None:
    """Add the sheets: the default rules to change, with a drop-down list of kinds, and what each kind asks."""
    sheet = book.add_worksheet(RULES)
    across(sheet)
    put_rules(sheet, Policy(), may)
    sheet.write_string(0, 0, "kind", must)
    for j, (name, zh) in enumerate({**HEADER, PARAMETER: PARAMETER_ZH}.items()):
        sheet.write_comment(0, j, f"{zh}\n{NOTES[name]}", {"x_scale": 2.4, "y_scale": 1.6})
    about = {kind: " ".join((model.__doc__ or "").split()) for kind, model in MODELS_OF_RULES.items()}
    for i, rule in enumerate(Policy().rules, 1):
        sheet.write_comment(i, 0, about[rule.kind], {"x_scale": 2})
    sheet.data_validation(1, 0, LAST, 0, {
        "validate": "list", "source": f"='{KINDS}'!$A$2:$A${len(about) + 1}",
        "input_title": "Kind of rule", "input_message": f"The sheet {KINDS} explains each.",
    })
    sheet.data_validation(1, 2, LAST, 2, {
        "validate": "list", "source": "='selectors'!$A$2:$A$10000", "error_type": "information",
    })
    _kinds(book, about, must)


def _kinds(book: Workbook, about: dict[str, str], head: Any) -> None:
    wrap, top = (book.add_format({"text_wrap": w, "valign": "top"}) for w in (True, False))
    kinds = _sheet(book, KINDS, {"kind": 22, "what it asks": WIDTH}, head)
    parameters = _sheet(book, PARAMETERS, {"kind": 22, "parameter at its default": 46, "meaning": WIDTH}, head)
    at = 1
    for i, (kind, text) in enumerate(about.items(), 1):
        _line(kinds, i, [kind, text], top, wrap)
        for name, field in MODELS_OF_RULES[kind].model_fields.items():
            if name not in ("kind", "name") and not (name == "who" and MODELS_OF_RULES[kind].WHO_DAY is None):
                _line(parameters, at, [kind, *_parameter(name, field)], top, wrap)
                at += 1


def _sheet(book: Workbook, name: str, widths: dict[str, int], head: Any) -> Any:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 1)
    across(sheet)
    for j, (title, width) in enumerate(widths.items()):
        sheet.set_column(j, j, width)
        sheet.write_string(0, j, title, head)
    return sheet


def _line(sheet: Any, i: int, cells: list[str], top: Any, wrap: Any) -> None:
    """A row of texts, the last of which may take several lines."""
    sheet.set_row(i, 15 * len(textwrap.wrap(cells[-1], WIDTH)))  # not every program fits rows to texts
    for j, text in enumerate(cells):
        sheet.write_string(i, j, text, wrap if j == len(cells) - 1 else top)


def _parameter(name: str, field: FieldInfo) -> tuple[str, str]:
    """A parameter as it may be written, at its default, and what it means."""
    default = None if field.is_required() else field.get_default(call_default_factory=True)
    meaning = (field.description or "").replace("`", "")
    part = part_of(field.annotation)
    if part is not None:
        stated = default.model_dump(exclude_defaults=True) if isinstance(default, BaseModel) else {}
        shown = "; ".join(f"{name}.{n} = {as_text(write(value, None))}" for n, value in stated.items())
        return shown or f"{name} =", f"{meaning} Parts: {', '.join(f'{name}.{n}' for n in part.model_fields)}."
    if field.is_required():
        return f"{name} = ... (required)", meaning
    if get_origin(field.annotation) is Literal:
        meaning += f" One of: {', '.join(get_args(field.annotation))}."
    return f"{name} = {as_text(write(default, None))}".rstrip(), meaning
