"""A run on a cluster, in a process of its own: tells every phase, then why it ended and which plan it made."""

from __future__ import annotations

import hashlib
import sys

import rotation_planner as rp
from rotation_planner import partitioned
from rotation_planner.partition import Split

SPLIT = Split(30, 2)
SEED, WORK = 3, 0.3


def body() -> rp.Scenario:
    """Several authorities, a shared academy; two blocks."""
    return rp.generate("province", cadres=60, seed=5)


def small_blocks() -> None:
    """Make blocks that small bodies have several of."""
    make = partitioned.Run.__init__
    make.__defaults__ = (*(make.__defaults__ or ())[:-1], SPLIT.block_cadres)


def mark(plan: rp.Plan) -> str:
    """What tells one plan from another."""
    tables = [[repr(record) for record in table] for table in (plan.attendances, plan.opened, plan.study)]
    return hashlib.sha256(repr(tables).encode()).hexdigest()


def main(address: str, seconds: float, work: float | None) -> None:
    """Plan the body on a cluster."""
    small_blocks()
    result = rp.solve(
        body(), engine="partitioned", seed=SEED, workers=SPLIT.at_once, time_limit=seconds, work_limit=work,
        ray_address=address, on_progress=lambda step: print(step.phase, file=sys.stderr, flush=True),
    )
    assert result.verification is not None
    assert result.verification.ok
    print(result.stopped, mark(result.require_plan()))


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), float(sys.argv[3]) if len(sys.argv) > 3 else None)
