"""Unit release: how many of a unit's people are away on a working day, in a week, or in a month."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from rotation_planner.domain.policy import UnitRelease
from rotation_planner.verify.facts import Attended, Facts
from rotation_planner.verify.findings import Findings
from rotation_planner.verify.loads import Changes, report_excess, segments
from rotation_planner.verify.release_figures import Figures

HALF_A_DAY = 500


def check(rule: UnitRelease, facts: Facts, findings: Findings) -> None:
    """Add up who is away, per unit and period."""
    figures = Figures(rule, facts)
    if rule.per == "day":
        _check_days(rule, facts, figures, findings)
    elif rule.measure == "people":
        _check_people(rule, facts, figures, findings)
    else:
        _check_person_days(rule, facts, figures, findings)


def _check_days(rule: UnitRelease, facts: Facts, figures: Figures, findings: Findings) -> None:
    """Parts of a day that people are away, per working day; in thousandths of a person."""
    load, settled = _away(rule, facts, facts.by_cadre), _away(rule, facts, facts.settled_of)
    for id_ in facts.people.units:
        if id_ in load:
            report_excess(
                findings, rule.label, (id_,), _spans(id_, load[id_], settled.get(id_, {}), figures),
                "person/1000", lambda over, of: f"{over} thousandths of a person more away than {of} thousandths",
                facts.works,
            )


def _away(rule: UnitRelease, facts: Facts, by_cadre: dict[str, list[Attended]]) -> dict[str, Changes]:
    load: dict[str, Changes] = defaultdict(lambda: defaultdict(int))
    for attended in by_cadre.values():
        if not facts.selected(rule.who, attended[0].person):
            continue
        for a in attended:
            part = a.run.course.day_fraction_per_mille
            if part:
                changes = load[a.unit]
                for first, last in a.stretches:
                    changes[first] += part
                    changes[last + 1] -= part
    return load


def _spans(
    unit: str, load: Changes, settled: Changes, figures: Figures
) -> Iterator[tuple[int, int, int, int, int]]:
    """Stretches of equal load and equal limit."""
    cuts = [day for first, last, _ in figures.busy.get(unit, ()) for day in (first, last + 1)]
    for first, last, (away, must) in segments(load, settled, cuts=cuts):
        yield first, last, away, 1000 * figures.on(unit, first), must


def _check_people(rule: UnitRelease, facts: Facts, figures: Figures, findings: Findings) -> None:
    """Different people away on the working days of a period with the same release."""

    def groups(attended: Iterable[Attended]) -> dict[tuple[str, str, int], set[str]]:
        found: dict[tuple[str, str, int], set[str]] = defaultdict(set)
        for a in attended:
            if a.run.course.day_fraction_per_mille >= HALF_A_DAY and facts.selected(rule.who, a.person):
                for day in _working_days(facts, a):
                    found[a.unit, period_of(rule, day), figures.on(a.unit, day)].add(a.person.id)
        return found

    away, settled = groups(facts.attended), groups(facts.settled)
    for unit, period, release in sorted(away):
        number = len(away[unit, period, release])
        findings.exceed(
            rule.label, (unit, period, str(release)), number, release, len(settled.get((unit, period, release), ())),
            "person", f"{unit}, {period}: {number} people away on days on which at most {release} may be",
        )


def _check_person_days(rule: UnitRelease, facts: Facts, figures: Figures, findings: Findings) -> None:
    """Days that all are away in a period, in thousandths."""

    def sums(attended: Iterable[Attended]) -> Counter[tuple[str, str]]:
        found: Counter[tuple[str, str]] = Counter()
        for a in attended:
            part = a.run.course.day_fraction_per_mille
            if part and facts.selected(rule.who, a.person):
                for day in _working_days(facts, a):
                    found[a.unit, period_of(rule, day)] += part
        return found

    away, settled = sums(facts.attended), sums(facts.settled)
    days = _days_by_period(rule, facts)
    for unit, period in sorted(away):
        most = 1000 * sum(figures.on(unit, day) for day in days[period] if facts.works(day))
        taken = away[unit, period]
        findings.exceed(
            rule.label, (unit, period), taken, most, settled[unit, period], "person-day/1000",
            f"{unit}, {period}: {taken} thousandths of a day away, at most {most}",
        )


def _working_days(facts: Facts, a: Attended) -> list[int]:
    return [day for first, last in a.stretches for day in range(first, last + 1) if facts.works(day)]


def _days_by_period(rule: UnitRelease, facts: Facts) -> dict[str, list[int]]:
    """Every day of each whole period, some beyond the horizon."""
    found: dict[str, list[int]] = defaultdict(list)
    for day in range(facts.start - 400, facts.end + 400):
        found[period_of(rule, day)].append(day)
    return found


def period_of(rule: UnitRelease, day: int) -> str:
    """The ISO week of a day as 2026-W09, or its month as 2026-03."""
    date = dt.date.fromordinal(day)
    if rule.per == "month":
        return f"{date.year}-{date.month:02}"
    year, week, _ = date.isocalendar()
    return f"{year}-W{week:02}"
