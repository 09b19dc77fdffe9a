"""The folder that ``plan`` writes: whole, or not at all."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rotation_planner.certify import Certificate, read_certificate, write_certificate
from rotation_planner.certify.file import BLOCKS, PRICES, STATED
from rotation_planner.domain.errors import Defect, InputError
from rotation_planner.domain.scenario import Scenario
from rotation_planner.interrupt import graceful
from rotation_planner.io import load, save
from rotation_planner.io.atomic import write_folder
from rotation_planner.report.plan_json import dump_result, parse_result
from rotation_planner.report.sheet import MAX_ROWS
from rotation_planner.report.split import BY_AUTHORITY, PARQUET
from rotation_planner.report.workbook import write_workbook
from rotation_planner.result import Result
from rotation_planner.verify import verify

FILES = ("plan.json", "scenario.json.gz", "plan.xlsx", "verification.json", STATED, PRICES, BLOCKS)
"""Files of an output folder: the plan and its provenance, what was planned, the plan for people, the check, and the
certificate: what is stated and the prices that prove it, those of blocks apart."""


@dataclass(frozen=True)
class Output:
    """An output folder, read back.

    Attributes
    ----------
    folder : Path
        Where it is.
    result : Result
        The plan with its goals, unmet duties and provenance; ``verification`` is not filled in.
    verification : dict or None
        The verification as it was written.
    """

    folder: Path
    result: Result
    verification: dict[str, Any] | None

    def scenario(self) -> Scenario:
        """The scenario that was planned."""
        return load(self.folder / "scenario.json.gz")

    def certificate(self) -> Certificate | None:
        """The certificate, if there is one."""
        return read_certificate(self.folder)


def write_output(folder: str | Path, scenario: Scenario, result: Result, row_limit: int = MAX_ROWS) -> None:
    """Write plan, scenario, workbook, verification, and the certificate if the result has one.

    Everything is written beside the folder first and renamed at the end, so that a reader sees the whole old output
    or the whole new one. A first signal that asks for an end (Ctrl-C) is held until that is done.

    Parameters
    ----------
    folder : path
        Folder to make; an earlier output there is replaced.
    scenario : Scenario
        The scenario planned.
    result : Result
        With a plan.
    row_limit : int
        Most rows of a sheet; a longer plan is split by authority, with Parquet beside (`write_workbook`).

    Raises
    ------
    InputError
        If the place holds something else.
    NoPlanError
        If the result has no plan.
    """
    plan = result.require_plan()
    target = Path(folder).absolute()
    refuse_foreign(target)
    verification = result.verification or verify(scenario, plan)

    def write(fresh: Path) -> None:
        (fresh / "plan.json").write_text(dump_result(result), encoding="utf-8")
        save(scenario, fresh / "scenario.json.gz")
        write_workbook(fresh / "plan.xlsx", scenario, result, verification, row_limit)
        text = json.dumps(verification.to_json(), ensure_ascii=False, indent=1)
        (fresh / "verification.json").write_text(text + "\n", encoding="utf-8")
        if result.certificate is not None:
            write_certificate(fresh, result.certificate)

    with graceful(held=True):
        write_folder(target, write)


def refuse_foreign(folder: str | Path) -> None:
    """Refuse a place that holds anything but an earlier output.

    Raises
    ------
    InputError
        If it is a file, or a folder with other files in it.
    """
    path = Path(folder)
    if path.is_dir():
        strange = sorted(p.name for p in path.iterdir() if p.name not in (*FILES, BY_AUTHORITY, PARQUET))
        if not strange:
            return
        found = ", ".join(strange[:3])
    elif path.exists():
        found = path.name
    else:
        return
    problem = f"It holds something other than an earlier plan ({found}), which would be lost."
    raise InputError([Defect("foreign_output", "", None, "", "", problem, "Give another folder.", str(path))])


def read_output(folder: str | Path) -> Output:
    """Read an output folder.

    Raises
    ------
    InputError
        If ``plan.json`` is missing or is not one of ours.
    """
    path = Path(folder)
    file = path / "plan.json"
    if not file.is_file():
        problem, mend = "It is not an output folder: it has no plan.json.", "Name a folder written by `plan`."
        raise InputError([Defect("no_plan_file", "", None, "", "", problem, mend, str(path))])
    result = parse_result(_text(file), str(file))
    checked = path / "verification.json"
    return Output(path, result, _verification(checked) if checked.is_file() else None)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise _broken(file, f"It is not UTF-8: {error.reason}.") from error


def _verification(file: Path) -> dict[str, Any]:
    try:
        data = json.loads(_text(file))
    except ValueError as error:
        raise _broken(file, f"It is not JSON: {error}.") from error
    if not isinstance(data, dict):
        raise _broken(file, "It is not a JSON object.")
    return data


def _broken(file: Path, problem: str) -> InputError:
    return InputError([Defect("bad_plan_file", "", None, "", "", problem, "Run `plan` again.", str(file))])
