"""What the duties have in common: who owes what, what history gives, what the plan gives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rotation_planner.domain.plan import Unmet
from rotation_planner.domain.policy import DutyParameters, RuleParameters
from rotation_planner.verify.facts import Facts
from rotation_planner.verify.findings import Findings
from rotation_planner.verify.people import Person

SHORT_SERVICE = "not served long enough"
JOINED_LATE = "joined late: not yet due"
BEYOND = "due after the horizon: not yet due"


@dataclass(slots=True)
class Due:
    """Something a cadre owes.

    ``first`` and ``last`` are the days between which a session must lie (hours: must end); ``history`` is what the
    records already give, ``achieved`` what records, sessions and study give together.
    """

    person: Person
    subject: tuple[str, ...]
    first: int
    last: int
    required: int
    history: int
    achieved: int

    @property
    def factor(self) -> int:
        """On the weight of the rule."""
        return 1

    @property
    def open(self) -> bool:
        """Whether it is still owed at the start."""
        return self.history < self.required


def weight_of(rule: DutyParameters, person: Person) -> int:
    """Weight of a shortfall: more for whoever holds a key post on the first day of service."""
    return rule.weight * (rule.key_factor if person.post_on(person.serves_from).key else 1)


def per_mille(shortfall: int, required: int) -> int:
    """Shortfall in per mille of what is required, rounded up."""
    return -(-1000 * shortfall // required)


def note_unmet(rule: DutyParameters, dues: Iterable[Due], findings: Findings) -> None:
    """Note every due with a shortfall."""
    for due in dues:
        short = due.required - due.achieved
        if short > 0:
            findings.unmet.append(
                Unmet(
                    rule.label, due.subject, due.required, due.achieved, short, per_mille(short, due.required),
                    due.factor * weight_of(rule, due.person),
                )
            )


def served_long_enough(days: int, months: int, window_days: int) -> bool:
    """Whether so many days of a window reach the months asked for (of 30 days), or the whole window."""
    return days >= min(30 * months, window_days)


def selected_people(rule: RuleParameters, facts: Facts) -> Iterable[Person]:
    """Cadres the rule is about."""
    return (person for person in facts.people.of.values() if facts.selected(rule.who, person))
