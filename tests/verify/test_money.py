"""Spend, ceilings, floors, the ledger, and the goals floor and cost."""

from __future__ import annotations

import pytest

from rotation_planner.domain.organisation import Authority, Place, Travel, Unit
from rotation_planner.domain.people import Need, Record
from rotation_planner.domain.planning import Fund
from rotation_planner.domain.policy import BudgetFloor, Ceiling, Coverage, Hours, StudyPrice, TravelRate
from rotation_planner.domain.teaching import Institution
from rotation_planner.verify import verify
from tests.verify.small import brief, course, day, found, must, people, plan_of, session, short, small

PRICED = course(days=3, cost_per_class_yuan=1000, cost_per_session_yuan=500, cost_per_trainee_day_yuan=10)
"""n heads in k classes cost 1000 k + 500 + 30 n."""


def fund(name="f", year=2026, **changes):
    return Fund(**({"id": name, "authority": "a", "year": year} | changes))


@pytest.mark.parametrize(("ceiling", "over"), [(2620, 0), (2619, 1), (0, 2620)])
def test_ceiling_to_the_yuan(ceiling, over):
    scenario = small(Ceiling(), courses=[PRICED], funds=[fund(ceiling_yuan=ceiling)])
    expected = [("ceiling", ("f", "2026"), over)] if over else []
    assert found(scenario, plan_of({"s": people(4)}, {"s": 2})) == expected


def test_session_cost_overrides_the_course_and_an_empty_session_costs():
    scenario = small(courses=[PRICED], sessions=[session("s", "2026-03-02", cost_per_session_yuan=7)])
    assert verify(scenario, plan_of({"s": []})).goals["cost"] == 1007
    assert verify(scenario, plan_of({})).goals["cost"] == 0


@pytest.mark.parametrize(
    ("changes", "planned"),
    [({}, 1530), ({"year": 2027}, 0), ({"earmark": ("in_service",)}, 1530), ({"earmark": ("theory",)}, 0),
     ({"authority": "b"}, 0)],
)
def test_which_fund_is_charged(changes, planned):
    authorities = [Authority(id="a"), Authority(id="b")]
    scenario = small(courses=[PRICED], authorities=authorities, funds=[fund(**changes)])
    assert [row.planned_yuan for row in verify(scenario, plan_of({"s": ["c0"]})).ledger] == [planned]


def test_the_owner_pays_before_the_institution():
    scenario = small(
        courses=[PRICED.model_copy(update={"owner": "b"})],
        authorities=[Authority(id="a", parent="b"), Authority(id="b")], funds=[fund(), fund("g", authority="b")],
    )
    ledger = verify(scenario, plan_of({"s": ["c0"]})).ledger
    assert [(row.fund, row.planned_yuan) for row in ledger] == [("f", 0), ("g", 1530)]


def test_a_session_is_charged_to_every_fund_that_fits_in_the_year_of_its_start():
    scenario = small(
        courses=[PRICED], sessions=[session("s", "2026-12-30", "2027-01-05")],
        funds=[fund(), fund("g", earmark=("in_service",)), fund("h", 2027)],
    )
    assert [row.planned_yuan for row in verify(scenario, plan_of({"s": ["c0"]})).ledger] == [1530, 1530, 0]


def test_settled_spend_above_the_ceiling_is_inherited():
    scenario = small(Ceiling(), courses=[PRICED], funds=[fund(ceiling_yuan=1500)], commitments=[must("s", "c0")])
    result = verify(scenario, plan_of({"s": ["c0"]}))
    assert result.ok
    assert brief(result.inherited) == [("ceiling", ("f", "2026"), 30)]
    assert found(scenario, plan_of({"s": people(2)})) == [("ceiling", ("f", "2026"), 30)]


def travelling(**tables):
    return small(
        policy={"travel": TravelRate(yuan_per_km=2)}, units=[Unit(id="u", authority="a", place="x")],
        institutions=[Institution(id="i", authority="a", place="y")], **tables,
    )


@pytest.mark.parametrize(
    ("travel", "cost"),
    [
        ([], 222),  # one degree of the equator is 111.19 km
        ([Travel(origin="x", destination="y", cost_yuan=7)], 7),
        ([Travel(origin="y", destination="x", cost_yuan=9)], 9),
        ([Travel(origin="y", destination="x", cost_yuan=9), Travel(origin="x", destination="y", cost_yuan=7)], 7),
    ],
)
def test_cost_of_the_way(travel, cost):
    places = [Place(id="x", latitude=0.0, longitude=10.0), Place(id="y", latitude=0.0, longitude=11.0)]
    assert verify(travelling(places=places, travel=travel), plan_of({"s": ["c0"]})).goals["cost"] == cost
    nowhere = [places[0], Place(id="y", latitude=0.0)]
    if not travel:
        assert verify(travelling(places=nowhere), plan_of({"s": ["c0"]})).goals["cost"] == 0


def test_great_circle_over_a_pole_and_around_the_globe():
    places = [Place(id="x", latitude=60.0, longitude=0.0), Place(id="y", latitude=60.0, longitude=180.0)]
    assert verify(travelling(places=places), plan_of({"s": ["c0"]})).goals["cost"] == 2 * 6672  # 60 degrees of arc
    places = [Place(id="x", latitude=0.0, longitude=0.0), Place(id="y", latitude=0.0, longitude=180.0)]
    assert verify(travelling(places=places), plan_of({"s": ["c0"]})).goals["cost"] == 2 * 20015


