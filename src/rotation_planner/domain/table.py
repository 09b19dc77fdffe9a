"""A table: columns inside, typed rows on request.

A million rows as Pydantic objects would not fit beside a solve, so a table keeps one NumPy array per column and
builds a row only when somebody asks for it.
"""

from __future__ import annotations

import datetime as dt
import types
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Generic, TypeVar, Union, cast, get_args, get_origin

import numpy as np
import pandas as pd

from rotation_planner.domain.base import Row
from rotation_planner.domain.errors import Counted

R = TypeVar("R", bound=Row)
CHUNK = 1024
"""Rows whose columns are turned into Python values together when all rows are asked for."""


@cache
def storage(model: type[Row]) -> dict[str, np.dtype[Any]]:
    """NumPy type of each column: ``int64``, ``float64``, ``bool``, ``datetime64[D]`` (NaT = empty), or ``object``."""
    kinds: dict[str, np.dtype[Any]] = {}
    for name, field in model.model_fields.items():
        bare, optional = _strip_none(field.annotation)
        if bare is dt.date:
            kinds[name] = np.dtype("datetime64[D]")
        elif bare is bool and not optional:
            kinds[name] = np.dtype(bool)
        elif bare is int and not optional:
            kinds[name] = np.dtype(np.int64)
        else:
            kinds[name] = np.dtype(object)
    return kinds


@cache
def _blank(model: type[Row]) -> Row:
    """A row without values: copying it is quicker than ``model_construct``, which looks up every default."""
    return model.model_construct(**dict.fromkeys(model.model_fields))


def _strip_none(annotation: Any) -> tuple[Any, bool]:
    if get_origin(annotation) in (Union, types.UnionType):
        rest = [a for a in get_args(annotation) if a is not type(None)]
        if len(rest) == 1:
            return rest[0], True
    return annotation, False


class Table(Generic[R]):
    """Rows of one model, stored by column.

    Parameters
    ----------
    model : type[Row]
        The contract of a row.
    columns : mapping of str to array
        One array per field, equal lengths, already validated.
    file : str
        Where the rows came from, for messages.
    row_numbers : array of int, optional
        Number of each record in its file; without it record ``i`` stands in row ``i + 2``, as in CSV.
    counted : str
        What the numbers count (see ``Defect``).
    """

    def __init__(
        self,
        model: type[R],
        columns: Mapping[str, np.ndarray],
        file: str = "",
        row_numbers: np.ndarray | None = None,
        counted: Counted = "row",
    ) -> None:
        kinds = storage(model)
        self.model = model
        self.file = file
        self.counted = counted
        self._row_numbers = row_numbers
        self._columns = {name: np.asarray(columns[name], dtype=kinds[name]) for name in kinds}
        for array in self._columns.values():
            array.flags.writeable = False

    @classmethod
    def of(cls, model: type[R], rows: Iterable[R] = ()) -> Table[R]:
        """Make a table from typed rows."""
        kept = list(rows)
        columns: dict[str, np.ndarray] = {}
        for name, kind in storage(model).items():
            if kind.hasobject:
                array = np.empty(len(kept), dtype=object)
                for i, row in enumerate(kept):
                    array[i] = getattr(row, name)
            else:
                array = np.array([getattr(row, name) for row in kept], dtype=kind)
            columns[name] = array
        return cls(model, columns)

    def __len__(self) -> int:
        return len(next(iter(self._columns.values())))

    def __getitem__(self, i: int) -> R:
        values = {name: self._value(array, i) for name, array in self._columns.items()}
        return cast("R", _blank(self.model).model_copy(update=values))

    def __iter__(self) -> Iterator[R]:
        blank, names = _blank(self.model), self.fields
        for first in range(0, len(self), CHUNK):
            columns = (array[first : first + CHUNK].tolist() for array in self._columns.values())
            for values in zip(*columns, strict=True):
                yield cast("R", blank.model_copy(update=dict(zip(names, values, strict=True))))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Table) or self.model is not other.model or len(self) != len(other):
            return NotImplemented if not isinstance(other, Table) else False
        return all(self.tolist(name) == other.tolist(name) for name in self._columns)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<{self.model.TABLE}: {len(self)} rows>"

    @staticmethod
    def _value(array: np.ndarray, i: int) -> Any:
        value = array[i]
        if array.dtype.hasobject:
            return value
        return value.item()  # NaT becomes None

    @property
    def fields(self) -> tuple[str, ...]:
        """Column names."""
        return tuple(self._columns)

    def column(self, name: str) -> np.ndarray:
        """One column as a read-only array (dates as ``datetime64[D]``)."""
        return self._columns[name]

    def tolist(self, name: str) -> list[Any]:
        """One column as Python values."""
        return list(self._columns[name].tolist())

    def row_number(self, i: int) -> int:
        """Number of record ``i`` in its file, counted as ``counted`` says."""
        return int(self._row_numbers[i]) if self._row_numbers is not None else i + 2

    def take(self, keep: np.ndarray | Sequence[int]) -> Table[R]:
        """The chosen rows (indices or mask), in that order."""
        index = np.asarray(keep if len(keep) else np.zeros(0, np.int64))  # an empty list has no integer type
        numbers = None if self._row_numbers is None else self._row_numbers[index]
        return Table(self.model, {n: a[index] for n, a in self._columns.items()}, self.file, numbers, self.counted)

    def frame(self) -> pd.DataFrame:
        """The table as a pandas data frame (a copy)."""
        return pd.DataFrame({name: pd.Series(array.copy()) for name, array in self._columns.items()})
