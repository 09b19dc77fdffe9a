"""Write the tables of README.md from the results: ``python -m benchmarks.table [--check]``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from benchmarks import results
from benchmarks.cases import RIVALS, STEPS
from benchmarks.cells import gap, latest, markdown, number
from benchmarks.facts import ROOT
from benchmarks.target_table import targets_table
from benchmarks.targets import TARGETS
from benchmarks.trajectory import GOALS, Point, best_at, points_of, reached_at

README = ROOT / "benchmarks" / "README.md"
BEGIN, END = "<!-- made by benchmarks.table from results.csv -->", "<!-- end -->"
NAMES = {
    "ours": "this library", "plain": "plain CP-SAT", "highs": "HiGHS", "timefold": "Timefold", "greedy": "greedy",
}
EARLY = 10
"""Our value at this part of the time is what rivals are asked to reach within the whole of it."""

Body = tuple[int, str, str, str]
"""Cadres, preset, tightness, time limit."""


TARGETED = {(i.cadres, i.preset, i.tightness, str(t.time_limit_s)) for t in TARGETS for i in t.forms}
"""Bodies that the table of targets shows; they have tables of their own only beside rivals."""


def body_of(row: results.Row) -> Body:
    """What was planned, and its limit."""
    return int(row["cadres"]), row["preset"], row["tightness"], row["time_limit_s"]


def bodies(rows: Iterable[results.Row]) -> list[Body]:
    """Sizes measured, smallest first."""
    return sorted({body_of(r) for r in rows})


def of(rows: Iterable[results.Row], body: Body, method: str) -> list[results.Row]:
    """Measurements of a method on a body under a limit."""
    return [r for r in rows if body_of(r) == body and r["method"] == method]


def steps_table(rows: list[results.Row]) -> str:
    """Load, compile, build: seconds and peak memory of the process."""
    lines = []
    for cadres, preset in sorted({body_of(r)[:2] for r in rows if r["method"] in STEPS}):
        found = {
            s: [r for r in rows if int(r["cadres"]) == cadres and r["preset"] == preset and r["method"] == s]
            for s in STEPS
        }
        built = found["build"]
        sizes = [number([r[k] for r in built]) for k in ("candidates", "columns", "rows", "entries")]
        cells = [
            f"{number([r['seconds'] for r in found[s]], 2)} s / {number([r['peak_memory_mb'] for r in found[s]])} MB"
            if found[s] else "–"
            for s in STEPS
        ]
        lines.append([f"{cadres:,} ({preset})", *sizes, *cells])
    return markdown(["cadres", "candidates", "columns", "rows", "entries", *STEPS], lines)


def rivals_table(rows: list[results.Row], body: Body) -> str:
    """Each method on one body: time, memory, verdict of the verifier, goals."""
    lines = []
    for method in RIVALS:
        found = of(rows, body, method)
        if not found:
            continue
        with_plan = [r for r in found if r["verified"]]
        verified = f"{sum(r['verified'] == 'True' for r in found)} of {len(found)}"
        if refuted := [r for r in found if r["verified"] == "False"]:
            verified += f", {len(refuted)} refuted ({number([r['violations'] for r in refuted])} limits broken)"
        lines.append([
            NAMES[method],
            number([r["seconds"] for r in found], 1), number([r["peak_memory_mb"] for r in found]), verified,
            number([r["unmet"] for r in with_plan]),
            *[number([r[g] for r in with_plan]) for g in GOALS],
            *[number([gap(r, g) for r in with_plan], 1) for g in ("duties", "need", "cost")],
        ])
    head = ["method", "seconds", "peak MB", "verified", "unmet", *GOALS, "gap % duties", "gap % need", "gap % cost"]
    return markdown(head, lines)


def proof_table(rows: list[results.Row], body: Body) -> str:
    """Each goal of ours: value, what is proven, what can be recomputed without a solver, and the gaps to both."""
    found = [r for r in of(rows, body, "ours") if r["verified"]]
    lines = [
        [
            goal, number([r[goal] for r in found]),
            number([r[f"{goal}_bound"] for r in found]), number([gap(r, goal) for r in found], 2),
            number([r[f"{goal}_certified"] for r in found]), number([gap(r, goal, "certified") for r in found], 2),
        ]
        for goal in GOALS
    ]
    return markdown(["this library", "value", "bound", "gap %", "certified bound", "certified gap %"], lines)


def times_longer(ours: list[Point], rival: list[Point], limit_s: float) -> float | None:
    """How many times longer a rival takes for what we have at a tenth of the time; None if not within the limit.

    Raises
    ------
    ValueError
        If we have nothing by then: there is nothing to reach.
    """
    early = limit_s / EARLY
    wanted = best_at(ours, early)
    if wanted is None:
        raise ValueError("no plan at a tenth of the time")
    seconds = reached_at(rival, wanted)
    return None if seconds is None or seconds > limit_s else seconds / early


def reach_table(rows: list[results.Row], body: Body) -> str:
    """For each rival and seed: how long it takes for our value at a tenth of the time."""
    limit_s = float(body[3])
    mine = {r["seed"]: points_of(r["trajectory"]) for r in of(rows, body, "ours") if r["trajectory"]}
    early = {seed: points for seed, points in mine.items() if best_at(points, limit_s / EARLY) is not None}
    lines = []
    for method in RIVALS[1:]:
        of_rival = of(rows, body, method)
        cells = []
        for seed, points in sorted(early.items()):
            # What knows no seed is measured once and stands beside every seed of ours.
            beside = [r for r in of_rival if r["seed"] == seed] or of_rival[: len(of_rival) == 1]
            for rival in beside:
                times = times_longer(points, points_of(rival["trajectory"]), limit_s)
                cells.append(f"never within {EARLY} times" if times is None else f"{times:.1f} times")
        if cells:
            lines.append([NAMES[method], ", ".join(cells)])
    if len(early) < len(mine):
        lines.append(["", f"{len(mine) - len(early)} of {len(mine)} of our runs had no plan by then"])
    return markdown(["rival", f"needs for our value at {100 // EARLY} % of the time (each seed)"], lines)


def text(rows: list[results.Row]) -> str:
    """All tables, with the facts they depend on."""
    if not rows:
        return "Nothing has been measured yet."
    rows = latest(rows)
    machines = sorted({
        f"{r['processor']}, {r['cores']} cores, {r['memory_gb']} GB, {r['system']}, Python {r['python']}, "
        f"ortools {r['ortools']}, numpy {r['numpy']}"
        for r in rows
    })
    codes = sorted({r["code_sha256"] for r in rows})
    days = sorted(r["measured_at"][:10] for r in rows)
    out = [
        f"Measured {days[0]} to {days[-1]} on: {'; '.join(machines)}. Code: {', '.join(codes)}.",
        "Median over seeds, with the range in brackets where they differ.",
        "", "### Targets", "", targets_table(rows),
    ]
    if any(r["method"] in STEPS for r in rows):
        out += ["", "### Load, compile, build", "", steps_table(rows)]
    for body in bodies(rows):
        measured = [m for m in RIVALS if of(rows, body, m)]
        if measured and not (measured == ["ours"] and body in TARGETED):
            workers = sorted({r["workers"] for m in measured for r in of(rows, body, m)})
            title = f"### {body[0]:,} cadres ({body[1]}, {body[2]}), {body[3]} s, {'/'.join(workers)} cores"
            out += ["", title, "", rivals_table(rows, body)]
            if "ours" in measured:
                out += ["", proof_table(rows, body), "", reach_table(rows, body)]
    return "\n".join(out)


def rewritten(page: str, tables: str) -> str:
    """The page with its tables replaced.

    Raises
    ------
    ValueError
        If the page has no place for them.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError("README.md has no place for the tables")
    return f"{before}{BEGIN}\n\n{tables}\n\n{END}{after}"


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.table", description=__doc__)
    parser.add_argument("--results", type=Path, default=ROOT / "benchmarks" / "results.csv")
    parser.add_argument("--check", action="store_true", help="only say whether README.md is up to date")
    given = parser.parse_args()
    page = README.read_text(encoding="utf-8")
    new = rewritten(page, text(results.read(given.results)))
    if given.check:
        sys.exit("benchmarks/README.md is not up to date: run python -m benchmarks.table" if new != page else 0)
    README.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main()
