"""A scenario named on the command line: a path, or the name of a packaged one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import rotation_planner as rp

PACKAGED = ("county", "civil-service", "rule-book")
"""Names that stand for a packaged scenario, where no file has that name."""


def _complete(incomplete: str) -> list[str]:
    folder, _, stem = incomplete.rpartition("/")
    base = Path(folder or ("/" if incomplete.startswith("/") else "."))
    names = [n for n in PACKAGED if n.startswith(incomplete)]
    if base.is_dir():
        prefix = f"{folder}/" if folder or incomplete.startswith("/") else ""
        found = (p for p in base.iterdir() if p.name.startswith(stem))
        names += sorted(prefix + p.name + ("/" if p.is_dir() else "") for p in found)
    return names


ScenarioArgument = Annotated[
    str,
    typer.Argument(
        metavar="SCENARIO",
        help="A folder of tables, an .xlsx, a .json (or .json.gz), or one packaged: county, civil-service, rule-book.",
        autocompletion=_complete,
    ),
]


def open_scenario(name: str, *, check: bool = True) -> rp.Scenario:
    """Load a scenario; without ``check`` cells are read, and nothing else is looked at.

    Raises
    ------
    rp.InputError
        With all defects of the input.
    """
    path = _path_of(name)
    return rp.packaged(name) if path is None else rp.load(path, check=check)


def examine_scenario(name: str) -> tuple[rp.Scenario, list[rp.Defect]]:
    """Load and check a scenario, and hand out the warnings about it.

    Raises
    ------
    rp.InputError
        With all defects of the input.
    """
    path = _path_of(name)
    if path is not None:
        return rp.examine(path)
    scenario = rp.packaged(name)
    return scenario, rp.check(scenario)


def _path_of(name: str) -> Path | None:
    """Where it is; None for a packaged one."""
    path = Path(name)
    if name in PACKAGED and not path.exists():
        return None
    if not path.exists():
        problem = "There is no such file or folder, and no packaged scenario of that name."
        mend = f"Give a path, or one of: {', '.join(PACKAGED)}."
        raise rp.InputError([rp.Defect("no_such_file", "", None, "", "", problem, mend, name)])
    return path
