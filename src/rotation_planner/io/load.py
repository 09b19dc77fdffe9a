"""Read a scenario, whatever its format; every defect in one go."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rotation_planner.check import check as find_defects
from rotation_planner.domain.errors import Defect, InputError
from rotation_planner.domain.gaps import Gaps
from rotation_planner.domain.scenario import Scenario
from rotation_planner.io.folder import read_folder
from rotation_planner.io.json_file import read_json
from rotation_planner.io.mapping import read_mapping
from rotation_planner.io.workbook import read_workbook

FORMATS = "a folder of tables, .xlsx, .json or .json.gz"


def load(
    path: str | Path, *, mapping: str | Path | Mapping[str, Mapping[str, str]] | None = None, check: bool = True
) -> Scenario:
    """Read a scenario.

    Parameters
    ----------
    path : path
        A folder of CSV or Parquet tables with ``policy.toml``, a workbook (.xlsx), or JSON (.json, .json.gz).
    mapping : path or mapping, optional
        Columns that headers of another system mean, by table: a TOML file or its content. Not for JSON.
    check : bool
        Also look for what no single cell shows: references, cycles, overlaps, dates outside the horizon. Where
        cells cannot be read, in what can be read beside them.

    Raises
    ------
    InputError
        With everything that is wrong, warnings included if there is an error.
    """
    if check:
        return examine(path, mapping=mapping)[0]
    scenario, defects, _ = _read(Path(path), mapping)
    if defects:
        raise InputError(defects)
    return scenario


def examine(
    path: str | Path, *, mapping: str | Path | Mapping[str, Mapping[str, str]] | None = None
) -> tuple[Scenario, list[Defect]]:
    """Read and check a scenario, and hand out the warnings about it too.

    Parameters
    ----------
    path, mapping
        As for :func:`load`.

    Raises
    ------
    InputError
        With everything that is wrong, warnings included if there is an error.
    """
    scenario, defects, gaps = _read(Path(path), mapping)
    defects += find_defects(scenario, gaps)
    if any(defect.severity == "error" for defect in defects):
        raise InputError(defects)
    return scenario, defects


def _read(
    path: Path, mapping: str | Path | Mapping[str, Mapping[str, str]] | None
) -> tuple[Scenario, list[Defect], Gaps]:
    """What can be read, what is wrong with cells and tables, and what is missing for it."""
    defects: list[Defect] = []
    gaps = Gaps()
    columns = read_mapping(mapping, defects)
    if columns is None:
        raise InputError(defects)
    name = path.name.lower()
    if path.is_dir():
        ignore = Path(mapping) if isinstance(mapping, (str, Path)) else None
        scenario = read_folder(path, columns, ignore, defects, gaps)
    elif not path.exists():
        problem = "There is no such file or folder."
        raise InputError([Defect("no_such_file", "", None, "", "", problem, f"Give {FORMATS}.", str(path))])
    elif name.endswith(".xlsx"):
        scenario = read_workbook(path, columns, defects, gaps)
    elif name.endswith((".json", ".json.gz")):
        scenario = read_json(path, defects, gaps)
    else:
        raise InputError([unknown_type(path)])
    return scenario, defects, gaps


def unknown_type(path: Path) -> Defect:
    """Defect of a file whose name does not tell a format."""
    return Defect("unknown_file_type", "", None, "", path.suffix, "This kind of file is not known.", f"Give {FORMATS}.",
                  path.name)
