"""Who may attend what, and the reason when not."""

from __future__ import annotations

from rotation_planner.verify.facts import Facts
from rotation_planner.verify.findings import Findings
from rotation_planner.verify.people import Person
from rotation_planner.verify.teaching import Run

LABEL = "eligibility"


def check(facts: Facts, findings: Findings) -> None:
    """Every attendance must be one the cadre is eligible for, unless a ``must`` commitment settles it."""
    for a in facts.attended:
        reason = _why_not(facts, a.person, a.run, a.stretches)
        if reason is not None:
            cadre, session = a.person.id, a.run.id
            findings.either(
                LABEL, (cadre, session, reason), 1, "attendance", f"{cadre} may not attend {session}: {reason}", a.must
            )


def why_not(facts: Facts, person: Person, run: Run) -> str | None:
    """The first reason for which a cadre may not attend a session, or None."""
    return _why_not(facts, person, run, facts.teaching.away(run, facts.trip(person, run)[0]))


def _why_not(facts: Facts, person: Person, run: Run, away: tuple[tuple[int, int], ...]) -> str | None:
    course = run.course
    if run.closed:
        return "closed"
    if run.id in facts.session_must_not:
        return "session_must_not"
    post = person.post_on(run.start)
    low, high = course.level_low, course.level_high
    if (low is not None or high is not None) and not facts.people.within_levels(post.level, low, high):
        return "level"
    if course.categories and person.categories.union(post.categories).isdisjoint(course.categories):
        return "category"
    if course.duties and set(course.duties).isdisjoint(post.duties):
        return "duties"
    if course.owner is not None:
        manager = facts.people.manager(post.unit, post.level)
        if course.owner not in facts.people.above(manager):
            return "authority"
    # weekend courses given a week without a weekend take no day at all; their dates stand for them
    stretches = away or ((run.start, run.end),)
    first, last = stretches[0][0], stretches[-1][1]
    if first < person.serves_from:
        return "not_serving"
    if person.retired is not None and last >= person.retired:
        return "retired"
    if person.leave and any(a <= end and start <= b for start, end in person.leave for a, b in stretches):
        return "leave"
    return _by_history(facts, person, run)


def _overlaps(facts: Facts, person: Person, passed: str, wanted: str) -> bool:
    """Whether a course on record overlaps another more than a rule on repeats allows."""
    return any(
        wanted in facts.teaching.overlapping(most)[passed] and facts.selected(rule.who, person)
        for rule, most in facts.overlaps_allowed
    )


def _by_history(facts: Facts, person: Person, run: Run) -> str | None:
    teaching, course = facts.teaching, run.course
    stands_for, some_limited = teaching.stands_for, bool(facts.overlaps_allowed)
    for passed, day, _ in person.passed:
        again = course.id in stands_for[passed] or (some_limited and _overlaps(facts, person, passed, course.id))
        if again and teaching.valid(passed, day, run.start):
            return "held"
    for needed in course.prerequisites:
        on_record = any(needed in stands_for[passed] for passed, _, _ in person.passed)
        if not on_record and teaching.first_end.get(needed, run.start) >= run.start:
            return "prerequisite"
    must_not = facts.pairs["must_not"]
    return "must_not" if must_not and (person.id, run.id) in must_not else None
