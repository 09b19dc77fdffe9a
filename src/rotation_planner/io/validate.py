"""From cells to a table: converted by column, validated by Pydantic in batches of rows, kept by column."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from rotation_planner.domain.base import Row
from rotation_planner.domain.errors import Defect
from rotation_planner.domain.scenario import MODELS
from rotation_planner.domain.table import Table, storage
from rotation_planner.io.cells import INT64, Bad, reader
from rotation_planner.io.source import Mapped, Source, closest, match_headers

_EMPTY = Bad("empty_required", "The cell is empty, but a value is required.", "Fill it in, or remove the row.")
_BOUNDS = {"greater_than", "greater_than_equal", "less_than", "less_than_equal", "string_too_short", "too_short"}


class Columns:
    """Gathers validated rows of one model as columns; equal texts are kept once."""

    def __init__(self, model: type[Row], pool: dict[Any, Any]) -> None:
        self.model, self.pool = model, pool
        self.parts: dict[str, list[np.ndarray]] = {name: [] for name in storage(model)}
        self.numbers: list[np.ndarray] = []

    def add(self, rows: Sequence[Row], numbers: Sequence[int]) -> None:
        """Append validated rows."""
        once = self.pool.setdefault
        for name, kind in storage(self.model).items():
            values = [getattr(row, name) for row in rows]
            if kind.hasobject:
                array = np.empty(len(values), dtype=object)
                array[:] = [once(v, v) if isinstance(v, (str, tuple)) else v for v in values]
            else:
                array = np.array(values, dtype=kind)
            self.parts[name].append(array)
        self.numbers.append(np.array(numbers, dtype=np.int64))

    def table(self, file: str) -> Table[Any]:
        """The table of all rows added."""
        kinds = storage(self.model)
        columns: dict[str, np.ndarray] = {}
        for name, parts in self.parts.items():
            columns[name] = np.concatenate(parts) if parts else np.empty(0, dtype=kinds[name])
            parts.clear()
        numbers = np.concatenate(self.numbers) if self.numbers else np.empty(0, dtype=np.int64)
        return Table(self.model, columns, file, numbers)


def read_table(source: Source, mapping: Mapped, pool: dict[Any, Any], defects: list[Defect]) -> Table[Any]:
    """Convert and validate a table; what is wrong is appended to ``defects``."""
    model = MODELS[source.table]
    at = match_headers(source, mapping, defects)
    names = list(at)
    fields = model.model_fields
    readers = []
    for name in names:
        required = fields[name].is_required()
        empty = _EMPTY if required else fields[name].get_default(call_default_factory=True)
        readers.append(reader(fields[name].annotation, empty, typed=source.typed))
    rows: TypeAdapter[list[Row]] = TypeAdapter(list[model])  # type: ignore[valid-type]
    found = Columns(model, pool)
    absent = {name for name in fields if name not in at}
    for numbers, cells in source.chunks:
        _long_rows(source, numbers, cells, defects)
        columns = [
            [read(row[i]) if i < len(row) else read(None) for row in cells]
            for read, i in zip(readers, at.values(), strict=True)
        ]
        values = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)] if columns else []
        try:
            valid = rows.validate_python(values)
        except ValidationError as error:
            raw = {name: [row[i] if i < len(row) else None for row in cells] for name, i in at.items()}
            details = [e for e in error.errors(include_url=False) if not (len(e["loc"]) > 1 and e["loc"][1] in absent)]
            defects += row_defects(model, source.file, details, numbers, raw)
        else:
            found.add(valid, numbers)
    return found.table(source.file)


def _long_rows(source: Source, numbers: list[int], cells: list[Sequence[Any]], defects: list[Defect]) -> None:
    width = len(source.header)
    named = [bool(str(h).strip()) if h is not None else False for h in source.header]
    gaps = [i for i, there in enumerate(named) if not there]
    for number, row in zip(numbers, cells, strict=True):
        if len(row) <= width and not gaps:
            continue
        stray = [row[i] for i in [*gaps, *range(width, len(row))] if i < len(row) and row[i] not in (None, "")]
        if stray:
            problem = "A value stands where no column has a header."
            mend = "Give the column a header or clear the cell; in CSV, put quotes around values with commas."
            defects.append(Defect("no_header", source.table, number, "", shorten(stray[0]), problem, mend, source.file))


def row_defects(
    model: type[Row], file: str, details: Iterable[ErrorDetails], numbers: Sequence[int], raw: dict[str, list[Any]]
) -> list[Defect]:
    """One defect for each cell that Pydantic or a converter refused."""
    out: dict[tuple[int, str], Defect] = {}
    for detail in details:
        i = int(detail["loc"][0])
        column = str(detail["loc"][1]) if len(detail["loc"]) > 1 else ""
        if (i, column) in out:
            continue
        cell = raw[column][i] if column in raw else detail["input"]
        code, problem, mend = _explain(detail)
        value = "" if code == "empty_required" else shorten(cell)
        out[i, column] = Defect(code, model.TABLE, numbers[i], column, value, problem, mend, file)
    order = {name: k for k, name in enumerate(model.model_fields)}
    return [out[key] for key in sorted(out, key=lambda key: (key[0], order.get(key[1], len(order))))]


def _explain(detail: ErrorDetails) -> tuple[str, str, str]:
    bad, kind, context = detail["input"], detail["type"], detail.get("ctx", {})
    if isinstance(bad, Bad):
        return bad.code, bad.problem, bad.mend
    message = detail["msg"].rstrip(".") + "."
    if kind == "missing":
        return _EMPTY.code, _EMPTY.problem, _EMPTY.mend
    if kind in _BOUNDS:
        return "out_of_bounds", message, "Give a value inside the bounds."
    if kind == "literal_error":
        allowed = str(context["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
        return "not_allowed", f"Not one of: {', '.join(allowed)}.", closest(str(bad), allowed)
    if kind == "extra_forbidden":
        return "unknown_column", "This table has no such column.", "Rename or remove it."
    return "wrong_type", message, "Give a value of the kind the data dictionary names."


def too_large(model: type[Row], file: str, rows: Sequence[Any], numbers: Sequence[int]) -> list[Defect]:
    """Integers that do not fit the 64 bits of a column."""
    whole = [name for name, kind in storage(model).items() if kind == np.int64]
    return [
        Defect("out_of_bounds", model.TABLE, number, name, shorten(row[name]), "The number is too large.",
               "Give a number the column can mean.", file)
        for number, row in zip(numbers, rows, strict=True) if isinstance(row, dict)
        for name in whole if isinstance(row.get(name), int) and not -INT64 <= row[name] < INT64
    ]


def shorten(value: object) -> str:
    """A value for a message, on one line and not long."""
    text = " ".join(str(value).split()) if not isinstance(value, Bad) else ""
    return text if len(text) <= 60 else text[:57] + "..."
