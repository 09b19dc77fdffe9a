"""``rotation-planner rules``: every rule and goal the library knows."""

from __future__ import annotations

import textwrap
from typing import Annotated

import typer
from rich.console import Console
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
        _block(console, entry["words"], "    ")
        for p in entry["parameters"]:
            default = "required" if p["required"] else f"default {rp.shown(p['default'])}"
            _block(console, f"{p['name']}: {p['description']} ({default})", "        ")
    return ExitCode.OK


def _block(console: Console, text: str, margin: str) -> None:
    """A paragraph between margins, without blanks at the ends of its lines."""
    lines = textwrap.wrap(
        " ".join(text.split()), max(console.width, 2 * len(margin)), initial_indent=margin, subsequent_indent=margin
    )
    console.print(Text("\n".join(lines)), soft_wrap=True)
