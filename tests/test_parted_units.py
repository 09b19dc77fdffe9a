"""A unit larger than any block is cut: each block has a part of its release, and no proof rests on that part."""

from __future__ import annotations

import threading

import numpy as np
import pytest

import rotation_planner as rp
from rotation_planner import model
from rotation_planner.certify.blocks import OwnPrices, block_term
from rotation_planner.compile import compile_candidates
from rotation_planner.domain.plan import Provenance
from rotation_planner.domain.policy import GroupShare, UnitRelease
from rotation_planner.engines import Options
from rotation_planner.engines.prices import find_prices
from rotation_planner.engines.relaxation import Relaxation
from rotation_planner.partition import Outcome, Serial, Split, plan_in_parts
from rotation_planner.program.prices import Prices
from rotation_planner.program.program import INF
from rotation_planner.rules.body import Body
from rotation_planner.rules.release_figures import FEW, Release, _most_sent
from rotation_planner.slices import Block, Parts, Shared, blocks, figures

MOST = 5


@pytest.fixture(scope="module")
def county() -> rp.Scenario:
    """Units of up to 48 people, with busy periods."""
    scenario = rp.generate("county", cadres=100, seed=1)
    assert len(scenario["busy"]) > 0
    return scenario


@pytest.fixture(scope="module")
def parts(county: rp.Scenario) -> Parts:
    found = Parts(county, blocks(county, MOST))
    assert found.n > 10
    return found


@pytest.fixture(scope="module")
def body(parts: Parts) -> Body:
    return Body.of(figures(compile_candidates(parts.part(b))) for b in range(parts.n))


@pytest.fixture(scope="module")
def outcome(county: rp.Scenario) -> Outcome:
    return plan_in_parts(
        county, Options(work_limit=0.6, seed=1), Split(8, 2), Serial(2),
        Provenance(scenario_sha256=rp.scenario_sha256(county), version="1"), lambda *_: None, threading.Event(),
    )


def homes(scenario: rp.Scenario) -> np.ndarray:
    unit = {p.id: p.unit for p in scenario["posts"]}
    ids = scenario["units"].tolist("id")
    return np.array([ids.index(unit[c.post]) for c in scenario["cadres"]])


def test_only_units_larger_than_a_block_are_cut(county: rp.Scenario) -> None:
    of, size = blocks(county, MOST), np.bincount(homes(county))
    pieces = np.array([len(np.unique(of[homes(county) == u])) for u in range(len(size))])
    assert (pieces[size > 3 * MOST] > 1).all()
    assert (pieces[size <= 3 * MOST] == 1).all()
    assert np.bincount(of).max() <= 3 * MOST


def test_the_parts_of_a_release_add_up(county: rp.Scenario, parts: Parts, body: Body) -> None:
    rule = next(r for r in county.policy.rules if r.kind == "unit_release")
    whole = Release(rule, model.write(compile_candidates(county)).model)
    many = len(county["units"])
    unit = np.tile(np.arange(many), 300)
    day = np.repeat(county.start.toordinal() + 6 * np.arange(300), many)
    assert set(day) & set(range(int(whole.busy_first[0]), int(whole.busy_last[0]) + 1))
    total, widest, kept = np.zeros(len(unit), np.int64), np.zeros(many, bool), 0
    for b in range(parts.n):
        part = model.write(compile_candidates(parts.part(b)), body).model
        mine = Release(rule, part).on(unit, day)
        total += mine
        ids = county["units"].tolist("id")
        parted = np.isin(ids, list(part.parted.get(rule.label, ())))
        here = np.unique(part.candidates.unit)
        alone = np.isin(unit, here[~parted[here]])
        assert (mine[alone] == whole.on(unit, day)[alone]).all()
        widest |= parted
        kept += int(parted[here].sum())
    assert widest.sum() >= 3
    assert kept > 10
    cut = widest[unit]
    assert (total[cut] <= whole.on(unit, day)[cut]).all()
    assert (total[cut] > 0).mean() > 0.5


