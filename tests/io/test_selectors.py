"""Every condition of a selector is read back as it was written, in the table and in a rule; what is wrong is named."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from rotation_planner.domain.errors import InputError
from rotation_planner.domain.policy import EVERYONE, Conditions, Coverage, NamedSelector, Policy, Selector
from rotation_planner.domain.table import Table
from rotation_planner.io import checksum, load, save, template
from rotation_planner.io.policy_file import parse_policy, policy_text
from rotation_planner.io.source import chinese
from tests.damage import office

FORMATS = ("s.json", "s.json.gz", "folder", "parquet", "s.xlsx")
DRAWN: dict[str, Any] = {
    "authorities": ("city", "top"), "with_below": False, "units": ("u",), "teams": ("team",), "level_low": "mid",
    "level_high": "high", "categories": ("red",), "duties": ("finance", "a;b"), "requires": ("drafting",),
    "holds": ("drafting",), "key_posts": False, "age_low": 0, "age_high": 120, "service_years_low": 0,
    "service_years_high": 80, "post_years_low": 1, "post_years_high": 2, "events": ("entry", "promotion"),
    "event_from": dt.date(1999, 12, 31), "event_to": dt.date(2030, 1, 1), "on": dt.date(2026, 7, 1),
}
"""A value of every condition that is not the one of an empty cell."""


def test_every_condition_is_tried() -> None:
    assert list(DRAWN) == list(Conditions.model_fields)
    assert not [name for name, field in Conditions.model_fields.items() if DRAWN[name] == field.default]


@pytest.mark.parametrize("name", FORMATS)
def test_there_and_back(tmp_path: Path, name: str) -> None:
    rows = [NamedSelector(id=field, name="=1", **{field: value}) for field, value in DRAWN.items()]
    rows += [NamedSelector(id="all", **DRAWN), NamedSelector(id="none"), NamedSelector(id="key", key_posts=True)]
    rules = [Coverage(name=field, who=Selector(**{field: value})) for field, value in DRAWN.items()]
    rules += [Coverage(name="all", who=Selector(**DRAWN, named=("all", "none"))), Coverage(who=EVERYONE)]
    scenario = office().with_tables(selectors=Table.of(NamedSelector, rows)).with_policy(Policy(rules=tuple(rules)))
    save(scenario, tmp_path / name, parquet=name == "parquet")
    back = load(tmp_path / name, check=False)
    assert back["selectors"] == scenario["selectors"]
    assert back.policy == scenario.policy
    assert checksum(back) == checksum(scenario)


def test_a_policy_states_no_more_than_was_asked() -> None:
    text = policy_text(Policy(rules=(Coverage(who=Selector(age_low=30)), Coverage(name="x"))))
    assert "[rules.who]\nage_low = 30\n" in text
    assert text.count("age_high") == text.count("with_below") == 0


def test_a_name_is_short_for_one_row() -> None:
    for text in ('who = "heads"', 'who = { named = ["heads"] }', "[rules.who]\nnamed = ['heads']"):
        policy, _ = parse_policy(f'[[rules]]\nkind = "coverage"\n{text}\n', "policy.toml", found := [])
        assert not found
        assert policy.rules[0].who == Selector(named=("heads",))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("who = 3", "rules.1.coverage.who"), ('who = ["a"]', "rules.1.coverage.who"),
        ("who = { age_low = -1 }", "rules.1.coverage.who.age_low"),
        ("who = { age_low = 30.5 }", "rules.1.coverage.who.age_low"),
        ("who = { age_low = true }", "rules.1.coverage.who.age_low"),
        ("who = { age_high = 121 }", "rules.1.coverage.who.age_high"),
        ('who = { event_from = "soon" }', "rules.1.coverage.who.event_from"),
        ('who = { events = ["entry", "wedding"] }', "rules.1.coverage.who.events.2"),
        ('who = { units = "u" }', "rules.1.coverage.who.units"),
        ('who = { unit = ["u"] }', "rules.1.coverage.who.unit"),
        ('who = { name = "heads" }', "rules.1.coverage.who.name"),
    ],
)
def test_what_is_wrong_in_a_rule_is_named(text: str, place: str) -> None:
    parse_policy(f'[[rules]]\nkind = "coverage"\n{text}\n', "policy.toml", found := [])
    assert [(d.code, d.column) for d in found] == [("bad_policy", place)]


def test_dates_of_toml_are_read() -> None:
    policy, _ = parse_policy('[[rules]]\nkind = "coverage"\nwho = { on = 2026-07-01 }\n', "policy.toml", found := [])
    assert not found
    assert policy.rules[0].who.on == dt.date(2026, 7, 1)


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("age_low", "thirty", "wrong_type"), ("age_low", "-1", "out_of_bounds"), ("age_high", "121", "out_of_bounds"),
        ("service_years_low", "1.5", "wrong_type"), ("post_years_high", "81", "out_of_bounds"),
        ("key_posts", "maybe", "wrong_type"), ("with_below", "perhaps", "wrong_type"),
        ("events", "entry;wedding", "not_allowed"), ("event_from", "2026-02-30", "wrong_type"),
        ("on", "May", "wrong_type"), ("id", "", "empty_required"), ("named", "heads", "unknown_column"),
    ],
)
def test_what_is_wrong_in_the_table_is_named(tmp_path: Path, column: str, cell: str, code: str) -> None:
    save(office(), tmp_path / "folder")
    columns = list(dict.fromkeys(("id", "units", column)))
    values = {"id": "heads", "units": "u", column: cell}
    lines = (",".join(columns), ",".join(values[c] for c in columns))
    (tmp_path / "folder" / "selectors.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(InputError) as raised:
        load(tmp_path / "folder")
    row = 1 if code == "unknown_column" else 2
    assert [(d.code, d.table, d.row, d.column) for d in raised.value.defects] == [(code, "selectors", row, column)]


def test_chinese_headers_and_the_template(tmp_path: Path) -> None:
    save(office(), tmp_path / "folder")
    header = ",".join(chinese(NamedSelector, name) for name in NamedSelector.model_fields)
    assert len(set(header.split(","))) == len(NamedSelector.model_fields)
    text = f"{header}\nheads,,top,否,,,mid,,,,,,,45,,,,,,entry;promotion,2026/1/1,,\n"
    (tmp_path / "folder" / "选择条件.csv").write_text(text, encoding="utf-8")
    (row,) = load(tmp_path / "folder", check=False)["selectors"]
    assert row == NamedSelector(
        id="heads", authorities=("top",), with_below=False, level_low="mid", age_low=45,
        events=("entry", "promotion"), event_from=dt.date(2026, 1, 1),
    )
    template(tmp_path / "t.xlsx")
    sheet = load_workbook(tmp_path / "t.xlsx")["selectors"]
    assert [cell.value for cell in sheet[1]] == list(NamedSelector.model_fields)
