"""Collects defects with the place a person can find them at."""

from __future__ import annotations

from collections.abc import Container, Iterator
from functools import cached_property
from typing import Any

import numpy as np

from rotation_planner.domain.calendar import Calendar, all_sessions
from rotation_planner.domain.errors import Defect, Severity
from rotation_planner.domain.gaps import Gaps
from rotation_planner.domain.scenario import MODELS, Scenario
from rotation_planner.domain.table import Table
from rotation_planner.domain.teaching import Session

SHOWN = 60
"""Characters of a value that a message shows."""


class _Anything(Container[object]):
    def __contains__(self, item: object) -> bool:
        return True


class AsRead(int):
    """Place of a record among all that were read, those with unreadable cells included."""


class Findings:
    """The scenario under check and what was found.

    A check may rely on what it sees, never on what it does not see: ``rows`` gives the cells that could be read;
    whoever concludes from the absence of something asks ``known``, ``complete`` or ``errors`` first.

    Attributes
    ----------
    scenario : Scenario
        The records that could be read without a gap. Of the horizon, ``grain`` may be missing.
    gaps : Gaps
        What could not be read.
    """

    def __init__(self, scenario: Scenario, gaps: Gaps | None = None) -> None:
        self.gaps = gaps or Gaps()
        self.defects: list[Defect] = []
        self._read = scenario
        self._known: dict[tuple[str, str], Container[object]] = {}
        self.scenario = scenario if not self.gaps else scenario.with_tables(
            **{name: self._sound(name) for name in MODELS if self.gaps.touches(name)}
        )

    def _sound(self, name: str) -> Table[Any]:
        table = self._read[name]
        lost = self.gaps.lost(table.model, ("start", "years") if name == "horizon" else None)
        return table.take([] if lost is None else [i for i in range(len(table)) if i not in lost])

    def rows(self, table: str, *columns: str) -> Iterator[tuple[Any, ...]]:
        """Each record with a readable cell in all these columns: its place (for ``add``) and the values."""
        content = self._read[table]
        found = zip(*(content.tolist(c) for c in columns), strict=True)
        if not self.gaps.touches(table):
            yield from ((i, *values) for i, values in enumerate(found))
            return
        lost = self.gaps.lost(content.model, columns)
        if lost is not None:
            yield from ((AsRead(i), *values) for i, values in enumerate(found) if i not in lost)

    def complete(self, table: str, *columns: str) -> bool:
        """Whether every row is there, with a readable cell in each of these columns."""
        return table not in self.gaps.tables and self.gaps.lost(self._read[table].model, columns) == set()

    def known(self, table: str, column: str = "id") -> Container[object]:
        """Every value of a column, of lists every item; anything at all where a part of it could not be read."""
        if (table, column) not in self._known:
            found: Container[object] = _Anything()
            if self.complete(table, column):
                values = [value for _, value in self.rows(table, column)]
                found = {item for v in values for item in ((v,) if isinstance(v, str) else v or ())}
            self._known[table, column] = found
        return self._known[table, column]

    def whole(self, *tables: str) -> bool:
        """Whether nothing at all is missing in these tables."""
        return all(self.complete(table, *MODELS[table].model_fields) for table in tables)

    def count(self, table: str) -> int:
        """Records that were read, whatever their cells."""
        return len(self._read[table])

    def empty(self, table: str) -> bool:
        """Whether a table has no rows (none that could not be read either)."""
        return not self.count(table) and self.whole(table)

    def number(self, table: str, i: int) -> int:
        """Number of a record in its file."""
        return (self._read if isinstance(i, AsRead) else self.scenario)[table].row_number(i)

    def place(self, table: str, i: int) -> str:
        """Where a record stands, in words."""
        return f"{self._read[table].counted} {self.number(table, i)}"

    @property
    def errors(self) -> bool:
        """Whether an error was found, by this check or in reading."""
        return bool(self.gaps) or any(d.severity == "error" for d in self.defects)

    @cached_property
    def calendar(self) -> Calendar:
        """Working days. Only with a usable horizon."""
        return Calendar(self.scenario)

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
        source = self._read.tables.get(table)
        text = "" if value is None else str(value)
        self.defects.append(
            Defect(
                code=code, table=table, row=None if i is None or source is None else self.number(table, i),
                column=column, value=text if len(text) <= SHOWN else text[: SHOWN - 1] + "…",
                problem=problem, mend=mend, file=source.file if source is not None else "", severity=severity,
                counted=source.counted if source is not None else "row",
            )
        )

    def warn(self, code: str, table: str, i: int | None, column: str, value: Any, problem: str, mend: str) -> None:
        """Add a warning."""
        self.add(code, table, i, column, value, problem, mend, "warning")
