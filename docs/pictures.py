"""Make the pictures of the README from an output folder: ``python docs/pictures.py demo-out``.

``docs/images/summary.svg`` is what the terminal shows; ``docs/images/plan.png`` is drawn from the plan.
"""

from __future__ import annotations

import re
import sys
from io import StringIO
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt
from rich.console import Console
from rich.terminal_theme import MONOKAI

import rotation_planner as rp
from rotation_planner.domain.scenario import Scenario
from rotation_planner.report.unit_calendar import away_by_period
from rotation_planner.report.view import View

IMAGES = Path(__file__).resolve().parent / "images"
BLUE, ORANGE, GREY = "#1F3A5F", "#D9822B", "#C9CED6"


def summary(scenario: Scenario, result: rp.Result) -> None:
    """The terminal summary as a scalable picture."""
    console = Console(record=True, width=104, file=StringIO(), force_terminal=True)
    console.print(rp.summary(scenario, result))
    text = console.export_svg(title="rotation-planner demo", theme=MONOKAI, unique_id="summary")
    text = re.sub(r",\s*url\([^)]*\) format\([^)]*\)", "", text)  # no font is fetched from elsewhere
    IMAGES.joinpath("summary.svg").write_text(text, encoding="utf-8")


def plan(scenario: Scenario, result: rp.Result, most_units: int = 45) -> None:
    """Who is away when, unit by unit; and the money of each year between floor and ceiling."""
    view = View(scenario, result.require_plan())
    rows = list(away_by_period(view))
    load = {unit: 0.0 for unit, *_ in rows}
    for unit, _, _, away, _ in rows:
        load[unit] += away
    units = sorted(load, key=lambda u: -load[u])[:most_units]
    weeks = (scenario.end - scenario.start).days // 7 + 2
    used = np.full((len(units), weeks), np.nan)
    for unit, first, _, away, release in rows:
        if unit in units and release:
            used[units.index(unit), max(0, (first - scenario.start).days // 7 + 1)] = min(1.0, away / release)
    mpl.rcParams.update({"font.size": 9, "font.family": "DejaVu Sans"})
    figure, (top, bottom) = plt.subplots(
        2, 1, figsize=(10, 6.4), height_ratios=(3, 1.5), layout="constrained", gridspec_kw={"hspace": 0.12}
    )
    image = top.imshow(used, aspect="auto", cmap="YlGnBu", vmin=0, vmax=1, interpolation="none")
    ticks = [(y - scenario.start.year) * 52.18 for y in scenario.years]
    top.set_xticks(ticks, [str(y) for y in scenario.years], ha="left")
    top.set_yticks([])
    top.set_ylabel(f"the {len(units)} units with most training")
    top.set_title("People away each week, as a share of what their unit can release", loc="left", color=BLUE)
    figure.colorbar(image, ax=top, format=mpl.ticker.PercentFormatter(1), fraction=0.02, pad=0.01)
    years = list(scenario.years)
    ledger = rp.verify(scenario, result.require_plan()).ledger
    wide = {f.id for f in scenario["funds"] if not f.earmark}
    spent, floor, ceiling = (
        np.array([sum(getattr(r, key) or 0 for r in ledger if r.year == y and r.fund in wide) for y in years]) / 1e6
        for key in ("planned_yuan", "floor_yuan", "ceiling_yuan")
    )
    bottom.vlines(years, floor, ceiling, color=GREY, lw=26)
    bottom.hlines(floor, np.array(years) - 0.16, np.array(years) + 0.16, color=ORANGE, lw=2.5, label="floor")
    bottom.hlines(ceiling, np.array(years) - 0.16, np.array(years) + 0.16, color="#8A93A0", lw=2.5, label="ceiling")
    bottom.plot(years, spent, "o", color=BLUE, ms=8, label="planned")
    bottom.set_title("Training budget, million yuan", loc="left", color=BLUE)
    bottom.set_xlim(years[0] - 0.5, years[-1] + 0.5)
    bottom.set_xticks(years)
    bottom.grid(axis="y", color="#EEEEEE")
    bottom.set_axisbelow(True)
    bottom.legend(ncols=3, frameon=False, loc="upper left", bbox_to_anchor=(0.45, 1.24), markerscale=0.6)
    for axes in (top, bottom):
        axes.spines[["top", "right", "left"]].set_visible(False)
    figure.savefig(IMAGES / "plan.png", dpi=110, metadata={"Software": None})


def main() -> None:
    """Draw both from the folder named on the command line."""
    written = rp.read_output(sys.argv[1])
    scenario = written.scenario()
    IMAGES.mkdir(exist_ok=True)
    summary(scenario, written.result)
    plan(scenario, written.result)


if __name__ == "__main__":
    main()
