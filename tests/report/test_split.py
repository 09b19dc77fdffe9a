"""Plans that are too long for a sheet: a workbook per authority, and Parquet beside them."""

from __future__ import annotations

import dataclasses
import logging
from collections import Counter
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest

import rotation_planner as rp
from rotation_planner.domain.organisation import Authority, Unit
from rotation_planner.domain.plan import GoalValue, Plan
from rotation_planner.domain.scenario import Scenario
from rotation_planner.domain.table import Table
from rotation_planner.generate import generate_with_plan
from rotation_planner.report import split
from rotation_planner.report.output import read_output, write_output
from rotation_planner.report.parts import whole
from rotation_planner.report.split import BY_AUTHORITY, PARQUET
from rotation_planner.report.view import View
from rotation_planner.report.workbook import write_workbook
from rotation_planner.result import Result
from tests.report import small

SHEETS = ("Sessions opened", "Roster", "Schedule", "Unit calendar", "Ledger", "Unmet duties")


def rows_of(book: Any, sheet: str) -> list[tuple[Any, ...]]:
    """Rows of a sheet and of those in which it goes on."""
    names = [n for n in book.sheetnames if n == sheet or n.startswith(f"{sheet} (")]
    return [row for n in names for row in book[n].iter_rows(min_row=2, values_only=True)]


@pytest.fixture(scope="module")
def province() -> tuple[Scenario, Plan, Result]:
    scenario, plan = generate_with_plan("province", 60, 1)
    plan = dataclasses.replace(plan, attendances=plan.attendances.take(range(0, len(plan.attendances), 2)))
    found = rp.verify(scenario, plan)
    goals = tuple(GoalValue(g, v) for g, v in found.goals.items())
    return scenario, plan, Result("feasible", plan, goals, found.unmet, verification=found)


