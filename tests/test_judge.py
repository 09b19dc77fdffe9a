"""A plan of another method's is read, checked, and handed on to the record of the best known ones."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import rotation_planner as rp
from benchmarks import best_known, judge
from rotation_planner.domain.plan import Plan
from rotation_planner.generate import generate_with_plan

NAME = "district-300-tight"


@pytest.fixture
def world(tmp_path: Path) -> tuple[Path, Path, Plan]:
    """Folders of a scenario and of the plan planted in it."""
    scenario, plan = generate_with_plan("district", 20, 1)
    rp.save(scenario, tmp_path / "scenario")
    (tmp_path / "plan").mkdir()
    for name, frame in plan.frames().items():
        frame.to_csv(tmp_path / "plan" / f"{name}.csv", index=False)
    return tmp_path / "scenario", tmp_path / "plan", plan


def said(capsys: pytest.CaptureFixture[str], *given: object) -> str:
    judge.main([str(g) for g in given])
    return capsys.readouterr().out


def test_a_sound_plan_is_judged_and_recorded(
    world: tuple[Path, Path, Plan], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario, files, plan = world
    text = said(capsys, scenario, files, "--out", tmp_path / "out", "--method", "by hand")
    whole = rp.load(scenario)
    found = rp.verify(whole, plan)
    assert " ".join(f"{goal}={value}" for goal, value in found.goals.items()) + " unmet=0" in text
    assert "every limit is kept" in text
    sha256 = rp.scenario_sha256(whole)
    assert f"scenario {sha256}" in text
    monkeypatch.setattr(best_known, "stored", lambda: {NAME: {"sha256": sha256}})
    assert best_known.add(NAME, tmp_path / "out", tmp_path / "best.csv") == ["plan"]
    assert best_known.records(tmp_path / "best.csv")[NAME]["engine"] == "by hand"


def test_the_empty_plan_is_a_plan(world: tuple[Path, Path, Plan], capsys: pytest.CaptureFixture[str]) -> None:
    scenario, files, _ = world
    (files / "attendances.csv").write_text("cadre,session,class_no\n", encoding="utf-8")
    (files / "opened.csv").write_text("session,classes\n", encoding="utf-8")
    (files / "study.csv").unlink()
    assert "every limit is kept" in said(capsys, scenario, files)


def test_a_broken_limit_is_told(world: tuple[Path, Path, Plan], capsys: pytest.CaptureFixture[str]) -> None:
    scenario, files, plan = world
    opened = plan.opened.tolist("session")
    with (files / "opened.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("session", "classes"), *((s, 1) for s in opened[1:])])
    with pytest.raises(SystemExit) as end:
        judge.main([str(scenario), str(files)])
    assert end.value.code == 5
    told = capsys.readouterr().out
    assert "limits are broken" in told
    assert opened[0] in told


def test_every_defect_of_the_files_is_told(
    world: tuple[Path, Path, Plan], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario, files, _ = world
    (files / "attendances.csv").write_text("cadre,session,class_no\nP1,S1,0\nP1,S1,x\n", encoding="utf-8")
    (files / "study.csv").write_text("cadre,hours\n", encoding="utf-8")
    (files / "opened.csv").unlink()
    with pytest.raises(SystemExit) as end:
        judge.main([str(scenario), str(files), "--out", str(tmp_path / "out")])
    assert end.value.code == 2
    told = capsys.readouterr().err.splitlines()
    assert [line.partition(":")[0] for line in told] == [
        "attendances.csv row 2, class_no '0'", "attendances.csv row 3, class_no 'x'", "opened.csv", "study.csv",
    ]
    assert "cadre,rule,window,hours" in told[-1]
    assert not (tmp_path / "out").exists()
