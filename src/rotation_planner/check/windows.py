"""Totals over windows: each window has the figures it needs and no other, and some of it lies in the horizon."""

from __future__ import annotations

import datetime as dt
from typing import Any

from rotation_planner.check.findings import Findings
from rotation_planner.domain.policy import CarryOver, Total, TotalLimit

NEEDED = {"rolling": ("months",), "dates": ("first", "last"), "service": ("years_low", "years_high")}
"""Window to the parameters it needs."""

OPTIONAL = {"every_months": "rolling"}
"""Parameter to the only window that reads it."""


def check(findings: Findings) -> None:
    """Rules about totals. Needs a usable horizon."""
    for rule in findings.scenario.policy.rules:
        if isinstance(rule, (Total, TotalLimit)):
            _window(findings, rule)
            _order(findings, rule)
            _subjects(findings, rule)
        if isinstance(rule, Total):
            _replacing(findings, rule)
            _other_measure(findings, rule)
            _service(findings, rule)
        if isinstance(rule, CarryOver):
            _opening(findings, rule)


def _add(findings: Findings, rule: Any, code: str, column: str, problem: str, mend: str) -> None:
    value = getattr(rule, column)
    shown = value if isinstance(value, (int, str, dt.date)) else None
    findings.add(code, "policy", None, column, shown, f"Rule {rule.label}: {problem}", mend)


def _window(findings: Findings, rule: Total | TotalLimit) -> None:
    """What the window needs is there, and nothing that it does not read."""
    for window, names in NEEDED.items():
        for name in names:
            given = getattr(rule, name, None) is not None
            if given and window != rule.window:
                _add(findings, rule, "parameter_not_applicable", name, f"the window {rule.window} does not read it.",
                     f"Remove it, or choose the window {window}.")
            if window == rule.window and not given:
                _add(findings, rule, "parameter_missing", name, f"the window {window} needs it.", "State it.")
    if not isinstance(rule, Total):
        return
    for name, window in OPTIONAL.items():
        if getattr(rule, name) is not None and window != rule.window:
            _add(findings, rule, "parameter_not_applicable", name, f"the window {rule.window} does not read it.",
                 f"Remove it, or choose the window {window}.")
    if not rule.look_back and rule.window == "horizon":
        _add(findings, rule, "parameter_not_applicable", "look_back", "the horizon does not begin before itself.",
             "Remove it.")


def _order(findings: Findings, rule: Total | TotalLimit) -> None:
    """First before last, and some window that counts."""
    scenario = findings.scenario
    if rule.first is not None and rule.last is not None:
        if rule.first > rule.last:
            _add(findings, rule, "span_reversed", "first", f"it is after last ({rule.last}).", "Exchange the two.")
        elif rule.last < scenario.start or rule.first > scenario.end:
            _add(findings, rule, "outside_horizon", "last", "the window lies outside the horizon.",
                 "Correct the dates, or drop the rule.")
        elif isinstance(rule, Total) and rule.last > scenario.end:
            findings.warn("not_yet_due", "policy", None, "last", rule.last,
                          f"Rule {rule.label}: nothing is due before the horizon ends ({scenario.end}).",
                          "Lengthen the horizon, or bring the date forward.")
    if not isinstance(rule, Total):
        return
    if rule.years_low is not None and rule.years_high is not None and rule.years_low > rule.years_high:
        _add(findings, rule, "span_reversed", "years_low", f"it is above years_high ({rule.years_high}).",
             "Exchange the two.")
    if rule.every_months is not None and rule.every_months > 12 * scenario.horizon.years:
        _add(findings, rule, "outside_horizon", "every_months", "no window ends in the horizon.", "Lower it.")
    if rule.window == "rolling" and not rule.look_back and (rule.months or 0) > 12 * scenario.horizon.years:
        _add(findings, rule, "outside_horizon", "months", "no window lies inside the horizon.",
             "Lower it, or let windows look back.")


