"""``rotation-planner clashes``: promised call-ups that cannot all be kept, and which of them stand."""

from __future__ import annotations

from typing import Annotated

import typer

import rotation_planner as rp
from rotation_planner.cli.console import out, put_json, say
from rotation_planner.cli.exits import ExitCode, guarded
from rotation_planner.cli.source import ScenarioArgument, open_scenario

NAME = "clashes"


@guarded
def command(
    scenario: ScenarioArgument,
    as_json: Annotated[bool, typer.Option("--json", help="Print the clashes as a JSON list.")] = False,
) -> ExitCode:
    """List the call-ups by different authorities that clash, and what the one that yields is told."""
    found = rp.clashes(open_scenario(scenario))
    if as_json:
        put_json(found.to_json())
        return ExitCode.OK
    for clash in found:
        out().print(f"to {clash.yields_by} [{clash.code}]: {clash.message}", markup=False, soft_wrap=True)
    say(f"clashes: {len(found)}" if found else "no clashes")
    return ExitCode.OK
