"""A small scenario that can be read back, and the same as editable CSV text."""

from __future__ import annotations

import datetime as dt

from rotation_planner.domain.organisation import Authority, Unit
from rotation_planner.domain.people import Cadre, Level, Post
from rotation_planner.domain.planning import Horizon
from rotation_planner.domain.policy import Hours, Policy, Selector, default_rules
from rotation_planner.domain.scenario import Scenario
from rotation_planner.domain.teaching import Course, Institution

TABLES = {
    "horizon": "start,years\n2026-01-01,5\n",
    "authorities": "id,name\nA,County\n",
    "units": "id,authority\nU,A\n",
    "levels": "id,rank\nL,1\n",
    "posts": "id,unit,level\nP,U,L\n",
    "cadres": "id,name,birth_date,post,categories,entered,opening_hours\nC1,,1980-05-06,P,,,8\nC2,王 二,,P,,,\n",
    "institutions": "id,authority\nI,A\n",
    "courses": "id,name,days,subjects,residential,min_size,max_size\nK,Law,3,,true,1,50\n",
}


def scenario(**more: object) -> Scenario:
    """The scenario that ``TABLES`` says, with more or other tables."""
    rows = {
        "horizon": [Horizon(start=dt.date(2026, 1, 1))], "authorities": [Authority(id="A", name="County")],
        "units": [Unit(id="U", authority="A")], "levels": [Level(id="L", rank=1)],
        "posts": [Post(id="P", unit="U", level="L")],
        "cadres": [Cadre(id="C1", birth_date=dt.date(1980, 5, 6), post="P", opening_hours=8),
                   Cadre(id="C2", name="王 二", post="P")],
        "institutions": [Institution(id="I", authority="A")], "courses": [Course(id="K", name="Law", days=3)],
    }
    policy = Policy(rules=(*default_rules(), Hours(hours=90, name="多", who=Selector(level_low="L", key_posts=True))))
    return Scenario.of(policy, 'A "name"\nof two lines', **{**rows, **more})  # type: ignore[arg-type]
