"""Cells and values: what a cell of a CSV file, a sheet, or a typed column says, and how a value is written.

A cell that cannot be understood becomes a `Bad` in the place of its value, so that the validation of the whole row
still goes on and every defect is found in one go.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from rotation_planner.io.guard import guard, unguard

Kind = Literal["text", "integer", "number", "truth", "date", "list", "integers", "map"]
INT64 = 2**63
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d{1,30}(\.0+)?", re.ASCII)
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_PIECE = re.compile(r"(?:\\[;=\\e]|[^;])+", re.DOTALL)
_PAIR = re.compile(r"((?:\\[;=\\e]|[^=])*)=(.*)", re.DOTALL)
_ESCAPED = re.compile(r"\\([;=\\e])")
_TRUTH = {"true": True, "yes": True, "1": True, "是": True, "false": False, "no": False, "0": False, "否": False}


@dataclass(frozen=True, slots=True)
class Bad:
    """A cell that says nothing usable: what is wrong with it and how to mend it."""

    code: str
    problem: str
    mend: str


_FORMULA = Bad("formula", "A formula stands where a value is needed.", "Copy the column and paste it as values.")


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that holds a formula (or its error) instead of a value."""

    text: str

    def __str__(self) -> str:
        return self.text


def kind_of(annotation: Any) -> Kind:
    """Kind of cell a column holds, from its annotation."""
    if get_origin(annotation) in (Union, UnionType):
        annotation = next(a for a in get_args(annotation) if a is not type(None))
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is tuple:
        return "integers" if arguments[0] is int else "list"
    if origin is dict:
        return "map"
    if origin is Literal:
        return "text"
    kinds: dict[Any, Kind] = {str: "text", int: "integer", float: "number", bool: "truth", dt.date: "date"}
    return kinds[annotation]


def _wrong(problem: str, mend: str) -> Bad:
    return Bad("wrong_type", problem, mend)


def _text(cell: Any) -> Any:
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    if isinstance(cell, (dt.date, dt.time)):
        return cell.isoformat()
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _integer(cell: Any) -> Any:
    if isinstance(cell, int) and not isinstance(cell, bool):
        value = cell
    elif isinstance(cell, float) and cell.is_integer():
        value = int(cell)
    elif isinstance(cell, str) and _INTEGER.fullmatch(cell):
        value = int(cell.partition(".")[0])
    else:
        return _wrong("Not a whole number.", "Write digits only, without separators or units.")
    if not -INT64 <= value < INT64:
        return Bad("out_of_bounds", "The number is too large.", "Give a number the column can mean.")
    return value


def _number(cell: Any) -> Any:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return float(cell)
    if isinstance(cell, str) and _NUMBER.fullmatch(cell):
        return float(cell)
    return _wrong("Not a number.", "Write digits with a decimal point.")


def _truth(cell: Any) -> Any:
    if isinstance(cell, bool):
        return cell
    value = _TRUTH.get(_text(cell).lower())
    return _wrong("Neither true nor false.", "Write true or false (是 or 否, 1 or 0).") if value is None else value


def _date(cell: Any) -> Any:
    bad = _wrong("Not a date.", "Write it as 2027-01-31, or format the cell as a date.")
    if isinstance(cell, dt.datetime):
        return cell.date() if cell.time() == dt.time() else _wrong("A time of day, not a date.", bad.mend)
    if isinstance(cell, dt.date):
        return cell
    found = _DATE.fullmatch(_text(cell))
    if found is None:
        return bad
    year, month, day = (int(part) for part in found.groups() if part is not None)
    try:
        return dt.date(year, month, day)
    except ValueError:
        return _wrong("There is no such day.", bad.mend)


def _pieces(cell: Any) -> list[str]:
    text = _text(cell)
    pieces = _PIECE.findall(text) if "\\" in text else text.split(";")
    return [stripped for piece in pieces if (stripped := piece.strip())]


def _plain(text: str) -> str:
    return _ESCAPED.sub(lambda m: "" if m[1] == "e" else m[1], text) if "\\" in text else text


def _list(cell: Any) -> Any:
    if isinstance(cell, (list, tuple)):
        return tuple(cell)
    return tuple(_plain(piece) for piece in _pieces(cell))


