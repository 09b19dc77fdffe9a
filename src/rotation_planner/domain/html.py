"""Small escaped tables for a notebook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rotation_planner.domain.plan import GoalValue, Plan
    from rotation_planner.domain.scenario import Scenario


def table(title: str, rows: Sequence[tuple[str, ...]], headers: tuple[str, ...] = ()) -> str:
    """A table with a caption; every text is escaped."""

    def line(cells: tuple[str, ...], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag}>{escape(c)}</{tag}>" for c in cells) + "</tr>"

    head = line(headers, "th") if headers else ""
    body = "".join(line(r, "td") for r in rows)
    return f"<table><caption>{escape(title)}</caption>{head}{body}</table>"


def scenario_html(scenario: Scenario) -> str:
    """Name, horizon, and the number of rows of each table that has any."""
    rows = [(name, f"{len(t):,}") for name, t in scenario.tables.items() if len(t)]
    span = f", {scenario.start} to {scenario.end}" if len(scenario["horizon"]) == 1 else ""
    return table(f"Scenario {scenario.name}{span}", rows, ("table", "rows"))


def plan_html(plan: Plan) -> str:
    """How much the plan holds, and where it comes from."""
    rows = [
        ("attendances", f"{len(plan.attendances):,}"),
        ("sessions that run", f"{len(plan.opened):,}"),
        ("classes", f"{sum(plan.opened.tolist('classes')):,}"),
        ("supplement hours", f"{sum(plan.study.tolist('hours')):,}"),
        ("engine", plan.provenance.engine),
        ("seed", str(plan.provenance.seed)),
        ("version", plan.provenance.version),
    ]
    return table("Plan", rows)


def goals_html(title: str, goals: Iterable[GoalValue]) -> str:
    """Goals with value, bound and gap."""
    rows = [
        (
            g.name, f"{g.value:,}", "-" if g.bound is None else f"{g.bound:,}",
            "-" if g.gap is None else f"{100 * g.gap:.2f} %",
        )
        for g in goals
    ]
    return table(title, rows, ("goal", "value", "proven bound", "gap"))
