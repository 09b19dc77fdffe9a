"""The pictures of the benchmarks: drawn from the rows, the same file each time, linked where they are read."""

from __future__ import annotations

from pathlib import Path

from benchmarks import curves, results
from benchmarks.targets import TARGETS
from tests.test_targets import measured


def rows() -> list[results.Row]:
    """Two seeds of an instance, a rival and a step."""
    rival = measured(1, method="plain", preset="district", peak_memory_mb="900")
    step = measured(1, method="build", preset="district", seconds="0.1")
    return [measured(1), measured(2, seconds="29", need="1100"), measured(9, time_limit_s="7"), rival, step]


def test_targets_are_shown_and_before_there_are_any_every_run_of_ours() -> None:
    assert [r["seed"] for r in curves.ours(rows())] == ["1", "2"]
    assert [r["seed"] for r in curves.ours(rows()[2:])] == ["9"]
    assert curves.by_size(curves.ours(rows()), lambda r: r["seconds"]) == {1000: [60.0, 29.0]}
    assert curves.by_size(rows(), lambda _: "") == {}
    assert all(curves.SIZES[0] < t.cadres < curves.SIZES[1] for t in TARGETS)


def test_the_same_rows_make_the_same_files(tmp_path: Path) -> None:
    files = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        curves.draw(rows(), tmp_path / name)
        files.append({path.name: path.read_bytes() for path in sorted((tmp_path / name).iterdir())})
    assert files[0] == files[1]
    assert sorted(files[0]) == ["gap.svg", "memory.svg", "time.svg"]
    assert all(content.startswith(b"<?xml") for content in files[0].values())
    (tmp_path / "other").mkdir()
    curves.draw([measured(1, seconds="3")], tmp_path / "other")
    assert (tmp_path / "other" / "time.svg").read_bytes() != files[0]["time.svg"]


def test_nothing_measured_is_a_picture_too(tmp_path: Path) -> None:
    results.append(tmp_path / "results.csv", measured(1))
    curves.main([str(tmp_path), "--results", str(tmp_path / "none.csv"), "--png"])
    assert (tmp_path / "gap.png").stat().st_size > 1000


def test_every_picture_is_there_and_linked(root: Path) -> None:
    page = (root / "benchmarks" / "README.md").read_text(encoding="utf-8")
    for name in curves.PICTURES:
        assert f"]({name}.svg)" in page
        assert (root / "benchmarks" / f"{name}.svg").is_file()
