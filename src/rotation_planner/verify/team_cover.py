"""Team cover: who of a team may be away together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from rotation_planner.domain.organisation import Team
from rotation_planner.domain.policy import TeamCover
from rotation_planner.verify.facts import Attended, Facts
from rotation_planner.verify.findings import Findings
from rotation_planner.verify.loads import Changes, add, report_excess, segments

HALF_A_DAY = 500

Spans = Iterator[tuple[int, int, int, int, int]]


def check(rule: TeamCover, facts: Facts, findings: Findings) -> None:
    """Look at every team on every working day."""
    for team in facts.scenario["teams"]:
        for condition, spans, words in (
            ("never_together", _never_together(rule, facts, team), "{} too many of those never away together"),
            ("chief", _chief(rule, facts, team), "the chief and everybody who may stand in are away"),
            ("min_present", _min_present(rule, facts, team), "{} fewer present than must be"),
        ):
            report_excess(
                findings, rule.label, (team.id, condition), spans, "person",
                lambda over, _, words=words: words.format(over), facts.works,  # type: ignore[misc]
            )


def _never_together(rule: TeamCover, facts: Facts, team: Team) -> Spans:
    return _at_most(rule, facts, team.never_together, 1)


def _min_present(rule: TeamCover, facts: Facts, team: Team) -> Spans:
    if team.min_present == 0:
        return iter(())
    members = set(team.members)
    return _at_most(rule, facts, members, len(members) - team.min_present)


def _chief(rule: TeamCover, facts: Facts, team: Team) -> Spans:
    stand_ins = set(team.stand_ins or team.deputies) - {team.chief}
    if team.chief is None or not stand_ins:
        return iter(())
    return _at_most(rule, facts, {team.chief, *stand_ins}, len(stand_ins))


def _at_most(rule: TeamCover, facts: Facts, who: Iterable[str], limit: int) -> Spans:
    people = sorted(set(who))
    now, settled = (_away(rule, facts, people, of) for of in (facts.by_cadre, facts.settled_of))
    for first, last, (away, must) in segments(now, settled):
        yield first, last, away, max(0, limit), must


def _away(rule: TeamCover, facts: Facts, people: list[str], of: Mapping[str, list[Attended]]) -> Changes:
    """Persons away; nobody counts twice on a day."""
    total: Changes = {}
    for cadre in people:
        own: Changes = {}
        for a in of.get(cadre, ()):
            if a.run.course.day_fraction_per_mille >= HALF_A_DAY and facts.selected(rule.who, a.person):
                for first, last in facts.away(a):
                    add(own, first, last, 1)
        for first, last, _ in segments(own):
            add(total, first, last, 1)
    return total
