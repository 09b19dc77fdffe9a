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
    time_limit: options.TimeLimit = 60.0,
    work_limit: options.WorkLimit = None,
    workers: options.Workers = None,
    memory_limit: options.MemoryLimit = None,
    as_json: options.JsonObject = False,
) -> ExitCode:
    """Say how large a run would be, how much memory it needs, which engine would do it, and whether it fits.

    Exit status 0: it fits into the memory limit and into what is free; 4: it does not.
    """
    place = rp.memory_room(memory_limit)
    size = rp.forecast(open_scenario(scenario), workers, place.mb, time_limit if work_limit is None else work_limit)
    short = rp.memory_shortage(size, size.engine, place)
    code = ExitCode.OK if short is None else ExitCode.NO_PLAN
    if as_json:
        put_json(asdict(size) | {"fits": short is None, "shortage": short})
        return code
    table = Table.grid(padding=(0, 2))
    table.add_column()
    table.add_column(justify="right")
    for name in ("cadres", "sessions", "candidates", "columns", "rows"):
        table.add_row(name, f"{getattr(size, name):,}")
    table.add_row("memory (MB)", f"{size.memory_mb:,}")
    out().print(table)
    out().print(f"engine: {size.engine} ({size.why})", markup=False)
    if short is not None:
        out().print(f"does not fit: {short}", markup=False, soft_wrap=True)
    return code
