"""A planted plan keeps every limit and meets every duty; nothing in the scenario tells where it was."""

from __future__ import annotations

from collections import Counter
from functools import cache

import numpy as np
import pytest

from rotation_planner.domain.checksum import scenario_sha256
from rotation_planner.domain.plan import Plan
from rotation_planner.domain.scenario import Scenario
from rotation_planner.generate import PRESETS, generate, generate_with_plan
from rotation_planner.generate.packaged import SEED
from rotation_planner.verify import verify

from .pins import pinned

CASES = [
    ("district", 20, 1),
    ("district", 40, 3),
    ("district", 300, 0),
    ("district", 300, 5),
    ("nation", 240, 1),
    *(
        pytest.param(*large, marks=pytest.mark.no_cover)
        for large in [("county", 1000, 0), ("county", 1000, 4), ("prefecture", 900, 1), ("province", 1500, 2)]
    ),
]


@pytest.fixture(scope="module")
def district() -> tuple[Scenario, Plan]:
    return generate_with_plan("district", seed=7)


@cache
def county() -> tuple[Scenario, Plan]:
    """The packaged county and its plan."""
    return generate_with_plan("county", seed=SEED)


@pytest.mark.parametrize(("preset", "cadres", "seed"), CASES)
def test_the_planted_plan_meets_everything(preset: str, cadres: int, seed: int) -> None:
    scenario, plan = generate_with_plan(preset, cadres, seed)
    found = verify(scenario, plan)
    assert len(scenario["cadres"]) == cadres
    assert found.violations == ()
    assert found.unmet == ()
    assert found.goals["duties"] == 0
    assert found.goals["floor"] == 0


def test_money_and_beds_bind(district: tuple[Scenario, Plan]) -> None:
    scenario, plan = district
    found = verify(scenario, plan)
    for row in found.ledger:
        if row.ceiling_yuan is not None:
            assert row.planned_yuan <= row.ceiling_yuan <= row.planned_yuan * 1.025 + 1000
        if row.floor_yuan is not None:
            assert row.floor_yuan >= 0.9 * row.counted_yuan - 2
    for name in ("beds", "rooms"):
        less = [
            i.model_copy(update={name: None if getattr(i, name) is None else getattr(i, name) - 1})
            for i in scenario["institutions"]
        ]
        tighter = scenario.with_tables(institutions=type(scenario["institutions"]).of(type(less[0]), less))
        broken = {v.rule for v in verify(tighter, plan).violations}
        assert broken == {name}


@pytest.mark.no_cover
def test_the_packaged_county_can_be_met_and_its_classes_are_full() -> None:
    scenario, plan = county()
    found = verify(scenario, plan)
    assert (found.violations, found.unmet) == ((), ())
    assert scenario_sha256(scenario) == pinned()["packaged county"]
    course = {s.id: s.course for s in scenario["sessions"]}
    size = {c.id: c.max_size for c in scenario["courses"]}
    seats = sum(size[course[o.session]] * o.classes for o in plan.opened)
    assert len(plan.attendances) >= 0.85 * seats
    assert 500 <= len(scenario["sessions"]) <= 800


def test_nothing_is_left_of_the_plan(district: tuple[Scenario, Plan]) -> None:
    scenario, plan = district
    opened = set(plan.opened.tolist("session"))
    ids = scenario["sessions"].tolist("id")
    assert ids == sorted(ids)
    place = np.array([i for i, s in enumerate(ids) if s in opened]) / len(ids)
    # opened sessions lie anywhere in the order: neither first nor last
    assert 0.4 < place.mean() < 0.6
    assert all(s.max_classes is None and s.cost_per_session_yuan is None for s in scenario["sessions"])
    assert {c.kind for c in scenario["commitments"]} <= {"wish", "avoid", "must_not"}
    assert len(opened) < len(ids)


def test_people_differ(district: tuple[Scenario, Plan]) -> None:
    scenario, _ = district
    kinds = Counter(e.kind for e in scenario["events"])
    assert set(kinds) == {"entry", "appointment", "promotion", "transfer", "retirement"}
    assert len(scenario["leave"]) > 0
    assert {r.result for r in scenario["records"]} == {"passed", "failed", "withdrawn"}
    assert set(scenario["records"].tolist("source")) == {"generated, seed 7"}


@pytest.mark.parametrize("cadres", [300, pytest.param(1000, marks=pytest.mark.no_cover)])
def test_forty_to_seventy_candidates_each(cadres: int) -> None:
    from rotation_planner.compile import compile_candidates

    candidates = compile_candidates(generate("county", cadres, 2))
    assert 40 <= len(candidates) / cadres <= 70


def test_every_id_that_is_named_exists(district: tuple[Scenario, Plan]) -> None:
    scenario, _ = district
    for table in scenario.tables.values():
        for name, field in table.model.model_fields.items():
            extra = field.json_schema_extra
            ref = extra.get("ref") if isinstance(extra, dict) else None
            if ref is None:
                continue
            known = set(scenario[str(ref)].tolist("id"))
            for value in table.tolist(name):
                values = [] if value is None else [value] if isinstance(value, str) else list(value)
                assert set(values) <= known, (table.model.TABLE, name)


@pytest.mark.no_cover
def test_sizes_by_default() -> None:
    assert {name: shape.cadres for name, shape in PRESETS.items()} == {
        "district": 300,
        "county": 4005,
        "prefecture": 15_252,
        "province": 100_000,
        "nation": 1_000_000,
    }
    levels = Counter(p.level for p in county()[0]["posts"])
    assert set(levels) == {"below_section", "deputy_section", "section", "deputy_county", "county"}


def test_province_has_several_authorities_and_one_academy() -> None:
    scenario = generate("province", 1500, 1)
    assert len(scenario["authorities"]) == 3
    academy = next(i.id for i in scenario["institutions"] if i.name == "共享学院")
    courses = {c.id: c for c in scenario["courses"]}
    shared = {courses[s.course].owner for s in scenario["sessions"] if s.institution == academy}
    assert shared == {"upper"}
