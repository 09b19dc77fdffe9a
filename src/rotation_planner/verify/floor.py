"""Floors: least to be counted as spent from a fund."""

from __future__ import annotations

from rotation_planner.domain.plan import Unmet
from rotation_planner.domain.policy import BudgetFloor
from rotation_planner.verify.dues import per_mille
from rotation_planner.verify.facts import Facts
from rotation_planner.verify.findings import Findings, LedgerRow
from rotation_planner.verify.spend import charged, floors, spend_by_session


def check(rule: BudgetFloor, ledger: tuple[LedgerRow, ...], findings: Findings) -> None:
    """Note every fund below its floor."""
    for row in ledger:
        if row.floor_yuan is not None and row.counted_yuan < row.floor_yuan:
            short = row.floor_yuan - row.counted_yuan
            share = per_mille(short, row.floor_yuan)
            findings.unmet.append(
                Unmet(rule.label, (row.fund,), row.floor_yuan, row.counted_yuan, short, share, weight=0)
            )


def make_ledger(facts: Facts, useful: dict[str, int]) -> tuple[LedgerRow, ...]:
    """Every fund with its floor, what is planned, what counts, and its ceiling."""
    spend = spend_by_session(facts)
    counting = {
        id_: yuan for id_, yuan in spend.items()
        if id_ in facts.classes
        and useful.get(id_, 0) >= facts.teaching.runs[id_].course.min_size * facts.classes[id_]
    }
    planned, counted, floor = charged(facts, spend), charged(facts, counting), floors(facts)
    ledger = [
        LedgerRow(f.id, f.authority, f.year, floor[f.id], planned[f.id], counted[f.id], f.ceiling_yuan)
        for f in facts.scenario["funds"]
    ]
    return tuple(sorted(ledger, key=lambda row: (row.authority, row.year, row.fund)))
