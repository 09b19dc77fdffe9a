"""Use of seat quotas: figures without names."""

from __future__ import annotations

import rotation_planner as rp
from rotation_planner.domain.dealings import Quota
from rotation_planner.domain.organisation import Authority
from rotation_planner.domain.people import Cadre, Post
from rotation_planner.domain.policy import SeatQuota
from tests.rules.tiny import Institution, Unit, course, day, record, session, tiny
from tests.verify.small import plan_of

COLUMNS = ["course", "year", "authority", "asked", "granted", "returned", "used", "unused", "over", "idle"]


def office(*rules: SeatQuota) -> rp.Scenario:
    return tiny(
        *rules, years=2,
        authorities=[Authority(id="top"), Authority(id="low", parent="top")],
        units=[Unit(id="u", authority="low"), Unit(id="v", authority="top")],
        posts=[Post(id="d", unit="u", level="l"), Post(id="e", unit="v", level="l")],
        cadres=[Cadre(id="anna", post="d"), Cadre(id="bert", post="d"), Cadre(id="carl", post="e")],
        institutions=[Institution(id="i", authority="top")], courses=[course("k", validity_months=1)],
        sessions=[session("s", day(3, 2)), session("t", day(3, 1, 2027))],
        records=[record("bert", "k", day(1, 5), 0, "failed")],
        seat_quotas=[
            Quota(course="k", year=2026, authority="low", asked=9, granted=6, returned=1),
            Quota(course="k", year=2026, authority="top", granted=2),
            Quota(course="k", year=2027, authority="low", granted=1),
        ],
    )


def test_asked_granted_returned_used() -> None:
    plan = plan_of({"s": ["anna", "carl"], "t": []}, {"t": 0})
    use = rp.quota_use(office(SeatQuota(use_per_mille=801), SeatQuota(name="mild", use_per_mille=100)), plan)
    assert list(use.columns) == COLUMNS
    assert use.to_numpy().tolist() == [
        ["k", 2026, "low", 9, 6, 1, 2, 3, 0, 3],  # 801 per mille of five seats are five
        ["k", 2026, "top", 0, 2, 0, 3, 0, 1, 0],
        ["k", 2027, "low", 0, 1, 0, 0, 1, 0, 1],
    ]
    assert not any(name in use.to_json() for name in ("anna", "bert", "carl"))


def test_nothing_is_idle_where_no_rule_asks_for_use() -> None:
    use = rp.quota_use(office(), plan_of({}))
    assert use["idle"].tolist() == [0, 0, 0]
    empty = rp.quota_use(tiny(), plan_of({}))
    assert (len(empty), list(empty.columns)) == (0, COLUMNS)
