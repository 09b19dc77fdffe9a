"""Ours with one part switched off at a time: ``python -m benchmarks.ablations``. Goes on where it was stopped.

Measurements are appended to ``ablations.csv``; the page ``ablations.md`` is written from it.
"""

from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path

from benchmarks import results
from benchmarks.ablation_table import page
from benchmarks.cases import Case
from benchmarks.facts import ROOT
from benchmarks.instances import stored
from benchmarks.run import INSTANCES, add_filters, chosen, run
from benchmarks.switches import SWITCHES, WHOLE
from benchmarks.targets import TARGETS, WORKERS
from rotation_planner.compile.forecast import EXACT_PER_S, PARTITIONED_CADRES, exact_candidates

RESULTS, PAGE = ROOT / "benchmarks" / "ablations.csv", ROOT / "benchmarks" / "ablations.md"
SIZES = (300, 1_000, 4_005)
"""Measured unless others are asked for: the smallest for the exact engine too."""
SEEDS = (1, 2, 3)


def cases() -> list[Case]:
    """Ours, and ours without each part of the engine that plans the instance; seed by seed.

    Tight instances that are planned in one piece, each with the time limit of its target; and, with as much time as the
    exact engine is chosen for, without each part that it alone has.
    """
    found = []
    for target in (t for t in TARGETS if t.cadres < PARTITIONED_CADRES):
        [instance] = [i for i in target.forms if i.tightness == "tight"]
        candidates = int(stored()[instance.name]["candidates"])
        engine = "exact" if candidates <= exact_candidates(target.time_limit_s) else "cohort"
        measured = [(target.time_limit_s, [name for name, switch in SWITCHES.items() if engine in switch.engines])]
        if engine == "cohort" and candidates <= exact_candidates():
            alone = [name for name, switch in SWITCHES.items() if switch.engines == ("exact",)]
            measured.append((math.ceil(candidates / EXACT_PER_S), alone))
        for limit, parts in measured:
            found += [Case(instance, method, limit, WORKERS, seed) for seed in SEEDS for method in (WHOLE, *parts)]
    return found


def main(arguments: list[str] | None = None) -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ablations", description=__doc__)
    parser.add_argument("--results", type=Path, default=RESULTS, help="CSV file to append to")
    parser.add_argument("--page", type=Path, default=PAGE, help="page to write")
    parser.add_argument("--instances", type=Path, default=INSTANCES, help="folder of generated instances")
    parser.add_argument("--table", action="store_true", help="only write the page")
    parser.add_argument(
        "--method", action="append", default=[], choices=[WHOLE, *SWITCHES], help="only without this part"
    )
    add_filters(parser)
    given = parser.parse_args(arguments)
    some = chosen(cases(), given.method, given.seed, given.size or SIZES, given.tightness)
    failed = 0 if given.table else run(some, given.results, given.instances)
    given.page.write_text(page(results.read(given.results)), encoding="utf-8")
    if failed:
        sys.exit(f"{failed} measurements failed")


if __name__ == "__main__":
    main()
