"""What each kind of rule costs at county size: ``python -m benchmarks.rules build|solve|table``.

Writes ``rules.csv`` and ``rules_solve.csv``, and from both ``rules.md``.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import rotation_planner as rp
from benchmarks.cells import markdown
from benchmarks.facts import ROOT, code_sha256, facts
from benchmarks.rule_cases import CASES, Case
from rotation_planner.compile import compile_candidates
from rotation_planner.domain.plan import Plan
from rotation_planner.domain.scenario import Scenario
from rotation_planner.generate import generate_with_plan
from rotation_planner.generate.packaged import SEED
from rotation_planner.model import build

FOLDER = ROOT / "benchmarks"
BUILT, SOLVED, PAGE = FOLDER / "rules.csv", FOLDER / "rules_solve.csv", FOLDER / "rules.md"
STEPS = ("compile", "build", "verify")
SIZES = ("rows", "columns", "entries")
GOALS = ("duties", "floor", "need", "cost", "comfort")
Row = dict[str, str]


def measured(scenario: Scenario, plan: Plan) -> dict[str, float]:
    """Sizes of the program, and seconds of processor time of each step (others use the machine too)."""

    def timed(work: Callable[[], Any]) -> tuple[Any, float]:
        begin = time.process_time()
        return work(), time.process_time() - begin

    candidates, compiling = timed(lambda: compile_candidates(scenario))
    built, building = timed(lambda: build(candidates))
    _, verifying = timed(lambda: rp.verify(scenario, plan))
    program = built.program
    return {
        "compile": compiling, "build": building, "verify": verifying,
        "rows": program.matrix.shape[0], "columns": program.matrix.shape[1], "entries": program.matrix.nnz,
    }


def best(scenario: Scenario, plan: Plan, repeats: int) -> dict[str, float]:
    """The least of each figure."""
    out: dict[str, float] = {}
    for _ in range(repeats):
        for name, value in measured(scenario, plan).items():
            out[name] = min(value, out.get(name, value))
    return out


def build_all(cases: Sequence[Case], repeats: int) -> None:
    """Measure sizes and seconds; a case measured before is measured anew."""
    county, plan = generate_with_plan("county", seed=SEED)
    kept = {row["case"]: row for row in read(BUILT)}
    measured(county, plan)  # imports and caches
    of_county = best(county, plan, 2 + 2 * repeats)  # every case is held against it
    for case in cases:
        without, with_rule = (of_county if s is county else best(s, plan, repeats) for s in case.both(county))
        row = {"case": case.name, "kind": case.kind}
        for name in SIZES:
            row |= {f"{name}_without": f"{without[name]:.0f}", f"{name}_with": f"{with_rule[name]:.0f}"}
        for name in STEPS:
            row |= {f"{name}_s_without": f"{without[name]:.3f}", f"{name}_s_with": f"{with_rule[name]:.3f}"}
        kept[case.name] = row | stamp()
        print(case.name, f"{seconds(row, 'without'):.2f} s -> {seconds(row, 'with'):.2f} s", flush=True)
        write(BUILT, [kept[c.name] for c in CASES if c.name in kept])


def solve_all(cases: Sequence[Case], limit: float) -> None:
    """Solve with and without each rule; both plans are judged under the policy without it."""
    county, _ = generate_with_plan("county", seed=SEED)
    kept = {row["case"]: row for row in read(SOLVED)}
    of_county: dict[str, str] = {}
    for case in cases:
        base, ruled = case.both(county)
        if base is county:
            of_county = without = of_county or solved(county, county, limit)
        else:
            without = solved(base, base, limit)
        with_rule = solved(ruled, base, limit)
        row = {"case": case.name, "time_limit_s": f"{limit:g}"}
        row |= {f"{k}_without": v for k, v in without.items()} | {f"{k}_with": v for k, v in with_rule.items()}
        kept[case.name] = row | stamp()
        print(case.name, row, flush=True)
        write(SOLVED, [kept[c.name] for c in CASES if c.name in kept])


def solved(scenario: Scenario, judge: Scenario, limit: float) -> dict[str, str]:
    """Goals of a plan under another policy, and how many duties of its own it leaves unmet."""
    result = rp.solve(scenario, time_limit=limit, seed=0)
    if result.plan is None:
        return {"unmet": "", **dict.fromkeys(GOALS, "")}
    found = rp.verify(judge, result.plan)
    own = rp.verify(scenario, result.plan)
    if own.violations:
        raise AssertionError(f"violations: {own.violations[:3]}")
    return {"unmet": str(len(own.unmet)), **{g: str(found.goals[g]) for g in GOALS}}


def stamp() -> Row:
    """When, where and with which code."""
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    return {"code_sha256": code_sha256()[:12], **facts(), "measured_at": now}


def read(path: Path) -> list[Row]:
    """Rows of a results file, if it is there."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, rows: Sequence[Row]) -> None:
    """Write a results file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        out.writeheader()
        out.writerows(rows)


def seconds(row: Row, which: str) -> float:
    """Compile, build and verify together."""
    return sum(float(row[f"{step}_s_{which}"]) for step in STEPS)


def page(built: Sequence[Row], solves: Sequence[Row]) -> str:
    """The page with both tables."""
    lines = []
    for row in built:
        sizes = [f"{int(row[f'{n}_with']) - int(row[f'{n}_without']):+,}" for n in SIZES]
        times = [f"{float(row[f'{s}_s_with']) - float(row[f'{s}_s_without']):+.2f}" for s in STEPS]
        lines.append([row["case"], *sizes, *times, f"{seconds(row, 'with') / seconds(row, 'without'):.2f}"])
    worst = max(built, key=lambda row: seconds(row, "with") / seconds(row, "without"))
    ratio = seconds(worst, "with") / seconds(worst, "without")
    double = [row["case"] for row in built if seconds(row, "with") >= 2 * seconds(row, "without")]
    said = f"At least twice the county's time: {', '.join(double)}" if double else "No rule doubles the county's time"
    machine = sorted({f"{r['processor']}, {r['cores']} cores, Python {r['python']}, numpy {r['numpy']}" for r in built})
    out = [
        "# What each rule costs", "",
        "Made by `make bench-rules` from `rules.csv` and `rules_solve.csv`; do not edit. The packaged county (4,005",
        "cadres) with the rule against the county without it: rules of the county are taken away, others are added",
        "with parameters an office might choose (`rule_cases.py`). Seconds are processor time of one process, the",
        "least of a few runs; differences below 0.2 s are noise. `verify` checks the planted plan. The last column is",
        "compile, build and verify together, with the rule against without. The county knows three subjects only, so",
        "by hours of subjects nearly all its courses overlap above 700 per mille: an extreme, shown for its cost.", "",
        f"{said}: the most is {ratio:.2f} times (`{worst['case']}`). Measured on {'; '.join(machine)}.", "",
        markdown(["rule", *SIZES, *(f"{s} s" for s in STEPS), "times"], lines),
    ]
    if solves:
        body = []
        for row in solves:
            for which in ("without", "with"):
                cells = [f"{int(row[f'{n}_{which}']):,}" if row[f"{n}_{which}"] else "–" for n in ("unmet", *GOALS)]
                body.append([f"{row['case']}: {which}", *cells])
        out += [
            "", f"## A solve of {solves[0]['time_limit_s']} s", "",
            "What is reached in the same time, one run each: small differences mean nothing. Goals of both plans are",
            "judged under the policy without the rule; `unmet` counts the duties of each plan's own policy. Figures",
            "depend on what else the machine does.", "",
            markdown(["run", "unmet", *GOALS], body),
        ]
    return "\n".join(out) + "\n"


def dearest(n: int) -> list[Case]:
    """The cases with the largest part of the time, as measured."""
    ratio = {row["case"]: seconds(row, "with") / seconds(row, "without") for row in read(BUILT)}
    return sorted((c for c in CASES if c.name in ratio), key=lambda c: -ratio[c.name])[:n]


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rules", description=__doc__)
    parser.add_argument("step", choices=("build", "solve", "table"))
    parser.add_argument("--case", action="append", default=[], help="only this case, or kind (may be repeated)")
    parser.add_argument("--dearest", type=int, default=0, help="only the N cases that cost most")
    parser.add_argument("--repeats", type=int, default=3, help="measurements of each step")
    parser.add_argument("--time-limit", type=float, default=30.0, help="seconds of each solve")
    given = parser.parse_args()
    cases = dearest(given.dearest) if given.dearest else [
        c for c in CASES if not given.case or {c.name, c.kind} & set(given.case)
    ]
    if not cases:
        sys.exit("there is no such case")
    if given.step == "build":
        build_all(cases, given.repeats)
    elif given.step == "solve":
        solve_all(cases, given.time_limit)
    PAGE.write_text(page(read(BUILT), read(SOLVED)), encoding="utf-8")


if __name__ == "__main__":
    main()
