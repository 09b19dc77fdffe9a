"""The benchmark harness: a whole run on the smallest body, resuming, memory sampling, tables."""

from __future__ import annotations

import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest
from scipy import sparse

import rotation_planner as rp
from benchmarks import best_known, packaged, results, table, targets
from benchmarks.cases import METHODS, SUITES, Case, Instance
from benchmarks.facts import sha256_of
from benchmarks.memory import PeakMemory, end_tree
from benchmarks.plain_cpsat import as_model
from benchmarks.run import chosen, measure, run
from benchmarks.trajectory import GOALS, points_of, rank
from rotation_planner.program import Builder, Kind

QUICK = tuple(method for method in METHODS if method != "timefold")
"""Those that need nothing beyond Python; Timefold is in tests/system."""

pytestmark = pytest.mark.clock


@pytest.fixture(scope="module")
def smoke(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, int]:
    """Results and instances of the smallest suite, and how many measurements failed."""
    folder = tmp_path_factory.mktemp("bench")
    failed = run(chosen(SUITES["smoke"], QUICK), folder / "results.csv", folder / "instances")
    return folder / "results.csv", folder / "instances", failed


@pytest.mark.timeout(90)
def test_every_method_is_measured_and_every_plan_verified(smoke: tuple[Path, Path, int]) -> None:
    rows = {row["method"]: row for row in results.read(smoke[0])}
    assert set(rows) == set(QUICK)
    assert smoke[2] == 0, rows
    for method, row in rows.items():
        assert row["status"] != "failed", row
        assert float(row["seconds"]) > 0
        assert int(row["peak_memory_mb"]) > 30, method
        assert len(row["instance_sha256"]) == len(row["code_sha256"]) == 12
    assert int(rows["build"]["columns"]) > int(rows["build"]["candidates"]) == int(rows["compile"]["candidates"]) > 0
    for method in ("ours", "highs", "greedy"):
        assert rows[method]["verified"] == "True"
        assert int(rows[method]["duties"]) >= 0
        course = points_of(rows[method]["trajectory"])
        assert course[-1][1] == tuple(int(rows[method][goal]) for goal in GOALS)  # ends at what the verifier says
        assert [rank(values) for _, values in course] == sorted({rank(values) for _, values in course}, reverse=True)
        assert all(0 < seconds <= float(rows[method]["seconds"]) + 0.01 for seconds, _ in course)
    assert rows["highs"]["duties_bound"]
    for method in ("ours", "highs"):
        for bound in (f"{goal}_{what}" for goal in ("duties", "floor", "cost") for what in ("bound", "certified")):
            if rows[method][bound]:
                assert int(rows[method][bound]) <= int(rows[method][bound.partition("_")[0]])


def test_packaged_scenarios_are_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packaged, "SCENARIOS", ("county",))
    monkeypatch.setattr(packaged.rp, "packaged", lambda _: rp.generate("county", cadres=30, seed=1))
    packaged.main(2, tmp_path / "packaged.md")
    text = (tmp_path / "packaged.md").read_text(encoding="utf-8")
    assert text.count("| county | this library |") == text.count("| county | greedy |") == 1
    assert "| county | need | " in text


