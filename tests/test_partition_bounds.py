"""Bounds of a body in blocks: never better than the truth, recomputed from its prices, refused when changed."""

from __future__ import annotations

import threading
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import rotation_planner as rp
from rotation_planner import model
from rotation_planner.certify import Certificate, OwnPrices, pack, read_certificate, unpack, write_certificate
from rotation_planner.certify.file import BLOCKS, PRICES
from rotation_planner.compile import compile_candidates
from rotation_planner.engines.prices import find_prices
from rotation_planner.engines.relaxation import Relaxation
from rotation_planner.explain import explain
from rotation_planner.generate import rule_book
from rotation_planner.partition import Serial
from rotation_planner.partition.bounds import Bounds
from rotation_planner.partition.reasons import reasons
from rotation_planner.partition.rounds import Rounds
from rotation_planner.partition.search import WORTH_S, PriceSearch
from rotation_planner.program.program import INF
from rotation_planner.slices import Parts, blocks
from rotation_planner.slices.sides import shared_sides
from tests.report import small
from tests.test_partition import labels

MOST = 10


def started(scenario: rp.Scenario, most: int, plan: rp.Plan | None = None) -> Rounds:
    """Blocks with the plan given, or a first one made in no time."""
    rounds = Rounds(Parts(scenario, blocks(scenario, most)), Serial(), 1, 0, None, lambda _: None, threading.Event())
    rounds.prepare()
    if plan is not None:
        assert rounds.take(plan)
    rounds.first(0.0)
    return rounds


def looser(maximise: bool, bound: int, value: int) -> bool:
    return bound > value if maximise else bound < value


@pytest.fixture(scope="module")
def province() -> rp.Scenario:
    return rp.generate("province", cadres=60, seed=5)


@pytest.fixture(scope="module")
def priced(province: rp.Scenario) -> Bounds:
    bounds = Bounds(started(province, MOST))
    PriceSearch(bounds).run(4.0, False, lambda: None)
    return bounds


@pytest.fixture(scope="module")
def certificate(province: rp.Scenario, priced: Bounds) -> Certificate:
    return priced.certificate(priced.rounds.goals(), MOST, rp.scenario_sha256(province), "1")


def test_bounds_come_near_the_relaxation_of_all_and_not_beyond_it(province: rp.Scenario, priced: Bounds) -> None:
    program = model.build(compile_candidates(province)).program
    values = priced.rounds.goals()
    for g, bound in enumerate(priced.of(values)):
        goal = program.goals[g]
        relaxation = Relaxation(program, g, values[:g])
        least = find_prices(relaxation, 5.0, True, 1, lambda *_: None)
        sense = -1 if goal.maximise else 1
        assert sense * bound <= np.ceil(least + 1e-3 * abs(least) + 1e-6)
        assert sense * bound >= least - 0.02 * abs(least) - 10
        assert sense * priced.rounds.best()[g] <= sense * bound <= sense * values[g]


def test_samples_of_people_give_a_start(province: rp.Scenario, priced: Bounds) -> None:
    other = Bounds(priced.rounds)
    search = PriceSearch(other, sample_cadres=30)
    search.run(3.0, False, lambda: None)
    values = priced.rounds.goals()
    cost = [name for name, _, _ in priced.rounds.shared.goal_names].index("cost")
    assert 0.5 * priced.of(values)[cost] < other.of(values)[cost] <= values[cost]
    before = other.of(values)
    search.run(0.5, False, lambda: None)  # goes on where it stopped
    for (_, maximise, _), old, new in zip(priced.rounds.shared.goal_names, before, other.of(values), strict=True):
        assert not looser(maximise, new, old)


def test_what_is_stated_is_recomputed(province: rp.Scenario, priced: Bounds, certificate: Certificate) -> None:
    assert certificate.in_blocks is not None
    assert len(certificate.in_blocks.packed) == priced.rounds.parts.n > 1
    assert tuple(s.bound for s in certificate.statements) == priced.of(priced.rounds.goals())
    again = rp.certify(province, certificate)
    assert again.refutations == ()
    assert again.statements == certificate.statements


