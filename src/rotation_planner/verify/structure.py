"""Structure: a plan speaks of cadres, sessions, classes and study hours that exist, each once."""

from __future__ import annotations

from collections import Counter
from typing import Any

from rotation_planner.domain.plan import Plan
from rotation_planner.verify.facts import Facts, columns
from rotation_planner.verify.findings import Findings
from rotation_planner.verify.hours import rules_by_window, study_limit

LABEL = "structure"


def check(facts: Facts, plan: Plan, findings: Findings) -> None:
    """Look at every row of the plan."""
    _check_opened(facts, plan, findings)
    _check_attendances(facts, plan, findings)
    _check_study(facts, plan, findings)


def _check_opened(facts: Facts, plan: Plan, findings: Findings) -> None:
    seen: Counter[str] = Counter()
    for given, classes in columns(plan.opened, "session", "classes"):
        session = _text(given)
        if not (isinstance(given, str) and given in facts.teaching.runs):
            findings.violate(LABEL, ("opened", session), 1, "row", f"no such session: {session}")
        elif classes < 1:
            words = f"{session}: opened with {classes} classes"
            findings.violate(LABEL, ("opened", session), 1 - classes, "class", words)
        seen[session] += 1
    _check_repeats("opened", {(session,): count for session, count in seen.items()}, findings)


def _check_attendances(facts: Facts, plan: Plan, findings: Findings) -> None:
    # The facts keep each known row once: if they kept them all, none need be looked at for what it names.
    sound = len(facts.attended) == len(plan.attendances)
    seen: Counter[tuple[str, ...]] = Counter()
    unopened: Counter[str] = Counter()
    for cadre_, session_, class_no in columns(plan.attendances, "cadre", "session", "class_no"):
        if not sound:
            seen[_text(cadre_), _text(session_)] += 1
            if not _known(facts, findings, cadre_, session_):
                continue
        cadre, session = cadre_, session_
        classes = facts.classes.get(session, 0)
        if classes == 0:
            unopened[session] += 1
        elif not 1 <= class_no <= classes:
            findings.violate(
                LABEL, ("attendances", cadre, session), max(class_no - classes, 1 - class_no), "class",
                f"{cadre}: class {class_no} of {session}, which runs {classes}",
            )
    for session, heads in unopened.items():
        findings.violate(
            LABEL, ("attendances", session), heads, "attendance", f"{session} does not run, {heads} attend it"
        )
    _check_repeats("attendances", seen, findings)


def _known(facts: Facts, findings: Findings, cadre: Any, session: Any) -> bool:
    """Whether cadre and session of an attendance exist; notes which does not."""
    where = ("attendances", _text(cadre), _text(session))
    known = True
    if not (isinstance(cadre, str) and cadre in facts.people.of):
        findings.violate(LABEL, where, 1, "row", f"no such cadre: {where[1]}")
        known = False
    if not (isinstance(session, str) and session in facts.teaching.runs):
        findings.violate(LABEL, where, 1, "row", f"no such session: {where[2]}")
        known = False
    return known


def _check_study(facts: Facts, plan: Plan, findings: Findings) -> None:
    rules = rules_by_window(facts)
    sound = sum(map(len, facts.study.values())) == len(plan.study)
    seen: Counter[tuple[str, ...]] = Counter()
    for cadre_, rule_, window_, hours in columns(plan.study, "cadre", "rule", "window", "hours"):
        cadre, rule, window = (cadre_, rule_, window_) if sound else (_text(cadre_), _text(rule_), _text(window_))
        if not sound:
            seen[cadre, rule, window] += 1
        where = ("study", cadre, rule, window)
        if not sound and not (isinstance(cadre_, str) and cadre_ in facts.people.of):
            findings.violate(LABEL, where, 1, "row", f"no such cadre: {cadre}")
        elif rule not in rules:
            findings.violate(LABEL, where, 1, "row", f"no such hours rule: {rule}")
        elif window not in rules[rule]:
            findings.violate(LABEL, where, 1, "row", f"{rule} has no window {window}")
        elif hours < 0:
            findings.violate(LABEL, where, -hours, "hour", f"{cadre}: {hours} hours of study")
        else:
            cap = study_limit(*rules[rule][window], facts, facts.people.of[cadre])
            if hours > cap:
                words = f"{cadre}: {hours} hours of study for {rule} {window}, at most {cap}"
                findings.violate(LABEL, where, hours - cap, "hour", words)
    _check_repeats("study", seen, findings)


def _check_repeats(table: str, seen: dict[tuple[str, ...], int], findings: Findings) -> None:
    for where, count in seen.items():
        findings.violate(LABEL, (table, *where), count - 1, "row", f"{' '.join(where)}: {count} rows in {table}")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else str(value)
