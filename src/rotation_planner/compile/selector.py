"""Who a rule is about."""

from __future__ import annotations

import numpy as np

from rotation_planner.compile.career import Careers, Management, careers, index_of
from rotation_planner.domain.policy import EVERYONE, Selector
from rotation_planner.domain.scenario import Scenario


def selected(scenario: Scenario, who: Selector, day: np.ndarray, known: Careers | None = None) -> np.ndarray:
    """Bool per cadre: every stated condition holds for the post held on the day (ordinal per cadre)."""
    cadres = scenario["cadres"]
    n = len(cadres)
    if who == EVERYONE:
        return np.ones(n, bool)
    posts = list(scenario["posts"])
    post = (known or careers(scenario)).post_on(np.arange(n), day)
    fits = np.ones(len(posts), bool)
    rank = {level.id: level.rank for level in scenario["levels"]}
    for i, p in enumerate(posts):
        fits[i] = (
            (not who.units or p.unit in who.units)
            and (who.level_low is None or rank[p.level] >= rank[who.level_low])
            and (who.level_high is None or rank[p.level] <= rank[who.level_high])
            and (not who.duties or not set(who.duties).isdisjoint(p.duties))
            and (who.key_posts is None or p.key == who.key_posts)
        )
    if who.authorities:
        management = Management(scenario)
        units = index_of(scenario["units"].tolist("id"))
        wanted = {management.position[a] for a in who.authorities}
        for i, p in enumerate(posts):
            fits[i] &= not wanted.isdisjoint(management.above(management.manager(p, units[p.unit])))
    out: np.ndarray = fits[post]
    if who.categories:
        wanted_categories = set(who.categories)
        of_post = np.array([not wanted_categories.isdisjoint(p.categories) for p in posts], bool)
        own = np.array([not wanted_categories.isdisjoint(c) for c in cadres.tolist("categories")], bool)
        out = out & (of_post[post] | own)
    return out
