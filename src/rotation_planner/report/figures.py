"""The figures of a summary, computed once for terminal, notebook and workbook."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from rotation_planner.domain.plan import GoalValue
from rotation_planner.domain.scenario import Scenario
from rotation_planner.report.view import View
from rotation_planner.result import Result
from rotation_planner.verify import Verification
from rotation_planner.verify.findings import LedgerRow


@dataclass(frozen=True)
class Year:
    """What happens in a calendar year (by start of the session)."""

    year: int
    attendances: int
    sessions: int
    spend_yuan: int


@dataclass(frozen=True)
class Figures:
    """What a reader wants to know first.

    ``facts`` and ``made_by`` are (words, number or text); ``unmet`` counts subjects per duty.
    """

    title: str
    start: dt.date
    end: dt.date
    status: str
    goals: tuple[GoalValue, ...]
    facts: tuple[tuple[str, int | str], ...]
    unmet: dict[str, int]
    years: tuple[Year, ...]
    ledger: tuple[LedgerRow, ...]
    verified: bool
    made_by: tuple[tuple[str, str], ...]


def figures(scenario: Scenario, result: Result, verification: Verification, view: View | None = None) -> Figures:
    """Compute the figures of a verified plan, from a view of it if one is at hand."""
    plan = result.require_plan()
    view = view or View(scenario, plan)
    runs = view.runs
    attendances = Counter(a.run.year for a in view.facts.attended)
    sessions = Counter(r.year for r in runs)
    spend: Counter[int] = Counter()
    for run in runs:
        spend[run.year] += view.spend_yuan(run)
    seats = sum(view.facts.classes[r.id] * r.course.max_size for r in runs)
    facts: tuple[tuple[str, int | str], ...] = (
        ("Cadres", len(view.cadres)),
        ("Cadres with a place in at least one session", len(view.facts.by_cadre)),
        ("Attendances", len(view.facts.attended)),
        ("Sessions opened", len(runs)),
        ("Classes", sum(view.facts.classes.values())),
        ("Seats filled (per cent)", round(100 * len(view.facts.attended) / seats) if seats else 0),
        ("Limits broken", len(verification.violations)),
        ("Limits exceeded already by what was settled before", len(verification.inherited)),
        ("Duties unmet", len(result.unmet)),
        ("Duties that do not apply (exempt or not yet due)", len(verification.exempt)),
    )
    p = plan.provenance
    default = p.parameters.get("policy") == "default"
    made_by = (
        ("rotation-planner", p.version), ("Engine", result.engine), ("Seed", str(result.seed)),
        ("Policy", "the default, since the scenario has none" if default else "that of the scenario"),
        ("Status", f"{result.status} (ended by: {result.stopped})"), ("Seconds", f"{result.runtime_s:.1f}"),
        ("Memory at its peak (MB)", f"{result.peak_memory_mb:.0f}"), ("Checksum of the scenario", p.scenario_sha256),
    )
    return Figures(
        title=f"Training plan: {scenario.name}" if scenario.name else "Training plan",
        start=scenario.start, end=scenario.end, status=result.status, goals=result.goals, facts=facts,
        unmet=dict(sorted(Counter(u.duty for u in result.unmet).items())),
        years=tuple(Year(y, attendances[y], sessions[y], spend[y]) for y in scenario.years),
        ledger=verification.ledger, verified=verification.ok, made_by=made_by,
    )