@pytest.fixture(scope="module")
def folders(province: tuple[Scenario, Plan, Result], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same plan in one workbook, and split at 40 rows."""
    scenario, _, result = province
    base = tmp_path_factory.mktemp("split")
    write_output(base / "one", scenario, result)
    write_output(base / "split", scenario, result, row_limit=40)
    return base / "one", base / "split"


def test_a_plan_that_fits_is_not_split(folders: tuple[Path, Path]) -> None:
    assert not (folders[0] / BY_AUTHORITY).exists()
    assert not (folders[0] / PARQUET).exists()
    assert "By authority" not in openpyxl.load_workbook(folders[0] / "plan.xlsx").sheetnames


def test_every_row_is_in_just_one_workbook_and_no_sheet_is_too_long(folders: tuple[Path, Path]) -> None:
    one = openpyxl.load_workbook(folders[0] / "plan.xlsx")
    top = openpyxl.load_workbook(folders[1] / "plan.xlsx")
    books = {f.name: openpyxl.load_workbook(f) for f in sorted((folders[1] / BY_AUTHORITY).iterdir())}
    assert set(books) == {"upper.xlsx", "region_1.xlsx", "region_2.xlsx"}
    assert all(book[n].max_row <= 40 for book in (top, *books.values()) for n in book.sheetnames if n != "Summary")
    assert any("Roster (2)" in book.sheetnames for book in books.values())
    for sheet in SHEETS:
        parts = [row for book in books.values() for row in rows_of(book, sheet)]
        assert Counter(parts) == Counter(rows_of(one, sheet)), sheet
        assert parts or sheet == "Unmet duties"
    assert rows_of(top, "Ledger") == rows_of(one, "Ledger")
    listed = rows_of(top, "By authority")
    assert [r[2] for r in listed] == [f"{BY_AUTHORITY}/{a}.xlsx" for a in ("upper", "region_1", "region_2")]
    for row in listed:
        book = books[Path(row[2]).name]
        assert list(row[3:]) == [len(rows_of(book, sheet)) for sheet in SHEETS]


def test_people_stand_in_the_workbook_of_their_authority(
    province: tuple[Scenario, Plan, Result], folders: tuple[Path, Path]
) -> None:
    scenario = province[0]
    authority = {u.id: u.authority for u in scenario["units"]}
    unit = {p.id: p.unit for p in scenario["posts"]}
    home = {c.id: authority[unit[c.post]] for c in scenario["cadres"]}
    payer = {c.id: c.owner for c in scenario["courses"]}
    owner = {s.id: payer[s.course] for s in scenario["sessions"]}
    for name in ("region_1", "region_2"):
        book = openpyxl.load_workbook(folders[1] / BY_AUTHORITY / f"{name}.xlsx")
        assert {r[0] for r in rows_of(book, "Schedule")} == {c for c, a in home.items() if a == name}
        assert {home[r[6]] for r in rows_of(book, "Roster")} == {name}
        assert {authority[r[0]] for r in rows_of(book, "Unit calendar")} == {name}
        assert {r[0] for r in rows_of(book, "Ledger")} == {name}
        assert {owner[r[0]] for r in rows_of(book, "Sessions opened")} == {name}


def test_parquet_holds_every_sheet_whole_and_typed(folders: tuple[Path, Path]) -> None:
    one = openpyxl.load_workbook(folders[0] / "plan.xlsx")
    for sheet in SHEETS:
        table = pq.read_table(folders[1] / PARQUET / f"{sheet.lower().replace(' ', '_')}.parquet")
        head = [c.value for c in one[sheet][1]]
        assert table.column_names == ["Workbook", *head]
        assert table.num_rows == len(rows_of(one, sheet))
    roster = pq.read_table(folders[1] / PARQUET / "roster.parquet")
    ours = {(r["Cadre"], r["Session"], r["Class"], r["Start"]) for r in roster.to_pylist()}
    assert ours == {(r[6], r[0], r[1], r[4].date()) for r in rows_of(one, "Roster")}


def test_a_split_output_is_read_back_and_replaced(province: tuple[Scenario, Plan, Result], tmp_path: Path) -> None:
    scenario, plan, result = province
    write_output(tmp_path / "out", scenario, result, row_limit=40)
    assert read_output(tmp_path / "out").result.require_plan().attendances == plan.attendances
    write_output(tmp_path / "out", scenario, result)
    assert not (tmp_path / "out" / BY_AUTHORITY).exists()


def test_split_begins_where_the_longest_sheet_no_longer_fits(tmp_path: Path) -> None:
    scenario, result = small.scenario(), small.result()
    view = View(scenario, result.require_plan())
    longest = whole(view, result.verification, result.unmet).longest(view)
    names = ("fits", "over")
    for name, limit in zip(names, (longest + 1, longest), strict=True):  # the header is a row
        (tmp_path / name).mkdir()
        write_workbook(tmp_path / name / "plan.xlsx", scenario, result, result.verification, row_limit=limit)
    assert [(tmp_path / n / BY_AUTHORITY).exists() for n in names] == [False, True]
    book = openpyxl.load_workbook(tmp_path / "fits" / "plan.xlsx")
    assert max(book[n].max_row for n in SHEETS if n in book.sheetnames) == longest + 1
    for limit in (1, 1_048_577):
        with pytest.raises(ValueError, match="row_limit"):
            write_workbook(tmp_path / "x.xlsx", scenario, result, result.verification, row_limit=limit)


def test_without_pyarrow_there_is_a_warning_and_no_parquet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(split, "find_spec", lambda _: None)
    result = small.result()
    with caplog.at_level(logging.WARNING):
        write_workbook(tmp_path / "plan.xlsx", small.scenario(), result, result.verification, row_limit=3)
    assert "no Parquet" in caplog.text
    assert sorted(p.name for p in tmp_path.iterdir()) == ["plan-by-authority", "plan.xlsx"]


def test_names_of_files_are_safe_and_differ(tmp_path: Path) -> None:
    scenario, result = small.scenario(), small.result()
    renamed = [Authority(id="A", name="County"), Authority(id="a", parent="A"), Authority(id="../区/b", parent="A")]
    units = [u.model_copy(update={"authority": a}) for u, a in zip(scenario["units"], ("a", "../区/b"), strict=True)]
    other = scenario.with_tables(authorities=Table.of(Authority, renamed), units=Table.of(Unit, units))
    write_workbook(tmp_path / "plan.xlsx", other, result, result.verification, row_limit=3)
    assert {p.name for p in (tmp_path / BY_AUTHORITY).iterdir()} == {"_区_b.xlsx", "A.xlsx", "a-2.xlsx"}
