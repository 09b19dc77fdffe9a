"""Whether conditions hold for a cadre on a day (meaning: ``domain.parameters.selector``)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from rotation_planner.domain.people import Post
from rotation_planner.domain.policy import EVERYONE, Conditions, Selector

if TYPE_CHECKING:
    from rotation_planner.verify.people import People, Person

Test: TypeAlias = "Callable[[People, Person, int], bool]"
"""Whether a cadre is meant on a day. A test is handed the people instead of keeping them, as they keep it."""

Condition: TypeAlias = "Callable[[People, Person, Post, int], bool]"
"""Whether something holds for a cadre in the post held on a day."""


NO_LIMIT = None, None


def ready(people: People, who: Selector) -> Test:
    """Make a selector ready to be put to many cadres: for each only what is stated is looked at."""
    if who == EVERYONE:
        return lambda _people, _person, _day: True
    stated = _stated(people, who)
    if not who.named:
        return stated
    on = None if who.on is None else who.on.toordinal()
    some = [_stated(people, people.selectors[name]) for name in who.named]

    def test(people: People, person: Person, day: int) -> bool:
        day = day if on is None else on
        return stated(people, person, day) and any(named(people, person, day) for named in some)

    return test


def _stated(people: People, who: Conditions) -> Test:
    """Whether every stated condition holds on a day, or on that of the conditions."""
    on = None if who.on is None else who.on.toordinal()
    conditions = [*_of_post(people, who), *_of_person(who)]
    first = conditions.pop(0) if conditions else None  # often the only one: called without a loop

    def test(people: People, person: Person, day: int) -> bool:
        day = day if on is None else on
        post = person.post_on(day)
        if first is not None and not first(people, person, post, day):
            return False
        return not conditions or all(holds(people, person, post, day) for holds in conditions)

    return test


def _of_post(people: People, who: Conditions) -> list[Condition]:
    units, duties, requires = set(who.units), set(who.duties), set(who.requires)
    found: list[Condition] = []
    if units:
        found.append(lambda _people, _person, post, _day: post.unit in units)
    if duties:
        found.append(lambda _people, _person, post, _day: not duties.isdisjoint(post.duties))
    if requires:
        found.append(lambda _people, _person, post, _day: not requires.isdisjoint(post.requires))
    if who.key_posts is not None:
        found.append(lambda _people, _person, post, _day: post.key == who.key_posts)
    if who.level_low is not None or who.level_high is not None:
        levels = {level for level in people.rank if people.within_levels(level, who.level_low, who.level_high)}
        found.append(lambda _people, _person, post, _day: post.level in levels)
    authorities, part = set(who.authorities), None if who.with_below else 1
    if authorities:
        found.append(
            lambda people, _person, post, _day: not authorities.isdisjoint(
                people.above(people.manager(post.unit, post.level))[:part]
            )
        )
    return found


def _of_person(who: Conditions) -> list[Condition]:
    teams, categories, holds = set(who.teams), set(who.categories), set(who.holds)
    found: list[Condition] = []
    if teams:
        found.append(lambda _people, person, _post, _day: not teams.isdisjoint(person.teams))
    if categories:
        found.append(
            lambda _people, person, post, _day: not (
                categories.isdisjoint(person.categories) and categories.isdisjoint(post.categories)
            )
        )
    if holds:
        found.append(lambda _people, person, _post, _day: not holds.isdisjoint(person.holds))
    age, served = (who.age_low, who.age_high), (who.service_years_low, who.service_years_high)
    in_post = who.post_years_low, who.post_years_high
    if age != NO_LIMIT:
        found.append(lambda _people, person, _post, day: _in_time(*age, person.born, day))
    if served != NO_LIMIT:
        found.append(lambda _people, person, _post, day: _in_time(*served, person.entered, day))
    if in_post != NO_LIMIT:
        found.append(lambda _people, person, _post, day: _in_time(*in_post, person.in_post_since(day), day))
    if who.asks_event:
        found.append(lambda _people, person, _post, _day: _has_event(who, person))
    return found


def _in_time(low: int | None, high: int | None, since: int | None, day: int) -> bool:
    """Whether the full years from one day to another lie between two numbers."""
    if since is None or since > day:
        return False
    if low is not None and anniversary(since, low) > day:
        return False
    return high is None or anniversary(since, high + 1) > day


@lru_cache(maxsize=2**16)
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
