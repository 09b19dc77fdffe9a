"""What a certificate states is recomputed from scenario and prices; what is stated better than proven is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import rotation_planner as rp
from rotation_planner import model
from rotation_planner.certify import Certificate, Prices, read_certificate, state, write_certificate
from rotation_planner.compile import compile_candidates
from rotation_planner.domain.organisation import Busy
from rotation_planner.domain.table import Table
from tests.report import small


@pytest.fixture(scope="module")
def certificate() -> Certificate:
    scenario = small.scenario()
    program = model.build(compile_candidates(scenario)).program
    # A price on the first row that has an upper side, so that a changed one shows.
    row = int(np.flatnonzero(program.high < 100)[0])
    some = [[Prices(np.array([row]), np.array([-1]), np.zeros(g, np.int64), 3)] for g in range(len(program.goals))]
    return state(program, rp.scenario_sha256(scenario), "1", [10**6, 10**6, 0, 10**6, 10**6], some)


def with_statement(certificate: Certificate, g: int, **changes) -> Certificate:
    statements = list(certificate.statements)
    statements[g] = replace(statements[g], **changes)
    return replace(certificate, statements=tuple(statements))


def test_states_every_goal_with_the_values_before_it(certificate: Certificate) -> None:
    assert [s.goal for s in certificate.statements] == list(small.scenario().policy.goals)
    assert certificate.statements[3].caps == (10**6, 10**6, 0)
    again = rp.certify(small.scenario(), certificate)
    assert again.ok
    assert again.statements == certificate.statements


@pytest.mark.parametrize("g", range(5))
def test_a_bound_better_by_one_is_refused(certificate: Certificate, g: int) -> None:
    better = -1 if certificate.statements[g].goal == "need" else 1
    said = certificate.statements[g].bound
    wrong = rp.certify(small.scenario(), with_statement(certificate, g, bound=said + better))
    assert not wrong.ok
    assert wrong.refutations == (
        f"goal {certificate.statements[g].goal}: the certificate states {said + better:,}, its prices prove {said:,}",
    )
    assert len(wrong.statements) == 4
    assert rp.certify(small.scenario(), with_statement(certificate, g, bound=said - better)).ok


def test_a_changed_price_is_refused_unless_the_bound_recomputes(certificate: Certificate) -> None:
    bad = Prices(np.array([0]), np.array([10**6]), np.zeros(3, np.int64), 1)
    assert certificate.statements[3].goal == "cost"
    wrong = rp.certify(small.scenario(), with_statement(certificate, 3, prices=bad))
    assert len(wrong.refutations) == 1
    assert wrong.refutations[0].startswith("goal cost: the certificate states 0, its prices prove -")
    finer = replace(bad, values=np.array([0]), denominator=7)
    assert rp.certify(small.scenario(), with_statement(certificate, 3, prices=finer)).ok


def test_prices_that_do_not_fit_are_refused(certificate: Certificate) -> None:
    beyond = Prices(np.array([10**6]), np.array([1]), np.zeros(2, np.int64), 1)
    wrong = rp.certify(small.scenario(), with_statement(certificate, 2, prices=beyond))
    assert wrong.refutations[0].startswith("certificate: goal need: priced rows do not ascend")


def test_another_scenario_program_or_order_of_goals_is_refused(certificate: Certificate) -> None:
    scenario = small.scenario()
    other = scenario.with_tables(busy=Table.of(Busy))
    assert "another scenario: checksum " in rp.certify(other, certificate).refutations[0]
    foreign = replace(certificate, program_sha256="0" * 64, version="0.9")
    assert rp.certify(scenario, foreign).refutations == (
        "the certificate is about another program, written by version 0.9",
    )
    fewer = replace(certificate, statements=certificate.statements[1:])
    assert rp.certify(scenario, fewer).refutations == (
        "the certificate is about goals floor, need, cost, comfort, not duties, floor, need, cost, comfort",
    )


def test_holds_after_writing_and_reading(certificate: Certificate, tmp_path: Path) -> None:
    write_certificate(tmp_path, certificate)
    again = read_certificate(tmp_path)
    assert again is not None
    assert rp.certify(small.scenario(), again).ok
