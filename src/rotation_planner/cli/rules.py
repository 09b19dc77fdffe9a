"""``rotation-planner rules``: every rule and goal the library knows."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.padding import Padding
from rich.text import Text

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
        console.print(Padding(Text(" ".join(entry["words"].split())), (0, 4)))
        for p in entry["parameters"]:
            default = "required" if p["required"] else f"default {rp.shown(p['default'])}"
            console.print(Padding(Text(f"{p['name']}: {p['description']} ({default})"), (0, 8)))
    return ExitCode.OK
