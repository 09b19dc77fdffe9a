"""What is wrong with single cells and what is wrong between them is told together, and nothing that only follows."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rotation_planner.domain.errors import InputError
from rotation_planner.domain.scenario import MODELS
from rotation_planner.io import load
from rotation_planner.io.source import REQUIRED, chinese
from tests.bad_input_case import Case, Place
from tests.bad_input_cases import DATES, FIGURES, REFERENCES
from tests.damage import cell, content, office, row, write_office

BETWEEN = [case for case in (*DATES, *REFERENCES, *FIGURES) if case.kind == "csv"]
TABLES = [table for table in MODELS if len(office()[table])]


def told(path: Path, **options: Any) -> Counter[Place]:
    """Every defect that loading tells, with warnings beside errors."""
    with pytest.raises(InputError) as raised:
        load(path, **options)
    return Counter((d.code, d.table, d.row, d.column) for d in raised.value.defects)


@pytest.mark.parametrize("case", BETWEEN, ids=[case.title for case in BETWEEN])
def test_a_bad_cell_elsewhere_hides_nothing(case: Case, tmp_path: Path) -> None:
    path = case.damage(write_office(tmp_path, "csv"))
    alone = told(path)
    elsewhere = row("places", id="somewhere", latitude="far north")(path)
    assert told(elsewhere) == alone + Counter({("wrong_type", "places", 2, "latitude"): 1})


def test_a_bad_cell_hides_nothing_in_its_own_row(tmp_path: Path) -> None:
    path = write_office(tmp_path, "csv")
    cell("cadres", 3, "birth_date", "long ago")(path)
    cell("cadres", 3, "post", "z")(path)
    cell("courses", 2, "days", "five")(path)
    cell("courses", 2, "min_size", "31")(path)
    cell("authorities", 2, "parent", "city")(path)
    cell("authorities", 3, "levels", "hihg")(path)
    row("cadres", id="b", post="q", opening_hours="many")(path)
    assert told(path) == Counter([
        ("wrong_type", "cadres", 3, "birth_date"), ("unknown_reference", "cadres", 3, "post"),
        ("wrong_type", "courses", 2, "days"), ("min_above_max", "courses", 2, "min_size"),
        ("cycle", "authorities", 2, "parent"), ("cycle", "authorities", 3, "parent"),
        ("unknown_reference", "authorities", 3, "levels"),
        ("wrong_type", "cadres", 5, "opening_hours"), ("duplicate_key", "cadres", 5, "id"),
    ])


def test_one_bad_rule_does_not_hide_what_is_wrong_with_another(tmp_path: Path) -> None:
    path = write_office(tmp_path, "csv")
    policy = path / "policy.toml"
    text = policy.read_text(encoding="utf-8").replace('kind = "commitments"', 'kind = "promises"')
    policy.write_text(text + '\n[[rules]]\nkind = "coverage"\nname = "other"\nwho = {units = ["x"]}\n')
    assert told(path) == Counter([
        ("bad_policy", "policy", None, "rules.11"), ("unknown_reference", "policy", None, "who.units"),
    ])


def test_without_a_horizon_the_rest_is_told(tmp_path: Path) -> None:
    path = write_office(tmp_path, "csv")
    cell("horizon", 2, "start", "soon")(path)
    cell("funds", 2, "floor_yuan", "2001")(path)
    cell("cadres", 2, "entered", "1995-12-31")(path)
    cell("offers", 2, "months", "13")(path)
    assert told(path) == Counter([
        ("wrong_type", "horizon", 2, "start"), ("floor_above_ceiling", "funds", 2, "floor_yuan"),
        ("floor_above_ceiling", "funds", 3, "floor_yuan"), ("entry_before_age", "cadres", 2, "entered"),
        ("month", "offers", 2, "months"),
    ])


def json_cells(content: dict[str, Any]) -> Iterator[tuple[str, int, str]]:
    for table, rows in content["tables"].items():
        for i in range(len(rows)):
            for column in MODELS[table].model_fields:
                yield table, i, column


@pytest.mark.no_cover
def test_no_unreadable_cell_has_a_consequence(tmp_path: Path) -> None:
    """Each cell of the office in turn: one defect, and none that follows from it."""
    path = write_office(tmp_path, "json")
    whole = json.loads(path.read_text(encoding="utf-8"))
    cells = list(json_cells(whole))
    assert len(cells) > 200
    for table, i, column in cells:
        rows = whole["tables"][table]
        was = dict(rows[i])
        rows[i][column] = [{"no": "value"}]
        path.write_text(json.dumps(whole), encoding="utf-8")
        rows[i] = was
        assert {(t, r, c) for _, t, r, c in told(path)} == {(table, i + 1, column)}


@pytest.mark.no_cover
def test_no_missing_column_has_a_consequence(tmp_path: Path) -> None:
    path = write_office(tmp_path, "csv")
    for table in TABLES:
        file = path / f"{table}.csv"
        before = file.read_bytes()
        for column, field in MODELS[table].model_fields.items():
            cell(table, 1, column, "something")(path)
            expected = {("unknown_column", table, 1, "something")}
            if field.is_required():
                expected.add(("missing_column", table, 1, column))
            assert set(told(path)) == expected, column
            file.write_bytes(before)


@pytest.mark.no_cover
def test_no_doubled_column_has_a_consequence(tmp_path: Path) -> None:
    path = write_office(tmp_path, "csv")
    for table in TABLES:
        file = path / f"{table}.csv"
        before = file.read_text(encoding="utf-8")
        for column in MODELS[table].model_fields:
            again = chinese(MODELS[table], column)
            head, *rows = before.splitlines()
            file.write_text("\n".join([f"{again},{head}", *(f",{line}" for line in rows)]), encoding="utf-8")
            assert ("duplicate_column", table, 1, column) in told(path)
            assert {code for code, *_ in told(path)} <= {"duplicate_column", "empty_required"}
        file.write_text(before, encoding="utf-8")


@pytest.mark.no_cover
def test_no_unreadable_table_has_a_consequence(tmp_path: Path) -> None:
    path = write_office(tmp_path, "csv")
    for table in [*TABLES, "policy"]:
        file = path / ("policy.toml" if table == "policy" else f"{table}.csv")
        before = file.read_bytes()
        content(file.name, b"\xff\xfe\xff\xff\xff")(path)
        assert told(path) == Counter({("wrong_encoding", table, None, ""): 1})
        file.write_bytes(before)


def test_no_misnamed_table_has_a_consequence(tmp_path: Path) -> None:
    path = write_office(tmp_path, "csv")
    for table in TABLES:
        file = path / f"{table}.csv"
        file.rename(path / "something.csv")
        missing = {("missing_table", table, None, "")} if table in REQUIRED else set()
        assert set(told(path)) == missing | {("unknown_table", "something", None, "")}
        (path / "something.csv").rename(file)


@pytest.mark.no_cover
def test_no_damaged_cell_adds_to_what_was_wrong_before(tmp_path: Path) -> None:
    """Other damage, then an unreadable cell: what is told besides is a part of what was told before."""
    chance = random.Random(7)
    path = write_office(tmp_path, "csv")
    sound = {file.name: file.read_bytes() for file in path.iterdir()}
    for case in BETWEEN:
        case.damage(path)
        alone = told(path)
        changed = {file.name: file.read_bytes() for file in path.iterdir()}
        for _ in range(4):
            table = chance.choice([t for t in MODELS if f"{t}.csv" in changed])
            lines = changed[f"{table}.csv"].decode().splitlines()
            if len(lines) < 2:
                continue
            at = chance.randrange(2, len(lines) + 1)
            cell(table, at, chance.choice(lines[0].split(",")), "'")(path)  # the empty text: no value of any kind
            now = told(path)
            for place in now:
                assert place in alone or place[1:3] == (table, at), (case.title, place)
            (path / f"{table}.csv").write_bytes(changed[f"{table}.csv"])
        for file in path.iterdir():
            if file.name not in sound:
                file.unlink()
        for name, data in sound.items():
            (path / name).write_bytes(data)


def test_a_row_that_is_too_long_may_be_shifted(tmp_path: Path) -> None:
    path = write_office(tmp_path, "csv")
    posts = path / "posts.csv"
    head, first, second = posts.read_text(encoding="utf-8").splitlines()
    posts.write_text("\n".join([head, first, second.replace("q,", "q,Head, finance", 1)]) + "\n", encoding="utf-8")
    assert {(code, table, at) for code, table, at, _ in told(path)} == {("no_header", "posts", 3)}


def test_a_mapping_that_is_wrong_is_told_without_what_follows(tmp_path: Path) -> None:
    path = write_office(tmp_path, "csv")
    cell("cadres", 1, "post", "position")(path)
    assert told(path, mapping={"cadres": {"position": "job"}}) == Counter({
        ("bad_mapping", "cadres", None, "position"): 1
    })
    assert told(path, mapping={"kadres": {"position": "post"}}) == Counter({("bad_mapping", "kadres", None, ""): 1})
