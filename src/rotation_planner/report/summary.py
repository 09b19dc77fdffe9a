"""The summary of a result for a terminal: a Rich renderable that is plain text where there is no terminal."""

from __future__ import annotations

from rich import box
from rich.console import Group, RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from rotation_planner.domain.scenario import Scenario
from rotation_planner.report.figures import Figures, figures
from rotation_planner.report.words import GOAL_WORDS, gap_words
from rotation_planner.result import Result
from rotation_planner.verify import verify

_MOST_FUNDS = 12


def summary(scenario: Scenario, result: Result) -> RenderableType:
    """What the plan does, how good it is, and what it leaves open.

    Parameters
    ----------
    scenario : Scenario
        The scenario planned.
    result : Result
        With a plan; one without gives a single line.
    """
    if result.plan is None:
        return Text(f"No plan: stopped by {result.stopped} after {result.runtime_s:.1f} s.")
    f = figures(scenario, result, result.verification or verify(scenario, result.plan))
    verdict = Text("Verified: every limit holds.", "green") if f.verified else Text("NOT VERIFIED", "bold red")
    time = f"  Made in {result.runtime_s:.0f} s with {result.peak_memory_mb:,.0f} MB (engine {result.engine})."
    parts: list[RenderableType] = [
        Rule(Text(f"{f.title}, {f.start} to {f.end}", "bold"), align="left"),
        Group(verdict + Text(time, "dim")), Text(), _facts(f), Text(), _goals(f), Text(), _years(f),
    ]
    if f.ledger:
        parts += [Text(), _ledger(f)]
    return Group(*parts, Text(), _unmet(f))


def _table(title: str, *headers: str) -> Table:
    table = Table(
        title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False
    )
    for i, header in enumerate(headers):
        table.add_column(header, justify="right" if i else "left")
    return table


def _facts(f: Figures) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column()
    table.add_column(justify="right")
    for words, number in f.facts:
        table.add_row(words, f"{number:,}" if isinstance(number, int) else number)
    return table


def _goals(f: Figures) -> Table:
    table = _table("Goals, most important first", "", "value", "proven bound", "gap", "proven by")
    for g in f.goals:
        bound = f"{g.bound:,}" if g.bound is not None else "-"
        table.add_row(GOAL_WORDS[g.name], f"{g.value:,}", bound, gap_words(g), g.bound_source or "-")
    return table


def _years(f: Figures) -> Table:
    table = _table("Year by year", "year", "attendances", "sessions", "spend (yuan)")
    for y in f.years:
        table.add_row(str(y.year), f"{y.attendances:,}", f"{y.sessions:,}", f"{y.spend_yuan:,}")
    return table


def _ledger(f: Figures) -> Table:
    shown = f.ledger[:_MOST_FUNDS]
    more = f"; {len(f.ledger) - len(shown)} more in plan.xlsx" if len(shown) < len(f.ledger) else ""
    table = _table(f"Budget (yuan){more}", "fund", "year", "floor", "counted to floor", "planned", "ceiling")
    for r in shown:
        numbers = (r.floor_yuan, r.counted_yuan, r.planned_yuan, r.ceiling_yuan)
        short = r.floor_yuan is not None and r.counted_yuan < r.floor_yuan
        cells = ["-" if n is None else f"{n:,}" for n in numbers]
        table.add_row(r.fund, str(r.year), *cells, style="yellow" if short else None)
    return table


def _unmet(f: Figures) -> Text:
    if not f.unmet:
        return Text("Every duty is met.", "green")
    listed = ", ".join(f"{duty} {count:,}" for duty, count in f.unmet.items())
    return Text(f"Unmet: {listed}. Each with its reason in plan.xlsx, sheet 'Unmet duties'.", "yellow")
