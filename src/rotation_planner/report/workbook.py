"""``plan.xlsx``: the plan as an office reads it; where a sheet would not hold it, by authority."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rotation_planner.domain.scenario import Scenario
from rotation_planner.report.dealings import add_dealings
from rotation_planner.report.figures import Figures, figures
from rotation_planner.report.parts import Part, by_authority, whole
from rotation_planner.report.sheet import MAX_ROWS, Row, add_page, add_sheet, open_book
from rotation_planner.report.sheets import sheets_of
from rotation_planner.report.split import FILES_OF, add_long_sheet, write_parts
from rotation_planner.report.view import View
from rotation_planner.report.words import GOAL_WORDS, gap_words
from rotation_planner.result import Result
from rotation_planner.verify import Verification


def write_workbook(
    path: Path, scenario: Scenario, result: Result, verification: Verification, row_limit: int = MAX_ROWS
) -> None:
    """Write the workbook of a plan.

    A plan of which a sheet would have more rows than one holds is split: this workbook then has the summary, the ledger
    and the list of the others; beside it stand a workbook for each authority and every sheet as a whole in Parquet.

    Parameters
    ----------
    path : Path
        File to write.
    scenario : Scenario
        The scenario planned.
    result : Result
        With a plan.
    verification : Verification
        Of that plan.
    row_limit : int
        Most rows of a sheet, the header among them; at least 2.
    """
    if not 2 <= row_limit <= MAX_ROWS:
        raise ValueError(f"row_limit = {row_limit}: from 2 to {MAX_ROWS:,}")
    view = View(scenario, result.require_plan())
    facts = figures(scenario, result, verification, view)
    everything = whole(view, verification, result.unmet)
    split = everything.longest(view) >= row_limit
    parts = by_authority(view, everything) if split else {}
    files = write_parts(path.parent, view, parts, row_limit) if split else []
    with open_book(path, facts.title) as book:
        add_page(book, "Summary", _summary(facts), (52, 18, 18, 14, 14))
        if split:
            add_sheet(book, "By authority", FILES_OF, files)
            everything = Part(ledger=everything.ledger, unmet=parts[""].unmet)
        for sheet in sheets_of(view, everything):
            if not split or sheet.title in ("Ledger", "Unmet duties"):
                add_long_sheet(book, sheet, sheet.rows, row_limit)
        add_dealings(book, scenario, view.plan)


def _summary(f: Figures) -> Iterator[tuple[Any, ...]]:
    yield (f.title,)
    yield (f"{f.start} to {f.end}",)
    yield ()
    yield Row(("Goal, most important first", "Value", "Proven bound", "Gap", "Proven by"))
    for g in f.goals:
        yield (GOAL_WORDS[g.name], g.value, g.bound, gap_words(g) if g.gap is None else float(g.gap), g.bound_source)
    yield ()
    yield Row(("Key figures", None, None, None, None))
    yield from f.facts
    yield ()
    yield Row(("Duty", "Unmet", None, None, None))
    yield from (f.unmet.items() if f.unmet else [("Every duty is met", 0)])
    yield ()
    yield Row(("Year", "Attendances", "Sessions", "Spend (yuan)", None))
    for y in f.years:
        yield (str(y.year), y.attendances, y.sessions, y.spend_yuan)
    yield ()
    yield Row(("Made by", None, None, None, None))
    for words, value in f.made_by:
        yield (f"{words}: {value}",)
