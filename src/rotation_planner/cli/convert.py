"""``rotation-planner convert``: a scenario from one format to another, without loss."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import rotation_planner as rp
from rotation_planner.cli.console import say
from rotation_planner.cli.exits import ExitCode, guarded
from rotation_planner.cli.source import ScenarioArgument, open_scenario
from rotation_planner.cli.template import refuse_existing

NAME = "convert"


@guarded
def command(
    source: ScenarioArgument,
    target: Annotated[Path, typer.Argument(metavar="DST", help="A folder, or a file: .xlsx, .json, .json.gz.")],
) -> ExitCode:
    """Read a scenario in one format and write it in another."""
    refuse_existing(target)
    rp.save(open_scenario(source), target)
    say(f"wrote {target}")
    return ExitCode.OK
