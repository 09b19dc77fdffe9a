"""The solver process: ``python -m rotation_planner.engines.child FOLDER``.

It reads the program from the folder, writes every better point there (beside, then renamed) and prints one JSON line
per event. The parent may end it at any moment and still has the last point. It ends when the parent does.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from rotation_planner.engines import ship
from rotation_planner.engines.exact import solve_exact
from rotation_planner.engines.guidance import Guidance
from rotation_planner.engines.improve import improve
from rotation_planner.engines.master import decide_classes
from rotation_planner.engines.options import Budget, Options
from rotation_planner.engines.place import place
from rotation_planner.engines.search import Search

TELL_S = 0.5
"""Seconds between two better points that are told of."""
SMALL_COLUMNS = 3_000
"""Below this a program goes straight to CP-SAT."""


def main(folder: Path) -> None:
    """Run the engine named in ``options.json``."""
    threading.Thread(target=_end_with_parent, args=(folder,), daemon=True).start()
    settings = json.loads((folder / "options.json").read_text())
    started = time.monotonic() - settings.pop("elapsed_s")
    options = Options(**settings)
    program, x, column_slot, row_slot = ship.read(folder)
    budget = Budget(options.time_limit, options.work_limit, started)
    signs = [-1 if g.maximise else 1 for g in program.goals]
    bounds: list[int | None] = [None] * len(program.goals)

    def emit(**event: object) -> None:
        print(json.dumps(event), flush=True)

    def better(phase: str) -> None:
        # Read first: a point that comes in between is better than what is told of it, never worse.
        values = [s * v for s, v in zip(signs, search.value, strict=True)]
        ship.write_point(folder, search.x)
        emit(event="better", phase=phase, values=values, bounds=_signed(bounds, signs), remaining=budget.remaining())

    news = _News(better)

    def report(phase: str, _: Search) -> None:
        news.tell(phase)

    search = Search(program, x, options, budget, report)
    bounds[:] = search.trivial
    # What comes of prices hangs on when they come, and one worker has nobody to look for them.
    looks = options.work_limit is None and options.workers > 1
    search.guidance = Guidance(folder, program, budget.remaining() if looks else 0.0)
    emit(event="phase", phase="construct")
    proved = False
    small = program.n_columns <= SMALL_COLUMNS
    if options.master and not small:
        total = budget.remaining()
        emit(event="phase", phase="master")
        guide = decide_classes(search, column_slot, row_slot, 0.15 * total)
        if guide is not None:
            emit(event="phase", phase="place")
            place(search, guide, 0.3 * total)
    if options.engine == "exact":
        if not small:
            emit(event="phase", phase="improve")
            improve(search, 0.5 * budget.remaining())
        emit(event="phase", phase="exact")
        proved = solve_exact(search, bounds, 0.0)
    else:
        emit(event="phase", phase="improve")
        improve(search, 0.0)
        proved = all(v <= t for v, t in zip(search.value, search.trivial, strict=True))
    stopped = "proved" if proved else ("work" if options.work_limit is not None else "time")
    news.end()
    emit(event="done", stopped=stopped, bounds=_signed(bounds, signs), work=budget.work, options=asdict(options))


class _News:
    """Tells of what is better in a thread of its own, and not too often: writing a large point down takes its time."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell, self._phase, self._ended = tell, "", False
        self._some, self._one_at_a_time = threading.Event(), threading.Lock()
        threading.Thread(target=self._run, daemon=True).start()

    def tell(self, phase: str) -> None:
        """There is something better."""
        self._phase = phase
        self._some.set()

    def end(self) -> None:
        """Tell what is still to be told, and nothing after it."""
        self._now()
        with self._one_at_a_time:
            self._ended = True

    def _run(self) -> None:
        while not self._ended:
            self._some.wait()
            self._now()
            time.sleep(TELL_S)

    def _now(self) -> None:
        with self._one_at_a_time:
            if self._some.is_set() and not self._ended:
                self._some.clear()
                self._tell(self._phase)


def _end_with_parent(folder: Path) -> None:
    """Wait for the end of standard input: the parent holds the other side as long as it lives."""
    os.read(sys.stdin.fileno(), 1)  # not through the stream: its lock would be in the way of an orderly end
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)


def _signed(bounds: list[int | None], signs: list[int]) -> list[int | None]:
    return [None if b is None else s * b for b, s in zip(bounds, signs, strict=True)]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
