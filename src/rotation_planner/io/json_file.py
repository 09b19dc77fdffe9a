"""A scenario as one JSON file, plain or gzipped: name, policy, and a list of rows for each table."""

from __future__ import annotations

import gzip
import json
import zlib
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json, to_json

from rotation_planner.domain.base import Row
from rotation_planner.domain.errors import Defect
from rotation_planner.domain.gaps import Gaps
from rotation_planner.domain.policy import Policy
from rotation_planner.domain.scenario import MODELS, Scenario
from rotation_planner.domain.table import Table
from rotation_planner.io.policy_file import policy_of
from rotation_planner.io.source import CHUNK, POLICY, REQUIRED, closest, lose_absent, missing_tables
from rotation_planner.io.validate import Columns, in_part, refused_cells, row_defects, shorten, too_large

FORMAT = "rotation-planner scenario 1"
MAX_BYTES = 4 * 2**30
"""Most bytes that a gzipped scenario may unpack to."""


def write_json(scenario: Scenario, path: Path, *, packed: bool) -> None:
    """Write a scenario, gzipped if ``packed``; equal scenarios give equal bytes."""
    with path.open("wb") as plain:
        if packed:
            # Neither name nor time goes into the header.
            with gzip.GzipFile("", "wb", 6, plain, mtime=0) as out:
                _write(scenario, out)
        else:
            _write(scenario, plain)


def _write(scenario: Scenario, out: Any) -> None:
    head = {"format": FORMAT, "name": scenario.name, "policy": scenario.policy.model_dump(mode="json")}
    out.write(json.dumps(head, ensure_ascii=False)[:-1].encode() + b',\n"tables": {')
    comma = b"\n"
    for table, model in MODELS.items():
        content = scenario[table]
        if not len(content) and table not in REQUIRED:
            continue
        out.write(comma + f'"{table}": ['.encode())
        comma = b",\n"
        defaults = {n: f.get_default(call_default_factory=True) for n, f in model.model_fields.items()}
        line = b"\n"
        for start in range(0, len(content), CHUNK):
            part = content.take(range(start, min(start + CHUNK, len(content))))
            columns = [part.tolist(n) for n in defaults]
            rows = (
                {n: v for (n, empty), v in zip(defaults.items(), row, strict=True) if v != empty}
                for row in zip(*columns, strict=True)
            )
            out.write(line + b",\n".join(map(to_json, rows)))
            line = b",\n"
        out.write(b"]")
    out.write(b"\n}}\n")


def read_json(path: Path, defects: list[Defect], gaps: Gaps) -> Scenario:
    """Read a scenario; what is wrong is appended to ``defects``, what is missing noted in ``gaps``."""
    file = path.name

    def refuse(code: str, table: str, value: object, problem: str, mend: str) -> None:
        defects.append(Defect(code, table, None, "", shorten(value), problem, mend, file))

    content: Any = None
    try:
        content = from_json(_bytes(path), cache_strings="all", allow_inf_nan=False)
    except OverflowError:
        refuse("zip_bomb", "", "", "The file unpacks to more than is read.", "Check where it comes from.")
    except (gzip.BadGzipFile, EOFError, zlib.error):
        refuse("unreadable", "", "", "The file is not whole gzip data.", "Copy or write it again.")
    except ValueError as error:
        refuse("unreadable", "", "", f"Not JSON: {error}.", "Mend the file, or write it again.")
    else:
        if not isinstance(content, dict) or not isinstance(content.get("tables"), dict):
            refuse("unreadable", "", "", "Not a scenario: there is no object with `tables`.",
                   "Give a file that this program wrote, or one of that form.")
    if defects:
        gaps.lose_everything(MODELS)
        return Scenario.of()
    for key in sorted(set(content) - {"format", "name", "policy", "tables"}):
        refuse("unknown_table", "", key, "There is no such part of a scenario.", "Remove it.")
        gaps.policy |= "policy" not in content
    if content.get("format", FORMAT) != FORMAT:
        refuse("unknown_format", "", content["format"], "Another version of the format.", f"This one reads {FORMAT!r}.")
    name = content.get("name", "")
    if not isinstance(name, str):
        refuse("wrong_type", "", name, "The name is not a text.", "Put it in quotes.")
        name = ""
    policy = policy_of(content["policy"], file, defects, gaps) if "policy" in content else Policy()
    tables = _tables(content["tables"], file, defects, gaps)
    all_tables = {t: tables[t] if t in tables else Table.of(m) for t, m in MODELS.items()}
    return Scenario(all_tables, policy, name, default_policy="policy" not in content and not gaps.policy)