def _integers(cell: Any) -> Any:
    values = tuple(map(_integer, cell if isinstance(cell, (list, tuple)) else _pieces(cell)))
    return next((v for v in values if isinstance(v, Bad)), values)


def _map(cell: Any) -> Any:
    mend = "Write key=value;key=value with whole numbers."
    if isinstance(cell, Mapping):
        return dict(cell)
    if isinstance(cell, (list, tuple)):  # how Parquet hands out a map
        pairs = [tuple(pair) for pair in cell]
    else:
        pairs = []
        for piece in _pieces(cell):
            found = _PAIR.fullmatch(piece)
            if found is None:
                return _wrong(f"{piece!r} is not a pair of key and value.", mend)
            value = _integer(found[2].strip())
            if isinstance(value, Bad):
                return _wrong(f"The value of {piece!r} is not a whole number.", mend)
            pairs.append((_plain(found[1].strip()), value))
    values = dict(pairs)
    return values if len(values) == len(pairs) else _wrong("A key appears twice.", "Give each key once.")


_READ: dict[Kind, Callable[[Any], Any]] = {
    "text": _text, "integer": _integer, "number": _number, "truth": _truth, "date": _date, "list": _list,
    "integers": _integers, "map": _map,
}
_FEW: frozenset[Kind] = frozenset({"date", "list", "integers"})
"""Kinds that are slow to read, repeat often, and cannot be changed by whoever gets them."""


def reader(annotation: Any, empty: Any, *, typed: bool = False) -> Callable[[Any], Any]:
    """Make the function that turns a cell of a column into its value, or into a `Bad`.

    Parameters
    ----------
    annotation : type
        Annotation of the field.
    empty : object
        Value of an empty cell.
    typed : bool
        Whether texts are values as they stand (Parquet), not cells of a spreadsheet with guards and spaces around.
    """
    kind = kind_of(annotation)
    convert, few = _READ[kind], kind in _FEW
    known: dict[Any, Any] = {}

    def read(cell: Any) -> Any:
        if cell is None:
            return empty
        if isinstance(cell, str) and not typed:
            if cell.startswith("'"):
                cell = read_text(cell)
            else:
                cell = cell.strip()
                if not cell:
                    return empty
            if kind == "text":
                return cell
            if few:
                value = known.get(cell)
                if value is None:
                    if len(known) > 50_000:
                        known.clear()
                    value = known[cell] = convert(cell)
                return value
        elif isinstance(cell, Formula):
            return _FORMULA
        return convert(cell)

    return read


def read_text(cell: str) -> str:
    """Text of a spreadsheet cell: guard taken away, spaces around it dropped unless the guard protects them."""
    rest = cell[1:]
    if cell.startswith("'") and (unguard(cell) != cell or rest != rest.strip() or not rest):
        return rest
    return cell.strip()


def write_text(text: str) -> str:
    """Spreadsheet cell for a text; also guards the empty text and spaces around it, which a reader would drop."""
    return "'" + text if not text or text != text.strip() else guard(text)


def _escape(text: str) -> str:
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace("=", "\\=")
    # The marker \e stands for nothing; it keeps an empty item, and spaces at an end, from being dropped.
    start = "\\e" if not text or text[0].isspace() else ""
    return start + text + ("\\e" if text and text[-1].isspace() else "")


def write(value: Any, empty: Any) -> str | int | float | bool | dt.date | None:
    """A value as a cell: lists and maps become text, None stands for an empty cell.

    Parameters
    ----------
    value : object
        A validated value of the column.
    empty : object
        What an empty cell of this column means (its default).
    """
    if value is None or (value == empty and not isinstance(value, (bool, int, float)) and not value):
        return None
    if isinstance(value, str):
        return write_text(value)
    if isinstance(value, tuple):
        return write_text(";".join(_escape(str(v)) for v in value)) if value else None
    if isinstance(value, dict):
        return write_text(";".join(f"{_escape(k)}={v}" for k, v in value.items())) if value else None
    plain: int | float | bool | dt.date = value
    return plain


def as_text(cell: Any) -> str:
    """A cell from `write` as CSV text."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return repr(cell) if isinstance(cell, float) else str(cell)
