from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from rotation_planner.domain.plan import Unmet
from rotation_planner.report.sheet import Column, add_sheet, clean, open_book
from rotation_planner.report.words import gap_words, reason_words
from rotation_planner.report.workbook import write_workbook
from tests.report import small


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Any:
    path: Path = tmp_path_factory.mktemp("book") / "plan.xlsx"
    result = small.result()
    write_workbook(path, small.scenario(), result, result.verification)
    return openpyxl.load_workbook(path)


def table(book: Any, sheet: str) -> list[dict[str, Any]]:
    head, *rows = book[sheet].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_sheets_in_the_order_in_which_they_are_read(book: Any) -> None:
    assert book.sheetnames == [
        "Summary", "Sessions opened", "Roster", "Schedule", "Unit calendar", "Ledger", "Unmet duties",
    ]
    for name in book.sheetnames[1:]:
        assert book[name].freeze_panes.endswith("2")
        assert book[name].auto_filter.ref == book[name].dimensions


def test_sessions(book: Any) -> None:
    first = table(book, "Sessions opened")[0]
    assert first["Session"] == "S1"
    assert (first["Start"].date(), first["End"].date()) == (dt.date(2026, 3, 2), dt.date(2026, 3, 6))
    assert (first["Classes"], first["Attending"], first["Seats"], first["Seats filled"]) == (2, 3, 6, 0.5)
    assert first["Spend (yuan)"] == 2 * 1000 + 500 + 3 * 50 + 2 * 100  # two of the three come from far away
    assert book["Sessions opened"]["K2"].number_format == "#,##0"
    assert book["Sessions opened"]["E2"].number_format == "yyyy-mm-dd"


def test_roster_names_class_and_post_of_the_day(book: Any) -> None:
    rows = [(r["Session"], r["Class"], r["Cadre"], r["Unit"], r["Post"]) for r in table(book, "Roster")]
    assert rows == [
        ("S1", 1, "C1", "Finance", "Clerk"), ("S1", 1, "C2", "Forestry", "Ranger"),
        ("S1", 2, "C6", "Forestry", "Ranger"),
        ("S3", 1, "C3", "Forestry", "Ranger"), ("S2", 1, "C4", "Forestry", "Ranger"),  # moved on 2027-01-01
    ]


def test_schedule_has_everybody_study_included(book: Any) -> None:
    rows = table(book, "Schedule")
    assert [r["Cadre"] for r in rows] == ["C1", "C2", "C3", "C3", "C4", "C5", "C6"]
    assert (rows[3]["Hours"], rows[3]["Remark"]) == (10, "online or self-study, horizon, toward hours")
    assert (rows[5]["Session"], rows[5]["Remark"]) == (None, "nothing planned")


def test_unit_calendar_counts_working_days_with_travel(book: Any) -> None:
    rows = {(r["Unit"], r["From"].date()): r for r in table(book, "Unit calendar")}
    week = dt.date(2026, 3, 2)
    assert rows["U1", week]["Most away on a working day"] == 1
    assert (rows["U2", week]["Most away on a working day"], rows["U2", week]["Release"]) == (2, 2)
    # The way out of the weekend course is a Friday, 1 May; the way back Mondays 4 and 11 May.
    assert {start for unit, start in rows if unit == "U2"} == {
        week, dt.date(2026, 4, 27), dt.date(2026, 5, 4), dt.date(2026, 5, 11), dt.date(2027, 3, 1),
    }
    assert rows["U2", dt.date(2027, 3, 1)]["Still free"] == 1


def test_ledger(book: Any) -> None:
    first, second = table(book, "Ledger")
    assert (first["Floor (yuan)"], first["Planned (yuan)"], first["Missing to floor (yuan)"]) == (3000, 2950, 50)
    assert (second["Floor (yuan)"], second["Ceiling (yuan)"], second["Left to ceiling (yuan)"]) == (None, 5000, 3350)


def test_unmet(book: Any) -> None:
    rows = table(book, "Unmet duties")
    assert [(r["Duty"], r["Cadre or fund"], r["Shortfall"], r["Missing"]) for r in rows] == [
        ("coverage", "C5", 1, 1.0), ("hours", "C5", 40, 1.0), ("floor", "F26", 50, pytest.approx(50 / 3000)),
    ]


def test_no_cell_is_a_formula(book: Any) -> None:
    cells = [c for sheet in book for row in sheet.iter_rows() for c in row]
    assert not [c.coordinate for c in cells if c.data_type == "f"]
    names = {r["Name"] for r in table(book, "Roster")}
    assert {"'=1+1", "陈 二"} <= names
    assert any(n and "Bell\ufffd" in n for n in names)


def test_more_rows_than_a_sheet_holds_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rotation_planner.report.sheet.MAX_ROWS", 3)
    with open_book(tmp_path / "fits.xlsx", "") as book:
        assert add_sheet(book, "x", [Column("a", 5)], [["1"], ["2"]]) == 2
    with pytest.raises(ValueError, match="do not fit"), open_book(tmp_path / "over.xlsx", "") as book:
        add_sheet(book, "x", [Column("a", 5)], [["1"], ["2"], ["3"]])


def test_long_text_is_cut_to_what_a_cell_holds() -> None:
    assert len(clean("x" * 40_000)) == 32_767


def test_reasons_in_words() -> None:
    base = ("coverage", ("C",), 1, 0, 1, 1000, 4)
    assert reason_words(Unmet(*base, "no_candidate", (("level", 1200), ("leave", 3)))) == (
        "No session would serve it: for another level (1,200); during leave (3)."
    )
    blocked = reason_words(Unmet(*base, "blocked", (("unit_release", 4), ("at most 2 exams", 1))))
    assert blocked.endswith("blocked by: release of the unit (4); at most 2 exams (1).")
    open_ = [reason_words(Unmet(*base, "outweighed", detail)) for detail in ((("duties", 18),), (("duties", 1),), ())]
    rest = "; no better plan was found, or what it would take counts for more."
    assert open_ == [
        f"18 ways to serve it are open{rest}", f"1 way to serve it is open{rest}", f"It could be served{rest}"
    ]
    assert reason_words(Unmet(*base)) == "Reason not established within the run."


def test_gap_words() -> None:
    goals = {g.name: gap_words(g) for g in small.result().goals}
    assert goals == {"duties": "100.00 %", "floor": "100.00 %", "need": "not proven", "cost": "proven best",
                     "comfort": "not proven"}


def test_text_columns_are_as_wide_as_their_texts(tmp_path: Path) -> None:
    columns = [
        Column("Id", 30), Column("Name", 30), Column("Long", 20), Column("Why", 18, "words"), Column("N", 9, "int"),
    ]
    rows = [("a", "第三期培训班", "x" * 50, "word " * 9, 1), ("bb", None, "", "word", 2)]
    with open_book(tmp_path / "w.xlsx", "widths") as book:
        add_sheet(book, "s", columns, rows)
    sheet = openpyxl.load_workbook(tmp_path / "w.xlsx")["s"]
    widths = [round(sheet.column_dimensions[c].width) for c in "ABCDE"]
    assert widths == [7, 17, 21, 19, 10]  # a spreadsheet adds the padding of a cell
    assert (sheet.row_dimensions[2].height, sheet.row_dimensions[3].height) == (45, None)
    assert sheet["D2"].alignment.wrap_text
