"""Time, memory and certified gap against the size of the body, as pictures: ``python -m benchmarks.curves [FOLDER]``.

Drawn from ``results.csv``: what was measured for the targets; before there is any of it, every run of ours.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes

from benchmarks import results
from benchmarks.cells import gap, latest
from benchmarks.facts import ROOT
from benchmarks.pictures import BLUE, GREEN, GREY, ORANGE, RED, Points, drawing, line, written_out
from benchmarks.target_table import largest_gap, of_target
from benchmarks.targets import GOALS, TARGETS

FOLDER = ROOT / "benchmarks"
OF_GOAL = dict(zip(GOALS, (BLUE, RED, GREEN, ORANGE), strict=True))
OF_FORM = {"tight": BLUE, "loose": GREEN, "short": ORANGE}
RIVALS = {"plain": ("plain CP-SAT", ORANGE), "highs": ("HiGHS", GREEN), "timefold": ("Timefold", RED)}
STRAIGHT = 1.0
"""Percent up to which the axis of gaps is not logarithmic, so that nothing at all has its place."""

SIZES = 220, 1_400_000
"""Ends of the axis of cadres: every body of the family has its place, measured or not."""


def ours(rows: list[results.Row]) -> list[results.Row]:
    """Our runs that are shown."""
    wanted = [r for target in TARGETS for instance in target.forms for r in of_target(rows, target, instance)]
    return wanted or [r for r in rows if r["method"] == "ours"]


def by_size(rows: Iterable[results.Row], value: Callable[[results.Row], str]) -> Points:
    """Values of rows that have one, by number of cadres."""
    found: dict[float, list[float]] = defaultdict(list)
    for row in rows:
        if said := value(row):
            found[int(row["cadres"])].append(float(said))
    return found


def of_form(rows: Iterable[results.Row], tightness: str) -> list[results.Row]:
    """Rows of instances of a form."""
    return [r for r in rows if r["tightness"] == tightness]


def time(rows: list[results.Row], path: Path) -> None:
    """Seconds of a whole run and to the first verified plan, beside those of the steps before it."""
    tight = of_form(ours(rows), "tight")
    with drawing(path) as (axes,):
        line(axes, by_size(tight, lambda r: r["seconds"]), "whole run (its limit)", BLUE)
        line(axes, by_size(tight, lambda r: r["first_plan_s"]), "first verified plan", GREEN)
        for step, colour in (("build", ORANGE), ("compile", GREY)):
            line(axes, by_size((r for r in rows if r["method"] == step), lambda r: r["seconds"]), step, colour)
        axes.plot(
            [t.cadres for t in TARGETS], [t.first_plan_s for t in TARGETS], ":", color=GREEN, lw=1.3,
            label="first plan: target",
        )
        axes.set_yscale("log")
        written_out(axes.yaxis)
        _finished(axes, "Seconds, tight instances", "seconds")


def memory(rows: list[results.Row], path: Path) -> None:
    """Peak memory of ours and of rivals."""
    with drawing(path) as (axes,):
        line(axes, by_size(of_form(ours(rows), "tight"), lambda r: r["peak_memory_mb"]), "this library", BLUE)
        for method, (name, colour) in RIVALS.items():
            line(axes, by_size((r for r in rows if r["method"] == method), lambda r: r["peak_memory_mb"]), name, colour)
        axes.set_yscale("log")
        written_out(axes.yaxis)
        axes.yaxis.set_major_locator(mpl.ticker.LogLocator(subs=(1, 2, 5)))
        _finished(axes, "Peak memory of all processes, tight instances", "MB")


def gaps(rows: list[results.Row], path: Path) -> None:
    """Certified gap of each goal of tight instances, and the largest of each form beside what is asked for."""
    shown = ours(rows)
    with drawing(path, 2) as (left, right):
        for goal, colour in OF_GOAL.items():
            line(left, by_size(of_form(shown, "tight"), partial(gap, goal=goal, bound_name="certified")), goal, colour)
        for form, colour in OF_FORM.items():
            line(right, by_size(of_form(shown, form), largest_gap), form, colour)
        asked = [t.gap_percent for t in TARGETS]
        right.plot([t.cadres for t in TARGETS], asked, ":", color=GREY, lw=1.3, label="target")
        for axes, title in ((left, "Certified gap of each goal, tight instances"), (right, "The largest of them")):
            axes.set_yscale("symlog", linthresh=STRAIGHT, linscale=0.6)
            axes.set_ylim(-0.1, 130)
            axes.set_yticks([0, 1, 2, 5, 10, 20, 50, 100], minor=False)
            axes.yaxis.set_minor_locator(mpl.ticker.NullLocator())
            axes.yaxis.set_major_formatter(mpl.ticker.FuncFormatter(lambda p, _: f"{p:g} %"))
            _finished(axes, title, "")


def _finished(axes: Axes, title: str, unit: str) -> None:
    axes.set_xscale("log")
    axes.set_xlim(*SIZES)
    written_out(axes.xaxis)
    axes.set_xlabel("cadres")
    axes.set_title(title)
    axes.set_ylabel(unit)
    if axes.get_legend_handles_labels()[0]:
        axes.legend()


PICTURES = {"time": time, "memory": memory, "gap": gaps}


def draw(rows: list[results.Row], folder: Path, suffix: str = ".svg") -> None:
    """Draw every curve into a folder."""
    for name, picture in PICTURES.items():
        picture(latest(rows), folder / f"{name}{suffix}")


def main(arguments: list[str] | None = None) -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.curves", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=FOLDER)
    parser.add_argument("--results", type=Path, default=FOLDER / "results.csv")
    parser.add_argument("--png", action="store_true", help="PNG instead of SVG")
    given = parser.parse_args(arguments)
    draw(results.read(given.results), given.folder, ".png" if given.png else ".svg")


if __name__ == "__main__":
    main()
