"""What a newcomer gets: a wheel that works away from the source tree, and a demo from a copy without .git."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = [pytest.mark.system, pytest.mark.timeout(600)]

NOT_COPIED = (
    ".git", ".venv", "out", "demo-out", "dist", "build", "*.egg-info", "__pycache__", ".*_cache", ".hypothesis",
    ".coverage*",
)


def bare_environment() -> dict[str, str]:
    """The environment without what points into this source tree or this virtual environment."""
    dropped = {"PYTHONPATH", "VIRTUAL_ENV", "PYTHONHOME", "MAKEFLAGS", "MAKELEVEL", "VENV", "PYTHON"}
    return {k: v for k, v in os.environ.items() if k not in dropped and not k.startswith(("COV_", "COVERAGE_"))}


def call(*command: str | Path, cwd: Path, expected: tuple[int, ...] = (0,)) -> str:
    """Run a command and return what it printed; its whole output is the message if it ends unexpectedly."""
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=bare_environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode in expected, f"{command} ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def copy(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source tree as somebody gets it without version control."""
    target = tmp_path_factory.mktemp("copy") / "rotation-planner"
    shutil.copytree(root, target, ignore=shutil.ignore_patterns(*NOT_COPIED))
    return target


@pytest.fixture(scope="module")
def installed(copy: Path, root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the programs of a fresh virtual environment with the built wheel, away from any source."""
    folder = tmp_path_factory.mktemp("wheel")
    options = ("--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", folder)
    call(sys.executable, "-m", "pip", "wheel", *options, copy, cwd=folder)
    (wheel,) = folder.glob("rotation_planner-*.whl")
    call(sys.executable, "-m", "venv", folder / "env", cwd=folder)
    python = folder / "env" / "bin" / "python"
    lock = ("--require-hashes", "--no-deps", "-r", root / "requirements.lock")
    call(python, "-m", "pip", "install", "--quiet", *lock, cwd=folder)
    call(python, "-m", "pip", "install", "--quiet", "--no-deps", wheel, cwd=folder)
    return folder / "env" / "bin"


def test_the_installed_command_plans_and_verifies(installed: Path, tmp_path: Path) -> None:
    command = installed / "rotation-planner"
    call(command, "generate", "district", "--cadres", "100", "--seed", "1", "-o", "in", cwd=tmp_path)
    printed = call(
        command, "plan", "in", "-o", "out", "--time-limit", "15", "--json", cwd=tmp_path, expected=(0, 3)
    )
    told = json.loads(printed)
    assert told["verified"] is True
    assert [g["name"] for g in told["goals"]] == ["duties", "floor", "need", "cost", "comfort"]
    written = {p.name for p in (tmp_path / "out").iterdir()}
    assert {"plan.json", "scenario.json.gz", "plan.xlsx", "verification.json"} <= written
    call(command, "verify", "in", "out", cwd=tmp_path)


def test_the_wheel_carries_its_data_and_only_itself(installed: Path, tmp_path: Path) -> None:
    script = (
        "import rotation_planner as rp, pathlib\n"
        "home = pathlib.Path(rp.__file__).parent\n"
        "assert 'site-packages' in home.parts, home\n"
        "assert (home / 'py.typed').exists()\n"
        "print(rp.__version__, len(rp.packaged('county')['cadres']), len(rp.packaged('civil-service')['cadres']))\n"
    )
    version, county, civil = call(installed / "python", "-c", script, cwd=tmp_path).split()
    assert version == "0.1.0"
    assert int(county) == 4005
    assert int(civil) > 3000
    top = {p.name for p in (installed.parent / "lib").glob("python*/site-packages/*")}
    assert not top & {"tests", "benchmarks", "docs", "src", "scripts", "notebooks"}


def test_demo_from_a_copy_without_git(copy: Path) -> None:
    begin = time.monotonic()
    call("make", "demo", cwd=copy)
    took = time.monotonic() - begin
    verification = json.loads((copy / "demo-out" / "verification.json").read_text(encoding="utf-8"))
    assert verification["ok"] is True
    assert (copy / "demo-out" / "plan.xlsx").stat().st_size > 10_000
    assert took < 240, f"installation and demo took {took:.0f} s"


def test_the_lock_unchanged_the_environment_is_left_alone(copy: Path) -> None:
    call("make", "install", cwd=copy)
    packages = next((copy / ".venv" / "lib").glob("python*/site-packages"))
    before = packages.stat().st_mtime_ns
    (copy / "pyproject.toml").touch()
    printed = call("make", "install", cwd=copy)
    assert "Installing" not in printed
    assert packages.stat().st_mtime_ns == before
