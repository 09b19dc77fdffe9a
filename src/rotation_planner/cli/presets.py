"""``rotation-planner presets``: training schemes as policies, with the source of every figure."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.padding import Padding
from rich.text import Text

import rotation_planner as rp
from rotation_planner.cli.console import out, put_json, say
from rotation_planner.cli.exits import ExitCode, guarded
from rotation_planner.cli.template import refuse_existing

NAME = "presets"


@guarded
def command(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Only this preset.")] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="DIR", help="Write its small scenario with its policy; must not exist."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list of objects.")] = False,
) -> ExitCode:
    """List the presets: rules, figures with their sources, and what is not in them."""
    if name is not None and name not in rp.presets.names():
        raise _refused("There is no preset of that name.", f"Give one of: {', '.join(rp.presets.names())}.", name)
    if output is not None:
        if name is None:
            raise _refused("No preset is named whose scenario could be written.", "Name one before --output.", "")
        refuse_existing(output)
        scenario = rp.presets.scenario(name)
        rp.save(scenario, output)
        say(f"wrote {output}: {len(scenario['cadres']):,} cadres; next: rotation-planner plan {output} -o OUT")
    entries = [rp.presets.describe(one) for one in rp.presets.names() if name in (None, one)]
    if as_json:
        put_json(entries)
    elif output is None:
        _show(entries)
    return ExitCode.OK


def _refused(problem: str, mend: str, value: str) -> rp.InputError:
    return rp.InputError([rp.Defect("option", "", None, "", value, problem, mend)])


def _show(entries: list[dict[str, Any]]) -> None:
    console = out()
    for entry in entries:
        console.print(f"[bold]{entry['name']}[/bold]")
        console.print(Padding(Text(entry["summary"]), (0, 4)))
        for f in entry["figures"]:
            words = f"{f['value']:,} {f['unit']} {f['what']} ({f['certainty']}; {f['source']})"
            console.print(Padding(Text(words), (0, 8)))
    letters = "; ".join(f"{letter}: {words}" for letter, words in rp.presets.CERTAINTY.items())
    console.print(Text(f"How sure: {letters}."))