def _tables(content: dict[str, Any], file: str, defects: list[Defect], gaps: Gaps) -> dict[str, Table[Any]]:
    pool: dict[Any, Any] = {}
    tables: dict[str, Table[Any]] = {}
    found, strange = list(content), False
    for table in found:
        rows = content.pop(table)  # lets each table go as soon as it is read
        if table not in MODELS:
            mend = f"{closest(table, MODELS)} Or remove it."
            defects.append(Defect("unknown_table", table, None, "", "", "There is no table of this name.", mend, file))
            strange = True
        elif not isinstance(rows, list):
            defects.append(Defect("wrong_type", table, None, "", shorten(rows), "Not a list of rows.",
                                  "Write [{...}, {...}].", file))
            gaps.tables.add(table)
        else:
            tables[table] = _table(table, rows, pool, file, defects, gaps)
    lose_absent([*found, POLICY], strange, gaps)
    defects += missing_tables(found, file)
    return tables


def _table(
    table: str, rows: list[Any], pool: dict[Any, Any], file: str, defects: list[Defect], gaps: Gaps
) -> Table[Any]:
    model = MODELS[table]
    adapter: TypeAdapter[list[Any]] = TypeAdapter(list[model])  # type: ignore[valid-type]
    columns = Columns(model, pool)
    for start in range(0, len(rows), CHUNK):
        part = rows[start : start + CHUNK]
        numbers = range(start + 1, start + 1 + len(part))
        large = too_large(model, file, part, numbers)
        defects += large
        bad: dict[int, set[str]] = {}
        for defect in large:
            bad.setdefault((defect.row or 0) - numbers[0], set()).add(defect.column)
        try:
            # Only in its JSON mode does strict Pydantic take lists for tuples and texts for dates.
            valid = adapter.validate_json(to_json(part))
        except ValidationError as error:
            details = error.errors(include_url=False)
            known = {(d.row, d.column) for d in large}
            found = row_defects(model, file, details, numbers, {}, "record")
            defects += [d for d in found if (d.row, d.column) not in known]
            for i, refused in refused_cells(model, details).items():
                bad.setdefault(i, set()).update(refused)
                if not refused <= model.model_fields.keys():  # an absent column may be meant by the unknown one
                    bad[i].update(model.model_fields.keys() - part[i].keys())
        if bad:
            sound = iter(adapter.validate_json(to_json([row for i, row in enumerate(part) if i not in bad])))
            valid = [_in_part(model, row, bad[i]) if i in bad else next(sound) for i, row in enumerate(part)]
            for i, lost in bad.items():
                gaps.lose_cells(table, columns.count + i, lost & model.model_fields.keys())
        columns.add(valid, numbers)
    return columns.table(file, "record")


def _in_part(model: type[Row], row: Any, bad: set[str]) -> Row:
    def read(name: str, value: Any) -> Any:
        annotation: Any = model.model_fields[name].annotation
        return TypeAdapter(annotation).validate_json(to_json(value))

    return in_part(model, row if isinstance(row, dict) else {}, bad, read)


def _bytes(path: Path) -> bytes:
    if path.suffix.lower() != ".gz":
        return path.read_bytes()
    with gzip.open(path) as stream:
        data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise OverflowError
    return data
