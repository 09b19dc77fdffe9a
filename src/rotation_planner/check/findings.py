"""Collects defects with the place a person can find them at."""

from __future__ import annotations

from typing import Any

from rotation_planner.domain.errors import Defect, Severity
from rotation_planner.domain.scenario import Scenario

SHOWN = 60
"""Characters of a value that a message shows."""


class Findings:
    """The scenario under check and what was found."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.defects: list[Defect] = []

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
