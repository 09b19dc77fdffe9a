"""Compiler and verifier share no code; they say the same of every pair of a cadre and a session."""

from __future__ import annotations

from collections import Counter

import pytest

from rotation_planner.compile import compile_candidates
from rotation_planner.domain.plan import Attendance, Opened, Plan, Study
from rotation_planner.domain.scenario import Scenario
from rotation_planner.domain.table import Table
from rotation_planner.generate import generate
from rotation_planner.verify.eligibility import why_not
from rotation_planner.verify.facts import Facts
from tests.verify.random_cases import random_scenario

NO_PLAN = Plan(Table.of(Attendance), Table.of(Opened), Table.of(Study))
SEEDS = 25


def told(scenario: Scenario) -> tuple[set[tuple[str, str]], Counter[tuple[str, str]]]:
    """Pairs the verifier allows, and its reasons by cadre."""
    facts = Facts(scenario, NO_PLAN)
    allowed, reasons = set(), Counter[tuple[str, str]]()
    for cadre, person in facts.people.of.items():
        for session, run in facts.teaching.runs.items():
            reason = None if (cadre, session) in facts.pairs["must"] else why_not(facts, person, run)
            if reason is None:
                allowed.add((cadre, session))
            else:
                reasons[cadre, reason] += 1
    return allowed, reasons


def compiled(scenario: Scenario) -> tuple[set[tuple[str, str]], Counter[tuple[str, str]]]:
    """The same, of the compiler."""
    c = compile_candidates(scenario)
    pairs = zip(c.cadre.tolist(), c.session.tolist(), strict=True)
    reasons = Counter[tuple[str, str]]()
    for reason, counts in c.excluded.items():
        for i in counts.nonzero()[0].tolist():
            reasons[c.cadres.ids[i], reason] += int(counts[i])
    return {(c.cadres.ids[i], c.sessions.ids[s]) for i, s in pairs}, reasons


@pytest.mark.parametrize("batch", range(4))
def test_every_pair_of_random_cases(batch: int) -> None:
    seen: set[str] = set()
    for seed in range(batch * SEEDS, (batch + 1) * SEEDS):
        scenario = random_scenario(seed)
        allowed, reasons = told(scenario)
        assert compiled(scenario) == (allowed, reasons), seed
        seen |= {reason for _, reason in reasons}
    assert len(seen) >= 6


def test_every_pair_of_a_generated_body() -> None:
    scenario = generate("district", cadres=100)
    assert compiled(scenario) == told(scenario)
