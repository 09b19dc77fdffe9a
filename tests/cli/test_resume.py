"""Runs that are resumed, replaced and stopped by a gap, and how a run is shown."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

import rotation_planner as rp
from rotation_planner.cli import progress
from rotation_planner.cli.app import app
from rotation_planner.domain.errors import InternalError

pytestmark = pytest.mark.clock


def plan(folder: Path, *options: str) -> Result:
    """Run ``plan in.json -o out`` in a folder."""
    return CliRunner().invoke(app, ["plan", str(folder / "in.json"), "-o", str(folder / "out"), *options])


@pytest.fixture
def killed(tmp_path: Path) -> Path:
    """A folder with a scenario, and the checkpoint of a run that did not come to its end."""
    scenario = rp.generate("district", cadres=20, seed=4)
    rp.save(scenario, tmp_path / "in.json")
    rp.solve(scenario, time_limit=2, workers=1, gap=50.0, checkpoint=tmp_path / "out.checkpoint")
    return tmp_path


def test_a_killed_run_goes_on(killed: Path) -> None:
    done = plan(killed, "--resume", "--gap", "50", "--time-limit", "10")
    assert done.exit_code in (0, 3), done.output
    assert f"going on from {killed / 'out.checkpoint'}" in done.stderr
    assert sorted(p.name for p in killed.iterdir()) == ["in.json", "out"]
    result = rp.read_output(killed / "out").result
    assert result.stopped == "gap"
    assert result.require_plan().provenance.parameters["resumed_after_s"] > 0
    again = plan(killed, "--resume", "--gap", "50", "--time-limit", "10")
    assert "beginning anew" in again.stderr


def test_without_resume_the_checkpoint_is_replaced_and_that_is_said(
    killed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (killed / "out.checkpoint").read_bytes()
    monkeypatch.setattr(rp, "solve", lambda *_, **__: rp.Result("no_plan", None, stopped="interrupt"))
    done = plan(killed)
    assert done.exit_code == 4
    assert "will be replaced" in done.stderr
    assert (killed / "out.checkpoint").read_bytes() == before  # there was no plan to replace it

    def fail(*_: object, **__: object) -> None:
        raise InternalError("refuted")

    monkeypatch.setattr(rp, "solve", fail)
    assert plan(killed, "--resume").exit_code == 70
    assert (killed / "out.checkpoint").exists()


def test_a_checkpoint_of_another_scenario_is_bad_input(killed: Path) -> None:
    rp.save(rp.generate("district", cadres=20, seed=5), killed / "in.json")
    done = plan(killed, "--resume")
    assert done.exit_code == 2
    assert "belongs to another run: scenario sha256" in done.stderr
    assert (killed / "out.checkpoint").exists()


def steps() -> list[rp.Progress]:
    """A run in six steps."""
    at = rp.Progress
    return [
        at("compile", 0.2, memory_mb=195, remaining_s=3719.8),
        at("compile", 3.2, candidates=244_682, memory_mb=395, remaining_s=3716.8),
        at("construct", 12.2, "duties", 445_242, 0, 1.0, 244_682, 450, 3707.8),
        at("improve", 60.0, "duties", 0, 0, 0.0, 244_682, 1190, 3660.0),
        at("improve", 60.1, "need", 46_043, 62_902, 0.268, 244_682, 1190, 3659.9),
        at("improve", 130.0, "need", 46_143, 62_902, 0.2664, 244_682, 1191, 3590.0),
    ]


def test_off_a_terminal_a_line_a_phase_and_a_minute(capsys: pytest.CaptureFixture[str]) -> None:
    with progress.Watch(3720) as watch:
        for step in steps():
            watch(step)
    assert capsys.readouterr().err.splitlines() == [
        "    0.2 s  compile    195 MB",
        "   12.2 s  construct  duties 445,242, bound 0, 450 MB",
        "   60.0 s  improve    244,682 candidates, 1,190 MB",
        "  130.0 s  improve    need 46,143, bound 62,902, gap 26.6 %, 1,191 MB",
    ]


def test_on_a_terminal_a_bar_that_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Console(file=io.StringIO(), force_terminal=True, width=80, highlight=False)
    monkeypatch.setattr(progress, "err", lambda: screen)
    with progress.Watch(3720) as watch:
        for step in steps():
            watch(step)
        bar = watch._bar
        assert bar is not None
        shown = io.StringIO()
        Console(file=shown, width=80).print(bar.get_renderable())
    line = shown.getvalue().rstrip()
    assert len(line.splitlines()) == 1
    for part in ("improve", "0:00 (-1:02:00)", "need 46,143, bound 62,902,"):
        assert part in line
