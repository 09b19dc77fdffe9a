"""Rules about totals, drawn at random."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from rotation_planner.domain.people import Cadre
from rotation_planner.domain.policy import CarryOver, CourseSelector, Total, TotalLimit
from rotation_planner.domain.scenario import Scenario
from rotation_planner.domain.table import Table
from rotation_planner.domain.teaching import Course, Subject
from tests.verify.random_cases import SELECTORS

SUBJECTS = ("law", "tax", "ethics")


def courses(r: random.Random) -> CourseSelector:
    """Courses by one condition, or all."""
    return r.choice([
        CourseSelector(), CourseSelector(), CourseSelector(courses=("k0", "k1")), CourseSelector(channels=("centre",)),
        CourseSelector(kinds=("theory", "in_service")), CourseSelector(min_days=3), CourseSelector(full_time=True),
    ])


def window(r: random.Random, kinds: list[str]) -> dict[str, Any]:
    """A window with what goes with it."""
    kind = r.choice(kinds)
    fields: dict[str, Any] = {"window": kind}
    if kind == "rolling":
        fields["months"] = r.choice([1, 2, 12, 18, 36])
    if kind == "dates":
        first = dt.date(2026, 1, 1) + dt.timedelta(days=r.randint(-400, 60))
        fields |= {"first": first, "last": first + dt.timedelta(days=r.randint(0, 900))}
    return fields


def measure(r: random.Random) -> dict[str, Any]:
    """What is counted."""
    kind = r.choice(["hours", "days", "sessions", "subject_hours"])
    fields: dict[str, Any] = {"measure": kind, "which": courses(r)}
    if kind == "subject_hours":
        fields["subjects"] = tuple(r.sample(SUBJECTS, r.randint(1, 2)))
    return fields


def a_total(r: random.Random, name: str = "total") -> Total:
    """A total."""
    fields = window(r, ["horizon", "year", "rolling", "dates", "service"]) | measure(r)
    if fields["window"] == "rolling":
        fields["every_months"] = r.choice([None, 1, 5, 12])
    if fields["window"] == "service":
        low = r.randint(1, 3)
        fields |= {"years_low": low, "years_high": low + r.randint(0, 1)}
    if fields["window"] != "horizon":
        fields["look_back"] = r.random() < 0.7
    if fields["measure"] != "subject_hours" and r.random() < 0.4:
        fields |= {"or_measure": r.choice([m for m in ("hours", "days", "sessions") if m != fields["measure"]])}
        fields |= {"or_amount": r.choice([1, 2, 5, 20, 60]), "or_which": r.choice([None, courses(r)])}
    elif r.random() < 0.5:
        fields["replace"] = courses(r)
        if fields["measure"] == "subject_hours":
            fields["replace"] = fields["replace"].model_copy(update={"subjects": tuple(r.sample(SUBJECTS, 2))})
        fields["replace_per_mille"] = r.choice([100, 333, 500, 1000])
    return Total(
        name=name, amount=r.choice([1, 2, 5, 20, 60]), who=r.choice(SELECTORS),
        min_service_months=r.choice([0, 1, 6, 12, 24]), part_service=r.choice(["pro_rata", "full", "exempt"]), **fields,
    )


def a_limit(r: random.Random) -> TotalLimit:
    """A limit on totals."""
    amount = r.choice([0, 1, 3, 10, 30])
    return TotalLimit(
        amount=amount, who=r.choice(SELECTORS), **window(r, ["horizon", "year", "rolling", "rolling", "dates"]),
        **measure(r),
    )


def a_carry(r: random.Random) -> CarryOver:
    """Hours with carry-over."""
    return CarryOver(
        hours=r.choice([5, 10, 20, 40]), cap_hours=r.choice([0, 3, 10, 25, 100]), which=courses(r),
        who=r.choice(SELECTORS), part_service=r.choice(["pro_rata", "full", "exempt"]),
        min_service_months=r.choice([0, 6, 12]),
    )


def with_totals(scenario: Scenario, r: random.Random) -> Scenario:
    """The scenario with rules about totals beside its own, and courses with subjects."""

    def shares() -> dict[str, int]:
        return {s: r.choice([100, 250, 333]) for s in SUBJECTS if r.random() < 0.6}

    people = [
        cadre.model_copy(update={"entered": dt.date(r.randint(2023, 2026), r.randint(1, 12), r.randint(1, 28))})
        if r.random() < 0.5 else cadre for cadre in scenario["cadres"]
    ]
    rows = [course.model_copy(update={"subjects": shares()}) for course in scenario["courses"]]
    rules = (a_total(r), a_total(r, "other"), a_limit(r), a_carry(r))
    kept = tuple(rule for rule in scenario.policy.rules if rule.kind not in ("coverage", "hours", "deadline"))
    policy = scenario.policy.model_copy(update={"rules": (*rules, *kept)})
    tables = {
        "cadres": Table.of(Cadre, people), "courses": Table.of(Course, rows),
        "subjects": Table.of(Subject, [Subject(id=s) for s in SUBJECTS]),
    }
    return scenario.with_tables(**tables).with_policy(policy)
