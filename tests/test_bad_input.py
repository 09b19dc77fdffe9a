"""Whatever is wrong with an input is named with code, table, row and column, and nothing is touched."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from rotation_planner import check as check_package
from rotation_planner.check import check
from rotation_planner.domain.errors import Defect, InputError
from rotation_planner.io import load
from tests.bad_input_cases import CASES, Case
from tests.damage import FORMATS, office, write_office

KINDS = sorted(FORMATS)


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its content."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def defects_of(path: Path, severity: str) -> tuple[Defect, ...]:
    """What loading says; warnings do not stop it, so they are asked for."""
    if severity == "warning":
        load(path)
        return tuple(check(load(path, check=False)))
    with pytest.raises(InputError) as raised:
        load(path)
    return raised.value.defects


@pytest.mark.parametrize("kind", KINDS)
def test_the_sound_office_loads_without_a_word(kind: str, tmp_path: Path) -> None:
    scenario = load(write_office(tmp_path, kind))
    assert scenario == office()
    assert check(scenario) == []


@pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])
def test_bad_input(case: Case, tmp_path: Path) -> None:
    path = case.damage(write_office(tmp_path, case.kind))
    before = files(tmp_path)
    found = defects_of(path, case.severity)
    assert sorted((d.code, d.table, d.row or 0, d.column) for d in found) == sorted(
        (code, table, row or 0, column) for code, table, row, column in case.expect
    )
    assert {d.severity for d in found} == {case.severity}
    assert all(d.problem for d in found)
    assert files(tmp_path) == before
    for d in found:
        inside = d.table == "policy" or d.row == 1  # a header, which only tables with rows have
        counted = "row" if case.kind in ("csv", "xlsx") else "record"
        assert inside or d.row is None or d.counted == counted


def test_titles_tell_the_cases_apart() -> None:
    titles = [case.title for case in CASES]
    assert len(titles) == len(set(titles)) >= 40


def test_every_code_of_the_check_has_a_case() -> None:
    folder = Path(inspect.getfile(check_package)).parent
    pattern = re.compile(r"(?:findings\.(?:add|warn)\(|_add\(findings, rule,)\s*\"([a-z_]+)\"")
    codes = {code for file in folder.glob("*.py") for code in pattern.findall(file.read_text(encoding="utf-8"))}
    assert len(codes) > 35
    assert codes - {"too_few_working_days"} <= {code for case in CASES for code, *_ in case.expect}
