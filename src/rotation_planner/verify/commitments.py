"""Commitments: what must be and what must not be."""

from __future__ import annotations

from rotation_planner.domain.policy import Commitments
from rotation_planner.verify.facts import Facts
from rotation_planner.verify.findings import Findings

UNIT = "commitment"


def check(rule: Commitments, facts: Facts, findings: Findings) -> None:
    """Look at each binding commitment."""
    must = facts.pairs["must"]
    for cadre, session in must:
        if not facts.attends(cadre, session):
            words = f"{cadre} must attend {session} and does not"
            findings.violate(rule.label, (cadre, session, "must"), 1, UNIT, words)
    for cadre, session in facts.pairs["must_not"]:
        if facts.attends(cadre, session):
            words = f"{cadre} must not attend {session} and does"
            findings.either(rule.label, (cadre, session, "must_not"), 1, UNIT, words, (cadre, session) in must)
    for session in facts.session_must:
        if session not in facts.classes:
            findings.violate(rule.label, (session, "must"), 1, UNIT, f"{session} must run and does not")
    for session in facts.session_must_not:
        classes = facts.classes.get(session, 0)
        settled = classes if session in facts.session_must else facts.settled_classes(facts.teaching.runs[session])
        words = f"{session} must not run and does, with {classes} classes"
        findings.exceed(rule.label, (session, "must_not"), classes, 0, settled, "class", words)
