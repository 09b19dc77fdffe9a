"""Precedence: which of the call-ups that clash for a cadre stand, and which yield."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter

from rotation_planner.domain.dealings import Decision
from rotation_planner.domain.policy import Approval, CallUps, NoRepeat, OnePlace, Precedence
from rotation_planner.verify import approval
from rotation_planner.verify.call_ups import is_call_up
from rotation_planner.verify.eligibility import why_not
from rotation_planner.verify.facts import Facts
from rotation_planner.verify.findings import Findings
from rotation_planner.verify.no_repeat import gives
from rotation_planner.verify.people import Person
from rotation_planner.verify.teaching import Run, later

CRITERIA = ("binding", "authority", "kind", "date", "id")
"""What decides between two promises, in this order."""


@dataclass(frozen=True, slots=True)
class Promise:
    """A session that a cadre is promised to, with its place in the order of precedence (by ``CRITERIA``)."""

    person: Person
    run: Run
    must: bool
    order: tuple[bool, int, int, int, str]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two promises that clash: why, and by which criterion the first stands."""

    stands: Promise
    yields: Promise
    reasons: tuple[str, ...]
    criterion: str


def check(rule: Precedence, facts: Facts, findings: Findings) -> None:
    """What yields is not attended."""
    told: set[tuple[str, str]] = set()
    for pair in pairs(rule, facts):
        cadre, session, other = pair.yields.person.id, pair.yields.run.id, pair.stands.run.id
        if facts.attends(cadre, session) and (cadre, session) not in told:
            told.add((cadre, session))
            findings.either(
                rule.label, (cadre, session), 1, "attendance", f"{cadre}: {session} yields to {other}",
                pair.yields.must,
            )


def pairs(rule: Precedence, facts: Facts) -> list[Pair]:
    """Every promise that yields, with each that stands against it; by cadre, then in order of precedence."""
    found: list[Pair] = []
    for promises in _promises(rule, facts).values():
        stands: list[Promise] = []
        bound: list[Promise] = []
        for promise in promises:
            against = _against(promise, stands if promise.must else sorted(stands + bound, key=_ORDER), facts)
            if against:
                found += against
                if promise.must:
                    bound.append(promise)
            else:
                stands.append(promise)
    return found


_ORDER = attrgetter("order")


def _promises(rule: Precedence, facts: Facts) -> dict[str, list[Promise]]:
    """Cadre to what he or she is promised to and may keep, in order of precedence."""
    listed = {id_: i for i, id_ in enumerate(rule.authorities)}
    kinds = {kind: i for i, kind in enumerate(rule.kinds)}
    decisions: list[Decision] = list(facts.scenario["approvals"])
    approvals = [other for other in facts.policy.rules if isinstance(other, Approval)]
    found: dict[str, list[Promise]] = {}
    for cadre, session in dict.fromkeys([*facts.pairs["must"], *facts.pairs["published"]]):
        person, run = facts.people.of[cadre], facts.teaching.runs[session]
        must = (cadre, session) in facts.pairs["must"]
        if not facts.selected(rule.who, person):
            continue
        if not must and (
            why_not(facts, person, run) is not None
            or any(approval.lacks(other, facts, decisions, person, run) for other in approvals)
        ):
            continue
        rank = listed.get(run.payer, len(listed) + len(facts.people.above(run.payer)))
        kind = kinds.get(run.course.kind, len(kinds))
        found.setdefault(cadre, []).append(Promise(person, run, must, (not must, rank, kind, run.start, run.id)))
    return {cadre: sorted(of, key=_ORDER) for cadre, of in sorted(found.items())}


def _against(promise: Promise, present: list[Promise], facts: Facts) -> list[Pair]:
    """Clashes of a promise with those present of other callers."""
    reasons: dict[str, list[str]] = {}
    others = [p for p in present if p.run.payer != promise.run.payer]
    for other in others:
        for rule in facts.policy.rules:
            if facts.selected(rule.who, promise.person):
                code = _why(rule, facts, promise, other)
                if code and code not in reasons.setdefault(other.run.id, []):
                    reasons[other.run.id].append(code)
    for rule in facts.policy.rules:
        if isinstance(rule, CallUps) and facts.selected(rule.who, promise.person):
            last = _one_too_many(rule, facts, promise, present)
            if last is not None and "year" not in reasons.setdefault(last.run.id, []):
                reasons[last.run.id].append("year")
    return [
        Pair(other, promise, tuple(reasons[other.run.id]), _criterion(other, promise))
        for other in others if reasons.get(other.run.id)
    ]


def _why(rule: object, facts: Facts, one: Promise, other: Promise) -> str | None:
    """Why a rule does not allow both."""
    first, second = sorted((one.run, other.run), key=attrgetter("order"))
    if isinstance(rule, OnePlace):
        days = [facts.teaching.away(run, facts.trip(one.person, run)[0]) for run in (first, second)]
        shared = any(a <= d and c <= b for a, b in days[0] for c, d in days[1])
        return "days" if shared else None
    if isinstance(rule, CallUps):
        both = is_call_up(rule, first.course) and is_call_up(rule, second.course)
        return "spacing" if both and second.start - first.end - 1 < rule.spacing_days else None
    if isinstance(rule, NoRepeat):
        again = _repeats(rule, facts, first, second)
        again = again or (first.start == second.start and _repeats(rule, facts, second, first))
        return "content" if again else None
    return None


def _repeats(rule: NoRepeat, facts: Facts, first: Run, second: Run) -> bool:
    months = first.course.validity_months
    return gives(rule, facts, first.course.id, second.course.id) and (
        months == 0 or second.start < later(first.end, months)
    )


def _one_too_many(rule: CallUps, facts: Facts, promise: Promise, present: Iterable[Promise]) -> Promise | None:
    """The last of the call-ups by others that fill the year, if a promise is one too many beside those present."""
    if not is_call_up(rule, promise.run.course):
        return None
    beside = [p for p in present if p.run.year == promise.run.year and is_call_up(rule, p.run.course)]
    past = sum(
        is_call_up(rule, facts.teaching.courses[course]) and dt.date.fromordinal(day).year == promise.run.year
        for course, day, _ in promise.person.passed
    )
    if len(beside) + past < rule.max_per_year:
        return None
    return next((p for p in reversed(beside) if p.run.payer != promise.run.payer), None)


def _criterion(stands: Promise, yields: Promise) -> str:
    return next(c for c, a, b in zip(CRITERIA, stands.order, yields.order, strict=True) if a != b)
