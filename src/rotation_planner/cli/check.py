"""``rotation-planner check``: every defect of a scenario, before any plan is made."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

import rotation_planner as rp
from rotation_planner.cli.console import defect_lines, out, put_json, say
from rotation_planner.cli.exits import ExitCode, guarded
from rotation_planner.cli.source import ScenarioArgument, examine_scenario

NAME = "check"


@guarded
def command(
    scenario: ScenarioArgument,
    as_json: Annotated[bool, typer.Option("--json", help="Print the defects as a JSON list.")] = False,
) -> ExitCode:
    """List everything that is wrong with a scenario. Exit status 0: nothing, or warnings only; 2: errors."""
    try:
        _, defects = examine_scenario(scenario)
    except rp.InputError as error:
        defects = list(error.defects)
    errors = sum(d.severity == "error" for d in defects)
    if as_json:
        put_json([asdict(d) for d in defects])
    else:
        defect_lines(defects, out())
        say(f"errors: {errors}, warnings: {len(defects) - errors}" if defects else "no defects")
    return ExitCode.BAD_INPUT if errors else ExitCode.OK
