"""Recorded runs of the partitioned engine replayed on 8 to 256 cores: ``python -m benchmarks.simulate``.

Reads ``blocks.csv`` and writes ``simulation.md`` and, of the largest body, ``scaling.svg``.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import matplotlib as mpl

from benchmarks import blocks
from benchmarks.cells import markdown
from benchmarks.facts import ROOT
from benchmarks.pictures import BLUE, GREEN, GREY, ORANGE, drawing, line
from benchmarks.schedule import Work, replay, taken_apart

FOLDER = ROOT / "benchmarks"
CORES = (8, 16, 32, 64, 128, 256)
TOLD = (8, 64, 256)
"""Of which it is told in words what the time goes to."""
SHOWN_S = 0.05
"""Less than this is not told."""
INTRODUCTION = (
    "# The partitioned engine on many cores, simulated", "",
    "Made by `python -m benchmarks.simulate` from `blocks.csv` (`python -m benchmarks.blocks ID`); do not edit. The",
    "tasks of a run on a small machine are replayed on more cores: in **waves**, as the engine hands out blocks (as",
    "many at once as there are cores, the next when the slowest is back), and **one by one**, each block to the core",
    "that is free first. Between the first plans and each round of visits everything waits in both.", "",
    "What this leaves out: a visit is given less time when more blocks take turns, so block times are partly chosen by",
    "the clock and not by the block; what one process does alone is taken as it was measured, though merging a few",
    "large waves costs less than many small ones; cores do not slow each other down, and nothing goes over a network.",
)


def page(runs: list[tuple[blocks.Run, Work]]) -> str:
    """The page."""
    out = list(INTRODUCTION)
    if not runs:
        out += ["", "Nothing has been measured yet."]
    for k, (run, work) in enumerate(runs):
        head = f"## {run['instance']}: {int(run['cadres']):,} cadres, {work.blocks} blocks"
        measured = (
            f"Recorded {run['measured_at'][:10]} with {run['block_cadres']} cadres a block, {run['workers']} at once, "
            f"{run['time_limit_s']} s, on {run['processor']}; code {run['code_sha256']}."
        )
        out += ["", head, "", measured, "", _table(work), "", *limits(work)]
        if k == len(runs) - 1:
            out += ["", "![Speed-up against cores, in waves and one by one](scaling.svg)"]
    return "\n".join(out) + "\n"


def _table(work: Work) -> str:
    lines = []
    for cores in (1, 2, *CORES):
        wave, single = replay(work, cores, in_waves=True), replay(work, cores, in_waves=False)
        lines.append([
            str(cores), f"{wave.seconds:,.1f}", f"{work.one_core_s / wave.seconds:.1f}", f"{single.seconds:,.1f}",
            f"{work.one_core_s / single.seconds:.1f}", f"{wave.alone_s:,.1f}", f"{wave.busy_s:,.1f}",
            f"{wave.waiting_s:,.1f}", f"{single.waiting_s:,.1f}",
        ])
    return markdown(
        ["cores", "waves, s", "speed-up", "one by one, s", "speed-up", "of it alone, s", "tasks / cores, s",
         "waiting in waves, s", "waiting one by one, s"],
        lines,
    )


def limits(work: Work) -> list[str]:
    """What limits the speed-up, in words."""
    ordered = sorted(work.alone.items(), key=lambda part: -part[1])
    parts = ", ".join(f"{name} {seconds:,.1f} s" for name, seconds in ordered if seconds >= SHOWN_S)
    return [
        *[limit(work, cores) for cores in TOLD], "",
        f"However many cores, the speed-up stays below {ceiling(work):.1f}. What remains is {work.alone_s:,.1f} s of",
        f"one process alone ({parts or 'nothing'})",
        f"and {work.longest_s:,.1f} s of the longest task of each stage. From {work.blocks:,} cores on every block has",
        "its own, and more change nothing.",
    ]


def limit(work: Work, cores: int) -> str:
    """What the time goes to on some cores in waves, the most first, and what one by one would save."""
    wave, single = replay(work, cores, in_waves=True), replay(work, cores, in_waves=False)
    reasons = {
        "one process alone": wave.alone_s, "waiting for others": wave.waiting_s, "the tasks themselves": wave.busy_s,
    }
    shares = [
        f"{name} {100 * seconds / wave.seconds:.0f} %"
        for name, seconds in sorted(reasons.items(), key=lambda reason: -reason[1])
    ]
    saved = 100 * (1 - single.seconds / wave.seconds)
    return f"- {cores} cores in waves: {', '.join(shares)}; one by one saves {saved:.0f} %."


def ceiling(work: Work) -> float:
    """The speed-up with a core for every task."""
    return work.one_core_s / (work.alone_s + work.longest_s)


def draw(work: Work, title: str, path: Path) -> None:
    """The speed-up against cores."""
    with drawing(path) as (axes,):
        shown = (1, 2, 4, *CORES)
        axes.plot(shown, shown, ":", color=GREY, lw=1.3, label="as many times as cores")
        for in_waves, label, colour in ((False, "one by one", GREEN), (True, "in waves", BLUE)):
            speed = {float(c): [work.one_core_s / replay(work, c, in_waves).seconds] for c in shown}
            line(axes, speed, label, colour)
        axes.axhline(ceiling(work), color=ORANGE, lw=1.3, ls="--", label="however many cores")
        axes.set_xscale("log", base=2)
        axes.set_yscale("log", base=2)
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(mpl.ticker.FuncFormatter(lambda n, _: f"{n:g}"))
        axes.set_xticks(shown)
        axes.set_ylim(0.9, 2 * CORES[-1])
        axes.set_xlabel("cores")
        axes.set_ylabel("times faster than one core")
        axes.set_title(title)
        axes.legend(loc="upper left")


def main(arguments: list[str] | None = None) -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.simulate", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=FOLDER, help="where to write")
    parser.add_argument("--file", type=Path, default=blocks.FILE)
    parser.add_argument("--png", action="store_true", help="PNG instead of SVG")
    given = parser.parse_args(arguments)
    runs = [(run, taken_apart(taken)) for run, taken in blocks.read(given.file)]
    (given.folder / "simulation.md").write_text(page(runs), encoding="utf-8")
    if runs:
        run, work = runs[-1]
        title = f"{int(run['cadres']):,} cadres in {work.blocks} blocks, replayed"
        draw(work, title, given.folder / f"scaling{'.png' if given.png else '.svg'}")


if __name__ == "__main__":
    main()
