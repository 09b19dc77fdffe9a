"""The generator makes what its version says, and the same every time."""

from __future__ import annotations

import pytest

from rotation_planner.domain import checksum
from rotation_planner.domain.base import col
from rotation_planner.domain.checksum import scenario_sha256
from rotation_planner.domain.people import Category
from rotation_planner.domain.scenario import MODELS, Scenario
from rotation_planner.domain.table import Table
from rotation_planner.generate import GENERATOR_VERSION, generate, packaged

from .pins import rows

SMALL = [r for r in rows() if int(r["cadres"]) <= 1000 and not r["preset"].startswith("packaged ")]


def test_every_row_is_of_this_version() -> None:
    assert {r["version"] for r in rows()} == {GENERATOR_VERSION}


@pytest.mark.parametrize("row", SMALL, ids=lambda r: "-".join([r["preset"], r["cadres"], r["seed"], r["tightness"]]))
def test_content_is_pinned(row: dict[str, str]) -> None:
    scenario = generate(row["preset"], int(row["cadres"]), int(row["seed"]), row["tightness"])  # type: ignore[arg-type]
    assert len(scenario["cadres"]) == int(row["cadres"])
    assert scenario_sha256(scenario) == row["sha256"]


def test_checksum_sees_every_change() -> None:
    scenario = generate("district", 40, 1)
    same = generate("district", 40, 1)
    other = generate("district", 40, 2)
    needs = scenario["needs"]
    fewer = scenario.with_tables(needs=Table.of(needs.model, list(needs)[:-1]))
    first = scenario.policy.rules[0].model_copy(update={"name": "x"})
    policy = scenario.policy.model_copy(update={"rules": (first, *scenario.policy.rules[1:])})
    sums = [scenario_sha256(s) for s in (scenario, other, fewer, scenario.with_policy(policy))]
    assert scenario_sha256(same) == sums[0]
    assert len(set(sums)) == 4


class WiderCategory(Category):
    """A category with a column of the future."""

    colour: str = col("Colour.", "颜色", default="red")


def test_what_joins_the_contract_at_its_default_changes_no_checksum(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = generate("district", 40, 1)
    before = scenario_sha256(scenario)
    wider = {**MODELS, "categories": WiderCategory, "futures": WiderCategory}
    monkeypatch.setattr(checksum, "MODELS", wider)
    rows = [WiderCategory.model_validate(c.model_dump()) for c in scenario["categories"]]
    tables = {**scenario.tables, "categories": Table.of(WiderCategory, rows), "futures": Table.of(WiderCategory)}
    assert scenario_sha256(Scenario(tables, scenario.policy)) == before
    rows[0] = rows[0].model_copy(update={"colour": "blue"})
    tables["categories"] = Table.of(WiderCategory, rows)
    assert scenario_sha256(Scenario(tables, scenario.policy)) != before


def test_unknown_packaged_name() -> None:
    with pytest.raises(ValueError, match="no packaged scenario 'x'"):
        packaged("x")
