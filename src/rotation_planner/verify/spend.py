"""Money: what a session costs, and which funds it is charged to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from rotation_planner.domain.planning import Fund
from rotation_planner.verify.facts import Attended, Facts
from rotation_planner.verify.teaching import Run


def session_cost_yuan(run: Run, classes: int, attended: Collection[Attended]) -> int:
    """Spend of a session: per class, once if it runs, and per attendance."""
    once = run.cost_per_session_yuan if classes else 0
    trainee_days = len(attended) * run.course.days * run.course.cost_per_trainee_day_yuan
    travel = sum(a.travel_yuan for a in attended)
    return classes * run.course.cost_per_class_yuan + once + trainee_days + travel


def spend_by_session(facts: Facts) -> dict[str, int]:
    """Session to spend, for sessions that run or are attended."""
    return {
        id_: session_cost_yuan(run, facts.classes.get(id_, 0), facts.by_session.get(id_, ()))
        for id_, run in facts.teaching.runs.items()
        if id_ in facts.classes or id_ in facts.by_session
    }


def settled_spend(facts: Facts) -> dict[str, int]:
    """Session to the spend that the ``must`` commitments alone cause."""
    spend: dict[str, int] = {}
    for id_, run in facts.teaching.runs.items():
        classes = facts.settled_classes(run)
        if classes:
            spend[id_] = session_cost_yuan(run, classes, facts.settled_in.get(id_, ()))
    return spend


def charged(facts: Facts, spend: dict[str, int]) -> dict[str, int]:
    """Fund to the sum charged to it."""
    by_purse: dict[tuple[str, int, str], int] = defaultdict(int)
    for id_, yuan in spend.items():
        run = facts.teaching.runs[id_]
        by_purse[run.payer, run.year, run.course.kind] += yuan
    return {
        fund.id: sum(
            yuan for (payer, year, kind), yuan in by_purse.items()
            if (payer, year) == (fund.authority, fund.year) and (not fund.earmark or kind in fund.earmark)
        )
        for fund in facts.scenario["funds"]
    }


def floors(facts: Facts) -> dict[str, int | None]:
    """Fund to its floor: given, or the floor of the year before times the index, rounded up to the yuan."""
    funds: list[Fund] = sorted(facts.scenario["funds"], key=lambda fund: fund.year)
    found: dict[str, int | None] = {}
    by_line: dict[tuple[str, frozenset[str], int], int] = {}
    for fund in funds:
        line = frozenset(fund.earmark)
        floor = fund.floor_yuan
        if floor is None and fund.index_per_mille is not None:
            before = by_line.get((fund.authority, line, fund.year - 1))
            floor = None if before is None else -(-before * fund.index_per_mille // 1000)
        found[fund.id] = floor
        if floor is not None:
            by_line.setdefault((fund.authority, line, fund.year), floor)
    return found
