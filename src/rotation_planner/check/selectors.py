"""Who is meant: what selectors name exists, spans run forward, every part says something, somebody is found."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from rotation_planner.check.findings import Findings
from rotation_planner.compile.career import Careers, careers, index_of, lookup, ordinals
from rotation_planner.compile.selector import selected
from rotation_planner.domain.policy import EVERYONE, AnyRule, Conditions, Selector
from rotation_planner.domain.scenario import Scenario

SPANS = (
    ("age_low", "age_high"), ("service_years_low", "service_years_high"), ("post_years_low", "post_years_high"),
    ("event_from", "event_to"),
)
MEASURED = (
    "authorities", "units", "level_low", "level_high", "categories", "duties", "requires", "key_posts", "age_low",
    "age_high", "service_years_low", "service_years_high", "post_years_low", "post_years_high", "named",
)
"""Conditions that are measured on a day."""

UNKNOWN = (
    (("age_low", "age_high"), "birth_date", "date of birth"),
    (("service_years_low", "service_years_high"), "entered", "date of entry"),
    (("post_years_low", "post_years_high"), "entered", "event that gave a post, nor a date of entry"),
)
"""Conditions, the column that tells, and what is missing where it is empty."""


def of_rule(rule: AnyRule) -> Iterator[tuple[str, Selector]]:
    """Parameters of a rule that say who is meant."""
    return ((name, value) for name, value in rule if isinstance(value, Selector))


def check(findings: Findings) -> None:
    """What can be seen without looking for anybody."""
    for rule in findings.scenario.policy.rules:
        for name, value in of_rule(rule):
            place = Place(findings, "policy", None, f"{name}.", f"Rule {rule.label}: ")
            place.judge(value)
        if rule.WHO_DAY is None and rule.who != EVERYONE:
            findings.add("selector_not_applicable", "policy", None, "who", rule.label,
                         f"A rule of the kind {rule.kind} is about everybody.", "Remove `who` from the rule.")
    for i, row in enumerate(findings.scenario["selectors"]):
        Place(findings, "selectors", i, "", "").whole(row)  # its references are checked like those of any table


class Place:
    """Where a selector stands: a parameter of a rule, a row of the table, or a call.

    Parameters
    ----------
    findings : Findings
        Collects what is wrong.
    table, row : str, int or None
        The table, and the record in it.
    prefix, label : str
        What stands before the name of a condition, and before a sentence.
    """

    def __init__(self, findings: Findings, table: str, row: int | None, prefix: str, label: str) -> None:
        self.findings, self.table, self.row, self.prefix, self.label = findings, table, row, prefix, label

    def add(self, code: str, column: str, value: Any, problem: str, mend: str) -> None:
        """Add an error at one condition."""
        self.findings.add(code, self.table, self.row, self.prefix + column, value, self._said(problem), mend)

    def warn(self, code: str, column: str, value: Any, problem: str, mend: str) -> None:
        """Add a warning at one condition, or at the whole."""
        at = (self.prefix + column).rstrip(".")
        self.findings.warn(code, self.table, self.row, at, value, self._said(problem), mend)

    def _said(self, problem: str) -> str:
        return self.label + problem if self.label else problem[0].upper() + problem[1:]

    def judge(self, who: Conditions) -> None:
        """Look at everything that can be seen without looking for anybody."""
        self.references(who)
        self.whole(who)

    def references(self, who: Conditions) -> None:
        """Every id that is named exists."""
        for column, field in type(who).model_fields.items():
            extra: Any = field.json_schema_extra or {}
            if "ref" not in extra:
                continue
            value = getattr(who, column)
            known = self.findings.known(extra["ref"])
            for name in (value,) if isinstance(value, str) else value or ():
                if name not in known:
                    self.add("unknown_reference", column, name, f"there is no such id in {extra['ref']}.",
                             f"Correct it, or add it to {extra['ref']}.")

    def whole(self, who: Conditions) -> None:
        """Spans run forward, and nothing is stated that would mean nothing."""
        rank = {level: rank for _, level, rank in self.findings.rows("levels", "id", "rank")}
        low, high = rank.get(who.level_low or ""), rank.get(who.level_high or "")
        if low is not None and high is not None and low > high:
            self.add("levels_reversed", "level_low", who.level_low, f"it is above level_high ({who.level_high}).",
                     "Exchange the two.")
        for first, last in SPANS:
            a, b = getattr(who, first), getattr(who, last)
            if a is not None and b is not None and a > b:
                self.add("span_reversed", first, a, f"it is beyond {last} ({b}).", "Exchange the two.")
        if not who.with_below and not who.authorities:
            self.add("selector_not_applicable", "with_below", "false", "no authority is named.",
                     "Name the authorities, or remove it.")
        if who.on is not None and all(getattr(who, name, None) in (None, ()) for name in MEASURED):
            self.add("selector_not_applicable", "on", who.on, "nothing is asked that is measured on a day.",
                     "State what is asked of that day, or remove it.")
        duties = self.findings.known("posts", "duties")
        for duty in who.duties:
            if duty not in duties:
                self.warn("empty_selector", "duties", duty, "no post has this duty.", "Correct it, or drop it.")


def check_matches(findings: Findings) -> None:
    """Selectors that nobody fits; and who is left out for want of a date. Only without errors."""
    scenario = findings.scenario
    said = {(d.table, d.row, d.column.split(".")[0]) for d in findings.defects if d.code == "empty_selector"}
    stated = [
        (rule, name, who)
        for rule in scenario.policy.rules for name, who in of_rule(rule) if who != EVERYONE and rule.WHO_DAY
    ]
    if not stated and not len(scenario["selectors"]):
        return
    look = _Look(scenario)
    for i, row in enumerate(scenario["selectors"]):
        place = Place(findings, "selectors", i, "", "")
        if ("selectors", scenario["selectors"].row_number(i), "duties") not in said:
            look.judge(place, Selector(named=(row.id,)), row.id, at_service=False)
        look.undated(place, row)
    for rule, name, who in stated:
        place = Place(findings, "policy", None, f"{name}.", f"Rule {rule.label}: ")
        if ("policy", None, name) not in said:
            look.judge(place, who, rule.label, at_service=rule.WHO_DAY == "service")
        look.undated(place, who)


class _Look:
    """Looks for the cadres that are meant, among those who serve in the horizon."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.career: Careers = careers(self.scenario)
        self.serving = self.career.service_end > self.career.service_start

    def judge(self, place: Place, who: Selector, label: str, *, at_service: bool) -> None:
        """Warn if nobody is meant, on no day on which the rule may ask."""
        if not any((self._meant(who, on) & self.serving).any() for on in self._days(at_service)):
            place.warn("empty_selector", "", label, "no cadre who serves in the horizon is meant.",
                       "Correct it, or drop the rule.")

    def _days(self, at_service: bool) -> Iterator[np.ndarray]:
        """First day of service of everybody; where a rule asks on other days too, that of the events one by one."""
        start = self.career.service_start
        yield start
        events = self.scenario["events"]
        if at_service or not len(events):
            return
        cadre = lookup(index_of(self.scenario["cadres"].tolist("id")), events.tolist("cadre"))
        date = ordinals(events.column("date"))
        order = np.lexsort((date, cadre))
        turn = np.arange(len(order)) - np.searchsorted(cadre[order], cadre[order], side="left")
        for k in range(int(turn.max()) + 1):
            now = order[turn == k]
            days = start.copy()
            days[cadre[now]] = date[now]
            yield days

    def _meant(self, who: Conditions, day: np.ndarray) -> np.ndarray:
        return selected(self.scenario, who, day, self.career)

    def undated(self, place: Place, who: Conditions) -> None:
        """Warn of cadres that are left out only because a date is not known."""
        for columns, source, missing in UNKNOWN:
            stated = [c for c in columns if getattr(who, c) is not None]
            if not stated:
                continue
            anyhow = self._meant(who.model_copy(update=dict.fromkeys(columns)), self.career.service_start)
            dated = self._meant(Selector.model_validate({"on": who.on, columns[0]: 0}), self.career.service_start)
            n = int((anyhow & self.serving & ~dated).sum())
            if n:
                place.warn("date_unknown", stated[0], n, f"{n} cadre(s) that it would mean have no {missing}.",
                           f"They are left out. Fill in {source}, or drop the condition.")