def _subjects(findings: Findings, rule: Total | TotalLimit) -> None:
    """Subjects are stated where they are measured, and exist."""
    if bool(rule.subjects) != (rule.measure == "subject_hours"):
        code = "parameter_missing" if not rule.subjects else "parameter_not_applicable"
        _add(findings, rule, code, "subjects", "it goes with the measure subject_hours, and only with it.",
             "Name the subjects." if not rule.subjects else "Remove it, or correct the measure.")
    known = findings.known("subjects")
    for name in rule.subjects:
        if name not in known:
            findings.add("unknown_reference", "policy", None, "subjects", name,
                         f"Rule {rule.label}: there is no such id in subjects.", "Correct it, or add it to subjects.")


def _replacing(findings: Findings, rule: Total) -> None:
    """What may replace, and how much of it, are stated together."""
    if (rule.replace is not None) != (rule.replace_per_mille > 0):
        missing = "replace_per_mille" if rule.replace is not None else "replace"
        _add(findings, rule, "parameter_missing", missing, "replace and replace_per_mille go together.",
             "State both, or neither.")
    if rule.replace is None:
        return
    if rule.measure == "subject_hours":
        if set(rule.replace.subjects) <= set(rule.subjects):
            _add(findings, rule, "parameter_missing", "replace", "it names no subjects beside those that count.",
                 "Name the subjects whose hours may replace a part.")
    elif rule.replace == rule.which:
        _add(findings, rule, "parameter_not_applicable", "replace", "these courses count in full already.",
             "Name other courses.")


def _other_measure(findings: Findings, rule: Total) -> None:
    """Another measure comes with its amount, beside a measure in whole units and nothing that replaces."""
    if (rule.or_measure is None) != (rule.or_amount is None):
        missing = "or_amount" if rule.or_amount is None else "or_measure"
        _add(findings, rule, "parameter_missing", missing, "or_measure and or_amount go together.",
             "State both, or neither.")
    if rule.or_measure is None:
        if rule.or_which is not None:
            _add(findings, rule, "parameter_not_applicable", "or_which", "there is no other measure.",
                 "Remove it, or name the measure.")
        return
    if rule.or_measure == rule.measure and rule.or_which in (None, rule.which):
        _add(findings, rule, "parameter_not_applicable", "or_measure", "it is the measure itself.",
             "Name another one, or remove it.")
    if rule.measure == "subject_hours":
        _add(findings, rule, "parameter_not_applicable", "or_measure",
             "the hours of subjects have no other measure.", "Remove it, or correct the measure.")
    if rule.replace is not None:
        _add(findings, rule, "parameter_not_applicable", "replace", "with another measure nothing replaces a part.",
             "Remove it, or the other measure.")


def _service(findings: Findings, rule: Total) -> None:
    """Years of service are counted from a day that is known."""
    if rule.window != "service":
        return
    dated = {cadre for _, cadre, kind in findings.rows("events", "cadre", "kind") if kind == "entry"}
    days = findings.rows("cadres", "id", "entered")
    unknown = [i for i, cadre, entered in days if entered is None and cadre not in dated]
    if unknown and findings.complete("events", "cadre", "kind"):
        findings.warn("no_entry", "cadres", unknown[0], "entered", None,
                      f"Rule {rule.label}: the day of entry of {len(unknown)} cadre(s) is not known; if it is about "
                      "them, they are exempt.", "Give the day of entry.")


def _opening(findings: Findings, rule: CarryOver) -> None:
    """Opening balances above the cap are cut to it."""
    above = [(i, hours) for i, hours in findings.rows("cadres", "opening_hours") if hours > rule.cap_hours]
    if above:
        findings.warn("opening_above_cap", "cadres", above[0][0], "opening_hours", above[0][1],
                      f"Rule {rule.label}: of the opening balance of {len(above)} cadre(s) only the cap "
                      f"({rule.cap_hours}) counts.", "Correct the balance, or raise the cap.")
