"""Which promised call-ups clash, which one stands, and what the other department is told.

Read off the scenario alone (`must` and `published` commitments), before any plan; the rule `precedence` makes the plan
follow. Without such a rule its default order is used.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from rotation_planner.domain.plan import Attendance, Opened, Plan, Study
from rotation_planner.domain.policy import Precedence
from rotation_planner.domain.scenario import Scenario
from rotation_planner.domain.table import Table
from rotation_planner.verify.facts import Facts
from rotation_planner.verify.findings import iso
from rotation_planner.verify.precedence import Pair, pairs

REASONS: dict[str, str] = {
    "days": "they share days",
    "spacing": "too few days lie between them",
    "year": "they are too many call-ups in one year",
    "content": "one repeats the content of the other",
}
"""Why two call-ups clash."""

CRITERIA: dict[str, str] = {
    "binding": "it binds and yours does not",
    "authority": "its authority comes first",
    "kind": "its kind of training comes first",
    "date": "it starts first",
    "id": "it is the first by name, nothing else telling them apart",
}
"""Why one of them stands."""

MESSAGES: dict[str, str] = {
    "offer_another": (
        "{cadre} cannot attend your session {yields} ({yields_start}): {stands_by} has called {cadre} up to {stands} "
        "({stands_start}), and {why}. That one stands because {because}. Offer another session, or settle it with "
        "{stands_by}."
    ),
    "settle": (
        "{cadre} is bound to your session {yields} ({yields_start}) and to {stands} ({stands_start}) of {stands_by}, "
        "and {why}. Yours should yield because {because}. Release {cadre}, or settle it with {stands_by}."
    ),
}
"""What the department of the call-up that yields is told: it is published, or it binds."""


@dataclass(frozen=True, slots=True)
class Clash:
    """Two call-ups of a cadre that cannot both be kept.

    Attributes
    ----------
    cadre, stands, yields : str
        Cadre; the session that stands; the one that yields.
    stands_by, yields_by : str
        Authorities that call up: owner of the course, else authority of the institution. The message goes to the
        second.
    reasons : tuple of str
        Codes, see ``REASONS``.
    criterion : str
        Code of what decides, see ``CRITERIA``.
    code, message : str
        What the second authority is told, see ``MESSAGES``.
    """

    cadre: str
    stands: str
    stands_by: str
    yields: str
    yields_by: str
    reasons: tuple[str, ...]
    criterion: str
    code: str
    message: str


class Clashes(tuple[Clash, ...]):
    """Clashes by cadre, in order of precedence."""

    __slots__ = ()

    def frame(self) -> pd.DataFrame:
        """One row per clash; reasons joined by ``; ``."""
        rows = [{**row, "reasons": "; ".join(row["reasons"])} for row in self.to_json()]
        return pd.DataFrame(rows, columns=list(Clash.__dataclass_fields__))

    def to_json(self) -> list[dict[str, Any]]:
        """Plain lists, dicts and text, ready for ``json.dumps``."""
        return [{**asdict(clash), "reasons": list(clash.reasons)} for clash in self]

    def _repr_html_(self) -> str:
        return str(self.frame().to_html(index=False))


def clashes(scenario: Scenario) -> Clashes:
    """Clashes between call-ups by different authorities.

    Parameters
    ----------
    scenario : Scenario
        Without errors (``check``).

    Returns
    -------
    Clashes
        Every promise that yields, once for each promise that stands against it.
    """
    rules = [rule for rule in scenario.policy.rules if isinstance(rule, Precedence)] or [Precedence()]
    facts = Facts(scenario, Plan(Table.of(Attendance), Table.of(Opened), Table.of(Study)))
    return Clashes(dict.fromkeys(_told(pair for rule in rules for pair in pairs(rule, facts))))


def _told(found: Iterable[Pair]) -> Iterable[Clash]:
    for pair in found:
        first, second = pair.stands.run, pair.yields.run
        code = "settle" if pair.yields.must else "offer_another"
        cadre = pair.yields.person.id
        message = MESSAGES[code].format(
            cadre=cadre, stands=first.id, stands_start=iso(first.start), stands_by=first.payer, yields=second.id,
            yields_start=iso(second.start), why=" and ".join(REASONS[r] for r in pair.reasons),
            because=CRITERIA[pair.criterion],
        )
        yield Clash(
            cadre, first.id, first.payer, second.id, second.payer, pair.reasons, pair.criterion, code, message
        )
