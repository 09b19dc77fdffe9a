"""The commands ``clashes``, ``audit`` and ``quotas``, and the sheets of the workbook."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

import rotation_planner as rp
from rotation_planner.cli.app import app
from rotation_planner.domain.dealings import Decision
from rotation_planner.domain.organisation import Authority
from rotation_planner.domain.policy import Precedence, SeatQuota
from rotation_planner.domain.table import Table
from tests.authority.test_audit import office as audited
from tests.authority.test_clashes import office as clashing
from tests.authority.test_quotas import office as granted
from tests.rules.test_approval import decided
from tests.rules.test_approval import scenario as approving
from tests.rules.tiny import must


def run(*arguments: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(app, [str(a) for a in arguments])
    return done.exit_code, done.stdout


def test_clashes(tmp_path: Path) -> None:
    rp.save(clashing(Precedence()), tmp_path / "in.json")
    code, text = run("clashes", tmp_path / "in.json")
    assert (code, text.splitlines()[0][:28]) == (0, "to mid [offer_another]: a ca")
    code, text = run("clashes", tmp_path / "in.json", "--json")
    assert code == 0
    assert json.loads(text) == rp.clashes(clashing(Precedence())).to_json()
    rp.save(clashing(Precedence(), commitments=[]), tmp_path / "none.json")
    assert run("clashes", tmp_path / "none.json", "--json") == (0, "[]\n")
    assert run("clashes", tmp_path / "none.json") == (0, "")
    assert run("clashes", tmp_path / "nowhere")[0] == 2


def test_audit(tmp_path: Path) -> None:
    rp.save(audited(commitments=[must("m", "c", "published")]), tmp_path / "in.json")
    code, text = run("audit", tmp_path / "in.json")
    assert code == 0
    assert text.startswith("wrong_authority: v, level low, m published: ")
    assert [f["code"] for f in json.loads(run("audit", tmp_path / "in.json", "--json")[1])] == ["wrong_authority"]
    rp.save(audited(), tmp_path / "sound.json")
    assert run("audit", tmp_path / "sound.json") == (0, "")


def test_audit_of_a_unit_claimed_twice_which_no_other_command_takes(tmp_path: Path) -> None:
    twice = [Authority(id="top", levels=("high",)), Authority(id="mid", parent="top", units=("v",)),
             Authority(id="side", parent="top", units=("v",))]
    rp.save(audited(authorities=twice), tmp_path / "in.json")
    assert run("clashes", tmp_path / "in.json")[0] == 2
    code, text = run("audit", tmp_path / "in.json", "--json")
    assert code == 0
    assert [f["code"] for f in json.loads(text)] == ["claimed_twice"]
    broken = audited(authorities=[*twice, Authority(id="lost", parent="nobody")])
    rp.save(broken, tmp_path / "broken.json")
    assert run("audit", tmp_path / "broken.json")[0] == 2


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> tuple[rp.Scenario, Path]:
    scenario = granted(SeatQuota(use_per_mille=1000))
    promised = clashing()
    folder = tmp_path_factory.mktemp("quotas")
    rp.save(scenario, folder / "in.json")
    rp.write_output(folder / "out", scenario, rp.solve(scenario, time_limit=20, workers=1))
    rp.write_output(folder / "clashing", promised, rp.solve(promised, time_limit=20, workers=1))
    return scenario, folder


def test_quotas(planned: tuple[rp.Scenario, Path]) -> None:
    scenario, folder = planned
    use = rp.quota_use(scenario, rp.read_output(folder / "out").result.require_plan())
    code, text = run("quotas", folder / "in.json", folder / "out", "--json")
    assert (code, json.loads(text)) == (0, use.to_dict(orient="records"))
    code, text = run("quotas", folder / "in.json", folder / "out")
    assert code == 0
    assert "returned" in text
    assert run("quotas", folder / "in.json", folder)[0] == 2


def test_sheets(planned: tuple[rp.Scenario, Path]) -> None:
    scenario, folder = planned
    book = load_workbook(folder / "out" / "plan.xlsx")
    use = rp.quota_use(scenario, rp.read_output(folder / "out").result.require_plan())
    rows = [list(row) for row in book["Seat quotas"].iter_rows(min_row=2, values_only=True)]
    assert rows == use.to_numpy().tolist()
    assert "Clashes" not in book.sheetnames
    other = load_workbook(folder / "clashing" / "plan.xlsx")
    assert "Seat quotas" not in other.sheetnames
    (row,) = other["Clashes"].iter_rows(min_row=2, values_only=True)
    clash = rp.clashes(clashing())[0]
    assert row[:7] == ("a", "t", "top", "m", "mid", "days, spacing", "authority")
    assert row[-1] == clash.message


def test_tables_survive_every_format(tmp_path: Path) -> None:
    both = approving(decided(session="s"), decided(course="k", cadre="a", granted=False)).with_tables(
        seat_quotas=granted()["seat_quotas"].take([0])
    )
    assert isinstance(both["approvals"], Table)
    assert both["approvals"].model is Decision
    for name in ("csv", "book.xlsx", "all.json"):
        rp.save(both, tmp_path / name)
        assert rp.load(tmp_path / name, check=False) == both
