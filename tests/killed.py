"""A run in a process of its own, to be killed: it tells a pipe what it tells its user."""

from __future__ import annotations

from multiprocessing.connection import Connection
from pathlib import Path

import rotation_planner as rp


def solving(scenario: Path, checkpoint: Path, told: Connection, seed: int) -> None:
    """Solve, going on from the checkpoint; sends every (phase, values of all goals) once there is a plan."""
    values: dict[str, int | None] = {}

    def tell(step: rp.Progress) -> None:
        if step.goal is not None:
            new = values.get(step.goal) != step.value
            values[step.goal] = step.value
            if step.goal == "comfort" or not new:  # in between the goals are of two plans
                told.send((step.phase, dict(values)))

    rp.solve(
        rp.load(scenario), time_limit=8, workers=1, seed=seed, on_progress=tell, checkpoint=checkpoint, resume=True
    )
