"""The README keeps its word: its example runs, its links lead somewhere, its commands exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.clock


@pytest.fixture(scope="module")
def text(root: Path) -> str:
    return root.joinpath("README.md").read_text(encoding="utf-8")


def test_the_example_runs(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert len([line for line in code.splitlines() if line.strip()]) <= 15
    monkeypatch.chdir(tmp_path)
    exec(compile(code, "README.md", "exec"), {})
    assert {p.name for p in (tmp_path / "out").iterdir()} == {
        "plan.json", "plan.xlsx", "scenario.json.gz", "verification.json", "certificate.json", "certificate.npz",
    }


def test_every_link_leads_to_a_file(text: str, root: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", text)
    assert len(targets) >= 10
    assert not [t for t in targets if not t.startswith("http") and not (root / t).exists()]


def test_every_command_is_a_target_or_a_subcommand(text: str, root: Path) -> None:
    from typer.testing import CliRunner

    from rotation_planner.cli.app import app

    makefile = root.joinpath("Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^make ([a-z-]+)", text, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    page = text + root.joinpath("docs", "command-line.md").read_text(encoding="utf-8")
    shown = CliRunner().invoke(app, ["--help"]).stdout
    for command in re.findall(r"rotation-planner ([a-z]+)", page):
        assert command in shown, command
