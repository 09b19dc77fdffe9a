"""``rotation-planner template``: an empty workbook to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import rotation_planner as rp
from rotation_planner.cli.console import say
from rotation_planner.cli.exits import ExitCode, guarded

NAME = "template"


@guarded
def command(
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="Workbook to write; must not exist yet.")],
) -> ExitCode:
    """Write an empty workbook with headers, notes and drop-down lists."""
    refuse_existing(file)
    rp.template(file)
    say(f"wrote {file}: fill in a sheet per table, then run: rotation-planner check {file}")
    return ExitCode.OK


def refuse_existing(target: Path) -> None:
    """Refuse to write over what is there.

    Raises
    ------
    rp.InputError
        If the target is a file, or a folder that is not empty.
    """
    if target.is_file() or (target.is_dir() and any(target.iterdir())):
        problem, mend = "It exists and is not written over.", "Give another name, or move it away."
        raise rp.InputError([rp.Defect("exists", "", None, "", "", problem, mend, str(target))])
