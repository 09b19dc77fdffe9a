"""Sheets on what authorities settle between them; only where there is something to show."""

from __future__ import annotations

from dataclasses import astuple

from xlsxwriter import Workbook

from rotation_planner.clashes import clashes
from rotation_planner.domain.plan import Plan
from rotation_planner.domain.scenario import Scenario
from rotation_planner.quotas import quota_use
from rotation_planner.report.sheet import Column, Row, add_sheet

QUOTAS = (
    Column("Course", 24), Column("Year", 8, "int"), Column("Authority", 24), Column("Asked", 9, "int"),
    Column("Granted", 9, "int"), Column("Returned", 9, "int"), Column("Used", 9, "int"), Column("Unused", 9, "int"),
    Column("Over", 9, "int"), Column("Idle", 9, "int"),
)
CLASHES = (
    Column("Cadre", 14), Column("Stands", 30), Column("Of", 18), Column("Yields", 30), Column("Of (is told)", 18),
    Column("Why", 24), Column("Decided by", 14), Column("Code", 16), Column("Message", 100),
)


def add_dealings(book: Workbook, scenario: Scenario, plan: Plan) -> None:
    """Add the use of seat quotas (tinted: more used than granted, or idle) and the clashes of promised call-ups."""
    use = quota_use(scenario, plan)
    if len(use):
        rows = use.itertuples(index=False, name=None)
        add_sheet(book, "Seat quotas", QUOTAS, (Row(r) if r[8] or r[9] else r for r in rows), freeze=3)
    found = clashes(scenario)
    if found:
        rows = ((*astuple(c)[:5], ", ".join(c.reasons), *astuple(c)[6:]) for c in found)
        add_sheet(book, "Clashes", CLASHES, rows)
