"""Tables straight from columns: a million people are never a million row objects."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

import numpy as np

from rotation_planner.domain.base import Row
from rotation_planner.domain.table import Table, storage
from rotation_planner.generate.workdays import START

R = TypeVar("R", bound=Row)


def table_of(model: type[R], n: int, **given: np.ndarray) -> Table[R]:
    """A table of ``n`` rows from columns; a column that is not given holds its default in every row."""
    columns: dict[str, np.ndarray] = {}
    for name, kind in storage(model).items():
        if name in given:
            columns[name] = given[name]
        else:
            default = model.model_fields[name].get_default(call_default_factory=True)
            columns[name] = np.full(n, np.datetime64("NaT") if default is None and kind.kind == "M" else default, kind)
            if kind.hasobject:
                columns[name] = objects([default] * n, n)
    return Table(model, columns)


def objects(values: Iterable[Any], n: int) -> np.ndarray:
    """A column of Python values; tuples stay whole."""
    return np.fromiter(values, dtype=object, count=n)


def dates(days: np.ndarray) -> np.ndarray:
    """Days counted from the horizon's start as dates."""
    found: np.ndarray = np.datetime64(START, "D") + days.astype("timedelta64[D]")
    return found
