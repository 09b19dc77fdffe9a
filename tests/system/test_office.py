"""The workbooks open in a real office program, without repair and without a formula that was meant as text."""

from __future__ import annotations

import csv
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

import rotation_planner as rp

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Profile folder of LibreOffice; it must be installed (``scripts/system-needs``)."""
    assert shutil.which("soffice"), "LibreOffice is not installed: run make test-system"
    return tmp_path_factory.mktemp("office")


def convert(office: Path, book: Path, form: str, folder: Path) -> Path:
    """Open a workbook in LibreOffice and save it in another form; returns the folder with what it wrote."""
    folder.mkdir(exist_ok=True)
    done = subprocess.run(
        ["soffice", f"-env:UserInstallation={office.as_uri()}", "--headless", "--norestore", "--convert-to", form,
         "--outdir", str(folder), str(book)],
        capture_output=True, text=True, timeout=200, check=False,
    )
    assert done.returncode == 0, done.stderr
    assert list(folder.iterdir()), f"LibreOffice wrote nothing: {done.stdout} {done.stderr}"
    return folder


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook of a small plan."""
    scenario = rp.generate("district", cadres=100, seed=3)
    result = rp.solve(scenario, time_limit=10, workers=2, seed=1)
    folder = tmp_path_factory.mktemp("plan") / "out"
    rp.write_output(folder, scenario, result)
    return folder / "plan.xlsx"


def test_plan_workbook_opens_with_every_sheet(office: Path, book: Path, tmp_path: Path) -> None:
    own = openpyxl.load_workbook(book)
    again = openpyxl.load_workbook(convert(office, book, "xlsx", tmp_path / "again") / "plan.xlsx")
    assert again.sheetnames == own.sheetnames
    for sheet in own.sheetnames:
        assert again[sheet].max_row >= own[sheet].max_row - 1, sheet
        texts = [str(c.value) for row in again[sheet].iter_rows() for c in row if c.value is not None]
        assert not [t for t in texts if t.startswith(("#REF", "#NAME", "#VALUE", "Err:"))], sheet


def test_scenario_saved_again_by_an_office_program_is_the_same(office: Path, tmp_path: Path) -> None:
    scenario = rp.generate("district", cadres=100, seed=3)
    rp.save(scenario, tmp_path / "scenario.xlsx")
    folder = convert(office, tmp_path / "scenario.xlsx", "xlsx", tmp_path / "again")
    assert rp.load(folder / "scenario.xlsx") == scenario


def test_template_opens(office: Path, tmp_path: Path) -> None:
    rp.template(tmp_path / "template.xlsx")
    every_sheet = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    folder = convert(office, tmp_path / "template.xlsx", every_sheet, tmp_path / "sheets")
    names = openpyxl.load_workbook(tmp_path / "template.xlsx", read_only=True).sheetnames
    assert len(list(folder.glob("*.csv"))) == len(names)
    cadres = next(f for f in folder.glob("*.csv") if f.stem.endswith("-cadres"))
    with cadres.open(encoding="utf-8", newline="") as file:
        assert next(csv.reader(file))[0]
