"""The size of a run before anything is built: candidates are counted, columns, rows and memory are estimated.

Columns and rows follow from the candidates, the cadres and the policy with figures measured on generated scenarios of
100 to 4,005 cadres, where the estimates are within a fifth of the truth (held by a test).
"""

from __future__ import annotations

import os

from rotation_planner.compile import compile_candidates
from rotation_planner.domain.policy import Coverage, Hours
from rotation_planner.domain.scenario import Scenario
from rotation_planner.result import Forecast
from rotation_planner.solve import EXACT_CANDIDATES

ROWS_PER_COLUMN = 1.05
"""Rows written per column, measured (1.00 to 1.17)."""
BASE_MB = 350
"""Interpreter and libraries, parent and solver process together, measured."""
BUILD_KB = 1.2
"""Per column: candidates, program and its copies, measured."""
SOLVE_KB = 1.8
"""Per column of a CP-SAT model and worker, measured."""
COHORT_COLUMNS = 60_000
"""Columns that the cohort engine has in CP-SAT at a time, about."""


def forecast(scenario: Scenario, workers: int | None = None) -> Forecast:
    """Say how large a run would be.

    Parameters
    ----------
    scenario : Scenario
        Free of defects.
    workers : int, optional
        Threads of a solve; by default every core.

    Returns
    -------
    Forecast
        ``candidates``, ``cadres`` and ``sessions`` are exact, the rest are estimates.
    """
    candidates = compile_candidates(scenario)
    n, cadres, sessions = len(candidates), len(candidates.cadres.ids), len(candidates.sessions.ids)
    columns = n + 2 * sessions + int((candidates.sessions.max_classes > 1).sum()) + _helpers(scenario, cadres)
    exact = n <= EXACT_CANDIDATES
    threads = workers or os.cpu_count() or 1
    solved = columns if exact else min(columns, COHORT_COLUMNS)
    memory = BASE_MB + (BUILD_KB * columns + SOLVE_KB * threads * solved) / 1000
    side = "at most" if exact else "more than"
    return Forecast(
        cadres=cadres, sessions=sessions, candidates=n, columns=columns, rows=round(ROWS_PER_COLUMN * columns),
        memory_mb=round(memory), engine="exact" if exact else "cohort",
        why=f"{n:,} candidates are {side} {EXACT_CANDIDATES:,}",
    )


def _helpers(scenario: Scenario, cadres: int) -> int:
    """Shortfalls, hours of study, needs: columns beside those of attendance and classes."""
    total = len(scenario["needs"])
    for rule in scenario.policy.rules:
        if isinstance(rule, Coverage):
            total += cadres
        elif isinstance(rule, Hours) and rule.window == "year":
            total += cadres * len(scenario.years) * (1 + rule.free_study)
        elif isinstance(rule, Hours):
            total += cadres * (1 + rule.free_study)
    return total
