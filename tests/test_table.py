"""Rows come out of a table as they went in, one by one or all together."""

from __future__ import annotations

import datetime as dt

import pytest
from pydantic import ValidationError

from rotation_planner.domain.people import Cadre, Leave
from rotation_planner.domain.table import CHUNK, Table

DAY = dt.date(2027, 3, 1)


def test_rows_come_out_as_they_went_in() -> None:
    many = [Leave(cadre=f"c{i}", start=DAY, end=DAY + dt.timedelta(i)) for i in range(2 * CHUNK + 1)]
    table = Table.of(Leave, many)
    assert list(table) == [table[i] for i in range(len(table))] == many
    assert list(Table.of(Leave)) == []


def test_a_row_is_as_if_it_had_been_validated() -> None:
    given = Cadre(id="c", post="p", categories=("x",), birth_date=DAY)
    table = Table.of(Cadre, [given, Cadre(id="d", post="q")])
    for row in (table[0], next(iter(table))):
        assert row == given
        assert type(row.birth_date) is dt.date
        assert type(row.opening_hours) is int
        assert row.entered is None
        assert list(row.model_dump()) == list(vars(row)) == list(Cadre.model_fields)
        assert row.model_fields_set == set(Cadre.model_fields)
        with pytest.raises(ValidationError, match="frozen"):
            row.post = "other"
    assert table[1] == Cadre(id="d", post="q")
    assert table[1].model_fields_set is not table[0].model_fields_set
