"""A run that would not fit says so before it starts, and what would fit."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path

import psutil
import pytest
from typer.testing import CliRunner

import rotation_planner as rp
from rotation_planner import memory
from rotation_planner.cli.app import app
from rotation_planner.memory import Room, group_left_mb, memory_room, memory_shortage
from rotation_planner.result import Progress


@pytest.fixture(scope="module")
def district() -> rp.Scenario:
    """Three hundred cadres: about 0.5 GB."""
    return rp.generate("district")


def group(folder: Path, limit: str, current: int = 0, cached: int = 0) -> None:
    """One control group as Linux shows it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "memory.max").write_text(f"{limit}\n")
    (folder / "memory.current").write_text(f"{current}\n")
    (folder / "memory.stat").write_text(f"anon 5\ninactive_file {cached}\nactive_file 7\n")


def test_the_tightest_control_group_above_counts(tmp_path: Path) -> None:
    table, root = tmp_path / "cgroup", tmp_path / "fs"
    assert group_left_mb(table, root) is None
    table.write_text("1:cpu:/old\n0::/outer/inner\n")
    group(root / "outer" / "inner", "max")
    assert group_left_mb(table, root) is None
    group(root / "outer", str(900_000_000), 300_000_000, 100_000_000)
    assert group_left_mb(table, root) == 700  # pages of files are given back
    group(root / "outer" / "inner", str(500_000_000), 100_000_000)
    assert group_left_mb(table, root) == 400
    group(root, str(350_000_000), 50_000_000)
    assert group_left_mb(table, root) == 300


def test_the_least_room_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "tree_memory_mb", lambda: 200.0)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: type("M", (), {"available": 3_000_000_000}))
    monkeypatch.setattr(memory, "group_left_mb", lambda *_: None)
    assert (memory_room(None).mb, memory_room(None).whose) == (3200, "free on this machine")
    assert memory_room(700).whose == "allowed by the memory limit"
    assert memory_room(4000).mb == 3200
    monkeypatch.setattr(memory, "group_left_mb", lambda *_: 100.0)
    assert memory_room(700) == Room(300, "left in this control group (container)")


def test_what_would_fit_is_said(district: rp.Scenario) -> None:
    size = rp.forecast(district, workers=2, seconds=1e4)
    exact, cohort = size.memory_by_engine["exact"], size.memory_by_engine["cohort"]
    assert size.memory_mb == exact > cohort > size.base_mb
    assert memory_shortage(size, "exact", Room(exact, "allowed")) is None
    said = memory_shortage(size, "exact", Room(cohort, "allowed")) or ""
    assert f"needs about {exact:,} MB with engine exact" in said
    assert f"engine cohort ({cohort:,} MB)" in said
    part = 300 * (cohort - size.base_mb) // (exact - size.base_mb)
    assert f"about {part} of the 300 cadres" in said
    least = memory_shortage(size, "cohort", Room(size.base_mb - 1, "allowed")) or ""
    assert least.endswith(f"what would fit: {cohort:,} MB")


def test_the_engine_chosen_fits_if_one_does(district: rp.Scenario) -> None:
    size = rp.forecast(district, workers=2, seconds=1e4)
    tight = rp.forecast(district, workers=2, memory_limit_mb=size.memory_by_engine["exact"] - 1, seconds=1e4)
    assert (size.engine, tight.engine, tight.memory_mb) == ("exact", "cohort", size.memory_by_engine["cohort"])
    assert f"the exact engine would need {size.memory_by_engine['exact']:,} MB" in tight.why
    assert rp.forecast(district, workers=4, seconds=1e4).memory_mb > size.memory_mb


def test_a_run_that_does_not_fit_does_not_begin(district: rp.Scenario) -> None:
    told: list[Progress] = []
    result = rp.solve(district, memory_limit_mb=250, on_progress=told.append)
    assert (result.status, result.stopped, result.plan) == ("no_plan", "memory", None)
    assert "250 MB are allowed by the memory limit" in result.why
    assert all(step.candidates is None for step in told)


def test_building_is_watched_too(district: rp.Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    solve = import_module("rotation_planner.solve")
    monkeypatch.setattr(solve, "tree_memory_mb", lambda: 1e9)
    result = rp.solve(district)
    assert (result.status, result.stopped) == ("no_plan", "memory")
    assert "building it took 1,000,000,000 MB" in result.why


def test_the_command_line_ends_with_4_and_says_why(district: rp.Scenario, tmp_path: Path) -> None:
    rp.save(district, tmp_path / "in.json")
    arguments = ["plan", str(tmp_path / "in.json"), "-o", str(tmp_path / "out"), "--memory-limit", "100", "--json"]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 4, done.output
    assert (json.loads(done.stdout)["status"], json.loads(done.stdout)["stopped"]) == ("no_plan", "memory")
    assert "what would fit" in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["in.json"]
    done = CliRunner().invoke(app, ["forecast", str(tmp_path / "in.json"), "--memory-limit", "100"])
    assert done.exit_code == 4
    assert "what would fit" in done.stdout
    assert CliRunner().invoke(app, ["forecast", str(tmp_path / "in.json")]).exit_code == 0