def test_a_few_people_elsewhere_may_all_be_away() -> None:
    release = Release.__new__(Release)
    # People of all parts, of small ones, and those whom commitments send away at once.
    release._all = np.array([[1000, 1000, 1000, 50, 1000, 1000], [30, 30, 600, 0, 0, 0], [0, 0, 0, 0, 40, 101]])
    limits = np.array([100, 100, 100, 7, 100, 100])

    def part(people: int, unit: int, sent: int = 0) -> int:
        few = people if people <= FEW else 0
        release._people = np.tile([[people], [few], [sent]], (1, 6))
        return int(release._part(np.array([unit]), limits[[unit]])[0])

    assert part(20, 0) == 20
    assert part(485, 0) == 35  # half of what is left of 100 by 30
    assert part(21, 0) == 1
    assert part(20, 2) == 2  # too many such people: all by their number
    assert part(50, 3) == 7  # nobody elsewhere
    assert part(25, 3) == 3
    assert part(500, 4, 40) == 70  # half of what is left of 100 by 40, and all who are sent
    assert part(500, 4) == 30
    assert part(500, 5, 101) == 50  # more are sent than may be away


def test_commitments_away_at_once_are_kept_for_those_sent(county: rp.Scenario) -> None:
    """Most of any day, week or month, counted here day by day."""
    candidates = compile_candidates(county)
    rng = np.random.default_rng(1)
    sent = np.sort(rng.choice(len(candidates), 300, replace=False))
    runs, first, last = candidates.runs()
    n = len(county["units"])
    for per, period in (("day", lambda d: d), ("week", lambda d: (d - 1) // 7)):
        most = np.zeros(n, np.int64)
        days: dict[tuple[int, int], set[int]] = {}
        for c in sent:
            mine = runs == c
            for d in range(int(first[mine].min()), int(last[mine].max()) + 1):
                days.setdefault((int(candidates.unit[c]), period(d)), set()).add(int(c))
        for (unit, _), who in days.items():
            most[unit] = max(most[unit], len(who))
        found = _most_sent(UnitRelease(per=per), candidates, sent, n)
        assert (found >= most).all()
        assert most.max() > 1
        if per == "day":
            assert (found == most).all()


def test_the_plan_keeps_the_release_of_all_and_the_proof_holds(county: rp.Scenario, outcome: Outcome) -> None:
    verification = rp.verify(county, outcome.plan)
    assert verification.ok
    assert tuple(verification.goals[name] for name, _, _ in outcome.goals) == outcome.values
    again = rp.certify(county, outcome.certificate)
    assert again.refutations == ()
    assert tuple(s.bound for s in again.statements) == outcome.bounds
    program = model.build(compile_candidates(county)).program
    for g, (bound, trivial) in enumerate(zip(outcome.bounds, program.trivial_bounds(), strict=True)):
        sense = -1 if program.goals[g].maximise else 1
        least = find_prices(Relaxation(program, g, outcome.values[:g]), 2.0, True, 1, lambda *_: None)
        assert sense * trivial <= sense * bound <= np.ceil(least + 1e-3 * abs(least) + 1e-6)
    assert outcome.bounds != program.trivial_bounds()


def test_no_proof_rests_on_a_part_of_a_limit(parts: Parts, body: Body) -> None:
    shared = Shared.of(model.write(compile_candidates(parts.part(-1)), body).program)
    found = 0
    for b in range(parts.n):
        built = model.write(compile_candidates(parts.part(b)), body)
        block = Block.of(built, model.committed_point(built), shared, parts.cadres(b))
        rows = np.flatnonzero(block.loose)
        assert {str(block.names[f]) for f in block.row_family[rows]} <= {"unit_release"}
        assert (block.sides[0][rows] == -INF).all()
        assert (block.sides[1][rows] == INF).all()
        assert (block.sides[1][~block.loose] == block.high[~block.loose]).all()
        if len(rows):
            found += 1
            prices = OwnPrices(rows[:1], np.array([-1]))
            with pytest.raises(ValueError, match="price"):
                block_term(block, shared, 0, Prices.none(0), prices)
    assert found > 3


def test_units_are_not_cut_where_shares_are_counted_in_them(county: rp.Scenario) -> None:
    rules = (*county.policy.rules, GroupShare(per="unit", share_per_mille=100))
    shared = county.with_policy(county.policy.model_copy(update={"rules": rules}))
    of = blocks(shared, MOST)
    assert all(len(np.unique(of[homes(county) == u])) == 1 for u in range(len(county["units"])))
