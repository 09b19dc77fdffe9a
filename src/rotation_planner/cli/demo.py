"""``rotation-planner demo``: the packaged county, planned end to end."""

from __future__ import annotations

from pathlib import Path

import rotation_planner as rp
from rotation_planner.cli import options
from rotation_planner.cli.console import out, say
from rotation_planner.cli.exits import ExitCode, guarded
from rotation_planner.cli.plan import make, without_plan

NAME = "demo"


@guarded
def command(
    output: options.Output = Path("demo-out"),
    time_limit: options.TimeLimit = 120.0,
    seed: options.Seed = 0,
) -> ExitCode:
    """Plan the packaged county for five years, show a summary, and write plan, workbook and verification."""
    say(f"Planning the packaged county for five years, about {time_limit:.0f} s ...")
    scenario, result = make("county", output, time_limit=time_limit, seed=seed)
    if result.plan is None:
        return without_plan(result)
    out().print(rp.summary(scenario, result))
    say(f"wrote {output}: open {output / 'plan.xlsx'}, or run: rotation-planner verify county {output}")
    return ExitCode.OK
