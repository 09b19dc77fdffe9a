"""A scenario as one workbook: a sheet for each table, one of rules, and ``policy`` with the other lines of it.

A sheet ``policy`` may also hold the whole of ``policy.toml``, rules included; then there is no sheet ``rules``.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from xlsxwriter import Workbook

from rotation_planner.domain.errors import Defect, InputError
from rotation_planner.domain.gaps import Gaps
from rotation_planner.domain.policy import Policy
from rotation_planner.domain.scenario import MODELS, Scenario
from rotation_planner.domain.table import Table
from rotation_planner.io.cells import Formula, as_text, write_text
from rotation_planner.io.folder import cell_rows, written
from rotation_planner.io.guard import unguard
from rotation_planner.io.policy_file import parse_policy, policy_of, policy_text
from rotation_planner.io.rule_rows import (
    HEADER,
    LEAST_PARAMETERS,
    PARAMETER,
    RULES,
    RULES_ZH,
    RuleRows,
    read_rules,
    row_of,
)
from rotation_planner.io.source import (
    Mapped,
    Source,
    in_chunks,
    lose_absent,
    missing_tables,
    normal,
    table_named,
    unknown_table,
)
from rotation_planner.io.validate import read_table

MAX_BYTES = 2 * 2**30
"""Most bytes that a workbook may unpack to."""
MAX_RATIO = 200
"""Most that a workbook above ``SMALL_BYTES`` may grow by unpacking."""
SMALL_BYTES = 20 * 2**20
MAX_TEXT = 32_767
MAX_ROWS = 1_048_576
NOTES = {"read_me", "readme", "notes", "说明", "rule_kinds", "rule_parameters"}
"""Sheets that are for people and not read."""
POLICY_HEADER = "policy.toml"
_CODED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_FIRST_DAY = dt.date(1900, 3, 1)  # Excel counts a 29 February 1900 that never was


def write_workbook(scenario: Scenario, path: Path) -> None:
    """Write a scenario.

    Raises
    ------
    InputError
        If a table is too long for a sheet or a text for a cell.
    """
    defects = [
        Defect("too_large", t, None, "", str(len(scenario[t])), f"A sheet holds {MAX_ROWS - 1:,} rows.",
               "Write a folder or .json.gz instead.", path.name)
        for t in MODELS if len(scenario[t]) >= MAX_ROWS
    ]
    if defects:
        raise InputError(defects)
    with Workbook(path, {"constant_memory": True, "in_memory": False}) as book:
        head = book.add_format({"bold": True})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for table in written(scenario):
            sheet = book.add_worksheet(table)
            sheet.freeze_panes(1, 1)
            fields = list(MODELS[table].model_fields)
            for j, name in enumerate(fields):
                sheet.set_column(j, j, max(12, len(name) + 3))
                sheet.write_string(0, j, name, head)
            i = 0
            for rows in cell_rows(scenario[table]):
                for row in rows:
                    i += 1
                    for j, cell in enumerate(row):
                        if cell is not None and not _put(sheet, i, j, cell, day):
                            problem = f"A cell holds {MAX_TEXT:,} characters."
                            mend = "Write a folder or .json.gz instead."
                            place = (table, i + 1, fields[j], str(cell)[:57] + "...")
                            defects.append(Defect("too_large", *place, problem, mend, path.name))
        for i, column, cell in put_rules(book.add_worksheet(RULES), scenario.policy, head):
            problem = f"A cell holds {MAX_TEXT:,} characters."
            mend = "Write a folder or .json.gz instead."
            defects.append(Defect("too_large", RULES, i + 1, column, cell[:57] + "...", problem, mend, path.name))
        sheet = book.add_worksheet("policy")
        sheet.set_column(0, 0, 80)
        sheet.write_string(0, 0, POLICY_HEADER, head)
        for i, line in enumerate(policy_text(scenario.policy, scenario.name, rules_apart=True).splitlines(), 1):
            if line:
                sheet.write_string(i, 0, write_text(line))
    if defects:
        raise InputError(defects)


def put_rules(sheet: Any, policy: Policy, head: Any) -> list[tuple[int, str, str]]:
    """Write a row for each rule; gives row (from 0), column and text of what fits into no cell."""
    rows = [row_of(rule) for rule in policy.rules]
    header = [*HEADER, *[PARAMETER] * max(LEAST_PARAMETERS, *(len(row) - len(HEADER) for row in rows), 0)]
    sheet.freeze_panes(1, 1)
    for j, name in enumerate(header):
        sheet.set_column(j, j, 20 if j < len(HEADER) else 30)
        sheet.write_string(0, j, name, head)
    return [
        (i, header[j], cell)
        for i, row in enumerate(rows, 1)
        for j, cell in enumerate(row)
        if cell is not None and not _put(sheet, i, j, cell, None)
    ]


def _put(sheet: Any, i: int, j: int, cell: Any, day: Any) -> bool:
    """Write a cell so that no digit is lost; whether it fits."""
    if isinstance(cell, bool):
        sheet.write_boolean(i, j, cell)
    elif isinstance(cell, dt.date) and cell >= _FIRST_DAY:
        sheet.write_datetime(i, j, dt.datetime(cell.year, cell.month, cell.day), day)  # noqa: DTZ001
    elif isinstance(cell, (int, float)) and float(f"{cell:.16G}") == cell and abs(cell) < 10**15:
        sheet.write_number(i, j, cell)
    else:
        text = as_text(cell)
        if len(text.encode("utf-16-le")) > 2 * MAX_TEXT:
            return False
        sheet.write_string(i, j, text)
    return True


def read_workbook(path: Path, mapping: Mapped, defects: list[Defect], gaps: Gaps) -> Scenario:
    """Read a workbook; what is wrong is appended to ``defects``, what is missing noted in ``gaps``."""
    nothing = Scenario.of()
    if not _safe(path, defects):
        gaps.lose_everything(MODELS)
        return nothing
    try:
        book = load_workbook(path, read_only=True, data_only=False, keep_links=False)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, ParseError, OSError) as error:
        _unreadable(path, error, defects)
        gaps.lose_everything(MODELS)
        return nothing
    try:
        known = len(defects)
        sheets: dict[str, Any] = {}
        for sheet in book.worksheets:
            file = f"{path.name} [{sheet.title}]"
            table = RULES if normal(sheet.title) in (RULES, RULES_ZH) else table_named(sheet.title)
            if normal(sheet.title) in NOTES:
                continue
            if table is None:
                defects.append(unknown_table(sheet.title, file))
            elif table in sheets:
                problem = f"The table is on sheet {sheets[table].title} too."
                defects.append(Defect("duplicate_table", table, None, "", "", problem, "Keep one of the two.", file))
                gaps.tables.add(table)
            else:
                sheets[table] = sheet
        lose_absent(sheets, len(defects) > known, gaps)
        gaps.policy |= len(defects) > known and RULES not in sheets  # they may be what was not understood
        defects += missing_tables(sheets, path.name)
        pool: dict[Any, Any] = {}
        tables = {t: Table.of(m) for t, m in MODELS.items()}
        policy, name = Policy(), ""
        rules = _rule_rows(sheets[RULES], path.name, defects, gaps) if RULES in sheets else None
        for table, sheet in sheets.items():
            if table == RULES:
                continue
            file = f"{path.name} [{sheet.title}]"
            rows = _rows(sheet)
            header = [_plain(c) for c in next(rows, (1, []))[1]]
            if table == "policy":
                text = _policy_lines(header, rows, file, defects)
                if text is None:
                    gaps.policy = True
                else:
                    policy, name = parse_policy(text, file, defects, gaps, rules)
            else:
                tables[table] = read_table(Source(table, file, header, in_chunks(rows)), mapping, pool, defects, gaps)
        if "policy" not in sheets and rules is not None:
            policy = policy_of({}, path.name, defects, gaps, rules)
    except (zipfile.BadZipFile, ParseError, KeyError, ValueError) as error:
        _unreadable(path, error, defects)
        gaps.lose_everything(MODELS)
        return nothing
    finally:
        book.close()
    return Scenario(tables, policy, name, default_policy="policy" not in sheets and rules is None and not gaps.policy)


def _rule_rows(sheet: Any, book: str, defects: list[Defect], gaps: Gaps) -> RuleRows | None:
    """The rules of their sheet, or None if it says nothing."""
    rows = _rows(sheet)
    header = [_plain(c) for c in next(rows, (1, []))[1]]
    found = read_rules(header, rows, f"{book} [{sheet.title}]", defects)
    gaps.policy |= found.lost
    return found if found.content or found.lost else None


def _rows(sheet: Any) -> Iterator[tuple[int, Sequence[Any]]]:
    sheet.reset_dimensions()  # what the file says of its own size may be wrong, and rows would be lost
    for number, row in enumerate(sheet.iter_rows(), 1):
        yield number, [_value(cell) for cell in row]


_OFFICE_TRUTH = {"=TRUE()": True, "=FALSE()": False}
"""How LibreOffice saves the truth values it has read."""


def _value(cell: Any) -> Any:
    value = cell.value
    if value is None:
        return None
    if cell.data_type in ("f", "e"):
        text = str(getattr(value, "text", value))
        return _OFFICE_TRUTH.get(text.upper(), Formula(text))
    if isinstance(value, str) and "_x" in value:
        return _CODED.sub(lambda m: chr(int(m[1], 16)), value)
    return value


def _plain(cell: Any) -> Any:
    return unguard(cell) if isinstance(cell, str) else cell


def _policy_lines(
    header: Sequence[Any], rows: Iterator[tuple[int, Sequence[Any]]], file: str, defects: list[Defect]
) -> str | None:
    """The text of column A, or None if lines of it are formulas; its first line may be the header."""
    before = len(defects)
    lines = [str(header[0]) if header and header[0] is not None else ""]
    if normal(lines[0]) == POLICY_HEADER:
        lines[0] = ""
    for number, row in rows:
        cell = row[0] if row else None
        if isinstance(cell, Formula):
            problem = "A formula stands where text is needed."
            defects.append(Defect("formula", "policy", number, "", str(cell)[:60], problem,
                                  "Copy the column and paste it as values.", file))
        lines.append("" if cell is None or isinstance(cell, Formula) else _line(str(cell)))
    return "\n".join(lines) if len(defects) == before else None


def _line(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and write_text(cell[1:]) == cell else cell


def _safe(path: Path, defects: list[Defect]) -> bool:
    """Whether the file is a zip that unpacks to a reasonable size, before anything of it is parsed."""
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(info.file_size for info in archive.infolist())
    except (zipfile.BadZipFile, OSError) as error:
        _unreadable(path, error, defects)
        return False
    if size > MAX_BYTES or (size > SMALL_BYTES and size > MAX_RATIO * path.stat().st_size):
        problem = "The workbook unpacks to far more than it holds."
        defects.append(Defect("zip_bomb", "", None, "", f"{size:,} bytes", problem,
                              "Check where it comes from; save a clean copy, or use CSV.", path.name))
        return False
    return True


def _unreadable(path: Path, error: Exception, defects: list[Defect]) -> None:
    reason = str(error).strip("'\"").rstrip(".") or type(error).__name__
    defects.append(Defect("unreadable", "", None, "", "", f"The workbook cannot be read: {reason}.",
                          "Open it in a spreadsheet program and save it as .xlsx; remove a password.", path.name))
