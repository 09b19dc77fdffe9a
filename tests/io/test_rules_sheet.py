"""The sheet ``rules`` of a workbook: every rule there and back, the old form, and what is wrong with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from rotation_planner.domain.errors import InputError
from rotation_planner.domain.policy import (
    EVERYONE,
    CourseSelector,
    Coverage,
    CycleHours,
    Deadline,
    Hours,
    Policy,
    Selector,
    SureAttendance,
    TheoryFirst,
    Total,
    default_rules,
)
from rotation_planner.generate import packaged
from rotation_planner.io import load, save, template
from rotation_planner.io.policy_file import policy_text
from rotation_planner.io.rule_rows import MODELS_OF_RULES, read_rules, row_of
from tests.damage import office

WHICH = CourseSelector(courses=("k", "a;b=c", " x "), kinds=("theory",), full_time=False, min_days=3)
ODD: tuple[Any, ...] = (
    Coverage(name=" =1+1 ", who=Selector(named=("heads", "a;b"), key_posts=False, on=dt.date(2026, 7, 1))),
    Coverage(name="nobody", who=Selector(units=("u",), age_low=0, with_below=False), weight=7),
    SureAttendance(name="all", who=EVERYONE, which=WHICH, by=dt.date(2028, 1, 1), hard=True, level_priority={"a=b": 2}),
    SureAttendance(name="named", who=Selector(named=("heads",))),
    TheoryFirst(theory=CourseSelector()),
    TheoryFirst(name="more", theory=CourseSelector(kinds=("theory",), min_days=2), which=WHICH),
    Total(amount=3, replace=CourseSelector(), replace_per_mille=100, measure="subject_hours", subjects=("history",)),
    Hours(hours=40, supplements=()),
    Deadline(events=(), course_kinds=("theory", "rotation"), min_days_by_level={"mid": 10, "high": 30}),
    CycleHours(months=24, hours=3, origin=CourseSelector()),
)


@pytest.mark.parametrize("rules", [ODD, (), default_rules()], ids=["odd", "none", "default"])
def test_there_and_back(rules: tuple[Any, ...], tmp_path: Path) -> None:
    scenario = office().with_policy(Policy(rules=rules, goals=("duties", "cost")))
    save(scenario, tmp_path / "s.xlsx")
    back = load(tmp_path / "s.xlsx", check=False)
    assert (back.policy, back.name) == (scenario.policy, scenario.name)
    assert not back.default_policy


def test_every_kind_of_rule_there_and_back(tmp_path: Path) -> None:
    scenario = packaged("rule-book")
    save(scenario, tmp_path / "s.xlsx")
    assert load(tmp_path / "s.xlsx") == scenario


def test_a_row_is_for_people() -> None:
    rule = Coverage(name="x", who=Selector(named=("heads",), key_posts=True), weight=7)
    assert row_of(rule) == ["coverage", "x", "heads", "who.key_posts = true", "weight = 7"]
    assert row_of(Hours(hours=40, supplements=("online",))) == [
        "hours", None, None, "hours = 40", "supplements = online"
    ]
    assert row_of(Deadline(min_days_by_level={"mid": 10, "high": 30}))[3:] == ["min_days_by_level = mid=10;high=30"]
    assert row_of(TheoryFirst(theory=CourseSelector()))[3:] == ["theory = all"]


def test_the_old_form_is_read(tmp_path: Path) -> None:
    scenario = office()
    path = tmp_path / "s.xlsx"
    save(scenario, path)
    book = load_workbook(path)
    del book["rules"], book["policy"]
    sheet = book.create_sheet("policy")
    for i, line in enumerate(policy_text(scenario.policy, "office").splitlines(), 1):
        sheet.cell(i, 1, line)
    book.save(path)
    assert load(path) == scenario


def test_the_template_lists_the_default_rules_and_explains_every_kind(tmp_path: Path) -> None:
    template(tmp_path / "t.xlsx")
    book = load_workbook(tmp_path / "t.xlsx")
    sheet, kinds = book["rules"], book["rule kinds"]
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == [rule.kind for rule in default_rules()]
    assert [row[0].value for row in kinds.iter_rows(min_row=2)] == list(MODELS_OF_RULES)
    assert all(row[1].value for row in kinds.iter_rows(min_row=2))
    said = {(row[0].value, str(row[1].value)) for row in book["rule parameters"].iter_rows(min_row=2)}
    assert {("call_ups", "max_per_year = 3"), ("hours", "hours = ... (required)"),
            ("sure_attendance", "who.key_posts = true"), ("theory_first", "theory.kinds = theory")} <= said
    assert all(row[0].comment for row in sheet.iter_rows(min_row=2))
    lists = {str(v.sqref).partition(":")[0]: v.formula1 for v in sheet.data_validations.dataValidation}
    assert lists["A2"] == f"'rule kinds'!$A$2:$A${len(MODELS_OF_RULES) + 1}"
    with pytest.raises(InputError) as raised:
        load(tmp_path / "t.xlsx")
    assert not [d for d in raised.value.defects if d.table in ("rules", "policy", "rule kinds")]


def test_headers_in_chinese_and_without_headers() -> None:
    first = ["hours", None, "heads;staff", "hours = 40", None, "supplements =online ; self_study "]
    rows: list[tuple[int, list[Any]]] = [(2, first), (3, [None, ""])]
    found = read_rules(["规则类别", "名称", "适用对象", "参数1", "参数 2", None], rows, "f", defects := [])
    assert not defects
    assert found.rows == [2]
    assert found.content == [
        {"kind": "hours", "who": {"named": ["heads", "staff"]}, "hours": 40, "supplements": ["online", "self_study"]}
    ]


def changed(change: Callable[[Any], object], tmp_path: Path) -> list[tuple[str, str, int | None, str]]:
    """Defects of the office after a change of its workbook, in which rule 14 (row 15) is `hours`."""
    path = tmp_path / "s.xlsx"
    save(office(), path)
    book = load_workbook(path)
    change(book)
    book.save(path)
    with pytest.raises(InputError) as raised:
        load(path)
    return [(d.code, d.table, d.row, d.column) for d in raised.value.defects]


def put(cell: str, value: Any) -> Callable[[Any], object]:
    return lambda book: book["rules"].__setitem__(cell, value)


@pytest.mark.parametrize(
    ("cell", "value", "code", "row", "column"),
    [
        ("A15", "wisdom", "bad_policy", 15, "kind"),
        ("A15", None, "empty_required", 15, "kind"),
        ("A15", "=A1", "formula", 15, "kind"),
        ("D15", "=1+1", "formula", 15, "parameter"),
        ("D15", "hours", "bad_policy", 15, "parameter"),
        ("D15", 40, "bad_policy", 15, "parameter"),
        ("D15", "hours = many", "wrong_type", 15, "hours"),
        ("D15", "hours = 0", "bad_policy", 15, "hours"),
        ("D15", None, "bad_policy", 15, "hours"),
        ("D15", "hours =", "bad_policy", 15, "hours"),
        ("F15", "hours = 41", "bad_policy", 15, "hours"),
        ("F15", "supplements = online;radio", "bad_policy", 15, "supplements.2"),
        ("F15", "slack = 1", "bad_policy", 15, "slack"),
        ("F15", "name = x", "bad_policy", 15, "name"),
        ("F15", "who = heads", "bad_policy", 15, "who"),
        ("F15", "who.age_low = -1", "bad_policy", 15, "who.age_low"),
        ("F15", "who.age = 3", "bad_policy", 15, "who.age"),
        ("F15", "hours.x = 3", "bad_policy", 15, "hours.x"),
        ("F15", "free_study = perhaps", "wrong_type", 15, "free_study"),
        ("D1", "max_per_year", "unknown_column", 1, "max_per_year"),
        ("C1", "name", "duplicate_column", 1, "name"),
        ("A1", "parameter", "missing_column", 1, "kind"),
    ],
)
def test_what_is_wrong_is_named(
    cell: str, value: Any, code: str, row: int, column: str, tmp_path: Path
) -> None:
    found = changed(put(cell, value), tmp_path)
    assert (code, "rules", row, column) in found
    assert len(found) == 1 or row == 1


def test_rules_in_two_places(tmp_path: Path) -> None:
    def both(book: Any) -> None:
        sheet = book["policy"]
        for i, line in enumerate(("[[rules]]", 'kind = "beds"'), sheet.max_row + 1):
            sheet.cell(i, 1, line)

    assert changed(both, tmp_path) == [("duplicate_table", "rules", None, "")]


def test_who_is_said_twice() -> None:
    rows = [(2, ["coverage", "heads", "who.named = staff"]), (3, ["coverage", "heads", "who = all"]),
            (4, ["coverage", None, "who.age_low = 3", "who = all"])]
    found = read_rules(["kind", "who", "parameter", "parameter"], rows, "f", defects := [])
    assert [(d.row, d.problem) for d in defects] == [(i, "It is said twice.") for i in (2, 3, 4)]
    assert found.lost


def test_rules_without_a_policy_sheet_are_a_policy(tmp_path: Path) -> None:
    path = tmp_path / "s.xlsx"
    save(office(), path)
    book = load_workbook(path)
    del book["policy"]
    book.save(path)
    back = load(path)
    assert back.policy == Policy(rules=office().policy.rules)
    assert not back.default_policy
    del book["rules"]
    book.save(path)
    assert load(path).default_policy


def test_a_cell_holds_no_more_than_it_can(tmp_path: Path) -> None:
    long = Coverage(who=Selector(units=tuple(f"unit-{i:05d}" for i in range(4000))))
    with pytest.raises(InputError) as raised:
        save(office().with_policy(Policy(rules=(long,))), tmp_path / "s.xlsx")
    assert [(d.code, d.table, d.row) for d in raised.value.defects] == [("too_large", "rules", 2)]
