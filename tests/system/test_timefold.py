"""Timefold as a rival: the Java model plans what we plan, and its score is what the verifier says."""

from __future__ import annotations

from pathlib import Path

import pytest

import rotation_planner as rp
from benchmarks.cases import Case, Instance
from benchmarks.run import folder_of, measure
from benchmarks.timefold import NoJavaError, compiled, solve_with_timefold
from benchmarks.trajectory import GOALS, points_of, values_of

pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]


INSTANCE = Instance("district", 100, 1)
SECONDS = 30
"""Enough for a plan on a busy machine: Java starts, and the first of its rounds takes a third of the time."""


def test_a_measurement_of_timefold_is_a_verified_row(tmp_path: Path) -> None:
    row = measure(Case(INSTANCE, "timefold", SECONDS, 2, 1), folder_of(INSTANCE, tmp_path))
    assert row["status"] == "feasible", row
    assert row["verified"] == "True"
    assert row["violations"] == "0"
    assert int(row["peak_memory_mb"]) > 100
    assert float(row["seconds"]) < SECONDS + 5
    assert points_of(row["trajectory"])[-1][1] == tuple(int(row[goal]) for goal in GOALS)


def test_its_score_is_what_the_verifier_says(tmp_path: Path) -> None:
    scenario = rp.generate(INSTANCE.preset, cadres=INSTANCE.cadres, seed=INSTANCE.seed)
    found = solve_with_timefold(scenario, SECONDS, workers=2, seed=1, class_path=compiled(tmp_path))
    assert found.note == ""
    assert found.plan is not None
    checked = rp.verify(scenario, found.plan)
    assert checked.ok, checked.violations[:5]
    # The last point is our own reading of the plan, the one before it the score that the rival gave it.
    assert found.points[-2][1] == found.points[-1][1] == values_of(checked.goals)
    assert len(found.plan.attendances) > 100


def test_a_machine_without_java_is_told_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoJavaError, match="scripts/bench-needs"):
        compiled(tmp_path)
