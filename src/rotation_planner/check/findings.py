"""Collects defects with the place a person can find them at."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from rotation_planner.domain.calendar import all_sessions
from rotation_planner.domain.errors import Defect, Severity
from rotation_planner.domain.scenario import Scenario
from rotation_planner.domain.table import Table
from rotation_planner.domain.teaching import Session

SHOWN = 60
"""Characters of a value that a message shows."""


class Findings:
    """The scenario under check and what was found."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.defects: list[Defect] = []

    @property
    def errors(self) -> bool:
        """Whether an error was found."""
        return any(d.severity == "error" for d in self.defects)

    @cached_property
    def sessions(self) -> Table[Session]:
        """Given sessions that start inside the horizon, and derived ones; those of unknown courses are left out.

        Only with a usable horizon.
        """
        scenario = self.scenario
        courses = set(scenario["courses"].tolist("id"))
        given = scenario["sessions"]
        sound = [
            course in courses and scenario.start <= start <= scenario.end
            for course, start in zip(given.tolist("course"), given.tolist("start"), strict=True)
        ]
        offered = [course in courses for course in scenario["offers"].tolist("course")]
        return all_sessions(
            scenario.with_tables(
                sessions=given.take(np.flatnonzero(sound)), offers=scenario["offers"].take(np.flatnonzero(offered)),
            )
        )

    def add(
        self, code: str, table: str, i: int | None, column: str, value: Any, problem: str, mend: str,
        severity: Severity = "error",
    ) -> None:
        """Add a defect of record ``i`` of a table (None: of the whole table)."""
        known = table in self.scenario.tables
        source = self.scenario[table] if known else None
        text = "" if value is None else str(value)
        self.defects.append(
            Defect(
                code=code, table=table, row=None if i is None or source is None else source.row_number(i),
                column=column, value=text if len(text) <= SHOWN else text[: SHOWN - 1] + "…",
                problem=problem, mend=mend, file=source.file if source is not None else "", severity=severity,
            )
        )

    def warn(self, code: str, table: str, i: int | None, column: str, value: Any, problem: str, mend: str) -> None:
        """Add a warning."""
        self.add(code, table, i, column, value, problem, mend, "warning")