@pytest.mark.timeout(90)
def test_a_measured_plan_is_offered_to_the_best_known(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    [case] = (c for c in targets.cases("ours") if c.instance.name == "district-300-tight" and c.seed == 1)
    path, best = tmp_path / "results.csv", tmp_path / "best.csv"
    assert run([replace(case, time_limit_s=4)], path, tmp_path / "instances", best) == 0
    [row], [known] = results.read(path), best_known.records(best).values()
    assert [known[goal] for goal in GOALS] == [row[goal] for goal in GOALS]
    assert known["duties_bound"] == row["duties_certified"]
    assert "better plan" in capsys.readouterr().out
    assert list(tmp_path.glob("**/plan.json")) == []  # what was offered is not kept


@pytest.mark.timeout(90)
def test_what_is_known_is_not_measured_again(smoke: tuple[Path, Path, int], capsys: pytest.CaptureFixture[str]) -> None:
    before = smoke[0].read_bytes()
    assert run(chosen(SUITES["smoke"], QUICK), smoke[0], smoke[1]) == 0
    assert smoke[0].read_bytes() == before
    assert capsys.readouterr().out.count("known") == len(QUICK)


def test_a_method_that_breaks_is_a_row_with_its_reason(tmp_path: Path) -> None:
    row = measure(Case(Instance("district", 100, 1), "load", 1, 1, 1), tmp_path / "nothing")
    assert row["status"] == "failed"
    assert row["note"].startswith("ended with 1: ")


def test_memory_of_descendants_counts() -> None:
    hold = "import time; x = bytearray(120_000_000); time.sleep(0.5)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {hold!r}], check=True)"
    child = subprocess.Popen([sys.executable, "-c", parent])
    with PeakMemory(child.pid, every_s=0.02) as memory:
        assert child.wait(30) == 0
    assert 120e6 < memory.peak_bytes < 400e6


def test_a_late_child_is_ended_with_its_descendants() -> None:
    script = (
        "import subprocess, sys\n"
        "held = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print(held.pid, flush=True)\n"
        "held.wait()\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        descendant = psutil.Process(int(child.stdout.readline()))
        end_tree(child.pid)
        assert child.wait(10) == -signal.SIGKILL
        psutil.wait_procs([descendant], timeout=10)
        assert not descendant.is_running() or descendant.status() == psutil.STATUS_ZOMBIE


def test_checksum_sees_names_and_contents_but_not_the_folder(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.csv").write_text("1\n")
    first = sha256_of(tmp_path / "a")
    assert first == sha256_of(tmp_path / "b")
    (tmp_path / "b" / "x.csv").write_text("2\n")
    assert first != sha256_of(tmp_path / "b")
    (tmp_path / "a" / "x.csv").rename(tmp_path / "a" / "y.csv")
    assert first != sha256_of(tmp_path / "a")


def test_plain_model_has_every_column_and_row() -> None:
    builder = Builder()
    where = str
    x = builder.add_columns("attend", 0, 1, lambda i: (where(i),), size=3)
    y = builder.add_columns("classes", 2, 7, lambda i: (where(i),), size=1)
    rows = [(np.array([0, 0, 0]), x, 1), (np.array([0]), y, -4), (np.array([1, 1]), x[:2], np.array([2, 3]))]
    builder.add_rows("sum", Kind.LIMIT, 2, rows, lambda i: (where(i),), low=np.array([-8, 2]), high=np.array([0, 4]))
    program = builder.build((), np.zeros(3, np.int32), np.zeros(0, np.int64))
    model, variables = as_model(program)
    assert len(variables) == 4
    assert sparse.issparse(program.matrix)
    proto = model.proto
    assert [list(c.linear.coeffs) for c in proto.constraints] == [[1, 1, 1, -4], [2, 3]]
    assert [list(c.linear.domain) for c in proto.constraints] == [[-8, 0], [2, 4]]
    assert [list(v.domain) for v in proto.variables] == [[0, 1]] * 3 + [[2, 7]]


def row(**values: str) -> results.Row:
    """A row of results with the fields that matter."""
    return dict.fromkeys(results.FIELDS, "") | values


def test_tables_show_the_median_the_range_and_the_last_measurement() -> None:
    same = {
        "preset": "district", "cadres": "300", "tightness": "tight", "time_limit_s": "60", "workers": "2",
        "measured_at": "2026-01-02T",
    }
    ours = same | {"method": "ours", "verified": "True", "code_sha256": "a"}
    rows = [
        row(**ours | {"seed": "1", "seconds": "50", "duties": "100", "duties_bound": "90"}),
        row(**ours | {"seed": "2", "seconds": "59", "duties": "120", "duties_bound": "90"}),
        row(**ours | {"seed": "3", "seconds": "61", "duties": "200"}),
        row(**ours | {"seed": "1", "seconds": "58", "duties": "80", "duties_bound": "80", "code_sha256": "b"}),
        row(**same, method="plain", seed="1", seconds="60", status="no_plan"),
    ]
    text = table.text(rows)
    assert "| this library | 59.0 (58.0 to 61.0) | – | 3 of 3 | – | 120 (80 to 200) |" in text
    assert "| 12.5 (0.0 to 25.0) |" in text
    assert "| plain CP-SAT | 60.0 | – | 0 of 1 | – | – |" in text
    assert "### 300 cadres (district, tight), 60 s, 2 cores" in text
    assert table.text([]) == "Nothing has been measured yet."


def test_only_the_tables_of_the_page_are_rewritten() -> None:
    page = f"# A\n{table.BEGIN}\nold\n{table.END}\nrest\n"
    assert table.rewritten(page, "new") == f"# A\n{table.BEGIN}\n\nnew\n\n{table.END}\nrest\n"
    with pytest.raises(ValueError, match="no place"):
        table.rewritten("# A\n", "new")


def test_the_page_shows_the_results_that_are_there(root: Path) -> None:
    page = (root / "benchmarks" / "README.md").read_text(encoding="utf-8")
    assert table.rewritten(page, table.text(results.read(root / "benchmarks" / "results.csv"))) == page


def test_results_of_another_form_are_refused(tmp_path: Path) -> None:
    other = tmp_path / "results.csv"
    other.write_text("a,b\n1,2\n")
    with pytest.raises(ValueError, match="other columns"):
        results.read(other)
    with pytest.raises(ValueError, match="no such columns"):
        results.append(other, {"colour": "red"})
