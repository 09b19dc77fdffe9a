"""The pricing process: ``python -m rotation_planner.engines.pricing_child FOLDER``.

It reads the program from the folder and writes the best prices of each goal there (beside, then renamed). The parent
may end it at any moment and still has the last ones. It ends when the parent does.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
import time
from functools import partial
from pathlib import Path

import numpy as np

from rotation_planner.engines import ship
from rotation_planner.engines.price_files import SETTINGS, read_prices, write_prices
from rotation_planner.engines.prices import find_prices
from rotation_planner.engines.relaxation import Relaxation


def main(folder: Path) -> None:
    """Price the goals named in the settings, each with its share of the time that is left.

    Prices and a point that lie in the folder are what it begins with.
    """
    began = time.monotonic()
    settings = json.loads((folder / SETTINGS).read_text())
    threading.Thread(target=_end_with_parent, args=(folder, settings["remove"]), daemon=True).start()
    program = ship.read(folder)[0]
    point = ship.read_point(folder, program.n_columns) if (folder / ship.POINT).exists() else None
    goals, limit, timed = settings["goals"], settings["limit"], settings["timed"]
    for i, (goal, weight) in enumerate(goals):
        relaxation = Relaxation(program, goal, tuple(settings["values"][:goal]))
        known = read_prices(folder, goal)
        part = weight / sum(w for _, w in (goals[i:] if timed else goals))
        share = part * (limit - (time.monotonic() - began) if timed else limit)
        find_prices(
            relaxation, share, timed, settings["threads"], partial(_better, folder, goal, relaxation),
            None if known is None else relaxation.known(known), None if point is None else relaxation.inside(point),
        )


def _end_with_parent(folder: Path, remove: bool) -> None:
    """Wait for the end of standard input: the parent holds the other side as long as it lives."""
    os.read(sys.stdin.fileno(), 1)
    if remove:
        shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)


def _better(folder: Path, goal: int, relaxation: Relaxation, y: np.ndarray, _: np.ndarray) -> None:
    write_prices(folder, goal, relaxation.whole(y))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
