"""The catalogue says of every rule what its file says."""

from __future__ import annotations

import importlib

import pytest

from rotation_planner.rules.catalogue import _section, catalogue, kinds, markdown, shown

ENTRIES = {(e["kind"], e["name"]): e for e in catalogue()}


@pytest.mark.parametrize("kind", kinds())
def test_every_rule_has_words_formulas_and_all_its_parameters(kind: str) -> None:
    module = importlib.import_module(f"rotation_planner.rules.{kind}")
    entry = ENTRIES[module.KIND.value, kind]
    assert entry["summary"] in (module.__doc__ or "")
    for part in ("words", "formulas"):
        assert entry[part]
        assert "In formulas" not in entry[part]
    not_shown = {"kind", "name"} | ({"who"} if module.PARAMETERS.WHO_DAY is None else set())  # which is then refused
    assert {p["name"] for p in entry["parameters"]} == set(module.PARAMETERS.model_fields) - not_shown


def test_a_goal_and_a_duty_may_share_a_name() -> None:
    assert ("goal", "floor") in ENTRIES
    assert ("duty", "floor") in ENTRIES


def test_required_parameters_and_defaults() -> None:
    hours = {p["name"]: p for p in ENTRIES["duty", "hours"]["parameters"]}
    assert hours["hours"]["required"]
    assert (hours["window"]["default"], hours["supplements"]["default"]) == ("horizon", ["online", "self_study"])
    assert "| `hours` | required |" in markdown()
    assert "| `supplements` | `online, self_study` |" in markdown()
    assert [shown(v) for v in ({}, None, True, 3, ["a", "b"])] == ["empty", "empty", "true", "3", "a, b"]


def test_sections_end_where_the_indent_ends() -> None:
    text = "Title.\n\nIn words\n    One.\n      Two.\n\n    Three.\n\nIn formulas\n    x <= 1\n"
    assert _section(text, "In words") == "One.\n  Two.\n\nThree."
    assert _section(text, "In formulas") == "x <= 1"
    assert _section(text, "In dance") == ""
