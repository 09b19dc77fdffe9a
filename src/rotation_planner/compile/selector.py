"""Who is meant: conditions on cadres as masks (meaning: ``domain.parameters.selector``)."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import numpy as np

from rotation_planner.compile.career import Careers, Management, careers, index_of, lookup, ordinals
from rotation_planner.domain.policy import EVERYONE, Conditions, Selector
from rotation_planner.domain.scenario import Scenario

UNKNOWN = -1
"""A day that is not known; also the years since a day that is not known or not yet reached."""
_EPOCH = 719_163


def selected(scenario: Scenario, who: Conditions, day: np.ndarray, known: Careers | None = None) -> np.ndarray:
    """Bool per cadre: every stated condition holds on the day (ordinal per cadre)."""
    if who == EVERYONE:
        return np.ones(len(scenario["cadres"]), bool)
    career = known or careers(scenario)
    out = _meets(scenario, who, day, career)
    if isinstance(who, Selector) and who.named:
        if who.on is not None:
            day = np.full(len(day), who.on.toordinal())
        rows = {row.id: row for row in scenario["selectors"]}
        meant = np.zeros(len(out), bool)
        for name in who.named:
            meant |= _meets(scenario, rows[name], day, career)
        out &= meant
    return out


def _meets(scenario: Scenario, who: Conditions, day: np.ndarray, career: Careers) -> np.ndarray:
    if who.on is not None:
        day = np.full(len(day), who.on.toordinal())
    n = len(scenario["cadres"])
    segment = career.segment_on(np.arange(n), day)
    post = career.segment_post[segment]
    out: np.ndarray = _posts(scenario, who)[post]
    if who.categories:
        of_post = _any_of(scenario["posts"].tolist("categories"), who.categories)
        out = out & (of_post[post] | _any_of(scenario["cadres"].tolist("categories"), who.categories))
    if who.teams:
        chosen = np.isin(scenario["teams"].column("id").astype(str), who.teams)
        members = [m for i in np.flatnonzero(chosen).tolist() for m in scenario["teams"].column("members")[i]]
        out = out & _named(scenario, members)
    if who.holds:
        holdings = scenario["holdings"]
        chosen = np.isin(holdings.column("competency").astype(str), who.holds)
        out = out & _named(scenario, holdings.column("cadre")[chosen].tolist())
    if who.asks_event:
        out = out & _with_event(scenario, who)
    if (who.age_low, who.age_high) != (None, None):
        born = ordinals(scenario["cadres"].column("birth_date"))
        out = out & _between(whole_years(born, day), who.age_low, who.age_high)
    entry = career.entry
    if (who.service_years_low, who.service_years_high) != (None, None):
        out = out & _between(whole_years(entry, day), who.service_years_low, who.service_years_high)
    if (who.post_years_low, who.post_years_high) != (None, None):
        given = career.segment_from[segment]
        since = np.where(given > 0, given, entry)
        out = out & _between(whole_years(since, day), who.post_years_low, who.post_years_high)
    return out


def _posts(scenario: Scenario, who: Conditions) -> np.ndarray:
    """Bool per post: what is asked of unit, level, duties, competencies, key post and authority."""
    posts = scenario["posts"]
    fits = np.ones(len(posts), bool)
    if who.units:
        fits &= np.isin(posts.column("unit").astype(str), who.units)
    if (who.level_low, who.level_high) != (None, None):
        known = {level.id: level.rank for level in scenario["levels"]}
        rank = np.array([known[level] for level in posts.tolist("level")], np.int64)
        if who.level_low is not None:
            fits &= rank >= known[who.level_low]
        if who.level_high is not None:
            fits &= rank <= known[who.level_high]
    for column, wanted in (("duties", who.duties), ("requires", who.requires)):
        if wanted:
            fits &= _any_of(posts.tolist(column), wanted)
    if who.key_posts is not None:
        fits &= posts.column("key") == who.key_posts
    if who.authorities:
        fits &= _managed(scenario, who)
    return fits


def _managed(scenario: Scenario, who: Conditions) -> np.ndarray:
    management = Management(scenario)
    posts, units = scenario["posts"], index_of(scenario["units"].tolist("id"))
    wanted = {management.position[a] for a in who.authorities}
    known: dict[tuple[str, str], bool] = {}
    out = np.zeros(len(posts), bool)
    for i, pair in enumerate(zip(posts.tolist("unit"), posts.tolist("level"), strict=True)):
        if pair not in known:
            manager = management.manager(posts[i], units[pair[0]])
            known[pair] = not wanted.isdisjoint(management.above(manager) if who.with_below else (manager,))
        out[i] = known[pair]
    return out


def _any_of(has: Iterable[Collection[str]], wanted: tuple[str, ...]) -> np.ndarray:
    """Bool per row: holds one of those wanted."""
    some = set(wanted)
    return np.array([not some.isdisjoint(items) for items in has], bool)


def _named(scenario: Scenario, cadres: list[str]) -> np.ndarray:
    """Bool per cadre: among the ids."""
    ids = scenario["cadres"].tolist("id")
    out = np.zeros(len(ids), bool)
    out[lookup(index_of(ids), list(cadres))] = True
    return out


def _with_event(scenario: Scenario, who: Conditions) -> np.ndarray:
    events = scenario["events"]
    low = who.event_from.toordinal() if who.event_from is not None else 0
    high = who.event_to.toordinal() if who.event_to is not None else np.iinfo(np.int64).max
    day = ordinals(events.column("date"))
    fits = (day >= low) & (day <= high)
    if who.events:
        fits &= np.isin(events.column("kind").astype(str), who.events)
    out = _named(scenario, events.column("cadre")[fits].tolist())
    if not who.events or "entry" in who.events:
        entered = ordinals(scenario["cadres"].column("entered"))
        out |= (entered > 0) & (entered >= low) & (entered <= high)
    return out


def _between(years: np.ndarray, low: int | None, high: int | None) -> np.ndarray:
    """Known, and inside the bounds."""
    out: np.ndarray = (years != UNKNOWN) & (years >= (low or 0))
    return out if high is None else out & (years <= high)


def whole_years(since: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Whole years from one day to another (ordinals), by the calendar.

    An anniversary of 29 February is 28 February in other years. -1 where the first day is not known (not positive) or
    after the second.
    """
    sound = (since > 0) & (since <= day)
    first = (np.where(sound, since, day) - _EPOCH).astype("datetime64[D]")
    last = (np.asarray(day) - _EPOCH).astype("datetime64[D]")
    first_month, last_month = first.astype("datetime64[M]"), last.astype("datetime64[M]")
    months = last_month.astype(np.int64) - first_month.astype(np.int64)
    length = ((last_month + 1).astype("datetime64[D]") - last_month.astype("datetime64[D]")).astype(np.int64)
    day_of_first = (first - first_month.astype("datetime64[D]")).astype(np.int64) + 1
    day_of_last = (last - last_month.astype("datetime64[D]")).astype(np.int64) + 1
    short = (months % 12 == 0) & (day_of_last < np.minimum(day_of_first, length))
    return np.where(sound, months // 12 - short, UNKNOWN)
