"""What authorities settle between them: approvals that can count, quotas that add up."""

from __future__ import annotations

import datetime as dt

from rotation_planner.check.findings import Findings
from rotation_planner.compile.career import Management
from rotation_planner.domain.dealings import Quota
from rotation_planner.domain.organisation import Authority
from rotation_planner.domain.policy import Approval, Precedence


def check(findings: Findings) -> None:
    """Approvals, seat quotas, and the rules that read them."""
    rules = findings.scenario.policy.rules
    known = findings.known("authorities")
    for rule in rules:
        named: dict[str, tuple[str, ...]] = {}
        if isinstance(rule, Approval):
            named = {"departments": rule.departments}
        elif isinstance(rule, Precedence):
            named = {"authorities": rule.authorities, "kinds": rule.kinds}
        for column, values in named.items():
            for value in dict.fromkeys(values):
                if column != "kinds" and value not in known:
                    findings.add("unknown_reference", "policy", None, column, value,
                                 f"Rule {rule.label}: there is no such id in authorities.", "Correct the rule.")
                if values.count(value) > 1:
                    findings.add("listed_twice", "policy", None, column, value,
                                 f"Rule {rule.label}: it is listed twice.", "List it once.")
    for table, kind in (("approvals", "approval"), ("seat_quotas", "seat_quota")):
        if findings.count(table) and not findings.gaps.policy and all(rule.kind != kind for rule in rules):
            findings.add("no_rule", table, None, "", None, f"There is no rule of the kind {kind} to keep them.",
                         "Add the rule, or empty the table.")
    _approvals(findings, [rule for rule in rules if isinstance(rule, Approval)])
    _quotas(findings)


def _approvals(findings: Findings, rules: list[Approval]) -> None:
    scenario = findings.scenario
    for one, other, about in (("course", "session", "training"), ("target", "cadre", "people")):
        for i, a, b in findings.rows("approvals", one, other):
            if (a is None) == (b is None):
                findings.add("one_of_two", "approvals", i, one, a,
                             f"It must name its {about} by either {one} or {other}.", "Fill in exactly one of the two.")
    if findings.errors:
        return  # callers and deciders are read off a sound tree
    callers = _callers(findings)
    authorities: list[Authority] = list(scenario["authorities"])
    management = Management(scenario)
    above = {a.id: [authorities[k].id for k in management.above(i)] for i, a in enumerate(authorities)}
    for rule in rules:
        for caller in sorted({c for by in callers.values() for c in by} - set(rule.departments)):
            if any(caller in chain[1:] for chain in above.values()) and not _deciders(rule, authorities, above, caller):
                findings.warn("nobody_decides", "policy", None, "departments", caller,
                              f"Rule {rule.label}: its call-ups need an approval that nobody can give.",
                              "Name a department beside or above it.")
    for i, d in enumerate(scenario["approvals"]):
        by = callers.get((d.course, None) if d.session is None else (None, d.session), {})
        decides = {a for rule in rules for caller in by if caller not in rule.departments
                   for a in _deciders(rule, authorities, above, caller)}
        if by and all(caller in rule.departments for rule in rules for caller in by):
            findings.warn("not_needed", "approvals", i, "authority", d.authority,
                          f"Call-ups by {', '.join(sorted(by))} need no approval.", "Remove the row.")
        elif by and d.authority not in decides:
            who = ", ".join(sorted(decides)) or "nobody"
            findings.add("wrong_authority", "approvals", i, "authority", d.authority,
                         f"It does not decide about call-ups by {', '.join(sorted(by))} ({who} does).",
                         "Correct the authority, or the departments of the rule.")
        elif by and d.target is not None and not any(
            caller in above[d.target] or d.target in above[caller] for caller in by
        ):
            findings.warn("not_below", "approvals", i, "target", d.target,
                          "Nobody whom it manages is below the caller.", "Correct the target.")
        if by and d.date > max(by.values()):
            findings.warn("too_late", "approvals", i, "date", d.date,
                          f"It is dated after the last call-up it could be about ({max(by.values())}).",
                          "Correct the date; it counts for nothing.")


def _callers(findings: Findings) -> dict[tuple[str | None, str | None], dict[str, dt.date]]:
    """Course, or session, to the authorities that call up to it, each with its last start."""
    scenario = findings.scenario
    owner = dict(zip(scenario["courses"].tolist("id"), scenario["courses"].tolist("owner"), strict=True))
    place = dict(zip(scenario["institutions"].tolist("id"), scenario["institutions"].tolist("authority"), strict=True))
    callers: dict[tuple[str | None, str | None], dict[str, dt.date]] = {}
    for s in findings.sessions:
        caller = owner[s.course] or place[s.institution]
        for key in ((s.course, None), (None, s.id)):
            by = callers.setdefault(key, {})
            by[caller] = max(s.start, by.get(caller, s.start))
    return callers


def _deciders(rule: Approval, authorities: list[Authority], above: dict[str, list[str]], caller: str) -> list[str]:
    """Authorities that decide about call-ups by an authority."""
    parent = {a.id: a.parent for a in authorities}
    if not rule.departments:
        return [parent[caller] or caller]
    beside = [d for d in rule.departments if d in parent and parent[d] == parent[caller]]
    return beside or [a for a in above[caller][1:] if a in rule.departments][:1]


def _quotas(findings: Findings) -> None:
    scenario = findings.scenario
    for i, returned, granted in findings.rows("seat_quotas", "returned", "granted"):
        if returned > granted:
            findings.add("returned_above_granted", "seat_quotas", i, "returned", returned,
                         f"More is returned than was granted ({granted}).", "Correct one of the two.")
    for i, asked, granted in findings.rows("seat_quotas", "asked", "granted"):
        if 0 < asked < granted:
            findings.warn("granted_above_asked", "seat_quotas", i, "granted", granted,
                          f"More is granted than was asked for ({asked}).", "Correct one of the two.")
    for i, year in findings.rows("seat_quotas", "year"):
        if year not in scenario.years:
            findings.warn("year_outside", "seat_quotas", i, "year", year,
                          "Outside the horizon; no session is held against it.", "Remove it, or correct the year.")
    if findings.errors:
        return
    quotas: list[Quota] = list(scenario["seat_quotas"])
    authorities: list[Authority] = list(scenario["authorities"])
    management = Management(scenario)
    above = {a.id: [authorities[k].id for k in management.above(i)][1:] for i, a in enumerate(authorities)}
    seats = {(q.course, q.year, q.authority): q.granted - q.returned for q in quotas}
    handed: dict[tuple[str, int, str], int] = {}
    for q in quotas:
        holder = next((a for a in above[q.authority] if (q.course, q.year, a) in seats), None)
        if holder is not None:
            key = (q.course, q.year, holder)
            handed[key] = handed.get(key, 0) + seats[q.course, q.year, q.authority]
    for i, q in enumerate(quotas):
        given = handed.get((q.course, q.year, q.authority), 0)
        if given > q.granted - q.returned:
            findings.warn("more_handed_down", "seat_quotas", i, "granted", q.granted,
                          f"{given} seats are handed down to authorities below, it has {q.granted - q.returned}.",
                          "Grant it more, or those below less; the smaller figure holds.")