def with_statement(certificate: Certificate, g: int, **changes) -> Certificate:
    statements = list(certificate.statements)
    statements[g] = replace(statements[g], **changes)
    return replace(certificate, statements=tuple(statements))


def with_packed(certificate: Certificate, packed: list[bytes]) -> Certificate:
    assert certificate.in_blocks is not None
    return replace(certificate, in_blocks=replace(certificate.in_blocks, packed=tuple(packed)))


@pytest.mark.parametrize("name", ["duties", "need", "cost"])
def test_a_bound_better_by_one_is_refused(province: rp.Scenario, certificate: Certificate, name: str) -> None:
    g = [s.goal for s in certificate.statements].index(name)
    said, step = certificate.statements[g].bound, -1 if name == "need" else 1
    wrong = rp.certify(province, with_statement(certificate, g, bound=said + step))
    assert not wrong.ok
    assert f"states {said + step:,}, its prices prove" in wrong.refutations[0]
    assert len(wrong.statements) == len(certificate.statements) - 1
    assert rp.certify(province, with_statement(certificate, g, bound=said - step)).ok


def test_changed_prices_are_refused(province: rp.Scenario, certificate: Certificate) -> None:
    assert certificate.in_blocks is not None
    g = [s.goal for s in certificate.statements].index("cost")
    prices = certificate.statements[g].prices
    common = with_statement(certificate, g, prices=replace(prices, values=prices.values * 2))
    assert not rp.certify(province, common).ok
    negative = with_statement(certificate, g, prices=replace(prices, caps=prices.caps - prices.caps.max() - 1))
    assert "negative price" in rp.certify(province, negative).refutations[0]
    packed = list(certificate.in_blocks.packed)
    own = unpack(packed[0])
    for changed, said in (
        (OwnPrices(own[g].rows, own[g].values * 3), "prove"),
        (OwnPrices(own[g].rows + 10**6, own[g].values), "do not ascend within"),
    ):
        packed[0] = pack(own | {g: changed})
        wrong = rp.certify(province, with_packed(certificate, packed))
        assert not wrong.ok
        assert said in wrong.refutations[0]
    packed[0] = b"no file"
    wrong = rp.certify(province, with_packed(certificate, packed))
    assert "cannot be read" in wrong.refutations[0]


def test_another_cut_scenario_or_program_is_refused(province: rp.Scenario, certificate: Certificate) -> None:
    assert certificate.in_blocks is not None
    cut = replace(certificate, in_blocks=replace(certificate.in_blocks, block_cadres=60))
    assert "falls into 1" in rp.certify(province, cut).refutations[0]
    other = replace(certificate, scenario_sha256="0" * 64)
    assert "another scenario" in rp.certify(province, other).refutations[0]
    program = replace(certificate, program_sha256="0" * 64)
    assert "another program" in rp.certify(province, program).refutations[0]
    goals = replace(certificate, statements=certificate.statements[:2])
    assert "is about goals" in rp.certify(province, goals).refutations[0]


def test_survives_its_files(province: rp.Scenario, certificate: Certificate, tmp_path: Path) -> None:
    write_certificate(tmp_path, certificate)
    again = read_certificate(tmp_path)
    assert again is not None
    assert again.in_blocks is not None
    assert certificate.in_blocks is not None
    assert again.in_blocks.packed == certificate.in_blocks.packed
    assert rp.certify(province, again).ok
    (tmp_path / BLOCKS).write_bytes(b"damaged")
    with pytest.raises(rp.InputError, match="cannot be read"):
        read_certificate(tmp_path)
    with zipfile.ZipFile(tmp_path / BLOCKS, "w") as file:
        file.writestr("other.npz", b"")
    with pytest.raises(rp.InputError, match="cannot be read"):
        read_certificate(tmp_path)
    (tmp_path / BLOCKS).unlink()
    with pytest.raises(rp.InputError, match="missing"):
        read_certificate(tmp_path)
    assert (tmp_path / PRICES).exists()


