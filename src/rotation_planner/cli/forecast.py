"""``rotation-planner forecast``: the size of a run before anything is built."""

from __future__ import annotations

from dataclasses import asdict

from rich.table import Table

import rotation_planner as rp
from rotation_planner.cli import options
from rotation_planner.cli.console import out, put_json
from rotation_planner.cli.exits import ExitCode, guarded
from rotation_planner.cli.source import ScenarioArgument, open_scenario

NAME = "forecast"


@guarded
def command(
    scenario: ScenarioArgument,
    as_json: options.JsonObject = False,
) -> ExitCode:
    """Say how large a run would be, how much memory it needs, and which engine would do it."""
    size = rp.forecast(open_scenario(scenario))
    if as_json:
        put_json(asdict(size))
        return ExitCode.OK
    table = Table.grid(padding=(0, 2))
    table.add_column()
    table.add_column(justify="right")
    for name in ("cadres", "sessions", "candidates", "columns", "rows"):
        table.add_row(name, f"{getattr(size, name):,}")
    table.add_row("memory (MB)", f"{size.memory_mb:,}")
    out().print(table)
    out().print(f"engine: {size.engine} ({size.why})", markup=False)
    return ExitCode.OK
