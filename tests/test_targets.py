"""The suite of targets: published instances by checksum, under the limits asked for, and the table that judges them."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import results, run, targets
from benchmarks.cases import Case, Instance
from benchmarks.instances import FAMILY, stored
from benchmarks.target_table import largest_gap, targets_table, verdict
from benchmarks.targets import TARGETS
from benchmarks.trajectory import points_of

pytestmark = pytest.mark.clock

SMALLEST = Instance("district-300", 300, 1, "short")


@pytest.mark.timeout(90)
def test_a_published_instance_is_measured_and_known_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = Case(SMALLEST, "ours", 2, 2, 1)
    for _ in range(2):
        assert run.run([case], tmp_path / "results.csv", tmp_path / "instances") == 0
    assert "known" in capsys.readouterr().out
    [row] = results.read(tmp_path / "results.csv")
    assert stored()["district-300-short"]["sha256"].startswith(row["instance_sha256"])
    assert (row["preset"], row["tightness"], row["verified"]) == ("district-300", "short", "True")
    assert 0 < float(row["first_plan_s"]) <= float(row["seconds"])
    assert points_of(row["trajectory"])
    tables = tmp_path / "instances" / "district-300-short-v1" / "cadres.csv"
    tables.write_text(tables.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert run.run([replace(case, seed=2)], tmp_path / "results.csv", tmp_path / "instances") == 1
    assert "was changed" in capsys.readouterr().out


def test_what_is_not_as_published_is_not_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        assert command[-3:-1] == ["save", "district-300-short"]
        return subprocess.CompletedProcess(command, 1, "", "ValueError: it is not the one on record\n")

    monkeypatch.setattr(run.subprocess, "run", refused)
    assert run.run([Case(SMALLEST, "ours", 2, 2, 1)], tmp_path / "results.csv", tmp_path) == 1
    assert "not the one on record" in capsys.readouterr().out
    assert not (tmp_path / "results.csv").exists()


def test_every_published_instance_has_its_target() -> None:
    cases = targets.cases()
    assert {case.instance.name for case in cases} == set(FAMILY)
    for target in TARGETS:
        recorded = stored().get(f"{target.body}-tight")
        assert recorded is None or int(recorded["cadres"]) == target.cadres
    limits = {c.instance.cadres: c.time_limit_s for c in cases}
    assert limits == {300: 30, 1000: 60, 4005: 180, 5311: 180, 12912: 480, 15252: 480, 100_000: 1500, 513_438: 3600,
                      1_000_000: 6000}
    assert [c.instance.cadres for c in cases] == sorted(c.instance.cadres for c in cases)
    of_size = {n: {c.seed for c in cases if c.instance.cadres == n} for n in limits}
    assert all(len(seeds) == (5 if n < 20_000 else 3 if n == 100_000 else 1) for n, seeds in of_size.items())


def test_cases_are_chosen_by_what_is_asked_for() -> None:
    some = run.chosen(targets.cases(), seeds=[2], sizes=[300, 100_000], tightness=["tight"])
    assert [(c.instance.name, c.seed) for c in some] == [("district-300-tight", 2), ("province-100000-tight", 2)]
    assert run.chosen(targets.cases("highs"), methods=["highs"], sizes=[300], seeds=[1])
    assert not run.chosen(targets.cases(), methods=["highs"])


def measured(seed: int, **values: str) -> results.Row:
    """A row of the tight county of 1,000, as near as asked for."""
    row = dict.fromkeys(results.FIELDS, "") | {
        "preset": "county-1000", "cadres": "1000", "tightness": "tight", "method": "ours", "time_limit_s": "60",
        "instance_sha256": stored()["county-1000-tight"]["sha256"][:12], "seed": str(seed), "verified": "True",
        "seconds": "60.0", "first_plan_s": "1.0", "peak_memory_mb": "700",
    }
    for goal in targets.GOALS:
        row |= {goal: "1000", f"{goal}_certified": "995", f"{goal}_bound": "1000"}
    return row | values


def test_a_target_is_met_by_what_is_certified_of_every_seed() -> None:
    target = TARGETS[1]
    good, bad = measured(1), measured(2, cost="1200")
    assert largest_gap(good) == "0.5"
    assert largest_gap(measured(1, need_certified="")) == ""
    assert verdict([], target) == "not yet measured"
    assert verdict([good] * 5, target) == "met"
    assert verdict([good], target) == "met so far"
    assert verdict([good, bad], target) == "missed (1 of 2) so far"
    large = measured(1, peak_memory_mb="2001")
    for missed in (measured(1, verified="False"), measured(1, need_certified=""), bad, large):
        assert verdict([missed] * 5, target) == "missed"
    late = measured(3, first_plan_s="6.5")
    other_limit, other_instance = measured(4, time_limit_s="120"), measured(5, instance_sha256="0")
    lines = targets_table([good, bad, late, other_limit, other_instance]).splitlines()
    assert len(lines) == 2 + len(FAMILY)
    assert lines[5] == (
        "| county-1000 | 1,000 | tight | 1 | 0.50 (0.50 to 17.08) | 0.50 | 0.50 | 0.50 | 0.50 (0.50 to 17.08) "
        "| 60 of 60 | 60.0 | 1.0 (1.0 to 6.5) of 5, late | 700 of 2,000 | 3 of 5 | missed (2 of 3) so far |"
    )
    assert lines[6].endswith("| 0 of 5 | not yet measured |")


def test_the_smallest_is_to_be_proved_best_by_anybody() -> None:
    assert largest_gap(measured(1), TARGETS[0].proof) == "0.0"
    assert largest_gap(measured(1, need_bound="1001"), TARGETS[0].proof) != "0.0"
