"""The ablations: a part switched off is measured like a method, and set beside the whole, seed by seed."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import ablations, results
from benchmarks.ablation_table import compared, page
from benchmarks.cases import Case, Instance
from benchmarks.switches import SWITCHES, WHOLE
from tests.test_targets import measured

pytestmark = pytest.mark.clock


@pytest.mark.timeout(60)
def test_a_part_switched_off_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = Case(Instance("district", 100, 1), "start", 2, 2, 1)
    monkeypatch.setattr(ablations, "cases", lambda: [small])
    monkeypatch.setattr(ablations, "SIZES", (100,))
    given = ["--results", str(tmp_path / "a.csv"), "--page", str(tmp_path / "a.md"), "--instances", str(tmp_path)]
    ablations.main(given)
    [without] = results.read(tmp_path / "a.csv")
    assert without["verified"] == "True"
    assert without["method"] == "start"
    assert without["note"].startswith("cohort")
    assert without["first_plan_s"] == without["seconds"]  # nothing is constructed that could be verified before
    written = (tmp_path / "a.md").read_text(encoding="utf-8")
    assert "| start | everything on | " in written
    ablations.main([*given, "--table", "--method", "hints"])
    assert (tmp_path / "a.md").read_text(encoding="utf-8") == written


def test_parts_are_measured_where_they_are_part_of_the_engine() -> None:
    cases = ablations.cases()
    of_size: dict[tuple[int, int], set[str]] = {}
    for case in cases:
        of_size.setdefault((case.instance.cadres, case.time_limit_s), set()).add(case.method)
    assert len(cases) == sum(len(methods) * len(ablations.SEEDS) for methods in of_size.values())
    sizes = [cadres for cadres, _ in of_size]
    assert (max(sizes), sizes.count(300), len(sizes)) == (15_252, 2, len(set(sizes)) + 1)
    assert set(ablations.SIZES) < set(sizes)
    only = {"hints", "warm-start"}
    for (cadres, limit), methods in of_size.items():
        assert methods == ({WHOLE, *only} if (cadres, limit > 100) == (300, True) else {WHOLE, *SWITCHES} - only)
    assert all(c.instance.published and c.instance.tightness == "tight" for c in cases)


def test_plans_are_compared_seed_by_seed() -> None:
    whole = [measured(seed, comfort="0") for seed in (1, 2, 3, 4)]
    without = [
        measured(1, comfort="0", duties="1001"), measured(2, comfort="0", need="1001"), measured(3, comfort="0"),
        measured(4, verified=""), measured(5, comfort="0"),
    ]
    assert compared(without, whole) == "worse 1, better 1, the same 1"
    assert compared(without[3:], whole) == "–"
    shown = page([*whole, *(row | {"method": "hints"} for row in without)])
    assert "| hints | everything on | worse 1, better 1, the same 1 |" in shown


def test_the_page_shows_the_figures_that_are_there() -> None:
    assert ablations.PAGE.read_text(encoding="utf-8") == page(results.read(ablations.RESULTS))
