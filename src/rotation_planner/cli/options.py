"""Options that commands share, with their help."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class EngineName(StrEnum):
    """Engines that may be asked for."""

    AUTO = "auto"
    EXACT = "exact"
    COHORT = "cohort"
    PARTITIONED = "partitioned"


Output = Annotated[
    Path, typer.Option("--output", "-o", metavar="OUT", help="Folder to write; an earlier plan there is replaced.")
]
TimeLimit = Annotated[
    float, typer.Option(min=1, metavar="SECONDS", help="For everything after loading, writing included.")
]
WorkLimit = Annotated[
    float | None,
    typer.Option(min=0, metavar="WORK", help="Deterministic effort: with it the same seed gives the same plan."),
]
Workers = Annotated[int | None, typer.Option(min=1, help="Parallel solver workers; default: one per core.")]
Seed = Annotated[int, typer.Option(min=0, max=2**31 - 1, help="Seed of every random choice.")]
MemoryLimit = Annotated[
    int | None, typer.Option(min=64, metavar="MB", help="Most memory of the whole process tree.")
]
Gap = Annotated[
    float | None,
    typer.Option(min=0, metavar="GAP", help="Stop once every goal is proven to be this near its best (0.01: 1 %)."),
]
Engine = Annotated[
    EngineName, typer.Option(help="What plans: auto takes the one that fits the size (`forecast` says which and why).")
]
RayAddress = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="With --engine partitioned: Ray cluster to plan on (auto, local, HOST:PORT)."),
]
Resume = Annotated[
    bool, typer.Option("--resume", help="Go on from a run for OUT that was killed, if there is one (OUT.checkpoint).")
]
EarlierPlan = Annotated[
    Path | None, typer.Option("--from", metavar="OLD_OUT", help="Folder of an earlier plan to start from.")
]
FreezeUntil = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="With --from: what starts before this day stays as it is."),
]
JsonObject = Annotated[
    bool, typer.Option("--json", help="Print one JSON object on standard output, all else on standard error.")
]
