"""Goal values computed by hand, and reported numbers."""

from __future__ import annotations

import json

import pytest

from rotation_planner.domain.people import Need, Record
from rotation_planner.domain.policy import ComfortWeights, Coverage, NeedWeights
from rotation_planner.verify import verify
from tests.verify.small import course, day, must, plan_of, session, small


def need(cadre, competency, source="post", weight=1):
    return Need(cadre=cadre, competency=competency, source=source, weight=weight)


TEACHING = {
    "courses": [course("k", competencies=("law",)), course("t", competencies=("tax", "law")), course("n")],
    "sessions": [
        session("s", "2026-03-02"), session("t", "2027-03-01", course="t"), session("n", "2028-03-06", course="n"),
    ],
}


@pytest.mark.parametrize(
    ("attend", "points"),
    [
        ({}, 0),
        ({"n": ["c0"]}, 0),
        ({"s": ["c0"]}, 3 * 3 + 2 * 1),
        ({"s": ["c0"], "t": ["c0"]}, 3 * 3 + 2 * 1 + 5),  # law counts once
        ({"t": ["c0", "c1"]}, 3 * 3 + 2 * 1 + 5 + 2 * 7),
        ({"t": ["c2"]}, 0),
    ],
)
def test_need(attend, points):
    needs = [
        need("c0", "law", "organisation", 3), need("c0", "law", "post"), need("c0", "tax", "personal", 5),
        need("c1", "law", "post", 7), need("c2", "law", "post", 9),
    ]
    records = [
        Record(cadre="c2", course="k", date=day("2001-01-01")),
        Record(cadre="c1", course="k", date=day("2025-01-01"), result="failed"),
    ]
    assert verify(small(**TEACHING, needs=needs, records=records), plan_of(attend)).goals["need"] == points


def test_need_weights():
    policy = {"need": NeedWeights(organisation=0, post=10, personal=100)}
    needs = [need("c0", "law", source, 2) for source in ("organisation", "post", "personal")]
    assert verify(small(**TEACHING, needs=needs, policy=policy), plan_of({"s": ["c0"]})).goals["need"] == 220


def comfort(attend, commitments=(), **changes):
    weights = ComfortWeights(**({"late": 0, "wish": 0, "change": 0, "evenness": 0} | changes))
    scenario = small(**TEACHING, policy={"comfort": weights}, commitments=commitments)
    return verify(scenario, plan_of(attend)).goals["comfort"]


def test_comfort_of_late_sessions_and_of_the_fullest_year():
    attend = {"s": ["c0", "c1", "c2"], "t": ["c0", "c1"], "n": ["c3"]}
    assert comfort(attend, late=7) == 7 * (2 * 1 + 1 * 2)
    assert comfort(attend, evenness=5) == 15
    assert comfort({}, late=7, evenness=5) == 0


def test_comfort_of_wishes_and_published_places():
    published = [must("n", "c2", "published"), must("n", "c3", "published")]
    said = [must("s", "c0", "wish"), must("t", "c1", "avoid"), *published]
    assert comfort({}, said, wish=10, change=100) == 10 + 200
    assert comfort({"s": ["c0"], "n": ["c2"]}, said, wish=10, change=100) == 100
    assert comfort({"s": ["c0"], "n": ["c2", "c3"], "t": ["c1"]}, said, wish=10, change=100) == 10


def test_a_wish_that_cannot_be_granted_costs_nothing():
    said = [must("s", "c0", "wish"), must("s", "c0", "must_not")]
    assert comfort({}, said, wish=10) == 0


def test_default_comfort_adds_up():
    result = verify(small(**TEACHING), plan_of({"s": ["c0"], "t": ["c0", "c1"]}))
    assert result.goals["comfort"] == 2 + 2


def test_goals_stand_in_their_order_and_need_no_rule():
    assert verify(small(), plan_of({})).goals == {"duties": 0, "floor": 0, "need": 0, "cost": 0, "comfort": 0}


def test_the_verification_is_json():
    scenario = small(Coverage(), **TEACHING, commitments=[must("s", "c3", "must_not")])
    data = verify(scenario, plan_of({"s": ["c0", "c3", "nobody"]})).to_json()
    assert json.loads(json.dumps(data)) == data
    assert data["ok"] is False
    assert data["unmet"][0]["subject"] == ["c1", "horizon"]
