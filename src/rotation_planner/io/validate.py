"""From cells to a table: converted, validated by Pydantic and kept by column; row by row only where it is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Annotated, Any

import numpy as np
from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from rotation_planner.domain.base import Row
from rotation_planner.domain.errors import Counted, Defect
from rotation_planner.domain.gaps import Gaps
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
        self.count = 0

    def add(self, rows: Sequence[Row], numbers: Sequence[int]) -> None:
        """Append validated rows."""
        self.extend({name: [getattr(row, name) for row in rows] for name in self.parts}, numbers)

    def extend(self, columns: Mapping[str, list[Any]], numbers: Sequence[int]) -> None:
        """Append validated columns; those that are not given hold their defaults, or a filler."""
        once = self.pool.setdefault
        for name, kind in storage(self.model).items():
            values = columns.get(name)
            if values is None:
                values = [_filler(self.model, name)] * len(numbers)
            if kind.hasobject:
                array = np.empty(len(values), dtype=object)
                array[:] = [once(v, v) if isinstance(v, (str, tuple)) else v for v in values]
            else:
                array = np.array(values, dtype=kind)
            self.parts[name].append(array)
        self.numbers.append(np.array(numbers, dtype=np.int64))
        self.count += len(numbers)

    def table(self, file: str, counted: Counted) -> Table[Any]:
        """The table of all rows added."""
        kinds = storage(self.model)
        columns: dict[str, np.ndarray] = {}
        for name, parts in self.parts.items():
            columns[name] = np.concatenate(parts) if parts else np.empty(0, dtype=kinds[name])
            parts.clear()
        numbers = np.concatenate(self.numbers) if self.numbers else np.empty(0, dtype=np.int64)
        return Table(self.model, columns, file, numbers, counted)


def read_table(source: Source, mapping: Mapped, pool: dict[Any, Any], defects: list[Defect], gaps: Gaps) -> Table[Any]:
    """Convert and validate a table; what is wrong is appended to ``defects``, what is missing noted in ``gaps``."""
    model = MODELS[source.table]
    at = match_headers(source, mapping, defects, gaps)
    fields = model.model_fields
    readers = {}
    for name in at:
        empty = _EMPTY if fields[name].is_required() else fields[name].get_default(call_default_factory=True)
        readers[name] = reader(fields[name].annotation, empty, typed=source.typed)
    found = Columns(model, pool)
    absent = {name for name in fields if name not in at}
    for numbers, cells in source.chunks:
        lost = _stray(source, numbers, cells, absent, defects)
        columns: dict[str, list[Any]] = {}
        refused: list[Any] = []
        for name, i in at.items():
            read = readers[name]
            values = [read(row[i]) if i < len(row) else read(None) for row in cells]
            try:
                columns[name] = _values(model, name).validate_python(values)
            except ValidationError as error:
                details = error.errors(include_url=False)
                refused += [{**detail, "loc": (detail["loc"][0], name)} for detail in details]
                for place in {detail["loc"][0] for detail in details}:
                    values[int(place)] = _filler(model, name)
                columns[name] = values
        if refused:
            raw = {name: [row[i] if i < len(row) else None for row in cells] for name, i in at.items()}
            defects += row_defects(model, source.file, refused, numbers, raw, source.counted)
            for place, wrong in refused_cells(model, refused).items():
                lost.setdefault(place, set()).update(wrong)
        for place, wrong in lost.items():
            gaps.lose_cells(source.table, found.count + place, wrong)
        found.extend(columns, numbers)
    return found.table(source.file, source.counted)


@cache
def _values(model: type[Row], name: str) -> TypeAdapter[list[Any]]:
    """Validates many values of a column at once."""
    field = model.model_fields[name]
    value: Any = Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation
    return TypeAdapter(list[value], config=ConfigDict(strict=True))


def _stray(
    source: Source, numbers: list[int], cells: list[Sequence[Any]], absent: set[str], defects: list[Defect]
) -> dict[int, set[str]]:
    """Values without a header, and the columns that may be wrong for it, by place in the chunk."""
    width = len(source.header)
    unnamed = [i for i, head in enumerate(source.header) if head is None or not str(head).strip()]
    lost: dict[int, set[str]] = {}
    for place, (number, row) in enumerate(zip(numbers, cells, strict=True)):
        if len(row) <= width and not unnamed:
            continue
        stray = [row[i] for i in [*unnamed, *range(width, len(row))] if i < len(row) and row[i] not in (None, "")]
        if stray:
            problem = "A value stands where no column has a header."
            mend = "Give the column a header or clear the cell; in CSV, put quotes around values with commas."
            defects.append(Defect("no_header", source.table, number, "", shorten(stray[0]), problem, mend, source.file))
            # A row that is too long may be one whose cells are all shifted.
            beyond = any(cell not in (None, "") for cell in row[width:])
            lost[place] = set(MODELS[source.table].model_fields if beyond else absent)
    return lost


def refused_cells(model: type[Row], details: Iterable[ErrorDetails]) -> dict[int, set[str]]:
    """Columns that Pydantic refused, by place of the row; all of them where it refused the row as such."""
    bad: dict[int, set[str]] = {}
    for detail in details:
        place, *inside = detail["loc"]
        bad.setdefault(int(place), set()).update({str(inside[0])} if inside else model.model_fields)
    return bad


def in_part(
    model: type[Row], values: Mapping[str, Any], bad: set[str], read: Callable[[str, Any], Any]
) -> Row:
    """A row of what could be read of it; the other cells hold fillers.

    Parameters
    ----------
    model : type[Row]
        The contract of the row.
    values : mapping
        Its cells.
    bad : set of str
        Columns that could not be read.
    read : callable
        Turns a column's name and sound cell into its value.
    """
    good = values.keys() & model.model_fields.keys() - bad
    return model.model_construct(
        **{name: read(name, values[name]) if name in good else _filler(model, name) for name in model.model_fields}
    )


def _filler(model: type[Row], name: str) -> Any:
    """What a column holds where nothing is given: its default, else something that can be stored."""
    field = model.model_fields[name]
    if not field.is_required():
        return field.get_default(call_default_factory=True)
    kind = storage(model)[name]
    return None if kind.hasobject or kind.kind == "M" else kind.type(0).item()


def row_defects(
    model: type[Row], file: str, details: Iterable[ErrorDetails], numbers: Sequence[int], raw: dict[str, list[Any]],
    counted: Counted,
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
        place = (code, model.TABLE, numbers[i], column, value)
        out[i, column] = Defect(*place, problem, mend, file, counted=counted)
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
               "Give a number the column can mean.", file, counted="record")
        for number, row in zip(numbers, rows, strict=True) if isinstance(row, dict)
        for name in whole if isinstance(row.get(name), int) and not -INT64 <= row[name] < INT64
    ]


def shorten(value: object) -> str:
    """A value for a message, on one line and not long."""
    text = " ".join(str(value).split()) if not isinstance(value, Bad) else ""
    return text if len(text) <= 60 else text[:57] + "..."
