from __future__ import annotations

import dataclasses
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import rotation_planner as rp
from rotation_planner.certify.file import BLOCKS
from rotation_planner.cli.app import app
from rotation_planner.domain.planning import Fund
from rotation_planner.domain.table import Table
from rotation_planner.report.output import FILES
from tests.report import small

pytestmark = pytest.mark.clock

FIELDS = {
    "status", "goals", "unmet", "verified", "runtime_s", "peak_memory_mb", "stopped", "engine", "seed",
    "version",
}
SOURCE = {**os.environ, "PYTHONPATH": str(Path(rp.__file__).parents[1])}
runner = CliRunner()


def call(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a process of its own, off a terminal."""
    return subprocess.run(
        [sys.executable, "-m", "rotation_planner", *map(str, arguments)], capture_output=True, text=True, check=False,
        env={**SOURCE, **environment},
    )


def run(*arguments: str | Path) -> Any:
    """Run the command in this process."""
    return runner.invoke(app, [str(a) for a in arguments])


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("scenario") / "small.json"
    rp.save(small.scenario(), path)
    return path


@pytest.fixture(scope="module")
def poor(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A floor that cannot be reached."""
    path = tmp_path_factory.mktemp("scenario") / "poor.json"
    funds = [Fund(id="F26", authority="A", year=2026, floor_yuan=8999, ceiling_yuan=9000)]
    rp.save(small.scenario().with_tables(funds=Table.of(Fund, funds)), path)
    return path


@pytest.fixture(scope="module")
def planned(scenario: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    out = tmp_path_factory.mktemp("planned") / "out"
    return out, call("plan", scenario, "-o", out, "--time-limit", "10", "--json", FORCE_COLOR="1")


def test_plan_prints_one_object_and_writes_everything(planned: Any) -> None:
    out, done = planned
    told = json.loads(done.stdout)
    assert set(told) == FIELDS
    assert done.returncode == (3 if told["unmet"] else 0), done.stderr
    assert told["verified"] is True
    assert [g["name"] for g in told["goals"]] == ["duties", "floor", "need", "cost", "comfort"]
    assert set(told["goals"][0]) == {"name", "value", "bound", "gap", "bound_source", "certified_bound"}
    assert told["version"] == rp.__version__
    assert {p.name for p in out.iterdir()} == set(FILES) - {BLOCKS}
    assert "wrote" in done.stderr
    assert "\x1b" not in done.stdout + done.stderr


def test_verify_accepts_what_plan_wrote(planned: Any, scenario: Path) -> None:
    out, _ = planned
    done = run("verify", scenario, out)
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("verified: 0 limits broken")
    assert done.stdout.count("proven: no plan") == 5
    told = json.loads(run("verify", scenario, out, "--json").stdout)
    assert (told["ok"], told["refutations"], told["violations"]) == (True, [], 0)
    assert [set(goal["caps"]) for goal in told["certified"][:2]] == [set(), {"duties"}]


def test_verify_refutes_a_changed_number(planned: Any, scenario: Path, tmp_path: Path) -> None:
    out, _ = planned
    data = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    data["goals"][3]["value"] += 1
    for file in out.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "plan.json").write_text(json.dumps(data), encoding="utf-8")
    done = run("verify", scenario, tmp_path)
    assert done.exit_code == 5
    assert "refuted: goal cost: value" in done.stdout
    assert json.loads(run("verify", scenario, tmp_path, "--json").stdout)["ok"] is False


def test_verify_refutes_a_bound_better_than_proven(planned: Any, scenario: Path, tmp_path: Path) -> None:
    out, _ = planned
    shutil.copytree(out, tmp_path / "out")
    said = json.loads((out / "certificate.json").read_text(encoding="utf-8"))
    said["goals"][3]["bound"] += 1
    (tmp_path / "out" / "certificate.json").write_text(json.dumps(said), encoding="utf-8")
    done = run("verify", scenario, tmp_path / "out")
    assert done.exit_code == 5
    assert "refuted: goal cost: the certificate states " in done.stdout
    assert done.stdout.count("proven: no plan") == 4
    (tmp_path / "out" / "certificate.npz").unlink()
    done = run("verify", scenario, tmp_path / "out")
    assert done.exit_code == 5
    assert "The file is missing." in done.stdout
    assert "proven:" not in done.stdout


def test_verify_against_another_scenario_is_refuted(planned: Any, poor: Path) -> None:
    assert run("verify", poor, planned[0]).exit_code == 5


def test_verify_without_a_plan_is_bad_input(scenario: Path, tmp_path: Path) -> None:
    done = run("verify", scenario, tmp_path)
    assert done.exit_code == 2
    assert "no plan.json" in done.stderr


def test_unmet_duties_end_with_3_and_a_summary(poor: Path, tmp_path: Path) -> None:
    done = call("plan", poor, "-o", tmp_path / "out", "--time-limit", "8")
    assert done.returncode == 3, done.stderr
    assert "Unmet: " in done.stdout
    assert "Verified: every limit holds." in done.stdout


def test_planning_again_keeps_what_is_past(planned: Any, scenario: Path, tmp_path: Path) -> None:
    old, _ = planned
    new = tmp_path / "again"
    done = run("plan", scenario, "-o", new, "--from", old, "--freeze-until", "2027-01-01", "--time-limit", "10")
    assert done.exit_code in (0, 3), done.output
    before, after = (rp.read_output(f).result.require_plan() for f in (old, new))

    def past(plan: rp.Plan) -> set[tuple[str, str, int]]:
        return {(a.cadre, a.session, 1) for a in plan.attendances if a.session in ("S1", "S3")}

    assert past(before) == past(after)
    again = run("verify", scenario, new)
    assert again.exit_code == 0, again.output


def test_freezing_without_a_plan_is_refused(scenario: Path, tmp_path: Path) -> None:
    done = run("plan", scenario, "-o", tmp_path / "out", "--freeze-until", "2027-01-01")
    assert done.exit_code == 2
    assert "--from" in done.stderr


def test_bad_input_writes_nothing_and_lists_every_defect(tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text("{", encoding="utf-8")
    done = call("plan", tmp_path / "bad.json", "-o", tmp_path / "out", "--json")
    assert done.returncode == 2
    assert json.loads(done.stdout)["status"] == "bad_input"
    assert set(json.loads(done.stdout)) == FIELDS
    assert not (tmp_path / "out").exists()
    errors = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert errors
    assert "bad.json" in errors[0]


def test_an_output_is_not_written_over_other_files(scenario: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.doc").write_text("x")
    assert run("plan", scenario, "-o", tmp_path).exit_code == 2
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.doc"]


def test_no_plan_ends_with_4(scenario: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = rp.Result(status="no_plan", plan=None, stopped="memory", runtime_s=1.0)
    monkeypatch.setattr(rp, "solve", lambda *_, **__: nothing)
    done = run("plan", scenario, "-o", tmp_path / "out", "--json")
    assert done.exit_code == 4
    assert json.loads(done.stdout)["status"] == "no_plan"
    assert json.loads(done.stdout)["verified"] is False
    assert not (tmp_path / "out").exists()


def test_a_crash_without_a_plan_is_our_fault(scenario: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = rp.Result(status="no_plan", plan=None, stopped="crash", runtime_s=1.0)
    monkeypatch.setattr(rp, "solve", lambda *_, **__: nothing)
    done = run("plan", scenario, "-o", tmp_path / "out", "--json")
    assert done.exit_code == 70
    told = json.loads(done.stdout)
    assert (told["status"], told["stopped"]) == ("no_plan", "crash")
    assert "fault of rotation-planner" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_crash_with_a_plan_is_told_and_the_plan_handed_out(
    scenario: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The solver's process ends at once; what was constructed before is verified and written."""
    monkeypatch.setattr("rotation_planner.engines.supervise.sys.executable", shutil.which("true"))
    done = run("plan", scenario, "-o", tmp_path / "out", "--time-limit", "20", "--json")
    assert done.exit_code in (0, 3), done.output
    told = json.loads(done.stdout)
    assert (told["status"], told["stopped"], told["verified"]) == ("feasible", "crash", True)
    assert "ended by itself" in done.stderr
    assert run("verify", scenario, tmp_path / "out").exit_code == 0


def test_a_plan_that_fails_its_check_is_kept_for_the_report(
    scenario: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = rp.Plan.empty()

    def fail(*_: object, **__: object) -> None:
        raise rp.InternalError("the plan fails its own verification:\ngoal cost: model 1, verifier 2", plan)

    monkeypatch.setattr(rp, "solve", fail)
    done = run("plan", scenario, "-o", tmp_path / "out", "--json")
    assert done.exit_code == 70
    assert json.loads(done.stdout)["status"] == "fault"
    kept = tmp_path / "out.fault"
    assert f"kept for the report: {kept}" in done.stderr
    assert "model 1, verifier 2" in (kept / "fault.txt").read_text(encoding="utf-8")
    assert rp.read_output(kept).result.require_plan().frames().keys() == plan.frames().keys()
    assert rp.load(kept / "scenario.json.gz") == rp.load(scenario)
    assert not (tmp_path / "out").exists()


def test_without_a_policy_the_default_is_named(scenario: Path, tmp_path: Path) -> None:
    tables = tmp_path / "tables"
    assert run("convert", scenario, tables).exit_code == 0
    (tables / "policy.toml").unlink()
    checked = run("check", tables)
    assert checked.exit_code == 0
    assert "warning: policy: There is no policy" in checked.stdout
    done = run("plan", tables, "-o", tmp_path / "out", "--time-limit", "6")
    assert done.exit_code in (0, 3), done.output
    assert "warning: policy: There is no policy" in done.stderr
    plan = json.loads((tmp_path / "out" / "plan.json").read_text(encoding="utf-8"))
    assert plan["provenance"]["parameters"]["policy"] == "default"
    assert run("verify", tables, tmp_path / "out").exit_code == 0


def test_our_fault_ends_with_70(scenario: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise rp.InternalError("the plan fails its own verification")

    monkeypatch.setattr(rp, "solve", fail)
    done = run("plan", scenario, "-o", tmp_path / "out")
    assert done.exit_code == 70
    assert "fault of rotation-planner" in done.stderr
    assert "Traceback" in done.stderr
    assert not (tmp_path / "out").exists()


def test_time_and_options_reach_the_solver(scenario: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, Any] = {}

    def fake(*_: object, **options: Any) -> rp.Result:
        seen.update(options)
        return rp.Result(status="no_plan", plan=None)

    monkeypatch.setattr(rp, "solve", fake)
    run("plan", scenario, "-o", tmp_path / "out", "--time-limit", "30", "--seed", "5", "--workers", "2",
        "--work-limit", "1.5", "--memory-limit", "500")
    assert 25 < seen["time_limit"] < 30  # what writing takes is kept back
    assert (seen["seed"], seen["workers"], seen["work_limit"], seen["memory_limit_mb"]) == (5, 2, 1.5, 500)


@pytest.mark.parametrize("signs", ["", "1"])
def test_check(scenario: Path, tmp_path: Path, signs: str) -> None:
    assert run("check", scenario).exit_code == 0
    mend = "Use a post of the table posts."
    defect = rp.Defect("x", "cadres", 7, "post", "P9", "There is no such post.", mend, "f.xlsx")
    warning = dataclasses.replace(defect, severity="warning", value="a\nb " + "long " * 60)

    def examine(path: Path) -> tuple[rp.Scenario, list[rp.Defect]]:
        if signs:
            raise rp.InputError([warning, defect])
        return rp.load(path), [warning]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rp, "examine", examine)
        done = run("check", scenario)
        told = json.loads(run("check", scenario, "--json").stdout)
    assert done.exit_code == (2 if signs else 0)
    lines = done.stdout.splitlines()
    assert len(lines) == len(told) == 1 + bool(signs)
    assert lines[0].startswith("warning: f.xlsx, cadres, row 7, column post")
    assert told[0]["mend"] == mend


def test_rules_lists_limits_duties_and_goals() -> None:
    entries = json.loads(run("rules", "--json").stdout)
    assert {e["kind"] for e in entries} == {"limit", "duty", "goal"}
    for entry in entries:
        assert entry["summary"]
        assert entry["mission"]
        assert all(p["description"] for p in entry["parameters"])
    assert [e["name"] for e in entries if e["kind"] == "goal"] == ["duties", "floor", "need", "cost", "comfort"]
    text = run("rules").stdout
    assert all(e["name"] in text for e in entries)


def test_forecast(scenario: Path) -> None:
    told = json.loads(run("forecast", scenario, "--json").stdout)
    assert told["cadres"] == 6
    assert set(told) == {f.name for f in dataclasses.fields(rp.Forecast)} | {"fits", "shortage"}
    assert (told["fits"], told["shortage"]) == (True, None)
    assert told["engine"] in run("forecast", scenario).stdout
    for limits, most in (
        (("--time-limit", "100"), "at most 10,000 in 100 s"),
        (("--time-limit", "100", "--work-limit", "0"), "at most 3,000 in 0 s"),
    ):
        assert most in json.loads(run("forecast", scenario, *limits, "--json").stdout)["why"]


def test_generate_convert_and_template(tmp_path: Path) -> None:
    made = run("generate", "district", "--cadres", "100", "--seed", "4", "-o", tmp_path / "in")
    assert made.exit_code == 0, made.output
    assert run("convert", tmp_path / "in", tmp_path / "copy.json").exit_code == 0
    assert rp.load(tmp_path / "copy.json") == rp.generate("district", cadres=100, seed=4)
    assert run("convert", tmp_path / "in", tmp_path / "copy.json").exit_code == 2  # never written over
    assert run("generate", "district", "-o", tmp_path / "in").exit_code == 2
    assert run("generate", "district", "--broken", "no such defect", "-o", tmp_path / "x").exit_code == 2
    assert run("generate", "village", "-o", tmp_path / "x").exit_code == 2
    assert run("generate", "district", "--no-armed-forces", "-o", tmp_path / "x").exit_code == 2
    assert run("generate", "civil-service", "--organisation", "Nobody", "-o", tmp_path / "x").exit_code == 2
    assert run("generate", "civil-service", "--broken", "no_beds", "-o", tmp_path / "x").exit_code == 2
    asked = ("--organisation", "Coal Authority", "--tightness", "loose", "--no-armed-forces", "--seed", "4")
    assert run("generate", "civil-service", *asked, "-o", tmp_path / "coal").exit_code == 0
    coal = rp.civil_service("Coal Authority", seed=4, tightness="loose", armed_forces=False)
    assert rp.load(tmp_path / "coal") == coal
    assert run("template", tmp_path / "empty.xlsx").exit_code == 0
    assert run("template", tmp_path / "empty.xlsx").exit_code == 2


def test_version_help_and_completion() -> None:
    assert run("--version").stdout == f"rotation-planner {rp.__version__}\n"
    shown = run("--help").stdout
    for name in ("demo", "template", "generate", "check", "forecast", "plan", "verify", "rules", "convert"):
        assert name in shown
    words = {"COMP_WORDS": "rotation-planner fore", "COMP_CWORD": "1"}
    code = "import sys; sys.argv = ['rotation-planner']; from rotation_planner.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True, text=True, check=False,
        env={**SOURCE, "_ROTATION_PLANNER_COMPLETE": "complete_bash", **words},
    )
    assert done.stdout.split() == ["forecast"]


def test_scenario_names_are_completed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from rotation_planner.cli.source import _complete

    monkeypatch.chdir(tmp_path)
    (tmp_path / "country.json").touch()
    (tmp_path / "tables").mkdir()
    assert _complete("coun") == ["county", "country.json"]
    assert _complete("t") == ["tables/"]
    assert _complete("nowhere/x") == []


def test_a_closed_pipe_is_no_fault() -> None:
    command = f"{sys.executable} -m rotation_planner rules --json | head -c 1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False,
        env=SOURCE,
    )
    assert done.stdout == "["
    assert done.stderr == ""


def test_interrupt_hands_out_the_best_plan(tmp_path: Path) -> None:
    rp.save(rp.generate("district", cadres=100, seed=2), tmp_path / "in.json")
    out = tmp_path / "out"
    process = subprocess.Popen(
        [sys.executable, "-m", "rotation_planner", "plan", str(tmp_path / "in.json"), "-o", str(out),
         "--time-limit", "100", "--workers", "1"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        env=SOURCE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # jobs in the background ignore it
    )
    assert process.stderr is not None
    for line in process.stderr:
        if "compile" not in line:
            break
    time.sleep(0.5)
    begun = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: the child processes get it too
    try:
        _, errors = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode in (0, 3), errors
    assert time.monotonic() - begun < 30
    result = rp.read_output(out).result
    assert result.stopped == "interrupt"
    assert rp.verify(rp.load(tmp_path / "in.json"), result.require_plan()).ok


def test_importing_the_library_is_quick() -> None:
    code = (
        "import sys, time; t = time.perf_counter(); import rotation_planner as rp; "
        "assert time.perf_counter() - t < 1; assert not {'pandas', 'ortools'} & set(sys.modules); "
        "from rotation_planner.verify import verify; import rotation_planner.check; "
        "assert rp.verify is verify and callable(rp.check); assert 'solve' in dir(rp); "
        "assert 'ortools' not in sys.modules; assert all(getattr(rp, n) is not None for n in rp.__all__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False,
        env=SOURCE,
    )
    assert done.returncode == 0, done.stderr
    with pytest.raises(AttributeError, match="nonsense"):
        rp.nonsense  # noqa: B018
