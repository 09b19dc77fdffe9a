"""The engine is the caller's choice; an address of a cluster is refused where it would be ignored."""

from __future__ import annotations

import json
from importlib import util
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import rotation_planner as rp
from rotation_planner.certify.file import BLOCKS
from rotation_planner.cli import plan
from rotation_planner.cli.app import app
from tests.report import small


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("scenario") / "small.json"
    rp.save(small.scenario(), path)
    return path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(a) for a in arguments])


@pytest.mark.clock
@pytest.mark.parametrize("engine", ["exact", "cohort", "partitioned"])
def test_plans_with_the_engine_asked_for(scenario: Path, tmp_path: Path, engine: str) -> None:
    out = tmp_path / "out"
    found = run("plan", scenario, "-o", out, "--engine", engine, "--work-limit", "0.02", "--workers", "1", "--json")
    assert found.exit_code in (0, 3)
    assert json.loads(found.stdout)["engine"] == engine
    assert (out / BLOCKS).exists() == (engine == "partitioned")
    assert run("verify", scenario, out).exit_code == 0


def test_an_unknown_engine_is_refused(scenario: Path, tmp_path: Path) -> None:
    found = run("plan", scenario, "-o", tmp_path / "out", "--engine", "fast")
    assert found.exit_code == 2
    assert "partitioned" in found.stderr


@pytest.mark.parametrize("engine", ["auto", "exact", "cohort"])
def test_a_cluster_is_of_the_partitioned_engine(scenario: Path, tmp_path: Path, engine: str) -> None:
    found = run("plan", scenario, "-o", tmp_path / "out", "--engine", engine, "--ray-address", "local")
    assert found.exit_code == 2
    assert "--engine partitioned" in found.stderr.replace("\n", " ")
    assert not (tmp_path / "out").exists()
    with pytest.raises(ValueError, match="partitioned"):
        rp.solve(small.scenario(), engine=engine, ray_address="local")


def test_a_cluster_needs_the_extra(scenario: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "find_spec", lambda name: None if name == "ray" else util.find_spec(name))
    found = run("plan", scenario, "-o", tmp_path / "out", "--engine", "partitioned", "--ray-address", "local")
    assert found.exit_code == 2
    assert "[ray]" in found.stderr
