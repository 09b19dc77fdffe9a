"""A result as ``plan.json`` and back, without loss.

Layout: an object with ``format``, the facts of the run, ``provenance``, ``goals``, ``unmet``, and one object per table
of the plan (``columns`` and ``rows``). Every row stands on a line of its own, so ``diff`` can compare two plans.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, fields
from typing import Any, TypeVar, cast

import numpy as np
from pydantic import TypeAdapter, ValidationError

from rotation_planner.domain.base import Row, Strict
from rotation_planner.domain.errors import Defect, InputError
from rotation_planner.domain.plan import Attendance, GoalValue, Opened, Plan, Provenance, Study, Unmet
from rotation_planner.domain.table import Table, storage
from rotation_planner.result import Result, Status

FORMAT = "rotation-planner plan 1"


class _Facts(Strict):
    """The scalar fields of a result."""

    status: Status
    stopped: str
    engine: str
    seed: int
    runtime_s: float
    peak_memory_mb: float


_FACTS = tuple(_Facts.model_fields)
_TABLES: dict[str, type[Row]] = {m.TABLE: m for m in (Attendance, Opened, Study)}
_T = TypeVar("_T")


def dump_result(result: Result) -> str:
    """Text of ``plan.json``.

    Parameters
    ----------
    result : Result
        With or without a plan; without one the tables are absent.
    """
    return "".join(_lines(result))


def _lines(result: Result) -> Iterator[str]:
    def text(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, allow_nan=False)

    yield "{\n" + f'"format": {text(FORMAT)}'
    for name in _FACTS:
        yield f',\n"{name}": {text(getattr(result, name))}'
    if result.plan is not None:
        yield f',\n"provenance": {text(asdict(result.plan.provenance))}'
    for name, records in (("goals", result.goals), ("unmet", result.unmet)):
        yield f',\n"{name}": [\n' + ",\n".join(text(_record(r)) for r in records) + "\n]"
    if result.plan is not None:
        for name in _TABLES:
            table: Table[Any] = getattr(result.plan, name)
            columns = [table.tolist(field) for field in table.fields]
            yield f',\n"{name}": {{"columns": {text(table.fields)}, "rows": [\n'
            yield ",\n".join(map(text, zip(*columns, strict=True)))
            yield "\n]}"
    yield "\n}\n"


def _record(row: Any) -> dict[str, Any]:
    return {f.name: getattr(row, f.name) for f in fields(row)}


def parse_result(text: str, file: str = "plan.json") -> Result:
    """The result written by :func:`dump_result`.

    Parameters
    ----------
    text : str
        JSON text.
    file : str
        Name for messages.

    Raises
    ------
    InputError
        If it is not such a text; nothing is guessed.
    """
    data = _expect(lambda: json.loads(text), file, "is not JSON")
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        found = data.get("format", "") if isinstance(data, dict) else type(data).__name__
        raise _bad(file, "format", str(found), f"is not the format {FORMAT!r}")

    def build() -> Result:
        goals = TypeAdapter(tuple[GoalValue, ...]).validate_python(data["goals"])
        unmet = TypeAdapter(tuple[Unmet, ...]).validate_python(data["unmet"])
        facts = _Facts.model_validate({name: data[name] for name in _FACTS}).model_dump()
        return Result(plan=_plan(data) if "attendances" in data else None, goals=goals, unmet=unmet, **facts)

    return _expect(build, file, "does not hold a result")


def _plan(data: dict[str, Any]) -> Plan:
    provenance = TypeAdapter(Provenance).validate_python(data["provenance"])
    tables = {name: _table(model, data[name]) for name, model in _TABLES.items()}
    return Plan(**cast("Any", tables), provenance=provenance)


def _table(model: type[Row], part: dict[str, Any]) -> Table[Any]:
    kinds = storage(model)
    if list(part["columns"]) != list(kinds):
        raise ValueError(f"{model.TABLE}: columns {part['columns']} instead of {list(kinds)}")
    # Validated as typed rows: a file edited by hand must not smuggle a text into an integer column.
    rows = [model.model_validate(dict(zip(kinds, row, strict=True))) for row in part["rows"]]
    if not rows:
        return Table.of(model)
    columns = {}
    for i, (name, kind) in enumerate(kinds.items()):
        array = np.empty(len(rows), dtype=kind)
        array[:] = [row[i] for row in part["rows"]]
        columns[name] = array
    return Table(model, columns)


def _expect(make: Callable[[], _T], file: str, problem: str) -> _T:
    try:
        return make()
    except ValidationError as error:
        first = error.errors()[0]
        raise _bad(file, ".".join(map(str, first["loc"])), str(first.get("input", "")), first["msg"] + ".") from error
    except KeyError as error:
        raise _bad(file, str(error.args[0]), "", "is missing") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise _bad(file, "", "", f"{problem}: {error}") from error


def _bad(file: str, column: str, value: str, problem: str) -> InputError:
    mend = "Use the folder as the command `plan` wrote it."
    return InputError([Defect("bad_plan_file", "", None, column, value[:80], problem.rstrip(".") + ".", mend, file)])
