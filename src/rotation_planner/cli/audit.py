"""``rotation-planner audit``: who answers for whom, and where that is not so."""

from __future__ import annotations

from typing import Annotated

import typer

import rotation_planner as rp
from rotation_planner.cli.console import out, put_json, say
from rotation_planner.cli.exits import ExitCode, guarded
from rotation_planner.cli.source import ScenarioArgument, open_scenario

NAME = "audit"
AUDITED = "two_managers"
"""The defect that is the audit's own business: it does not keep the tables from being audited."""


@guarded
def command(
    scenario: ScenarioArgument,
    as_json: Annotated[bool, typer.Option("--json", help="Print the faults as a JSON list.")] = False,
) -> ExitCode:
    """List who is trained by the wrong authority, for whom nobody answers, and whom two authorities claim."""
    data = open_scenario(scenario, check=False)
    errors = [d for d in rp.check(data) if d.severity == "error" and d.code != AUDITED]
    if errors:
        raise rp.InputError(errors)
    found = rp.audit(data)
    if as_json:
        put_json(found.to_json())
        return ExitCode.OK
    for fault in found:
        out().print(f"{fault.code}: {fault.message}", markup=False, soft_wrap=True)
    say(f"faults: {len(found)}" if found else "no faults")
    return ExitCode.OK
