"""Recompute the bounds of a certificate from the scenario, without any solver."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rotation_planner import model
from rotation_planner.certify.bound import proved_bound
from rotation_planner.certify.certificate import Certificate, Statement, fingerprint
from rotation_planner.certify.joint import recompute_blocks
from rotation_planner.compile import compile_candidates
from rotation_planner.domain.checksum import scenario_sha256
from rotation_planner.domain.scenario import Scenario
from rotation_planner.program.program import Program


@dataclass(frozen=True)
class Certified:
    """Outcome of recomputing a certificate.

    Attributes
    ----------
    statements : tuple of Statement
        Those that hold: no plan as good as the ``caps`` of one in the earlier goals is better than its ``bound``.
    refutations : tuple of str
        One sentence for everything that does not hold; empty if all does.
    """

    statements: tuple[Statement, ...]
    refutations: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether everything that the certificate states is proven."""
        return not self.refutations


def certify(scenario: Scenario, certificate: Certificate) -> Certified:
    """Recompute what a certificate states, in exact integers, from the scenario and the prices alone.

    Parameters
    ----------
    scenario : Scenario
        The scenario that the certificate is about.
    certificate : Certificate
        Bounds and prices, as ``solve`` returns them or ``read_certificate`` reads them.

    Returns
    -------
    Certified
        What is proven. A bound that is stated better than its prices prove, be it by one, is refused.
    """
    said, now = certificate.scenario_sha256, scenario_sha256(scenario)
    if said != now:
        return Certified((), (f"the certificate is about another scenario: checksum {said}, this one has {now}",))
    if certificate.in_blocks is not None:
        return Certified(*recompute_blocks(scenario, certificate, certificate.in_blocks))
    return recompute(model.build(compile_candidates(scenario)).program, certificate)


def recompute(program: Program, certificate: Certificate) -> Certified:
    """The same for a program that is at hand."""
    if certificate.program_sha256 != fingerprint(program):
        why = f"the certificate is about another program, written by version {certificate.version}"
        return Certified((), (why,))
    names = [g.name for g in program.goals]
    stated = [s.goal for s in certificate.statements]
    if stated != names:
        return Certified((), (f"the certificate is about goals {', '.join(stated)}, not {', '.join(names)}",))
    held, wrong = [], []
    for g, statement in enumerate(certificate.statements):
        faults = list(_faults(program, g, statement))
        wrong += faults
        if not faults:
            held.append(statement)
    return Certified(tuple(held), tuple(wrong))


def _faults(program: Program, g: int, statement: Statement) -> Iterator[str]:
    try:
        proven = proved_bound(program, g, statement.caps, statement.prices)
    except ValueError as error:
        yield f"certificate: {error}"
        return
    maximise = program.goals[g].maximise
    if statement.bound < proven if maximise else statement.bound > proven:
        yield f"goal {statement.goal}: the certificate states {statement.bound:,}, its prices prove {proven:,}"
