"""A nation of provinces, and tables written by column: the same as if every row had been checked."""

from __future__ import annotations

import pytest

from rotation_planner.domain.scenario import Scenario
from rotation_planner.generate import generate_with_plan, planting
from rotation_planner.generate.travelling import distance_km
from rotation_planner.verify import verify


@pytest.fixture(scope="module")
def nation() -> Scenario:
    return generate_with_plan("nation", 400, 1)[0]


def test_provinces_manage_their_seniors_and_share_a_national_academy(nation: Scenario) -> None:
    parents = {a.id: a.parent for a in nation["authorities"]}
    provinces = [a for a, parent in parents.items() if parent == "nation"]
    assert provinces == ["province_1", "province_2"]
    assert {parents[u.authority] for u in nation["units"]} == set(provinces)
    senior = {a.id: a.levels for a in nation["authorities"] if a.levels}
    assert senior == dict.fromkeys(provinces, ("deputy_county", "county"))
    place = {i.id: i for i in nation["institutions"]}
    courses = {c.id: c for c in nation["courses"]}
    held = {(courses[s.course].owner, place[s.institution].name) for s in nation["sessions"]}
    assert ("nation", "国家行政学院") in held
    for p in provinces:
        assert {(p, "上级党校"), (p, "共享学院")} <= held
    national = [c for c in courses.values() if c.owner == "nation"]
    assert len(national) == 3
    assert {(c.level_low, c.level_high) for c in national} == {("deputy_county", "county")}
    owners = {i.id: i.authority for i in nation["institutions"]}
    assert {owners[s.institution] for s in nation["sessions"] if courses[s.course].owner == "province_2"} <= {
        "province_2", "nation"
    }


def test_ways_lead_to_schools_of_the_own_province_and_of_the_nation(nation: Scenario) -> None:
    parents = {a.id: a.parent for a in nation["authorities"]}

    def province(authority: str) -> str | None:
        return parents[authority] if authority.startswith("region") else authority

    area = {u.place: province(u.authority) for u in nation["units"]}
    schools = {i.place: province(i.authority) for i in nation["institutions"]}
    given = {(t.origin, t.destination) for t in nation["travel"]}
    wanted = {(a, b) for a, p in area.items() for b, q in schools.items() if a != b and q in (p, "nation")}
    assert given == wanted
    places = {p.id: (p.latitude, p.longitude) for p in nation["places"]}
    for t in nation["travel"]:
        km = distance_km(places[t.origin], places[t.destination])
        assert (t.days, t.cost_yuan) == (int(km > 250), round(0.9 * km) + 5)


def test_no_session_is_planted_with_more_classes_than_the_contract_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    assert planting.MOST_CLASSES * 8 / int(0.7 * 8) <= 200  # the least size before sizes are settled is 8
    assert max(generate_with_plan("county", 1000, 1)[1].opened.tolist("classes")) > 2
    monkeypatch.setattr(planting, "MOST_CLASSES", 1)
    scenario, plan = generate_with_plan("county", 1000, 1)
    assert max(plan.opened.tolist("classes")) <= 2
    assert verify(scenario, plan).ok


@pytest.mark.parametrize("preset", ["district", "nation"])
def test_every_row_fulfils_its_contract(preset: str) -> None:
    scenario, plan = generate_with_plan(preset, 120, 2)
    for table in (*scenario.tables.values(), plan.attendances, plan.opened, plan.study):
        for row in table:
            assert table.model.model_validate(row.model_dump()) == row
        keys = [tuple(getattr(row, k) for k in table.model.KEY) for row in table]
        assert len(set(keys)) == len(keys)
    for table in (plan.attendances, plan.opened, plan.study):
        keys = [tuple(getattr(row, k) for k in table.model.KEY) for row in table]
        assert keys == sorted(keys)
        assert keys
