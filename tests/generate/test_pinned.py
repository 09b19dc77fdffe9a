"""The generator makes what its version says, and the same every time."""

from __future__ import annotations

import pytest

from rotation_planner.domain.table import Table
from rotation_planner.generate import GENERATOR_VERSION, generate, packaged
from rotation_planner.generate.checksum import content_sha256

from .pins import rows

SMALL = [r for r in rows() if int(r["cadres"]) <= 1000]


def test_every_row_is_of_this_version() -> None:
    assert {r["version"] for r in rows()} == {GENERATOR_VERSION}


@pytest.mark.parametrize("row", SMALL, ids=lambda r: "-".join([r["preset"], r["cadres"], r["seed"], r["tightness"]]))
def test_content_is_pinned(row: dict[str, str]) -> None:
    scenario = generate(row["preset"], int(row["cadres"]), int(row["seed"]), row["tightness"])  # type: ignore[arg-type]
    assert len(scenario["cadres"]) == int(row["cadres"])
    assert content_sha256(scenario) == row["sha256"]


def test_checksum_sees_every_change() -> None:
    scenario = generate("district", 40, 1)
    same = generate("district", 40, 1)
    other = generate("district", 40, 2)
    needs = scenario["needs"]
    fewer = scenario.with_tables(needs=Table.of(needs.model, list(needs)[:-1]))
    first = scenario.policy.rules[0].model_copy(update={"name": "x"})
    policy = scenario.policy.model_copy(update={"rules": (first, *scenario.policy.rules[1:])})
    sums = [content_sha256(s) for s in (scenario, other, fewer, scenario.with_policy(policy))]
    assert content_sha256(same) == sums[0]
    assert len(set(sums)) == 4


def test_unknown_packaged_name() -> None:
    with pytest.raises(ValueError, match="no packaged scenario 'x'"):
        packaged("x")