def test_study_hours_cost_and_are_charged_to_no_fund():
    scenario = small(
        Hours(hours=10, supplement_cap_hours=4), policy={"study": StudyPrice(yuan_per_hour=25)}, people=1,
        funds=[fund()],
    )
    result = verify(scenario, plan_of({}, study=[("c0", "hours", "horizon", 4)]))
    assert result.ok
    assert result.goals["cost"] == 100
    assert result.ledger[0].planned_yuan == 0


@pytest.mark.parametrize(
    ("floor", "index", "expected"),
    [(1001, 1055, 1057), (1000, 1055, 1055), (1001, 1000, 1001), (1, 1, 1), (0, 1055, 0)],
)
def test_floor_by_index_rounds_up(floor, index, expected):
    funds = [fund(floor_yuan=floor), fund("g", 2027, index_per_mille=index)]
    assert [row.floor_yuan for row in verify(small(funds=funds), plan_of({})).ledger] == [floor, expected]


def test_floors_grow_year_on_year_along_the_same_line():
    funds = [
        fund("h", 2028, index_per_mille=1001), fund("g", 2027, index_per_mille=1001), fund(floor_yuan=1001),
        fund("other", 2027, index_per_mille=1001, earmark=("theory",)), fund("gap", 2030, index_per_mille=1001),
        fund("given", 2029, index_per_mille=1001, floor_yuan=5),
    ]
    floors = {row.fund: row.floor_yuan for row in verify(small(funds=funds), plan_of({})).ledger}
    assert floors == {"f": 1001, "g": 1003, "h": 1005, "other": None, "gap": 6, "given": 5}


def test_floor_shortfall_to_the_yuan():
    def floor(yuan):
        return small(BudgetFloor(), Coverage(), courses=[PRICED], people=2, funds=[fund(floor_yuan=yuan)])

    plan = plan_of({"s": people(2)})
    assert short(verify(floor(1560), plan)) == []
    result = verify(floor(1561), plan)
    assert short(result) == [(("f",), 1561, 1560, 1, 1)]
    assert result.ok
    assert (result.goals["floor"], result.goals["duties"], result.unmet[0].weight) == (1, 0, 0)


def counted(min_size, classes, useful, idle, *rules, **tables):
    """Counted spend of a session with so many attendances that are useful (a need) and not."""
    needs = [Need(cadre=c, competency="law", source="post") for c in people(useful)]
    scenario = small(
        *rules, courses=[PRICED.model_copy(update={"min_size": min_size, "competencies": ("law",)})], people=9,
        needs=needs, funds=[fund()], **tables,
    )
    row = verify(scenario, plan_of({"s": people(useful + idle)}, {"s": classes})).ledger[0]
    assert row.planned_yuan == 1000 * classes + 500 + 30 * (useful + idle)
    return row.counted_yuan


@pytest.mark.parametrize(
    ("min_size", "classes", "useful", "idle", "counts"),
    [(3, 1, 3, 0, True), (3, 1, 2, 5, False), (3, 2, 6, 0, True), (3, 2, 5, 3, False), (0, 1, 0, 1, True),
     (1, 1, 1, 4, True)],
)
def test_spend_counts_from_min_size_useful_attendances_on(min_size, classes, useful, idle, counts):
    expected = 1000 * classes + 500 + 30 * (useful + idle) if counts else 0
    assert counted(min_size, classes, useful, idle) == expected


def test_a_need_already_met_is_not_useful():
    records = [Record(cadre="c0", course="k", date=day("2015-01-01"))]
    assert counted(1, 1, 1, 0) > 0
    assert counted(1, 1, 1, 0, records=records) == 0


def test_an_open_duty_makes_an_attendance_useful():
    assert counted(2, 1, 0, 2) == 0
    assert counted(2, 1, 0, 2, Coverage()) == 1560
    assert counted(2, 1, 0, 2, Hours(hours=1)) == 0  # the course gives no hours


@pytest.mark.parametrize(("hours", "counts"), [(20, False), (21, True)])
def test_hours_on_record_close_a_window(hours, counts):
    records = [Record(cadre="c0", course="r", date=day("2026-01-05"), hours=20)]
    scenario = small(
        Hours(hours=hours, window="year"), courses=[PRICED.model_copy(update={"hours": 8, "min_size": 1}), course("r")],
        records=records, funds=[fund()],
    )
    assert (verify(scenario, plan_of({"s": ["c0"]})).ledger[0].counted_yuan > 0) is counts


@pytest.mark.parametrize(("cap", "counts"), [(5, True), (20, False)])
def test_supplements_on_record_close_a_window_up_to_the_cap(cap, counts):
    records = [Record(cadre="c0", course="r", date=day("2026-01-05"), hours=20)]
    scenario = small(
        Hours(hours=20, window="year", supplement_cap_hours=cap, free_study=False),
        courses=[PRICED.model_copy(update={"hours": 8, "min_size": 1}), course("r", channel="online")],
        records=records, funds=[fund()],
    )
    assert (verify(scenario, plan_of({"s": ["c0"]})).ledger[0].counted_yuan > 0) is counts


def test_ledger_is_in_order_and_json_ready():
    scenario = small(funds=[fund("z", 2027, floor_yuan=3), fund("b"), fund("a", ceiling_yuan=4)])
    data = verify(scenario, plan_of({})).to_json()
    assert [row["fund"] for row in data["ledger"]] == ["a", "b", "z"]
    assert data["ledger"][0] == {
        "fund": "a", "authority": "a", "year": 2026, "floor_yuan": None, "planned_yuan": 0, "counted_yuan": 0,
        "ceiling_yuan": 4,
    }
