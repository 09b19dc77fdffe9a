from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import rotation_planner as rp
from rotation_planner.certify.file import BLOCKS, PRICES, STATED
from rotation_planner.domain.planning import Commitment
from rotation_planner.domain.table import Table
from rotation_planner.report.output import FILES, read_output, refuse_foreign, write_output
from rotation_planner.report.plan_json import dump_result
from rotation_planner.report.reproduce import CARRIED, recheck
from tests.report import small

PLAIN = set(FILES) - {STATED, PRICES, BLOCKS}
"""Files of a result without a certificate."""


@pytest.fixture
def written(tmp_path: Path) -> Path:
    folder = tmp_path / "deep" / "out"
    write_output(folder, small.scenario(), small.result())
    return folder


def test_writes_its_files_and_nothing_beside_them(written: Path) -> None:
    assert sorted(p.name for p in written.iterdir()) == sorted(PLAIN)
    assert [p.name for p in written.parent.iterdir()] == ["out"]


def test_reads_back_what_was_written(written: Path) -> None:
    again = read_output(written)
    assert dump_result(again.result) == dump_result(small.result())
    assert again.scenario() == small.scenario()
    assert again.verification is not None
    assert again.verification["ok"] is True


def test_an_earlier_output_is_replaced_whole(written: Path) -> None:
    (written / "plan.xlsx").unlink()
    write_output(written, small.scenario(), dataclasses.replace(small.result(), seed=8))
    assert read_output(written).result.seed == 8
    assert sorted(p.name for p in written.iterdir()) == sorted(PLAIN)


def test_other_files_are_never_lost(tmp_path: Path) -> None:
    (tmp_path / "thesis.doc").write_text("years of work")
    with pytest.raises(rp.InputError, match=r"thesis\.doc"):
        write_output(tmp_path, small.scenario(), small.result())
    with pytest.raises(rp.InputError):
        refuse_foreign(tmp_path / "thesis.doc")
    assert (tmp_path / "thesis.doc").read_text() == "years of work"


