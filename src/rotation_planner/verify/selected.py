"""Whether conditions hold for a cadre on a day (meaning: ``domain.parameters.selector``)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING

from rotation_planner.domain.policy import Conditions

if TYPE_CHECKING:
    from rotation_planner.verify.people import People, Person


def meets(people: People, who: Conditions, person: Person, day: int) -> bool:
    """Whether every stated condition holds on a day, or on that of the conditions."""
    if who.on is not None:
        day = who.on.toordinal()
    post = person.post_on(day)
    asked: tuple[tuple[Collection[str], Collection[str]], ...] = (
        (who.units, (post.unit,)),
        (who.teams, person.teams),
        (who.categories, person.categories.union(post.categories)),
        (who.duties, post.duties),
        (who.requires, post.requires),
        (who.holds, person.holds),
    )
    if any(some and set(some).isdisjoint(has) for some, has in asked):
        return False
    if who.key_posts is not None and who.key_posts != post.key:
        return False
    if not people.within_levels(post.level, who.level_low, who.level_high):
        return False
    if who.authorities:
        chain = people.above(people.manager(post.unit, post.level))
        if set(who.authorities).isdisjoint(chain if who.with_below else chain[:1]):
            return False
    return _in_time(who, person, day) and (not who.asks_event or _has_event(who, person))


def _in_time(who: Conditions, person: Person, day: int) -> bool:
    spans = (
        (who.age_low, who.age_high, person.born),
        (who.service_years_low, who.service_years_high, person.entered),
        (who.post_years_low, who.post_years_high, person.in_post_since(day)),
    )
    for low, high, since in spans:
        if low is None and high is None:
            continue
        if since is None or since > day:
            return False
        if low is not None and anniversary(since, low) > day:
            return False
        if high is not None and anniversary(since, high + 1) <= day:
            return False
    return True


def anniversary(since: int, years: int) -> int:
    """The same day so many years later; for 29 February, 28 February where there is none."""
    day = dt.date.fromordinal(since)
    if (day.month, day.day) == (2, 29):
        return dt.date(day.year + years, 3, 1).toordinal() - 1
    return day.replace(year=day.year + years).toordinal()


def _has_event(who: Conditions, person: Person) -> bool:
    first = dt.date.min if who.event_from is None else who.event_from
    last = dt.date.max if who.event_to is None else who.event_to
    events = list(person.events)
    if person.entry_given is not None:
        events.append(("entry", person.entry_given))
    return any(
        (not who.events or kind in who.events) and first.toordinal() <= day <= last.toordinal() for kind, day in events
    )
