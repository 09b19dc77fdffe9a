"""``rotation-planner quotas``: how a plan uses the seats granted."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

import rotation_planner as rp
from rotation_planner.cli.console import out, put_json
from rotation_planner.cli.exits import ExitCode, guarded
from rotation_planner.cli.source import ScenarioArgument, open_scenario

NAME = "quotas"


@guarded
def command(
    scenario: ScenarioArgument,
    output: Annotated[Path, typer.Argument(metavar="OUT", help="Folder written by `plan`.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the use of each quota as a JSON list.")] = False,
) -> ExitCode:
    """Show seats asked for, granted, returned and used, by course, year and authority, without names."""
    data = open_scenario(scenario)
    use = rp.quota_use(data, rp.read_output(output).result.require_plan())
    if as_json:
        put_json(use.to_dict(orient="records"))
        return ExitCode.OK
    table = Table()
    for name in use.columns:
        table.add_column(str(name), justify="left" if name in ("course", "authority") else "right")
    for row in use.itertuples(index=False):
        table.add_row(*map(str, row))
    out().print(table)
    return ExitCode.OK
