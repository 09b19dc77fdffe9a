"""A scenario as a folder: a CSV or Parquet file for each table, and ``policy.toml``."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rotation_planner.domain.errors import Defect, InputError
from rotation_planner.domain.gaps import Gaps
from rotation_planner.domain.policy import Policy
from rotation_planner.domain.scenario import MODELS, Scenario
from rotation_planner.domain.table import Table
from rotation_planner.io.cells import as_text, write
from rotation_planner.io.encoding import encoding_of
from rotation_planner.io.policy_file import parse_policy, policy_text
from rotation_planner.io.source import (
    CHUNK,
    REQUIRED,
    Mapped,
    Source,
    in_chunks,
    lose_absent,
    missing_tables,
    table_named,
    unknown_table,
)
from rotation_planner.io.validate import read_table

SUFFIXES = (".csv", ".parquet", ".toml", ".xlsx", ".xls")
"""Files of a folder that must be understood; any other (notes, pictures) is not looked at."""

LONGEST_CELL = 2**31 - 1


def write_csv_folder(scenario: Scenario, folder: Path) -> None:
    """Write tables as CSV (UTF-8, English headers, id first) and the policy into an existing folder."""
    for table in written(scenario):
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as stream:
            out = csv.writer(stream)  # ends lines with CR LF, so a lone CR or LF inside a text is quoted
            out.writerow(MODELS[table].model_fields)
            for rows in cell_rows(scenario[table]):
                out.writerows([as_text(cell) for cell in row] for row in rows)
    write_policy(scenario, folder)


def write_policy(scenario: Scenario, folder: Path) -> None:
    """Write ``policy.toml``."""
    (folder / "policy.toml").write_text(policy_text(scenario.policy, scenario.name), encoding="utf-8", newline="\n")


def written(scenario: Scenario) -> list[str]:
    """Tables to write: those with rows, and those that every input must have."""
    return [table for table in MODELS if len(scenario[table]) or table in REQUIRED]


def cell_rows(table: Table[Any]) -> Iterator[Iterator[tuple[Any, ...]]]:
    """Rows of cells (`cells.write`), a chunk at a time."""
    fields = table.model.model_fields
    empty = {n: f.get_default(call_default_factory=True) for n, f in fields.items()}
    for start in range(0, len(table), CHUNK):
        part = table.take(range(start, min(start + CHUNK, len(table))))
        columns = [[write(value, empty[n]) for value in part.tolist(n)] for n in fields]
        yield zip(*columns, strict=True)


def read_folder(folder: Path, mapping: Mapped, ignore: Path | None, defects: list[Defect], gaps: Gaps) -> Scenario:
    """Read a folder; what is wrong is appended to ``defects``, what is missing noted in ``gaps``.

    ``ignore`` is the mapping file, if it lies there.
    """
    files: dict[str, Path] = {}
    known = len(defects)
    for path in sorted(folder.iterdir()):
        suffix = path.suffix.lower()
        if path.name.startswith((".", "~$")) or suffix not in SUFFIXES or not path.is_file():
            continue
        if ignore is not None and path.resolve() == ignore.resolve():
            continue
        table = table_named(path.stem)
        if table is None or (table == "policy") != (suffix == ".toml") or suffix in (".xlsx", ".xls"):
            defects.append(unknown_table(path.stem if table is None else path.name, path.name))
        elif table in files:
            problem, mend = f"The table is in {files[table].name} too.", "Keep one of the two files."
            defects.append(Defect("duplicate_table", table, None, "", "", problem, mend, path.name))
            gaps.tables.add(table)
        else:
            files[table] = path
    lose_absent(files, len(defects) > known, gaps)
    defects += missing_tables(files, folder.name)
    policy, name = Policy(), ""
    if "policy" in files:
        text = _whole(files["policy"], "policy", defects)
        if text is None:
            gaps.policy = True
        else:
            policy, name = parse_policy(text, files["policy"].name, defects, gaps)
    pool: dict[Any, Any] = {}
    tables = {
        t: _table(t, files[t], mapping, pool, defects, gaps) if t in files else Table.of(m) for t, m in MODELS.items()
    }
    return Scenario(tables, policy, name, default_policy="policy" not in files and not gaps.policy)


def _table(
    table: str, path: Path, mapping: Mapped, pool: dict[Any, Any], defects: list[Defect], gaps: Gaps
) -> Table[Any]:
    if path.suffix.lower() == ".parquet":
        from rotation_planner.io.parquet import parquet_source

        source = parquet_source(table, path, defects, gaps)
        return Table.of(MODELS[table]) if source is None else read_table(source, mapping, pool, defects, gaps)
    encoding = _encoding(path, table, defects)
    if encoding is None:
        gaps.tables.add(table)
        return Table.of(MODELS[table])
    limit = csv.field_size_limit(LONGEST_CELL)
    try:
        with path.open(encoding=encoding, newline="") as stream:
            rows = _rows(csv.reader(stream, strict=True), table, path.name, defects, gaps)
            header: Sequence[str] = next(rows, (1, []))[1]
            return read_table(Source(table, path.name, header, in_chunks(rows)), mapping, pool, defects, gaps)
    finally:
        csv.field_size_limit(limit)


def _rows(
    lines: Iterator[list[str]], table: str, file: str, defects: list[Defect], gaps: Gaps
) -> Iterator[tuple[int, list[str]]]:
    """Rows with their numbers, up to where the file is no CSV; a row may take several lines of the file."""
    number = 0
    try:
        for number, row in enumerate(lines, 1):
            yield number, row
    except csv.Error as error:
        mend = "Put texts with quotes or line breaks in quotes, and double the quotes inside."
        defects.append(Defect("unreadable", table, number + 1, "", "", f"Not CSV: {error}.", mend, file))
        gaps.tables.add(table)


def _encoding(path: Path, table: str, defects: list[Defect]) -> str | None:
    encoding = encoding_of(path)
    if encoding is None:
        defects.append(Defect("wrong_encoding", table, None, "", "", "The text is neither UTF-8 nor GB18030.",
                              "Save the file as CSV UTF-8.", path.name))
    return encoding


def _whole(path: Path, table: str, defects: list[Defect]) -> str | None:
    encoding = _encoding(path, table, defects)
    return None if encoding is None else path.read_text(encoding=encoding)


def refuse_strangers(folder: Path) -> None:
    """Refuse to replace a folder that holds anything but tables and a policy.

    Raises
    ------
    InputError
        If it does, or if the place is a file.
    """
    if folder.is_file():
        strangers = [folder]
    elif folder.is_dir():
        ours = {f"{t}{s}" for t in MODELS for s in (".csv", ".parquet")} | {"policy.toml"}
        strangers = [p for p in sorted(folder.iterdir()) if p.name not in ours]
    else:
        return
    if strangers:
        problem, mend = "It is not part of a scenario and would be lost.", "Give another folder, or move it away."
        raise InputError([Defect("exists", "", None, "", strangers[0].name, problem, mend, str(folder))])
