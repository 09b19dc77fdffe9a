"""Cycles: never without a valid completion."""

from __future__ import annotations

from rotation_planner.domain.policy import EVERYONE, Cycle
from rotation_planner.verify.dues import BEYOND, SHORT_SERVICE, Due, note_unmet, served_long_enough
from rotation_planner.verify.events import ENTRY, clock_events
from rotation_planner.verify.facts import Facts
from rotation_planner.verify.findings import Findings
from rotation_planner.verify.people import Person
from rotation_planner.verify.teaching import Run, later
from rotation_planner.verify.which import chosen


def check(rule: Cycle, facts: Facts, findings: Findings) -> list[Due]:
    """Note who is exempt and who lapses for how many days; returns what is owed."""
    dues = []
    days = facts.end - facts.start + 1
    for person in facts.people.of.values():
        since = _due_since(rule, facts, person)
        if since is None:
            continue
        served = person.service_days
        if served == 0 or not served_long_enough(served, rule.min_service_months, days):
            findings.exempt.append((rule.label, person.id, SHORT_SERVICE))
        elif since >= person.serves_until:
            findings.exempt.append((rule.label, person.id, BEYOND))
        else:
            dues.append(_due(rule, facts, person, since))
    note_unmet(rule, dues, findings)
    return dues


def serves(rule: Cycle, due: Due, run: Run) -> bool:
    """Whether a session serves what is owed."""
    return chosen(rule.which, run.course) and run.end <= due.last


def _due_since(rule: Cycle, facts: Facts, person: Person) -> int | None:
    """First day on which a completion must be valid; None for whom the rule is not about."""
    if rule.events:
        events = clock_events(facts, person, rule.events, rule.who)
        if not events:
            return None
        return max(person.serves_from, later(events[0][0], rule.first_months))
    if not facts.selected(rule.who, person):
        return None
    arrivals = clock_events(facts, person, (ENTRY,), EVERYONE)
    return max(person.serves_from, later(arrivals[-1][0], rule.first_months)) if arrivals else person.serves_from


def _due(rule: Cycle, facts: Facts, person: Person, since: int) -> Due:
    until = person.serves_until
    past = [day for course, day, _ in person.passed if chosen(rule.which, facts.teaching.courses[course])]
    due = Due(person, (person.id, "horizon"), since, until - 1, until - since, 0, 0)
    due.history = due.required - days_lapsed(rule, past, since, until)
    planned = [a.run.end for a in facts.by_cadre.get(person.id, ()) if serves(rule, due, a.run)]
    due.achieved = due.required - days_lapsed(rule, [*past, *planned], since, until)
    return due


def days_lapsed(rule: Cycle, completions: list[int], since: int, until: int) -> int:
    """Fewest days from ``since`` up to before ``until`` without a valid completion.

    Goes through the completions in the order of their days with every expiry that some way of counting them leads to:
    each completion is left out, or counted from its own day, or from the expiry if done late enough before it.
    """

    def gap(expiry: int, day: int) -> int:
        return max(0, min(day, until) - max(expiry, since))

    lapsed = {0: 0}  # expiry to days lapsed up to it; day 0 is long ago
    for day in sorted(completions):
        ways = list(lapsed.items())
        for expiry, lost in ways:
            on_time = rule.anchor == "expiry" and expiry > 0 and later(expiry, -rule.early_months) <= day < expiry
            lost += gap(expiry, day)
            for counted in (day, expiry) if on_time else (day,):
                follows = later(counted, rule.months)
                lapsed[follows] = min(lost, lapsed.get(follows, lost))
    return min(lost + gap(expiry, until) for expiry, lost in lapsed.items())
