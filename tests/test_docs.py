"""The generated pages are those the code would make now."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest

from rotation_planner.domain.scenario import MODELS


@pytest.fixture(scope="module")
def build(root: Path) -> dict[str, Any]:
    """Names of ``docs/build.py``."""
    return runpy.run_path(str(root / "docs" / "build.py"))


def test_generated_pages_are_up_to_date(build: dict[str, Any]) -> None:
    old = [file.name for file, text in build["pages"]().items() if file.read_text(encoding="utf-8") != text]
    assert not old, f"run make docs: {old}"


def test_every_column_is_in_the_dictionary_with_a_meaning(build: dict[str, Any]) -> None:
    page = build["data_dictionary"]()
    for table, model in MODELS.items():
        part = page.split(f"\n## `{table}` ")[1].split("\n## ")[0]
        for column, field in model.model_fields.items():
            assert f"`{column}`" in part, (table, column)
            assert field.description, (table, column)
            assert field.json_schema_extra["zh"], (table, column)


@pytest.mark.parametrize(
    ("table", "line"),
    [
        ("courses", "| `max_size` | 最多人数 | integer | person; ≥ 1 | `50` | Largest class. |"),
        ("cadres", "| **`id`** | 编号 | text | length ≥ 1 | required | Identifier. |"),
        ("teams", "| `chief` | 正职 | text; may be empty → cadres | | empty | Its chief. |"),
        ("records", "| `result` | 结果 | `passed`, `failed`, `withdrawn` | | `passed` | Result. |"),
    ],
)
def test_lines_of_the_dictionary(build: dict[str, Any], table: str, line: str) -> None:
    lines = build["data_dictionary"]().split(f"\n## `{table}` ")[1].split("\n## ")[0].splitlines()
    assert line in [" ".join(shown.split()) for shown in lines]
