"""Ceilings: most that may be charged to a fund."""

from __future__ import annotations

from rotation_planner.domain.policy import Ceiling
from rotation_planner.verify.facts import Facts
from rotation_planner.verify.findings import Findings
from rotation_planner.verify.spend import charged, settled_spend, spend_by_session


def check(rule: Ceiling, facts: Facts, findings: Findings) -> None:
    """Compare the spend charged to each fund with its ceiling."""
    planned, settled = charged(facts, spend_by_session(facts)), charged(facts, settled_spend(facts))
    for fund in facts.scenario["funds"]:
        if fund.ceiling_yuan is not None:
            findings.exceed(
                rule.label, (fund.id, str(fund.year)), planned[fund.id], fund.ceiling_yuan, settled[fund.id], "yuan",
                f"{fund.id}: {planned[fund.id]} yuan charged, at most {fund.ceiling_yuan}",
            )
