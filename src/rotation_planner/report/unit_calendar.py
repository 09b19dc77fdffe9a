"""How many of a unit's people are away, per period of the grain, beside its release."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator

from rotation_planner.domain.planning import Grain
from rotation_planner.domain.policy import UnitRelease
from rotation_planner.report.view import View

_DAY = dt.timedelta(days=1)


def period_of(day: dt.date, grain: Grain) -> tuple[dt.date, dt.date]:
    """First and last day of the ISO week, half-month or month of a day."""
    if grain == "week":
        first = day - dt.timedelta(days=day.weekday())
        return first, first + dt.timedelta(days=6)
    following = (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
    if grain == "month":
        return day.replace(day=1), following - _DAY
    return (day.replace(day=1), day.replace(day=15)) if day.day <= 15 else (day.replace(day=16), following - _DAY)


def away_by_period(view: View) -> Iterator[tuple[str, dt.date, dt.date, float, int | None]]:
    """Unit, first and last day of the period, most persons away on one of its working days, release on that day.

    Periods in which nobody is away are left out. The release is None where no rule limits the absence; where it
    changes within a period, the day with the least room left is the one shown.
    """
    release = _Release(view)
    days = _unit_days(view)
    for unit in sorted(days):
        worst: dict[tuple[dt.date, dt.date], tuple[float, float, int | None]] = {}
        for number, per_mille in days[unit].items():
            day = dt.date.fromordinal(number)
            allowed = release.on(unit, day)
            persons = per_mille / 1000
            key = (persons - allowed if allowed is not None else 0.0, persons, allowed)
            period = period_of(day, view.scenario.horizon.grain)
            if period not in worst or key[:2] > worst[period][:2]:
                worst[period] = key
        for (first, last), (_, persons, allowed) in sorted(worst.items()):
            yield unit, first, last, persons, allowed


def _unit_days(view: View) -> dict[str, Counter[int]]:
    """Per mille of a person away, per unit and working day."""
    facts = view.facts
    alike: Counter[tuple[str, str, int]] = Counter()
    rule = _rule(view)
    for a in facts.attended:
        if rule is None or facts.selected(rule.who, a.person):
            alike[a.unit, a.run.id, a.travel_days] += a.run.course.day_fraction_per_mille
    found: dict[str, Counter[int]] = defaultdict(Counter)
    for (unit, session, travel), share in alike.items():
        if share:
            days = found[unit]
            for first, last in facts.teaching.away(facts.teaching.runs[session], travel):
                for day in range(first, last + 1):
                    if facts.works(day):
                        days[day] += share
    return found


def _rule(view: View) -> UnitRelease | None:
    """The rule that limits absences on single days; rules per week or month show nothing day by day."""
    return next((r for r in view.scenario.policy.rules if isinstance(r, UnitRelease) and r.per == "day"), None)


class _Release:
    """Persons a unit may send away on a day."""

    def __init__(self, view: View) -> None:
        self._rule = _rule(view)
        self._units = view.units
        self._busy: dict[str, list[tuple[dt.date, dt.date, int]]] = defaultdict(list)
        for b in view.scenario["busy"]:
            self._busy[b.unit].append((b.start, b.end, b.release))
        people = view.facts.people.of.values()
        rule = self._rule
        self.strength = Counter(
            p.post.unit for p in people if rule is not None and view.facts.selected(rule.who, p)
        )

    def on(self, unit: str, day: dt.date) -> int | None:
        if self._rule is None:
            return None
        busy = [release for first, last, release in self._busy.get(unit, ()) if first <= day <= last]
        if busy:
            return min(busy)
        row = self._units[unit]
        per_mille, least = self._rule.per_mille, self._rule.at_least
        if self._rule.own_figures:
            per_mille = per_mille if row.release_per_mille is None else row.release_per_mille
            least = least if row.release_at_least is None else row.release_at_least
        return max(least, self.strength[unit] * per_mille // 1000)
