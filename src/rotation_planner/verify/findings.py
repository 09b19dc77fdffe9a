"""What the verifier hands back: violations, inherited excess, unmet duties, goal values, the ledger."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, fields
from typing import Any

from rotation_planner.domain.plan import Unmet, Violation


def iso(day: int) -> str:
    """A day number (proleptic ordinal) as ISO text."""
    return dt.date.fromordinal(day).isoformat()


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One fund in one year.

    ``planned_yuan`` is all spend charged to it, ``counted_yuan`` the part that counts toward the floor; ``floor_yuan``
    and ``ceiling_yuan`` are None where there is none.
    """

    fund: str
    authority: str
    year: int
    floor_yuan: int | None
    planned_yuan: int
    counted_yuan: int
    ceiling_yuan: int | None


@dataclass(frozen=True)
class Verification:
    """Outcome of checking a plan.

    Attributes
    ----------
    violations : tuple of Violation
        Limits that do not hold, beyond what was inherited.
    inherited : tuple of Violation
        Excess that the ``must`` commitments and the records alone cause.
    unmet : tuple of Unmet
        Duties and floors with a shortfall; the reason is left ``unknown``.
    exempt : tuple of (rule label, cadre, why)
        Cadres to whom a duty does not apply, or not yet.
    goals : dict of str to int
        Value of every goal.
    ledger : tuple of LedgerRow
        Funds by authority, year and id.
    """

    violations: tuple[Violation, ...]
    inherited: tuple[Violation, ...]
    unmet: tuple[Unmet, ...]
    exempt: tuple[tuple[str, str, str], ...]
    goals: dict[str, int]
    ledger: tuple[LedgerRow, ...]

    @property
    def ok(self) -> bool:
        """Whether every limit holds."""
        return not self.violations

    def to_json(self) -> dict[str, Any]:
        """The verification as plain lists, dicts, numbers and text, ready for ``json.dumps``."""
        return {
            "ok": self.ok,
            "violations": [_plain(v) for v in self.violations],
            "inherited": [_plain(v) for v in self.inherited],
            "unmet": [_plain(u) for u in self.unmet],
            "exempt": [list(e) for e in self.exempt],
            "goals": dict(self.goals),
            "ledger": [_plain(r) for r in self.ledger],
        }


def _plain(row: Any) -> dict[str, Any]:
    # Not asdict, which copies every value: a plan may leave 10,000 duties unmet.
    return {f.name: _listed(getattr(row, f.name)) for f in fields(row)}


def _listed(value: Any) -> Any:
    return [_listed(v) for v in value] if isinstance(value, tuple) else value


@dataclass
class Findings:
    """Collects what the checks find."""

    violations: list[Violation] = field(default_factory=list)
    inherited: list[Violation] = field(default_factory=list)
    unmet: list[Unmet] = field(default_factory=list)
    exempt: list[tuple[str, str, str]] = field(default_factory=list)

    def violate(self, rule: str, where: tuple[str, ...], amount: int, unit: str, message: str) -> None:
        """Note a violation; an amount of 0 is none."""
        if amount > 0:
            self.violations.append(Violation(rule, where, amount, unit, message))

    def inherit(self, rule: str, where: tuple[str, ...], amount: int, unit: str, message: str) -> None:
        """Note an inherited excess; an amount of 0 is none."""
        if amount > 0:
            self.inherited.append(Violation(rule, where, amount, unit, message + " (already settled)"))

    def either(
        self, rule: str, where: tuple[str, ...], amount: int, unit: str, message: str, inherited: bool
    ) -> None:
        """Note an excess as inherited or as a violation."""
        (self.inherit if inherited else self.violate)(rule, where, amount, unit, message)

    def exceed(
        self, rule: str, where: tuple[str, ...], reached: int, limit: int, settled: int, unit: str, message: str
    ) -> None:
        """Note that a limit is exceeded: as inherited up to what is settled anyway, as a violation beyond."""
        self.inherit(rule, where, min(reached, settled) - limit, unit, message)
        self.violate(rule, where, reached - max(limit, settled), unit, message)
