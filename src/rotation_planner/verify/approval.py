"""Approval: no leading member of a lower level is called up without the department in charge."""

from __future__ import annotations

from rotation_planner.domain.dealings import Decision
from rotation_planner.domain.policy import Approval
from rotation_planner.verify.facts import Facts
from rotation_planner.verify.findings import Findings
from rotation_planner.verify.people import People, Person
from rotation_planner.verify.teaching import Run
from rotation_planner.verify.which import chosen


def check(rule: Approval, facts: Facts, findings: Findings) -> None:
    """Look at each attendance."""
    decisions: list[Decision] = list(facts.scenario["approvals"])
    for a in facts.attended:
        if lacks(rule, facts, decisions, a.person, a.run):
            cadre, session = a.person.id, a.run.id
            findings.either(
                rule.label, (cadre, session), 1, "attendance",
                f"{cadre} is called up to {session} by {a.run.payer} without approval", a.must,
            )


def lacks(rule: Approval, facts: Facts, decisions: list[Decision], person: Person, run: Run) -> bool:
    """Whether a cadre may attend a session only with an approval that is not given."""
    if run.payer in rule.departments or not chosen(rule.which, run.course):
        return False
    post = person.post_on(run.start)
    manager = facts.people.manager(post.unit, post.level)
    chain = facts.people.above(manager)
    if run.payer not in chain[1:] or not facts.selected(rule.who, person, run.start):
        return False
    deciders = who_decides(rule, facts.people, run.payer)
    meant = [
        d for d in decisions
        if d.authority in deciders
        and d.date.toordinal() <= run.start
        and (d.course == run.course.id if d.session is None else d.session == run.id)
        and (d.target in chain if d.cadre is None else d.cadre == person.id)
    ]
    latest = max(((d.date, not d.granted) for d in meant), default=None)
    return latest is None or latest[1]


def who_decides(rule: Approval, people: People, caller: str) -> set[str]:
    """Authorities that decide about call-ups by an authority."""
    parent = people.authorities[caller].parent
    if not rule.departments:
        return {parent or caller}
    beside = {d for d in rule.departments if d in people.authorities and people.authorities[d].parent == parent}
    if beside:
        return beside
    return set([a for a in people.above(caller)[1:] if a in rule.departments][:1])