@pytest.mark.parametrize("seed", range(3))
def test_any_prices_prove_something_true(province: rp.Scenario, priced: Bounds, seed: int) -> None:
    rng = np.random.default_rng(seed)
    values, g = priced.rounds.goals(), 3
    best = priced.best[g]
    some = rng.random(len(best.prices.rows)) < 0.9
    prices = replace(best.prices, rows=best.prices.rows[some], values=best.prices.values[some])
    certificate = priced.certificate(values, MOST, rp.scenario_sha256(province), "1")
    stated = with_statement(certificate, g, prices=prices, bound=-(10**15))
    assert rp.certify(province, stated).ok
    assert not rp.certify(province, with_statement(stated, g, bound=values[g] + 1)).ok


@pytest.mark.clock
def test_never_better_than_the_optimum() -> None:
    scenario = small.scenario()
    alone = tuple(r for r in scenario.policy.rules if r.kind not in ("unit_release", "team_cover"))
    scenario = scenario.with_policy(scenario.policy.model_copy(update={"rules": alone}))
    scenario = scenario.with_tables(teams=scenario["teams"].take([]), stand_ins=scenario["stand_ins"].take([]))
    exact = rp.solve(scenario, engine="exact", time_limit=20, workers=1)
    assert exact.status == "optimal"
    rounds = started(scenario, 1, exact.require_plan())
    assert rounds.parts.n > 1
    assert rounds.goals() == tuple(g.value for g in exact.goals)
    bounds = Bounds(rounds)
    PriceSearch(bounds).run(4.0, False, lambda: None)
    for g, bound in enumerate(bounds.of(rounds.goals())):
        assert bound == exact.goals[g].value or looser(rounds.shared.goal_names[g][1], bound, exact.goals[g].value)


@pytest.mark.parametrize("make", [lambda: rule_book(seed=2), lambda: rp.generate("province", cadres=80, seed=2)])
def test_sides_are_those_of_the_program_of_all(make) -> None:
    scenario = make()
    rounds = started(scenario, MOST)
    low, high = shared_sides(rounds.built, rounds.shared, rounds.committed)
    program = model.build(compile_candidates(scenario)).program
    row = {label: r for r, label in enumerate(labels(program, program.row_family, program.row_index))}
    at = np.array([row[label] for label in labels(rounds.built.program, rounds.built.program.row_family,
                                                  rounds.built.program.row_index)])
    some = (low > -INF) | (high < INF)
    assert some.mean() > 0.9
    assert (low[some] == program.low[at][some]).all()
    assert (high[some] == program.high[at][some]).all()


@pytest.mark.parametrize("make", [
    lambda: rule_book(seed=2), lambda: rp.generate("province", cadres=80, seed=2),
    lambda: rp.generate("county", cadres=80, seed=4, tightness="short"),
])
def test_reasons_are_those_of_the_program_of_all(make) -> None:
    scenario = make()
    plan = rp.solve(scenario, engine="cohort", work_limit=0.001, workers=1).require_plan()
    rounds = started(scenario, MOST, plan)
    candidates = compile_candidates(scenario)
    built = model.build(candidates)
    unmet = rp.verify(scenario, plan).unmet
    assert unmet
    expected = explain(candidates, built.program, model.to_point(built, plan), unmet)
    assert reasons(rounds, unmet) == expected
    assert reasons(rounds, ()) == ()


def test_goals_without_prices_are_priced_before_those_that_have_some(province: rp.Scenario, priced: Bounds) -> None:
    names = [name for name, _, _ in priced.rounds.shared.goal_names]
    every = list(range(len(names)))
    fresh = PriceSearch(Bounds(priced.rounds))
    second = WORTH_S * priced.rounds.candidates
    assert [names[g] for g in fresh._worth(every, second)] == ["need"]
    assert [names[g] for g in fresh._worth(every, second, last=True)] == ["cost"]
    assert [names[g] for g in fresh._worth(every, 2 * second, last=True)] == ["need", "cost"]
    fresh.bounds.best[names.index("need")] = priced.best[names.index("need")]
    assert [names[g] for g in fresh._worth(every, second)] == ["cost"]
    assert [names[g] for g in fresh._worth(every, 2 * second)] == ["need", "cost"]
    assert [names[g] for g in fresh._worth(every, 3 * second)] == ["need", "cost", "comfort"]
