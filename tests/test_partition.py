"""A body cut into blocks: together they are the program of all, and what cannot be cut is refused by name."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import fields, replace

import numpy as np
import pytest

import rotation_planner as rp
from rotation_planner import model
from rotation_planner.compile import compile_candidates
from rotation_planner.compile.forecast import WHOLE
from rotation_planner.domain.policy import GroupShare
from rotation_planner.generate import rule_book
from rotation_planner.partition.executors import Serial
from rotation_planner.partition.room import Division, Needs, Room
from rotation_planner.partition.rounds import Rounds
from rotation_planner.partition.snapshot import Snapshot
from rotation_planner.partition.tasks import Spot, restore, weigh
from rotation_planner.program import Program
from rotation_planner.program.program import INF
from rotation_planner.rules import BY_KIND
from rotation_planner.rules.body import Body
from rotation_planner.slices import BEYOND, figures
from rotation_planner.slices.block import Block
from rotation_planner.slices.parts import Parts
from rotation_planner.slices.shared import Shared
from rotation_planner.slices.ties import REACH, blocks, components

Labels = list[tuple[str, tuple[str, ...], int]]


def labels(program: Program, family: np.ndarray, index: np.ndarray) -> Labels:
    """Family, place and number of every column or row."""
    seen: dict[tuple[str, tuple[str, ...]], int] = {}
    found = []
    for f, i in zip(family.tolist(), index.tolist(), strict=True):
        one = program.families[f].name, program.families[f].where(i)
        seen[one] = seen.get(one, -1) + 1
        found.append((*one, seen[one]))
    return found


def everything(program: Program, columns: np.ndarray, rows: np.ndarray) -> tuple[dict, dict, dict, dict]:
    """Columns with bounds and goals, rows with sides, entries: all by label."""
    of_column = labels(program, program.column_family, program.column_index)
    of_row = labels(program, program.row_family, program.row_index)
    goals = np.stack([g.dense(program.n_columns) for g in program.goals])
    bounds = {of_column[j]: (program.lower[j], program.upper[j], *goals[:, j]) for j in columns}
    sides = {of_row[r]: (program.low[r], program.high[r]) for r in rows}
    part = program.matrix.tocoo()
    entries = {(of_row[r], of_column[j]): a for r, j, a in zip(part.row, part.col, part.data, strict=True)}
    return bounds, sides, entries, {label: r for r, label in enumerate(of_row)}


def body_of(parts: Parts) -> Body:
    return Body.of([figures(compile_candidates(parts.part(b))) for b in range(parts.n)])


def town(seed: int) -> rp.Scenario:
    return rule_book(seed=seed)


SCENARIOS: dict[str, tuple[Callable[[], rp.Scenario], int]] = {
    "province": (lambda: rp.generate("province", cadres=150, seed=1), 40),
    "short county": (lambda: rp.generate("county", cadres=120, seed=2, tightness="short"), 30),
    "every rule": (lambda: town(1), 10),
    "every rule again": (lambda: town(4), 30),
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_blocks_are_slices_of_the_program_of_all(name: str) -> None:
    make, most = SCENARIOS[name]
    scenario = make()
    parts = Parts(scenario, blocks(scenario, most))
    assert parts.n > 1
    whole = model.write(compile_candidates(scenario)).program
    bounds, sides, entries, _ = everything(whole, np.arange(whole.n_columns), np.arange(whole.n_rows))
    body = body_of(parts)
    nobody = model.write(compile_candidates(parts.part(-1)), body).program
    shared = Shared.of(nobody)
    found_bounds, found_sides, found_entries, _ = everything(
        nobody, np.arange(nobody.n_columns), np.arange(nobody.n_rows)
    )
    for b in range(parts.n):
        program = model.write(compile_candidates(parts.part(b)), body).program
        column, row = shared.match(program)
        assert sorted(column[column >= 0]) == list(range(nobody.n_columns))
        assert sorted(row[row >= 0]) == list(range(nobody.n_rows))
        mine = everything(program, np.flatnonzero(column < 0), np.flatnonzero(row < 0))
        assert not found_bounds.keys() & mine[0].keys()
        assert not found_sides.keys() & mine[1].keys()
        found_bounds |= mine[0]
        found_sides |= mine[1]
        found_entries |= mine[2]
    assert found_bounds == bounds
    assert found_sides == sides
    assert found_entries == entries
    assert sorted(c for b in range(parts.n) for c in parts.cadres(b)) == list(range(len(scenario["cadres"])))


def test_every_rule_has_a_reach() -> None:
    assert REACH.keys() == BY_KIND.keys()


def test_teams_units_and_stand_ins_stay_together() -> None:
    scenario = town(1)
    of = dict(zip(scenario["cadres"].tolist("id"), components(scenario), strict=True))
    for team in scenario["teams"]:
        assert len({of[m] for m in team.members}) == 1
    assert all(of[s.cadre] == of[s.stand_in] for s in scenario["stand_ins"])
    unit = {p.id: p.unit for p in scenario["posts"]}
    home: dict[str, set[int]] = {}
    for cadre in scenario["cadres"]:
        home.setdefault(unit[cadre.post], set()).add(of[cadre.id])
    for event in scenario["events"]:
        if event.post is not None:
            home.setdefault(unit[event.post], set()).add(of[event.cadre])
    assert all(len(numbers) == 1 for numbers in home.values())


def test_without_rules_of_units_people_are_free() -> None:
    scenario = rp.generate("county", cadres=100, seed=1)
    tied = len(np.unique(components(scenario)))
    alone = tuple(r for r in scenario.policy.rules if r.kind not in ("unit_release", "team_cover"))
    free = scenario.with_policy(scenario.policy.model_copy(update={"rules": alone}))
    assert len(np.unique(components(free))) > tied


def test_a_group_of_everybody_is_refused_by_name() -> None:
    scenario = town(1)
    rules = tuple(r.model_copy(update={"per": "all"}) if r.kind == "group_share" else r for r in scenario.policy.rules)
    with pytest.raises(rp.InputError, match="seminar_share") as error:
        blocks(scenario.with_policy(scenario.policy.model_copy(update={"rules": rules})), 10)
    assert [d.code for d in error.value.defects] == ["not_splittable"]


def test_blocks_keep_to_authorities_and_to_their_size() -> None:
    scenario = rp.generate("province", cadres=400, seed=1)
    authority = dict(zip(scenario["units"].tolist("id"), scenario["units"].tolist("authority"), strict=True))
    unit = {p.id: p.unit for p in scenario["posts"]}
    home = np.array([authority[unit[post]] for post in scenario["cadres"].tolist("post")])
    people = dict(zip(*np.unique(home, return_counts=True), strict=True))
    tied = np.bincount(components(scenario))
    for most in (10, 20, 60, 120):
        of = blocks(scenario, most)
        size = np.bincount(of)
        assert size.min() > 0
        assert size.max() <= max(WHOLE * most, tied.max())
        whole = [name for name, n in people.items() if n <= WHOLE * most]
        # Who moves between authorities may tie two of them.
        assert sum(len(np.unique(of[home == name])) == 1 for name in whole) >= 0.8 * len(whole)
    assert min(people.values()) <= WHOLE * 60 < max(people.values())
    everybody = blocks(scenario, 400)
    assert everybody.max() == 0


def rounds_of(scenario: rp.Scenario, block: np.ndarray) -> Rounds:
    rounds = Rounds(Parts(scenario, block), Serial(), 1, 0, None, lambda _: None, threading.Event())
    rounds.prepare()
    return rounds


def test_a_group_in_two_blocks_is_refused_by_name() -> None:
    scenario = rp.generate("county", cadres=100, seed=1)
    rules = (*scenario.policy.rules, GroupShare(per="unit", share_per_mille=500))
    tied = components(scenario)
    block = np.zeros(len(tied), np.int64)
    block[np.flatnonzero(tied == np.bincount(tied).argmax())[::2]] = 1
    free = scenario.with_tables(teams=scenario["teams"].take([]))  # a team would not even compile
    rounds = rounds_of(free.with_policy(free.policy.model_copy(update={"rules": rules})), block)
    with pytest.raises(rp.InputError, match="group_share"):
        rounds.first(0.0)


def test_people_who_move_tie_units_together_only_where_a_block_has_room() -> None:
    scenario = rp.generate("prefecture", cadres=600, seed=2)
    home = {p.id: p.unit for p in scenario["posts"]}
    unit = np.array([home[c.post] for c in scenario["cadres"]])
    assert np.unique(unit, return_counts=True)[1].max() < WHOLE * 40 < np.bincount(components(scenario)).max()
    of = blocks(scenario, 40)
    assert np.bincount(of).max() <= WHOLE * 40
    assert all(len(np.unique(of[unit == name])) == 1 for name in np.unique(unit))
    smaller = blocks(scenario, 10)
    assert np.bincount(smaller).max() <= WHOLE * 10


def test_what_differs_from_the_shared_row_is_refused_by_name() -> None:
    scenario = town(1)
    parts = Parts(scenario, blocks(scenario, 10))
    body = body_of(parts)
    shared = Shared.of(model.write(compile_candidates(parts.part(-1)), body).program)
    beds = np.flatnonzero(shared.row_name == "beds")
    other = replace(shared, high=shared.high + np.isin(np.arange(len(shared.high)), beds[:1]))
    program = model.write(compile_candidates(parts.part(0)), body).program
    shared.match(program)
    with pytest.raises(rp.InputError, match="beds"):
        other.match(program)
    with pytest.raises(rp.InputError, match="ceiling"):
        shared.match(model.write(compile_candidates(parts.part(0))).program)  # without the figures of all


@pytest.fixture(scope="module")
def cut() -> tuple[Rounds, model.Built]:
    scenario = rp.generate("province", cadres=150, seed=3)
    return rounds_of(scenario, blocks(scenario, 13)), model.build(compile_candidates(scenario))


def test_what_is_committed_is_the_start(cut: tuple[Rounds, model.Built]) -> None:
    rounds, built = cut
    x = model.committed_point(built)
    assert rounds.goals() == built.program.goal_values(x)
    nobody = built.program.owner < 0
    assert (rounds.values[np.isin(rounds.shared.column_name, ["classes", "headcount"])] == x[
        nobody & np.isin(built.program.column_family, [
            i for i, f in enumerate(built.program.families) if f.name in ("classes", "headcount")
        ])
    ]).all()
    limit = rounds.shared.limit
    assert (rounds.whole.high[limit] >= rounds.activity[limit]).all()
    assert rounds.best() == built.program.trivial_bounds()


@pytest.mark.parametrize("seed", range(5))
def test_rooms_add_up(cut: tuple[Rounds, model.Built], seed: int) -> None:
    rounds, _ = cut
    rng = np.random.default_rng(seed)
    some = np.arange(rounds.parts.n)
    division = Division(rounds.shared, rounds.whole, rounds.needs)
    given = division.rooms(some, rounds.values, rounds.activity, rng)
    assert len(given) == rounds.parts.n > 2
    bounded = rounds.whole.high < INF
    high = sum(r.high[bounded] - rounds.activity[bounded] for r in given)
    assert (high == (rounds.whole.high - rounds.activity)[bounded]).all()
    bounded = rounds.whole.low > -INF
    assert (sum(rounds.activity[bounded] - r.low[bounded] for r in given)
            == (rounds.activity - rounds.whole.low)[bounded]).all()
    for r in given:
        assert (r.lower <= rounds.values).all()
        assert (r.upper >= rounds.values).all()
        assert (r.low <= rounds.activity).all()
        assert (r.high >= rounds.activity).all()
    heads = rounds.shared.column_name == "headcount"  # held by the rows that count them
    up = sum(r.upper[~heads] - rounds.values[~heads] for r in given)
    assert (up == (rounds.whole.upper - rounds.values)[~heads]).all()
    classes = rounds.shared.column_name == "classes"
    drawn = np.array([r.upper[classes] > rounds.values[classes] for r in given])
    assert (drawn.sum(axis=0) <= 1).all()
    assert drawn.any(axis=1).sum() > 1
    assert division.rooms(some[:1], rounds.values, rounds.activity, rng) == [rounds.whole]
    some_first = division.rooms(some, rounds.values, rounds.activity, np.random.default_rng(seed), 2)
    assert len(some_first) == 2
    for one, same in zip(some_first, given, strict=False):
        assert all((getattr(one, f.name) == getattr(same, f.name)).all() for f in fields(Room))


def test_a_block_survives_the_disk(cut: tuple[Rounds, model.Built], tmp_path) -> None:
    rounds, _ = cut
    part, cadres = rounds.parts.part(1), rounds.parts.cadres(1)
    block, _ = restore(part, rounds.body, rounds.shared, cadres, Spot.of(np.zeros(0, np.int64)), None)
    block.write(tmp_path / "b.npz")
    again = Block.read(tmp_path / "b.npz")
    for name in ("lower", "upper", "low", "high", "goals", "settled", "attend", "studies", "names"):
        assert (getattr(again, name) == getattr(block, name)).all(), name
    assert (again.matrix != block.matrix).nnz == (again.adds != block.adds).nnz == 0
    assert [p.name for p in tmp_path.iterdir()] == ["b.npz"]


def test_a_snapshot_survives_packing() -> None:
    rng = np.random.default_rng(1)
    points = {b: rng.integers(0, 2, 40) for b in (0, 2, 3)}
    values = rng.integers(0, 3, 12)
    known = Snapshot({b: Spot.of(x) for b, x in points.items()}, values)
    again = Snapshot.unpack(*known.pack(), [0, 2, 3], 12)
    assert (again.values == values).all()
    assert again.spots.keys() == points.keys()
    for b, x in points.items():
        assert (again.spots[b].point(40) == x).all()


def test_figures_are_made_as_they_say() -> None:
    one, other = Body(), Body()
    for body, own in ((one, [3, 5]), (other, [4, 1])):
        for how in ("sum", "min", "max"):
            assert (body.over_all(how, np.array(own), how) == own).all()
    both = Body.of([one, other])
    assert [both.over_all(how, np.zeros(2), how).tolist() for how in ("sum", "min", "max")] == [[7, 6], [3, 1], [4, 5]]
    with pytest.raises(KeyError):
        both.over_all("unknown", np.zeros(2), "sum")


def test_weights_are_those_of_the_block(cut: tuple[Rounds, model.Built]) -> None:
    rounds, _ = cut
    weights = [weigh(rounds.parts.part(b), rounds.body, rounds.shared) for b in range(rounds.parts.n)]
    heads = np.flatnonzero(rounds.shared.row_name == "headcount")
    offered = rounds.body.figures["offered"][1]
    assert sum(int(w.most.point(len(rounds.shared.low))[heads].sum()) for w in weights) == offered.sum()
    assert offered.sum() == rounds.candidates
    assert not any(np.isin(heads, w.least.at).any() for w in weights)
    assert {"class_size", "beds", "coverage", "hours"} <= BEYOND
    assert not BEYOND & {"one_place", "unit_release"}
    assert isinstance(rounds.needs, Needs)
    assert isinstance(rounds.whole, Room)
