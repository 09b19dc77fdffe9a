"""``rotation-planner rules``: every rule and goal the library knows."""

from __future__ import annotations

from typing import Annotated

import typer

import rotation_planner as rp
from rotation_planner.cli.console import out, put_json
from rotation_planner.cli.exits import ExitCode, guarded

NAME = "rules"


@guarded
def command(
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list of objects.")] = False,
) -> ExitCode:
    """List the rules and goals with their parameters."""
    entries = rp.catalogue()
    if as_json:
        put_json(entries)
        return ExitCode.OK
    console = out()
    for entry in entries:
        console.print(f"[bold]{entry['name']}[/bold] ({entry['kind']}; {', '.join(entry['mission'])})")
        console.print(f"    {entry['summary']}", markup=False)
        for p in entry["parameters"]:
            console.print(f"    {p['name']} = {p['default']}: {p['description']}", markup=False)
    return ExitCode.OK
