"""How every picture of the benchmarks looks: plain axes, direct labels, the same file for the same figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure

BLUE, ORANGE, GREEN, RED, GREY = "#1F3A5F", "#D9822B", "#3B8B6E", "#A63D40", "#8A93A0"
STYLE: dict[Any, Any] = {
    "font.size": 10, "font.family": "DejaVu Sans", "axes.edgecolor": "#C9CED6", "axes.labelcolor": "#333333",
    "axes.titlecolor": BLUE, "axes.titlelocation": "left", "axes.titlesize": 11, "axes.spines.top": False,
    "axes.spines.right": False, "axes.grid": True, "axes.axisbelow": True, "grid.color": "#EEEEEE",
    "legend.frameon": False, "legend.fontsize": 9, "xtick.color": "#333333", "ytick.color": "#333333",
    "svg.hashsalt": "rotation-planner",
}

Points = Mapping[float, Sequence[float]]
"""Values of each seed by place on the horizontal axis."""


@contextmanager
def drawing(path: Path, panels: int = 1) -> Iterator[tuple[Axes, ...]]:
    """A picture of some panels beside each other, written at the end; the file does not depend on when it is made."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(7.2 if panels == 1 else 10.0, 4.0), layout="constrained")
        yield tuple(figure.subplots(1, panels, squeeze=False)[0])
        if path.suffix == ".svg":
            figure.savefig(path, metadata={"Date": None, "Creator": None})
        else:
            figure.savefig(path, dpi=110, metadata={"Software": None})


def line(axes: Axes, points: Points, label: str, colour: str, style: str = "-") -> None:
    """Medians joined by a line, with the range of the seeds; nothing for no points."""
    known = {x: values for x, values in sorted(points.items()) if values}
    if not known:
        return
    middle = [median(values) for values in known.values()]
    axes.plot(list(known), middle, style, marker="o", ms=4.5, lw=1.8, color=colour, label=label)
    for x, values in known.items():
        axes.vlines(x, min(values), max(values), color=colour, lw=1.2, alpha=0.6)


def written_out(axis: Axis) -> None:
    """Numbers of a logarithmic axis written out, at powers of ten only."""
    axis.set_major_formatter(mpl.ticker.FuncFormatter(lambda n, _: f"{n:,.10g}"))
    axis.set_minor_formatter(mpl.ticker.NullFormatter())
