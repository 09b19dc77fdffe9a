"""Defects and shortages found before any solve."""

from __future__ import annotations

from rotation_planner.check import (
    careers,
    content,
    cover,
    cycles,
    dealings,
    horizon,
    money,
    organisation,
    people,
    policy,
    posts,
    references,
    release,
    selectors,
    shortages,
    structure,
    teaching,
    which,
    windows,
)
from rotation_planner.check.findings import Findings
from rotation_planner.domain.errors import Defect, InputError
from rotation_planner.domain.gaps import Gaps
from rotation_planner.domain.scenario import Scenario

__all__ = ["check", "check_or_raise"]


def check(scenario: Scenario, gaps: Gaps | None = None) -> list[Defect]:
    """Everything wrong with a scenario, errors first, in the order of the checks.

    A record that leads nowhere is reported once and passed over by the checks that would follow it. Without a usable
    horizon no date is held against it; shortages are counted only where there is no error.

    Parameters
    ----------
    scenario : Scenario
        What to check.
    gaps : Gaps, optional
        What of it could not be read; nothing is reported that may be wrong for that reason only.
    """
    findings = Findings(scenario, gaps)
    for module in (
        references, structure, content, organisation, policy, selectors, which, cycles, release, people, cover,
    ):
        module.check(findings)
    for module in (careers, teaching, money):
        module.check(findings)
    if horizon.check(findings):
        for dated in (careers, teaching, money):
            dated.check_dated(findings)
        for ruled in (posts, windows):
            ruled.check(findings)
        references.check_sessions(findings)
        dealings.check(findings)
        if not findings.errors:
            selectors.check_matches(findings)
            shortages.check(findings)
    return sorted(findings.defects, key=lambda d: d.severity)


def check_or_raise(scenario: Scenario) -> None:
    """Refuse a scenario with errors.

    Raises
    ------
    InputError
        With every error; warnings are left out.
    """
    errors = [d for d in check(scenario) if d.severity == "error"]
    if errors:
        raise InputError(errors)
