"""The scenario: every table of the input, and the policy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from rotation_planner.domain.base import Row
from rotation_planner.domain.dealings import Decision, Quota
from rotation_planner.domain.html import scenario_html
from rotation_planner.domain.organisation import Authority, Busy, Place, StandIn, Team, Travel, Unit
from rotation_planner.domain.people import Cadre, Category, Competency, Event, Holding, Leave, Level, Need, Post, Record
from rotation_planner.domain.planning import CalendarDay, Commitment, Fund, Horizon
from rotation_planner.domain.policy import NamedSelector, Policy
from rotation_planner.domain.table import Table
from rotation_planner.domain.teaching import Course, Institution, Offer, Session, Subject, Term

MODELS: dict[str, type[Row]] = {
    m.TABLE: m
    for m in (
        Horizon, CalendarDay, Authority, Place, Travel, Unit, Busy, Team, StandIn, Level, Category, Subject, Competency,
        Post, Cadre, Event, Leave, Holding, Need, Course, Institution, Term, Offer, Session, Fund, Record, Commitment,
        Decision, Quota,
        NamedSelector,
    )
}
"""Every table of the input, in the order in which they are written."""


@dataclass(frozen=True, eq=False)
class Scenario:
    """All that is known before planning.

    Attributes
    ----------
    tables : mapping of str to Table
        One per name in ``MODELS``; absent ones are empty.
    policy : Policy
        Rules, goals, weights.
    name : str
        For headings.
    default_policy : bool
        Whether the input had no policy, so that the default one applies.
    """

    tables: Mapping[str, Table[Any]]
    policy: Policy
    name: str = ""
    default_policy: bool = False

    @classmethod
    def of(cls, policy: Policy | None = None, name: str = "", **rows: Iterable[Row] | Table[Any]) -> Scenario:
        """Make a scenario from rows by table name (tests, small examples)."""
        unknown = set(rows) - set(MODELS)
        if unknown:
            raise TypeError(f"no such table: {', '.join(sorted(unknown))}")
        tables = {}
        for table, model in MODELS.items():
            given = rows.get(table, ())
            tables[table] = given if isinstance(given, Table) else Table.of(model, given)
        return cls(tables, policy or Policy(), name)

    def __getitem__(self, table: str) -> Table[Any]:
        return self.tables[table]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Scenario):
            return NotImplemented
        return self.policy == other.policy and all(self[t] == other[t] for t in MODELS)

    __hash__ = None  # type: ignore[assignment]

    def with_tables(self, **tables: Table[Any]) -> Scenario:
        """A copy with some tables replaced."""
        return replace(self, tables={**self.tables, **tables})

    def with_policy(self, policy: Policy) -> Scenario:
        """A copy under another policy."""
        return replace(self, policy=policy, default_policy=False)

    @cached_property
    def horizon(self) -> Horizon:
        """The horizon (the table's only row)."""
        row: Horizon = self["horizon"][0]
        return row

    @property
    def start(self) -> dt.date:
        """First day of the horizon."""
        return self.horizon.start

    @cached_property
    def end(self) -> dt.date:
        """Last day of the horizon."""
        return add_months(self.horizon.start, 12 * self.horizon.years) - dt.timedelta(days=1)

    @property
    def years(self) -> range:
        """Calendar years the horizon touches."""
        return range(self.start.year, self.end.year + 1)

    def frames(self) -> dict[str, Any]:
        """Every table as a pandas data frame."""
        return {name: table.frame() for name, table in self.tables.items()}

    def _repr_html_(self) -> str:
        return scenario_html(self)


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day so many months later (or earlier), or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = (dt.date(year + (month == 11), (month + 1) % 12 + 1, 1) - dt.timedelta(days=1)).day
    return dt.date(year, month + 1, min(day.day, last))
