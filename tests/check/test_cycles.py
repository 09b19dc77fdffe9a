"""Parameters of deadlines, cycles and shares of groups that do not fit together."""

from __future__ import annotations

import pytest

from rotation_planner.check import check
from rotation_planner.domain.organisation import Team
from rotation_planner.domain.policy import AnyRule, CourseSelector, Cycle, CycleHours, Deadline, GroupShare
from tests.rules.tiny import course, tiny

CARD = CourseSelector(courses=("k",))
CODES = {"parameter_not_applicable", "early_months", "unknown_reference", "no_course_long_enough", "cannot_recur",
         "no_hours", "empty_selector"}


def found(rule: AnyRule, **tables) -> list[tuple[str, str, str]]:
    """Code, column and severity of what is wrong with a rule."""
    courses = [course(hours=7, days=5, kind="on_appointment", validity_months=6), course("z", hours=3, days=9)]
    scenario = tiny(rule, **{"courses": courses, **tables})
    return [(d.code, d.column, d.severity) for d in check(scenario) if d.code in CODES]


@pytest.mark.parametrize(("rule", "wrong"), [
    (Deadline(), []),
    (Deadline(min_service_months=6), [("parameter_not_applicable", "min_service_months", "error")]),
    (Deadline(events=("entry", "retirement")), [("parameter_not_applicable", "events", "error")]),
    (Deadline(min_days=5, min_days_by_level={"l": 5}), []),
    (Deadline(min_days=6), [("no_course_long_enough", "min_days", "warning")]),
    (Deadline(min_days_by_level={"l": 6}), [("no_course_long_enough", "min_days", "warning")]),
    (Deadline(min_days_by_level={"other": 3}), [("unknown_reference", "min_days_by_level", "error")]),
    (Cycle(which=CARD, months=6), []),
    (Cycle(which=CARD, months=5), [("cannot_recur", "months", "warning")]),
    (Cycle(which=CourseSelector(courses=("z",)), months=99), [("cannot_recur", "months", "warning")]),
    (Cycle(months=6, events=("retirement",)), [("parameter_not_applicable", "events", "error")]),
    (Cycle(months=6, early_months=1), [("parameter_not_applicable", "early_months", "error")]),
    (Cycle(months=6, anchor="expiry"), [("early_months", "early_months", "error")]),
    (Cycle(months=6, anchor="expiry", early_months=6), [("early_months", "early_months", "error")]),
    (Cycle(months=6, anchor="expiry", early_months=5), []),
    (Cycle(months=5, anchor="expiry", early_months=1), []),
    (CycleHours(months=6, hours=9, origin=CARD), []),
    (CycleHours(months=6, hours=9, events=("entry",)), []),
    (CycleHours(months=6, hours=9, events=("retirement",)), [("parameter_not_applicable", "events", "error")]),
    (CycleHours(months=6, hours=9, origin=CARD, events=("entry",)), [("parameter_not_applicable", "events", "error")]),
    (CycleHours(months=6, hours=9, min_block_hours=7), []),
    (CycleHours(months=6, hours=9, min_block_hours=8), [("no_hours", "min_block_hours", "warning")]),
    (CycleHours(months=6, hours=9, origin=CourseSelector(courses=("other",))),
     [("unknown_reference", "origin.courses", "error")]),
    (GroupShare(share_per_mille=200), []),
    (GroupShare(share_per_mille=200, per="unit"), []),
    (GroupShare(share_per_mille=200, per="team"), [("empty_selector", "per", "warning")]),
])
def test_what_does_not_fit(rule: AnyRule, wrong: list[tuple[str, str, str]]) -> None:
    assert found(rule) == wrong


def test_with_teams_there_are_groups() -> None:
    assert found(GroupShare(share_per_mille=200, per="team"), teams=[Team(id="t", members=("a",))]) == []
