"""The rival: HiGHS on the same rows, goal by goal: ``python -m benchmarks.highs_rival FOLDER``.

HiGHS and OR-tools cannot share a process, so this one gets ``program.npz`` and imports numpy and highspy only. The
goals are solved in turn, as their order asks: a weighted sum would need weights of 10^10 and more to keep it, beyond
what a floating-point solver tells apart. Each goal is then held by a row; the point found so far starts the next goal.
A goal gets half of the time that is left, the last one all of it, as with plain CP-SAT; as long as there is no plan at
all, the first goal goes on. Every better point is written down as it is found, so that the process may be ended at any
moment.
"""

from __future__ import annotations

import json
import math
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import highspy
import numpy as np

NO_SIDE = 1 << 52
"""Magnitude from which a side of a row does not bind."""


@dataclass
class Incumbents:
    """Writes down points, with the seconds since the run began; a goal's time is over only if there is a plan."""

    folder: Path
    began: float
    count: int = 0
    best: np.ndarray | None = field(default=None)
    enough: float = math.inf

    def add(self, solution: Any) -> None:
        """Keep a point, rounded to whole numbers."""
        self.best = np.rint(np.asarray(solution, float)).astype(np.int64)
        columns = np.flatnonzero(self.best)
        unfinished = self.folder / "unfinished.npz"
        np.savez(unfinished, seconds=time.time() - self.began, columns=columns, values=self.best[columns])
        unfinished.rename(self.folder / f"incumbent-{self.count:06}.npz")
        self.count += 1

    def look(self, event: Any) -> None:
        """Interrupt the solver if it is time for the next goal."""
        if self.best is not None and time.time() > self.enough:
            event.interrupt()


def linear_program(data: Any) -> highspy.HighsLp:
    """Columns, all whole, and rows."""
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(data["lower"]), len(data["low"])
    lp.col_cost_ = np.zeros(lp.num_col_)
    lp.col_lower_, lp.col_upper_ = data["lower"].astype(float), data["upper"].astype(float)
    low, high = data["low"].astype(float), data["high"].astype(float)
    low[data["low"] <= -NO_SIDE], high[data["high"] >= NO_SIDE] = -highspy.kHighsInf, highspy.kHighsInf
    lp.row_lower_, lp.row_upper_ = low, high
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.num_col_, lp.a_matrix_.num_row_ = lp.num_col_, lp.num_row_
    lp.a_matrix_.start_, lp.a_matrix_.index_ = data["indptr"].astype(np.int32), data["indices"].astype(np.int32)
    lp.a_matrix_.value_ = data["data"].astype(float)
    lp.integrality_ = [highspy.HighsVarType.kInteger] * lp.num_col_
    return lp


def solver_of(data: Any) -> highspy.Highs:
    """A solver with the rows in it; gaps are closed in full, since what a goal leaves open the next one may not use."""
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    options = {"output_flag": False, "mip_rel_gap": 0.0, "threads": int(data["workers"])}
    for name, value in (options | {"random_seed": int(data["seed"])}).items():
        highs.setOptionValue(name, value)
    highs.passModel(linear_program(data))
    return highs


def whole_bound(highs: highspy.Highs, maximise: bool) -> int | None:
    """What is proven of the goal, rounded to the whole number that it implies."""
    bound = highs.getInfo().mip_dual_bound
    if not math.isfinite(bound) or abs(bound) >= highspy.kHighsInf:
        return None
    return math.floor(bound + 1e-6) if maximise else math.ceil(bound - 1e-6)


def main(folder: Path) -> None:
    """Read ``program.npz``; write incumbents as they are found and ``answer.json`` after each goal."""
    data = np.load(folder / "program.npz")
    deadline = float(data["began"]) + float(data["time_limit_s"])
    kept = Incumbents(folder, float(data["began"]))
    highs = solver_of(data)
    highs.cbMipImprovingSolution.subscribe(lambda event: kept.add(event.data_out.mip_solution))
    highs.cbMipInterrupt.subscribe(kept.look)
    answer: dict[str, Any] = {"bounds": {}, "proved": True}
    names, columns = data["goals"].tolist(), np.arange(len(data["lower"]), dtype=np.int32)
    for number, name in enumerate(names):
        coefs, maximise = data["coefs"][number].astype(float), bool(data["maximise"][number])
        left = deadline - time.time()
        if left <= 0:
            answer["proved"] = False
            break
        highs.changeColsCost(len(columns), columns, coefs)
        sense = highspy.ObjSense.kMaximize if maximise else highspy.ObjSense.kMinimize
        highs.changeObjectiveSense(sense)
        kept.enough = time.time() + (left if number == len(names) - 1 else left / 2)
        _solve(highs, kept, left)
        optimal = highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
        answer["proved"] &= optimal
        answer["bounds"][name] = whole_bound(highs, maximise)
        answer["status"] = f"{highs.modelStatusToString(highs.getModelStatus())} at goal {name}"
        _write(folder, answer)
        if kept.best is None:
            break
        value = float(coefs @ kept.best)
        used = np.flatnonzero(coefs).astype(np.int32)
        low, high = (value, highspy.kHighsInf) if maximise else (-highspy.kHighsInf, value)
        highs.addRow(low, high, len(used), used, coefs[used])
    _write(folder, answer)


def _solve(highs: highspy.Highs, kept: Incumbents, seconds: float) -> None:
    """Improve on the best point for some seconds."""
    highs.clearSolver()
    if kept.best is not None:
        start = highspy.HighsSolution()
        start.col_value = kept.best.astype(float)
        highs.setSolution(start)
    highs.setOptionValue("time_limit", max(0.1, seconds))
    highs.run()
    if highs.getInfo().primal_solution_status == highspy.kSolutionStatusFeasible:
        kept.add(highs.getSolution().col_value)


def _write(folder: Path, answer: dict[str, Any]) -> None:
    unfinished = folder / "unfinished.json"
    unfinished.write_text(json.dumps(answer), encoding="utf-8")
    unfinished.rename(folder / "answer.json")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