def test_a_failure_leaves_the_earlier_output(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("rotation_planner.report.output.write_workbook", fail)
    with pytest.raises(OSError, match="disk full"):
        write_output(written, small.scenario(), dataclasses.replace(small.result(), seed=9))
    assert read_output(written).result.seed == 7
    assert [p.name for p in written.parent.iterdir()] == ["out"]


def test_without_a_plan_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(rp.NoPlanError):
        write_output(tmp_path / "out", small.scenario(), rp.Result(status="no_plan", plan=None))
    assert not list(tmp_path.iterdir())


def test_a_folder_without_a_plan_is_refused(tmp_path: Path) -> None:
    with pytest.raises(rp.InputError, match=r"no plan\.json"):
        read_output(tmp_path)


@pytest.mark.parametrize(("file", "text"), [
    ("plan.json", b"\xff\xfe{"), ("verification.json", b"{"), ("verification.json", b"[]"),
])
def test_damaged_files_are_refused_by_name(written: Path, file: str, text: bytes) -> None:
    (written / file).write_bytes(text)
    with pytest.raises(rp.InputError, match=file):
        read_output(written)


def test_an_honest_output_is_not_refuted(written: Path) -> None:
    assert recheck(small.scenario(), read_output(written)).refutations == ()


Change = Callable[[dict[str, Any]], object]
LIES: dict[str, tuple[Change, str]] = {
    "goal value": (lambda d: d["goals"][0].update(value=4999), "goal duties: value 4,999 reported, 5,000 found"),
    "gap": (lambda d: d["goals"][0].update(gap=0.5), "goal duties: gap 0.5 reported, 1.0 follows"),
    "bound beyond the value": (lambda d: d["goals"][3].update(bound=4601, gap=1 / 4601), "contradicts the value"),
    "bound without a gap": (lambda d: d["goals"][3].update(gap=None), "do not stand together"),
    "need bound below": (
        lambda d: d["goals"][2].update(bound=-1, gap=1.0, bound_source="solver"), "goal need: bound -1 contradicts"
    ),
    "goal left out": (lambda d: d["goals"].pop(), "goals duties, floor, need, cost reported"),
    "optimal": (lambda d: d.update(status="optimal"), "a goal is not proven"),
    "unmet hidden": (lambda d: d["unmet"].pop(0), "unmet and not reported: coverage C5 / horizon"),
    "unmet invented": (lambda d: d["unmet"][0].update(subject=["C1", "horizon"]), "reported as unmet, but met"),
    "shortfall": (lambda d: d["unmet"][1].update(shortfall=39), "unmet hours C5 / horizon"),
    "checksum": (lambda d: d["provenance"].update(scenario_sha256="0"), "made for another scenario: checksum 0"),
    "attendance of nobody": (lambda d: d["attendances"]["rows"].append(["C9", "S1", 1]), "C9"),
    "a class too full": (
        lambda d: d["attendances"]["rows"].extend([["C3", "S2", 1], ["C5", "S2", 1], ["C6", "S2", 1]]), "class_size"
    ),
}


@pytest.mark.parametrize("lie", LIES)
def test_every_false_number_is_refuted(written: Path, lie: str) -> None:
    change, words = LIES[lie]
    data = json.loads((written / "plan.json").read_text())
    change(data)
    (written / "plan.json").write_text(json.dumps(data))
    found = recheck(small.scenario(), read_output(written)).refutations
    assert any(words in sentence for sentence in found), found


def test_a_changed_ledger_is_refuted(written: Path) -> None:
    file = written / "verification.json"
    data = json.loads(file.read_text())
    data["ledger"][0]["planned_yuan"] += 1
    file.write_text(json.dumps(data))
    assert recheck(small.scenario(), read_output(written)).refutations == (
        "verification.json: 'ledger' does not reproduce",
    )
    file.unlink()
    assert recheck(small.scenario(), read_output(written)).refutations == ("verification.json is missing",)


def test_another_scenario_is_refuted(written: Path) -> None:
    other = small.scenario().with_tables(busy=small.scenario()["busy"].take([]))
    found = recheck(other, read_output(written)).refutations
    assert "scenario.json.gz is not this scenario" in found
    assert any("another scenario" in sentence for sentence in found)


def test_a_plan_that_carries_an_earlier_one_is_held_against_both(tmp_path: Path) -> None:
    old = small.scenario()
    more = old.with_tables(commitments=Table.of(Commitment, [Commitment(cadre="C1", session="S1", kind="must")]))
    plan = small.plan()
    honest = rp.verify(more, plan)
    source = dataclasses.replace(
        plan.provenance, scenario_sha256=rp.scenario_sha256(more), parameters={CARRIED: "2026-06-01"}
    )
    result = dataclasses.replace(small.result(), plan=dataclasses.replace(plan, provenance=source), verification=honest)
    write_output(tmp_path / "out", more, result)
    again = recheck(old, read_output(tmp_path / "out"))
    assert (again.refutations, again.carried) == ((), 1)
    stranger = old.with_tables(busy=old["busy"].take([]))
    assert recheck(stranger, read_output(tmp_path / "out")).refutations


def test_summary_is_plain_text_without_a_terminal() -> None:
    from io import StringIO

    from rich.console import Console

    buffer = StringIO()
    Console(file=buffer, width=110).print(rp.summary(small.scenario(), small.result()))
    text = buffer.getvalue()
    assert "\x1b" not in text
    assert "Verified: every limit holds." in text
    assert "Unmet: coverage 1, floor 1, hours 1." in text
    assert "Small & <b>plain</b>" in text
    nothing = rp.summary(small.scenario(), rp.Result(status="no_plan", plan=None, stopped="time", runtime_s=2))
    assert str(nothing) == "No plan: stopped by time after 2.0 s."
