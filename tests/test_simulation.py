"""Replaying blocks on more cores: known makespans, a run taken apart, and a small run recorded and replayed."""

from __future__ import annotations

from pathlib import Path

import pytest

import rotation_planner as rp
from benchmarks import blocks, simulate
from benchmarks.recorder import Batch, Recording
from benchmarks.schedule import LAST, SENDING, Stage, Work, one_by_one, replay, taken_apart, waves
from rotation_planner import partitioned

pytestmark = pytest.mark.clock


@pytest.mark.parametrize(
    ("seconds", "cores", "in_waves", "singly"),
    [
        ((), 4, 0, 0),
        ((5,), 4, 5, 5),
        ((3, 1, 1, 1), 1, 6, 6),
        ((3, 1, 1, 1), 2, 4, 3),  # the second core does the three short ones meanwhile
        ((1, 1, 1, 3), 2, 4, 4),  # the long one comes last: nothing helps
        ((4, 4, 4), 2, 8, 8),
        ((2, 9, 2, 9, 2, 9), 2, 27, 20),
        ((2, 9, 2, 9, 2, 9), 8, 9, 9),
    ],
)
def test_makespans(seconds: tuple[float, ...], cores: int, in_waves: float, singly: float) -> None:
    assert waves(seconds, cores) == in_waves
    assert one_by_one(seconds, cores) == singly


def made_up() -> Recording:
    """Four blocks, two at once: first plans in two waves, a round of visits, and what lies between."""
    return Recording(
        [
            Batch("gather", 1.0, 3.0, (1.0, 1.0, 1.0, 1.0)),
            Batch("begin", 4.0, 9.0, (3.0, 5.0)), Batch("begin", 10.0, 12.5, (2.0, 1.0)),
            Batch("better", 13.0, 17.0, (4.0, 4.0)), Batch("better", 17.0, 21.0, (1.0, 4.0)),
            Batch("better", 22.0, 23.0, (1.0, 1.0)), Batch("better", 23.0, 24.0, (1.0, 1.0)),
            Batch("attended", 25.0, 27.0, (1.0, 1.0, 1.0, 1.0)),
        ],
        30.0, 2,
    )


def test_a_run_is_taken_apart() -> None:
    work = taken_apart(made_up())
    assert work.stages == [
        Stage("gather", (1.0,) * 4), Stage("begin", (3.0, 5.0, 2.0, 1.0)), Stage("better", (4.0, 4.0, 1.0, 4.0)),
        Stage("better", (1.0,) * 4), Stage("attended", (1.0,) * 4),
    ]
    assert work.blocks == 4
    assert work.alone == {
        "checking and splitting": 1.0, "dividing and merging": 1.0 + 1.0 + 0.5 + 1.0 + 1.0, SENDING: 0.5, LAST: 3.0,
    }
    on_two = replay(work, 2, in_waves=True)
    assert on_two.seconds == work.alone_s + 2 + (5 + 2) + (4 + 4) + 2 + 2 == 30.0  # as it was
    assert on_two.waiting_s == 21 - work.tasks_s / 2
    assert replay(work, 2, in_waves=False).seconds == work.alone_s + 2 + 6 + 8 + 2 + 2
    assert replay(work, 1, in_waves=True).seconds == work.one_core_s == 9 + 36
    for in_waves in (True, False):
        on_many = replay(work, 256, in_waves)
        assert on_many.seconds == work.alone_s + 1 + 5 + 4 + 1 + 1
        assert on_many.alone_s + on_many.busy_s + on_many.waiting_s == pytest.approx(on_many.seconds)


def test_the_text_names_what_limits() -> None:
    alone = Work([Stage("gather", (1.0,) * 512)], {"merging": 100.0, "sending": 0.01})
    text = " ".join(simulate.limits(alone))
    assert "- 256 cores in waves: one process alone 98 %, the tasks themselves 2 %, waiting for others 0 %" in text
    assert "stays below 6.1. What remains is 100.0 s of one process alone (merging 100.0 s)" in text  # 612 / 101
    uneven = Work([Stage("begin", (100.0,) + (1.0,) * 300)])
    said = simulate.limit(uneven, 256)
    assert said.startswith("- 256 cores in waves: waiting for others 98 %, the tasks themselves 2 %, one process")
    assert said.endswith("; one by one saves 1 %.")
    assert simulate.limit(Work([Stage("begin", (10.0,) * 256)]), 256).startswith("- 256 cores in waves: the tasks")


@pytest.mark.timeout(60)
def test_a_run_is_recorded_stored_and_replayed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rotation_planner.partition.run.WORK_ROUNDS", 1)
    before = partitioned._executor
    taken = blocks.record(rp.generate("province", cadres=60, seed=5), 10, time_limit=60, work_limit=0.3)
    assert partitioned._executor is before
    tasks = [b.task for b in taken.batches]
    assert tasks[:2] == ["gather", "weigh"]
    assert set(tasks[2:]) - {"price"} == {"begin", "better", "sample", "guess", "price_alone", "attended", "explained"}
    work = taken_apart(taken)
    assert [len(s.seconds) for s in work.stages if s.task == "begin"] == [work.blocks]
    visits = [len(s.seconds) for s in work.stages if s.task == "better"]
    assert visits
    assert set(visits) == {work.blocks}
    assert work.one_core_s == pytest.approx(taken.total_s, abs=0.01)
    assert work.alone[LAST] > 0
    run = dict.fromkeys(blocks.RUN, "1") | {"cadres": "60", "instance": "province-60", "code_sha256": "older"}
    blocks.append(tmp_path / "blocks.csv", run, taken)
    blocks.append(tmp_path / "blocks.csv", run | {"code_sha256": "newer"}, taken)
    blocks.append(tmp_path / "blocks.csv", run | {"cadres": "30"}, taken)
    small, (known, again) = blocks.read(tmp_path / "blocks.csv")
    assert small[0]["cadres"] == "30"
    assert known["code_sha256"] == "newer"
    assert taken_apart(again).one_core_s == pytest.approx(work.one_core_s, abs=0.1)
    simulate.main([str(tmp_path), "--file", str(tmp_path / "blocks.csv")])
    page = (tmp_path / "simulation.md").read_text(encoding="utf-8")
    assert f"## province-60: 60 cadres, {work.blocks} blocks\n" in page
    assert page.count("](scaling.svg)") == 1
    assert (tmp_path / "scaling.svg").is_file()


def test_a_file_of_another_form_is_refused(tmp_path: Path) -> None:
    (tmp_path / "blocks.csv").write_text("a,b\n1,2\n")
    with pytest.raises(ValueError, match="other columns"):
        blocks.read(tmp_path / "blocks.csv")


def test_the_page_shows_the_runs_that_are_there() -> None:
    runs = [(run, taken_apart(taken)) for run, taken in blocks.read(blocks.FILE)]
    assert (simulate.FOLDER / "simulation.md").read_text(encoding="utf-8") == simulate.page(runs)
    assert (simulate.FOLDER / "scaling.svg").is_file() == bool(runs)
