"""Whether every number an output folder reports can be computed again from scenario and plan."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass

from rotation_planner.certify import Certified, certify
from rotation_planner.domain.checksum import scenario_sha256
from rotation_planner.domain.errors import InputError
from rotation_planner.domain.plan import GoalValue, Unmet, gap_of
from rotation_planner.domain.scenario import Scenario
from rotation_planner.report.output import Output
from rotation_planner.verify import Verification, verify

CARRIED = "freeze_until"
"""Parameter in the provenance of a plan that carries an earlier one; its value is the date, or empty."""


@dataclass(frozen=True)
class Recheck:
    """Outcome of checking an output folder again.

    Attributes
    ----------
    verification : Verification
        Made afresh.
    refutations : tuple of str
        One sentence per broken limit and per number that does not reproduce; empty if all of it holds.
    carried : int
        Commitments that an earlier plan added (``plan --from``).
    certified : Certified or None
        What the certificate proves; None without one.
    """

    verification: Verification
    refutations: tuple[str, ...]
    carried: int = 0
    certified: Certified | None = None


def recheck(scenario: Scenario, output: Output) -> Recheck:
    """Check a written plan against a scenario, number by number.

    Parameters
    ----------
    scenario : Scenario
        The scenario that the plan is held against. A plan that carries an earlier one is held against the scenario
        with the commitments that it kept beside it, provided that nothing else differs.
    output : Output
        A folder read back, with a plan.

    Notes
    -----
    Bounds of the certificate are recomputed. Those that are the solver's word cannot be; that they do not contradict
    the value, and the gap that follows from them, is checked. ``plan.xlsx`` is made from the same numbers and not read
    back.
    """
    plan = output.result.require_plan()
    wrong: list[str] = []
    basis, carried = scenario, 0
    try:
        kept = output.scenario()
    except InputError as error:
        wrong.append(f"scenario.json.gz cannot be read: {error.defects[0]}")
    else:
        if CARRIED in plan.provenance.parameters and _carries(scenario, kept):
            basis, carried = kept, len(kept["commitments"]) - len(scenario["commitments"])
        elif kept != scenario:
            wrong.append("scenario.json.gz is not this scenario")
    said, now = plan.provenance.scenario_sha256, scenario_sha256(basis)
    if said != now:
        wrong.append(f"the plan was made for another scenario: checksum {said or '(none)'}, this one has {now}")
    found = verify(basis, plan)
    broken = [f"limit {v.rule} at {' / '.join(v.where)}: {v.message}" for v in found.violations]
    numbers = [
        *_goals(basis, output, found), *_unmet(output.result.unmet, found.unmet), *_verification(output, found)
    ]
    certified, refuted = _certificate(basis, output)
    return Recheck(found, (*broken, *wrong, *numbers, *refuted), carried, certified)


def _certificate(scenario: Scenario, output: Output) -> tuple[Certified | None, list[str]]:
    """What the certificate proves, and what is said to be certified and is not."""
    goals = output.result.goals
    claims = {g.name: g.bound if g.bound_source == "certificate" else g.certified_bound for g in goals}
    try:
        certificate = output.certificate()
    except InputError as error:
        return None, [f"certificate: {defect}" for defect in error.defects]
    if certificate is None:
        return None, [
            f"goal {name}: bound {bound:,} said to be certified, without a certificate"
            for name, bound in claims.items() if bound is not None
        ]
    certified = certify(scenario, certificate)
    wrong = list(certified.refutations)
    for i, g in enumerate(goals):
        claim, stated = claims[g.name], next((s for s in certified.statements if s.goal == g.name), None)
        if claim is None or certified.refutations:
            continue
        if stated is None or stated.bound != claim:
            wrong.append(f"goal {g.name}: bound {claim:,} said to be certified, the certificate states another")
        elif stated.caps != tuple(before.value for before in goals[:i]):
            wrong.append(f"goal {g.name}: the certificate is about plans with other values of the goals before it")
    return certified, wrong


def _carries(scenario: Scenario, kept: Scenario) -> bool:
    """Whether a scenario is another one with more commitments, a published one perhaps made binding."""
    if kept.with_tables(commitments=scenario["commitments"]) != scenario:
        return False
    has = {(c.cadre, c.session, c.kind) for c in kept["commitments"]}
    return all(
        (c.cadre, c.session, c.kind) in has or (c.kind == "published" and (c.cadre, c.session, "must") in has)
        for c in scenario["commitments"]
    )


def _goals(scenario: Scenario, output: Output, found: Verification) -> Iterator[str]:
    goals = output.result.goals
    names = tuple(g.name for g in goals)
    if names != scenario.policy.goals:
        yield f"goals {', '.join(names)} reported, the policy has {', '.join(scenario.policy.goals)}"
    for g in goals:
        if g.name in found.goals and g.value != found.goals[g.name]:
            yield f"goal {g.name}: value {g.value:,} reported, {found.goals[g.name]:,} found"
        yield from _bound(scenario, g)
    if output.result.status == "optimal" and any(g.value != g.bound for g in goals):
        yield "status 'optimal' reported, but a goal is not proven"


def _bound(scenario: Scenario, g: GoalValue) -> Iterator[str]:
    if (g.bound is None) != (g.gap is None) or (g.bound is None) != (g.bound_source is None):
        yield f"goal {g.name}: bound, gap and source do not stand together"
    if g.bound is None or g.gap is None:
        return
    if g.bound < g.value if g.name == "need" else g.bound > g.value:
        yield f"goal {g.name}: bound {g.bound:,} contradicts the value {g.value:,}"
    scale = comfort_scale(scenario) if g.name == "comfort" else None
    gap = gap_of(g.value, g.bound, scale)
    if gap is None or not math.isclose(gap, g.gap, rel_tol=1e-9, abs_tol=1e-12):
        yield f"goal {g.name}: gap {g.gap} reported, {gap} follows from value and bound"


def comfort_scale(scenario: Scenario) -> int:
    """Divisor of the gap of ``comfort``: as the policy declares, else number of cadres x years."""
    return scenario.policy.comfort.scale or max(1, len(scenario["cadres"]) * scenario.horizon.years)


def _unmet(said: tuple[Unmet, ...], found: tuple[Unmet, ...]) -> Iterator[str]:
    def numbers(rows: tuple[Unmet, ...]) -> dict[tuple[str, tuple[str, ...]], tuple[int, ...]]:
        return {(u.duty, u.subject): (u.required, u.achieved, u.shortfall, u.per_mille, u.weight) for u in rows}

    reported, real = numbers(said), numbers(found)
    if len(reported) != len(said):
        yield "an unmet duty is reported twice"
    for key in sorted(real.keys() - reported.keys()):
        yield f"unmet and not reported: {key[0]} {' / '.join(key[1])}"
    for key in sorted(reported.keys() - real.keys()):
        yield f"reported as unmet, but met: {key[0]} {' / '.join(key[1])}"
    for key in sorted(reported.keys() & real.keys()):
        if reported[key] != real[key]:
            yield f"unmet {key[0]} {' / '.join(key[1])}: {reported[key]} reported, {real[key]} found"


def _verification(output: Output, found: Verification) -> Iterator[str]:
    if output.verification is None:
        yield "verification.json is missing"
        return
    fresh = json.loads(json.dumps(found.to_json()))
    for part in sorted(fresh.keys() | output.verification.keys()):
        if fresh.get(part) != output.verification.get(part):
            yield f"verification.json: {part!r} does not reproduce"
