"""How seat quotas are used: figures by course, year and authority, and no names."""

from __future__ import annotations

import pandas as pd

from rotation_planner.domain.plan import Plan
from rotation_planner.domain.policy import SeatQuota
from rotation_planner.domain.scenario import Scenario
from rotation_planner.verify.facts import Facts
from rotation_planner.verify.seat_quota import uses


def quota_use(scenario: Scenario, plan: Plan) -> pd.DataFrame:
    """What authorities asked for, were granted, gave back, and use.

    Parameters
    ----------
    scenario : Scenario
        Without errors (``check``).
    plan : Plan
        A plan made for it.

    Returns
    -------
    DataFrame
        One row per quota, in their order: ``course``, ``year``, ``authority``, ``asked``, ``granted``, ``returned``,
        ``used`` (by the plan and by records of the year; of those below too), ``unused`` (granted less returned less
        used, at least 0), ``over`` (used beyond that), ``idle`` (unused beyond the share that the strictest rule on
        seat quotas lets lie).
    """
    share = max((r.use_per_mille for r in scenario.policy.rules if isinstance(r, SeatQuota)), default=0)
    rows = []
    for use in uses(Facts(scenario, plan)):
        q, used = use.quota, use.planned + use.recorded
        due = -(-share * use.seats // 1000)
        rows.append((
            q.course, q.year, q.authority, q.asked, q.granted, q.returned, used, max(0, use.seats - used),
            max(0, used - use.seats), max(0, due - used),
        ))
    names = ["course", "year", "authority", "asked", "granted", "returned", "used", "unused", "over", "idle"]
    return pd.DataFrame(rows, columns=names)
