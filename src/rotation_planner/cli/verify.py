"""``rotation-planner verify``: check a written plan again, number by number."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

import rotation_planner as rp
from rotation_planner.cli import options
from rotation_planner.cli.console import out, put_json, say
from rotation_planner.cli.exits import ExitCode, guarded
from rotation_planner.cli.source import ScenarioArgument, open_scenario
from rotation_planner.report.output import Output
from rotation_planner.report.reproduce import Recheck

NAME = "verify"


@guarded
def command(
    scenario: ScenarioArgument,
    output: Annotated[Path, typer.Argument(metavar="OUT", help="Folder written by `plan`.")],
    as_json: options.JsonObject = False,
) -> ExitCode:
    """Check every limit of a written plan, and that every number in it can be computed again.

    Exit status 0: all limits hold and every number reproduces, even with unmet duties; 5: refuted; 2: bad input.
    """
    data = open_scenario(scenario)
    written = rp.read_output(output)
    if written.result.plan is None:
        problem, mend = "There is no plan in it.", "Run `rotation-planner plan` again."
        raise rp.InputError([rp.Defect("no_plan", "", None, "", "", problem, mend, str(output))])
    again = rp.recheck(data, written)
    found, wrong = again.verification, again.refutations
    if as_json:
        put_json({
            "ok": not wrong, "refutations": list(wrong), "violations": len(found.violations),
            "inherited": len(found.inherited), "unmet": len(found.unmet), "goals": dict(found.goals),
            "carried": again.carried, "certified": _certified(again, written), "version": rp.__version__,
        })
        return ExitCode.REFUTED if wrong else ExitCode.OK
    for line in wrong:
        out().print(f"refuted: {line}", markup=False, soft_wrap=True)
    if again.carried:
        say(f"the plan carries an earlier one: {again.carried:,} commitments were added to the scenario")
    false = len(wrong) - len(found.violations)
    out().print(
        f"{'refuted' if wrong else 'verified'}: {len(found.violations):,} limits broken, {false:,} numbers that do not "
        f"reproduce, {len(found.inherited):,} limits exceeded before, {len(found.unmet):,} duties unmet",
        soft_wrap=True,
    )
    for goal in _certified(again, written) or ():
        caps = ", ".join(f"{name} {value:,}" for name, value in goal["caps"].items())
        as_good = f" as good in {caps}" if caps else ""
        out().print(f"proven: no plan{as_good} is better in {goal['name']} than {goal['bound']:,}", soft_wrap=True)
    return ExitCode.REFUTED if wrong else ExitCode.OK


def _certified(again: Recheck, written: Output) -> list[dict[str, Any]] | None:
    """What is proven of each goal, of plans with such values of the goals before it; None without a certificate."""
    if again.certified is None:
        return None
    names = [goal.name for goal in written.result.goals]
    return [
        {"name": s.goal, "bound": s.bound, "caps": dict(zip(names, s.caps, strict=False))}
        for s in again.certified.statements
    ]
